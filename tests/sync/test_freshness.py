"""How far a translation is behind, and nights in which nothing is done."""

from __future__ import annotations

import pytest

from amts_tasks.sync.freshness import Night, freshness, idle, noted

MAY = "2026-05-{:02}T02:00:00+00:00"


def test_the_age_is_that_of_the_longest_behind_and_starts_when_first_seen() -> None:
    first = freshness(1000, {"a.md": 100}, {}, MAY.format(1), MAY.format(2))
    assert (first.share, first.stalest, first.days) == (0.9, "a.md", 1.0)
    later = freshness(1000, {"a.md": 100, "b.md": 150}, first.since, MAY.format(9), MAY.format(11))
    assert (later.share, later.stalest, later.days) == (0.75, "a.md", 10.0)
    assert later.since["b.md"] == MAY.format(9)
    done = freshness(1000, {"b.md": 150}, later.since, MAY.format(12), MAY.format(12))
    assert (done.stalest, done.days) == ("b.md", 3.0)
    assert freshness(1000, {}, done.since, MAY.format(13), MAY.format(13)).text == (
        "100.0% of the book is in step with its source"
    )
    assert freshness(0, {}, {}, MAY.format(1), MAY.format(1)).share == 1


@pytest.mark.parametrize(
    ("nights", "said"),
    [
        ([("r1", 0, 2)] * 3, "2 texts are behind"),
        ([("r1", 0, 2)] * 2, ""),
        ([("r1", 0, 0)] * 5, ""),
        ([("r1", 1, 0), ("r2", 0, 0), ("r2", 0, 0), ("r2", 0, 0)], "the source changed meanwhile"),
        ([("r1", 0, 0), ("r2", 0, 0), ("r2", 1, 0), ("r3", 0, 0)], ""),
        ([("r1", 0, 2), ("r1", 0, 0), ("r1", 0, 2)], ""),
    ],
)
def test_nights_without_anything_done(nights: list[tuple[str, int, int]], said: str) -> None:
    rows: list[dict[str, object]] = []
    for number, night in enumerate(nights, start=1):
        rows = noted(rows, Night(MAY.format(number), *night))
    assert said in idle(rows, 3)
    assert bool(idle(rows, 3)) == bool(said)
    assert not idle(rows, 0)


def test_the_same_night_again_is_one_night() -> None:
    rows = noted(noted([], Night(MAY.format(1), "r1", 0, 1)), Night(MAY.format(1), "r1", 2, 0))
    assert [(one["branches"], one["behind"]) for one in rows] == [(2, 0)]
    for number in range(2, 9):
        rows = noted(rows, Night(MAY.format(number), "r1", 0, 1), most=5)
    assert [one["instant"] for one in rows] == [MAY.format(number) for number in range(4, 9)]
