"""What waits for a later run, and in which order the rest comes."""

from __future__ import annotations

from collections.abc import Mapping

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import BookPlan, Versioned, plan_book
from amts_tasks.sync.queue import Limits, reading_order, words
from amts_tasks.sync.told.report import as_json, as_table
from amts_tasks.text import parse

ENGLISH, SPANISH = default_profile("en"), default_profile("es")
INDEX = "# Book\n\n```toc\n:maxdepth: 1\n\nzebra/index\napple/index\n```\n"


def chapter(name: str, *sections: str) -> dict[str, str]:
    toc = "\n".join(sections)
    pages = {f"{name}/{one}.md": f"# {one}\n\nThese are the eight words of this page.\n" for one in sections}
    return {f"{name}/index.md": f"# {name}\n\n```toc\n{toc}\n```\n"} | pages


BOOK = {"index.md": INDEX, "about.md": "# About\n"} | chapter("apple", "two", "one") | chapter("zebra", "only")


def plan(new: Mapping[str, str], limits: Limits, old: Mapping[str, str] = BOOK) -> BookPlan:
    bases = {path: parse(text, path) for path, text in old.items()}
    sources = {path: parse(text, path) for path, text in new.items()}
    beads = {path: align_blocks(one, one, ENGLISH, SPANISH) for path, one in bases.items()}
    return plan_book(
        "en-es", {}, Versioned(bases, sources, bases, beads), SPANISH, source_profile=ENGLISH, limits=limits
    )


def edited(*paths: str, more: str = "\nFour words more here.\n") -> dict[str, str]:
    return {path: text + more if path in paths else text for path, text in BOOK.items()}


def shown(made: BookPlan) -> list[tuple[str, str]]:
    return [(one.document, one.cause) for one in made.waiting]


def test_a_book_is_read_along_its_tables_of_contents() -> None:
    documents = {path: parse(text, path) for path, text in BOOK.items()}
    expected = ["index.md", "zebra/index.md", "zebra/only.md", "apple/index.md", "apple/two.md", "apple/one.md"]
    assert list(reading_order(documents)) == [*expected, "about.md"]
    circle = {"index.md": parse("```toc\nindex\na\n```\n", "index.md"), "a.md": parse("```toc\nindex\n```\n", "a.md")}
    assert list(reading_order(circle)) == ["index.md", "a.md"]


def test_no_limits_no_queue() -> None:
    assert plan(edited("apple/one.md", "zebra/only.md"), Limits()).waiting == ()


def test_words_are_those_a_human_has_not_seen() -> None:
    made = plan(edited("apple/one.md"), Limits())
    assert {one.path: words(one) for one in made.documents if words(one)} == {"apple/one.md": 4}


def test_a_branch_holds_so_many_words_and_a_long_document_goes_alone() -> None:
    new = edited("apple/two.md", "apple/one.md", "zebra/only.md")
    assert shown(plan(new, Limits(words=6))) == [("apple/one.md", "words")]
    assert shown(plan(new, Limits(words=8))) == []
    assert shown(plan(new, Limits(words=1))) == [("apple/one.md", "words")]
    assert shown(plan(new, Limits(words=6, waiting={"apple": 3}))) == [
        ("apple/two.md", "words"),
        ("apple/one.md", "words"),
    ]


def test_so_many_branches_are_open() -> None:
    new = edited("apple/two.md", "zebra/only.md", "about.md")
    assert shown(plan(new, Limits(branches=1))) == [("apple/two.md", "branches"), ("about.md", "branches")]
    assert shown(plan(new, Limits(branches=1, waiting={"apple": 0}))) == [
        ("zebra/only.md", "branches"),
        ("about.md", "branches"),
    ]


def test_when_money_is_short_the_first_read_come_first() -> None:
    new = edited("apple/two.md", "zebra/only.md")
    new["apple/two.md"] += "\nAnd a much longer paragraph that costs more than the other one does.\n"
    made = plan(new, Limits(budget=30.0, price_per_million=1_000_000.0))
    assert shown(made) == [("apple/two.md", "budget")]
    assert [one.source for one in made.wanted] == ["Four words more here."]
    # Nothing fits: the plan shows the whole, and whoever pays refuses it.
    assert shown(plan(new, Limits(budget=1.0, price_per_million=1_000_000.0))) == []
    assert shown(plan(new, Limits(budget=0.0, price_per_million=1_000_000.0))) == [
        ("zebra/only.md", "budget"),
        ("apple/two.md", "budget"),
    ]


def test_what_is_free_goes_and_a_document_that_never_fits_says_so() -> None:
    new = {**edited("apple/two.md", "zebra/only.md"), "about.md": ""}
    new["apple/two.md"] += "\nAnd a much longer paragraph that costs more than the other one does.\n"
    made = plan(new, Limits(budget=30.0, price_per_million=1_000_000.0))
    (dear,) = made.waiting
    assert dear.reason == (
        f"it alone costs {dear.characters:.4f} USD, more than budget.run (30.0000): it waits until that is raised"
    )
    assert [one.path for one in made.documents if one.path == "about.md"], "free"
    poor = plan(new, Limits(budget=1.0, price_per_million=1_000_000.0))
    assert shown(poor) == [("zebra/only.md", "budget"), ("apple/two.md", "budget")]
    assert poor.price == 0
    rest = plan(edited("apple/two.md", "zebra/only.md"), Limits(budget=30.0, price_per_million=1_000_000.0))
    assert [one.reason for one in rest.waiting] == ["it costs 21.0000 USD, and 9.0000 of budget.run (30.0000) are left"]


def test_reserved_documents_are_shown_and_not_touched() -> None:
    made = plan(edited("apple/one.md"), Limits(reserved={"apple/one.md": "reserved by Ana until 2026-12-01"}))
    assert made.wanted == ()
    assert "apple/one.md" not in [one.path for one in made.documents]
    (row,) = as_json(made)["waiting"]
    assert row == {
        "document": "apple/one.md",
        "reason": "reserved by Ana until 2026-12-01",
        "cause": "reserved",
        "words": 4,
        "characters": len("Four words more here."),
    }
    assert "waiting for a later run: 1 document, 4 words, 21 characters\n" in as_table(made)


def test_what_gives_up_text_waits_for_what_takes_it() -> None:
    long = "This paragraph is long enough to be followed from one page to another one.\n"
    old = BOOK | {"apple/two.md": BOOK["apple/two.md"] + "\n" + long}
    new = BOOK | {"zebra/only.md": BOOK["zebra/only.md"] + "\n" + long}
    assert shown(plan(new, Limits(), old)) == []
    made = plan(new, Limits(reserved={"zebra/only.md": "reserved"}), old)
    assert shown(made) == [("zebra/only.md", "reserved"), ("apple/two.md", "together")]


def test_what_gives_up_a_heading_waits_for_what_takes_it_at_another_level() -> None:
    heading = "A heading that is long enough to be followed\n"
    old = BOOK | {"apple/two.md": f"{BOOK['apple/two.md']}\n## {heading}"}
    new = BOOK | {"zebra/only.md": f"{BOOK['zebra/only.md']}\n### {heading}"}
    assert shown(plan(new, Limits(), old)) == []
    made = plan(new, Limits(reserved={"zebra/only.md": "reserved"}), old)
    assert shown(made) == [("zebra/only.md", "reserved"), ("apple/two.md", "together")]
