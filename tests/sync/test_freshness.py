"""How far a translation is behind, and nights in which nothing is done."""

from __future__ import annotations

import pytest

from amts_tasks.sync.freshness import Night, freshness, idle, lacking, moved_on, noted
from amts_tasks.sync.identity import Identity
from amts_tasks.text import ParsedDocument, parse

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


def test_what_is_merged_what_is_on_branches_and_what_is_set_aside_are_told_apart() -> None:
    day = MAY.format(1)
    found = freshness(1000, {"a.md": 79, "b.md": 0}, {}, day, day, waiting=211, aside=1)
    assert found.text == (
        "92.1% of the book is in step with its source (71.0% merged, the rest on open branches); 1 document set aside "
        "counts as behind; behind longest, 0 days or more: a.md"
    )
    assert found.as_json() == {
        "share": 0.921, "merged": 0.71, "stalest": "a.md", "days": 0.0, "behind": 2, "set_aside": 1
    }  # fmt: skip
    tiny = freshness(1_000_000, {"a.md": 1}, {}, day, day)
    assert (tiny.text[:5], tiny.as_json()["share"]) == ("99.9%", 0.9999), "never all while something is behind"
    none = freshness(1000, {"a.md": 0}, {}, day, day)
    assert (none.text[:5], none.as_json()["share"]) == ("99.9%", 0.9999)


def test_blocks_that_the_base_has_not_are_lacking() -> None:
    old = parse("# A title\n\nOne paragraph.\n\nAnother paragraph.\n", "a.md")
    new = parse("# A title\n\nAnother\nparagraph.\n\nA third one.\n", "a.md")
    assert sum(lacking(new, old, Identity()).values()) == len("A third one.")
    assert sum(lacking(new, None, Identity()).values()) == len("A titleAnother paragraph.A third one.")
    assert lacking(new, new, Identity()) == {}


def test_what_was_never_seen_behind_is_so_since_its_document_moved_on() -> None:
    behind = {"a.md": 10, "b.md#2.0": 20, "c.md": 30}
    moved = {"a.md": MAY.format(2), "b.md": MAY.format(3)}
    found = freshness(100, behind, {"a.md": MAY.format(1)}, MAY.format(9), MAY.format(11), moved=moved)
    assert found.since == {"a.md": MAY.format(1), "b.md#2.0": MAY.format(3), "c.md": MAY.format(9)}
    assert (found.stalest, found.days, found.share) == ("a.md", 10, 0.4)


@pytest.mark.parametrize(
    ("since", "when"),
    [
        ("A2 C1, A2 C2", 1),
        ("A1 B1, A2 B1 C1, A2 C1", 2),  # what only stood in between tells nothing
        ("A1  B1, A1 B1", None),
        ("", None),
    ],
)
def test_when_a_source_moved_on_from_what_a_translation_was_made_from(since: str, when: int | None) -> None:
    """Blocks of text; the base has A1 and B1, the source now A2, B1 and C1."""

    def made(words: str) -> ParsedDocument:
        return parse("\n\n".join(words.split()) + "\n", "a.md")

    versions = [(MAY.format(day), made(words)) for day, words in enumerate(since.split(", "), start=1) if words]
    found = moved_on(made("A1 B1"), made("A2 B1 C1"), versions, Identity())
    assert found == (MAY.format(when) if when else None)


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
