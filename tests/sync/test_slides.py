"""Slide marks that the source got, lost or moved: around the human's words, and nothing is sent."""

from __future__ import annotations

import pytest

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.sentence.slides import PLACED, bare, remarked
from amts_tasks.text import parse

ENGLISH, SPANISH = default_profile("en"), default_profile("es")
OLD = "The kettle is old. We fill it with water. Then we wait."
TARGET = "La tetera es vieja. La llenamos de agua. Luego esperamos."


@pytest.mark.parametrize(
    ("new", "expected", "certain"),
    [
        (f"[**{OLD}**]", f"[**{TARGET}**]", True),
        (
            "The kettle is old. (**We fill it with water.**) Then we wait.",
            "La tetera es vieja. (**La llenamos de agua.**) Luego esperamos.",
            True,
        ),
        (
            "The kettle is old. [**We fill it with water. Then we wait.**]",
            "La tetera es vieja. [**La llenamos de agua. Luego esperamos.**]",
            True,
        ),
        (
            "The kettle is old. [**We fill it with water**]. Then we wait.",
            "La tetera es vieja. [**La llenamos de agua**]. Luego esperamos.",
            True,
        ),
        (
            "The kettle is old. We [**fill it**] with water. Then we wait.",
            "La tetera es vieja. [**La llenamos de agua**]. Luego esperamos.",
            False,
        ),
    ],
)
def test_new_marks_stand_around_the_same_sentences(new: str, expected: str, certain: bool) -> None:
    made = remarked(OLD, new, TARGET, ENGLISH, SPANISH)
    assert made is not None
    assert (made.text, made.certain) == (expected, certain)


def test_marks_that_went_go_and_marks_that_are_there_stay() -> None:
    marked = "The kettle is old. [**We fill it with water.**] Then we wait."
    theirs = "La tetera es vieja. [**La llenamos de agua.**] Luego esperamos."
    gone = remarked(marked, OLD, theirs, ENGLISH, SPANISH)
    assert gone is not None
    assert (gone.text, gone.certain) == (TARGET, True)
    ahead = remarked(OLD, marked, theirs, ENGLISH, SPANISH)
    assert ahead is not None
    assert (ahead.text, ahead.certain) == (theirs, True)


@pytest.mark.parametrize(
    ("old", "new", "target"),
    [
        (OLD, OLD, TARGET),
        (OLD, OLD.replace("old", "[**new**]"), TARGET),
        (OLD, OLD.replace("it with water", "it (~~with water~~)"), TARGET),
        (OLD, f"[**{OLD}**]", TARGET.replace("agua", "(**agua**)")),
    ],
    ids=["nothing changed", "a word changed", "on slides only", "other marks of the translation's"],
)
def test_what_is_more_than_a_mark_is_left_to_others(old: str, new: str, target: str) -> None:
    assert remarked(old, new, target, ENGLISH, SPANISH) is None


def test_bare_text_and_marks() -> None:
    plain, marks = bare("a [**b `c`**] (~~d~~) **e**")
    assert plain == "a b `c` d **e**"
    assert [(one.opening, plain[one.start : one.end]) for one in marks] == [("[**", "b `c`"), ("(~~", "d")]


def test_a_book_gets_the_marks_without_sending_and_a_word_where_they_are_a_guess() -> None:
    base, target = (parse(f"# {head}\n\n{text}\n", "doc.md") for head, text in (("Tea", OLD), ("Té", TARGET)))
    new = OLD.replace("We fill it with water.", "We [**fill it**] with water.")
    source = parse(f"# [**Tea**]\n\n{new}\n", "doc.md")
    beads = align_blocks(base, target, ENGLISH, SPANISH)
    book = Versioned({"doc.md": base}, {"doc.md": source}, {"doc.md": target}, {"doc.md": beads})
    plan = plan_book("en-es", {}, book, SPANISH, source_profile=ENGLISH)
    merged = merge_document(plan.documents[0], deliver(plan, {})["doc.md"])
    assert plan.wanted == ()
    assert merged.text == "# [**Té**]\n\nLa tetera es vieja. [**La llenamos de agua**]. Luego esperamos.\n"
    assert [one.reason for one in plan.review] == [PLACED]


def test_a_changed_sentence_leaves_its_neighbours_mark_alone() -> None:
    base, target = (parse(f"{text}\n", "doc.md") for text in (OLD, TARGET))
    source = parse("[**The kettle is old.**] We fill it with milk. Then we wait.\n", "doc.md")
    beads = align_blocks(base, target, ENGLISH, SPANISH)
    book = Versioned({"doc.md": base}, {"doc.md": source}, {"doc.md": target}, {"doc.md": beads})
    plan = plan_book("en-es", {}, book, SPANISH, source_profile=ENGLISH)
    assert [one.source for one in plan.wanted] == ["We fill it with milk."]
    delivered = deliver(plan, {one.id: "La llenamos de leche." for one in plan.wanted})
    merged = merge_document(plan.documents[0], delivered["doc.md"])
    assert merged.text == "[**La tetera es vieja.**] La llenamos de leche. Luego esperamos.\n"
