"""Documents that wait: reserved ones, full branches, money for only some."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

Small = Any
NOW = datetime.fromisoformat("2026-06-01T02:00:00+00:00")


def reserve(small: Small, text: str) -> None:
    (small.path.parent / "reserved.yaml").write_text(text, encoding="utf-8")


def test_a_reserved_document_is_planned_shown_and_left_alone_until_its_day(small: Small) -> None:
    reserve(small, "urn/*.md: {who: Ana, until: 2026-06-10}\n")
    small.revise()
    results = small.run(now=NOW)
    assert results["plan"]["waiting"] == 1
    assert "reserved by Ana until 2026-06-10" in small.shown["plan"]
    assert "reserved by Ana until 2026-06-10" in small.shown["publish"]
    assert not small.branches()
    assert small.run(now=NOW + timedelta(days=1)) is None, "nothing changed"
    assert list(small.run(now=NOW + timedelta(days=20))["publish"]["branches"]) == ["amts/en-zh/urn"]


def test_reservations_that_hold_nothing_back_are_named(small: Small) -> None:
    reserve(
        small,
        "urn/drawings.md: {who: Ana, until: 2026-12-31}\n"
        "index.md: {who: Ben, until: 2026-05-31}\n"
        "rank/*.md: {who: Eva, until: 2026-05-31, languages: [es]}\n"
        "urn/errors.md: {who: Ana, until: 2026-12-31}\n",
    )
    small.revise()
    small.run(now=NOW)
    for report in (small.shown["plan"], small.shown["publish"]):
        assert "reserved.yaml: urn/drawings.md, reserved by Ana until 2026-12-31: no document of the book" in report
        assert "reserved.yaml: index.md, reserved by Ben until 2026-05-31: that day is over; take it off" in report
        assert "Eva" not in report
        assert "urn/errors.md" not in report


def test_one_branch_at_a_time_the_next_when_it_is_merged(small: Small) -> None:
    small.edit(("  en-zh:\n", "  en-zh:\n    review: {branches: 1}\n"))
    small.revise()
    small.revise("index.md", "small book", "short book")
    assert list(small.run()["publish"]["branches"]) == ["amts/en-zh/index"]
    assert small.run() is None
    small.forget()
    small.merge("amts/en-zh/index")
    assert list(small.run()["publish"]["branches"]) == ["amts/en-zh/urn"]


def test_a_full_branch_takes_no_more_documents(small: Small) -> None:
    small.edit(("  en-zh:\n", "  en-zh:\n    review: {words: 10}\n"))
    small.revise()
    small.run()
    small.revise("urn/errors.md", "half as large", "half as wide")
    results = small.run()
    assert results["plan"]["waiting"] == 1
    assert "of 10 words to read" in small.shown["plan"]
    assert results["publish"]["branches"] == {}
    small.merge("amts/en-zh/urn")
    assert list(small.run()["publish"]["branches"]) == ["amts/en-zh/urn"]


def test_a_document_longer_than_a_branch_goes_alone_and_is_named(small: Small) -> None:
    small.edit(("  en-zh:\n", "  en-zh:\n    review: {words: 10}\n"))
    small.revise()
    small.revise("urn/errors.md", "half as large", "half as wide")
    results = small.run()
    assert list(results["publish"]["branches"]) == ["amts/en-zh/urn"]
    assert results["plan"]["waiting"] == 1
    assert "alone on it and uncut: 1\n  urn/draws.md: 20 words to read\n" in small.shown["plan"] + "\n"
    line = "longer than a branch may be (10 words), so alone on it and uncut: urn/draws.md, 20 words to read\n"
    assert line in small.shown["publish"] + "\n"


def test_what_waits_for_money_comes_the_next_night(small: Small) -> None:
    small.revise()
    small.revise("index.md", "small book", "short book")
    first = small.run(budget=0.0056)
    assert first["plan"]["waiting"] == 1
    again = small.run(budget=0.0056)
    assert again["plan"]["waiting"] == 0
    assert len(small.branches()) == 2
    assert small.run(budget=0.0056) is None
