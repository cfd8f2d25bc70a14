"""How a file begins and ends its lines is the translation's own: what comes from the source does not change it."""

from __future__ import annotations

import pytest

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import Versioned, deliver, merge_document, plan_book
from amts_tasks.text import parse

ENGLISH, SPANISH = default_profile("en"), default_profile("es")
MARK = "\ufeff"
OLD = "# Tea\n\nBoil the water. Pour it over the leaves.\n\n```\npour(tea)\n```\n\nWait for four minutes.\n"
NEW = "Read it first.\n\n" + OLD.replace("Pour it", "Pour it slowly").replace("(tea)", "(tea,\n     slowly)")
ES = "# Té\n\nHierve el agua. Viértela sobre las hojas.\n\n```\npour(tea)\n```\n\nEspera cuatro minutos.\n"


def merged(base: str, source: str, target: str) -> str:
    path = "a.md"
    old, ours = parse(base, path), parse(target, path)
    book = Versioned(
        {path: old}, {path: parse(source, path)}, {path: ours}, {path: align_blocks(old, ours, ENGLISH, SPANISH)}
    )
    plan = plan_book("en-es", {}, book, SPANISH, source_profile=ENGLISH)
    made = merge_document(plan.documents[0], deliver(plan, {one.id: f"MT {one.source}" for one in plan.wanted})[path])
    assert (made.damaged, made.left) == (None, ())
    return made.text


def windows(text: str) -> str:
    return text.replace("\n", "\r\n")


EXPECTED = merged(OLD, NEW, ES)


def test_the_expected_text_is_what_it_should_be() -> None:
    assert EXPECTED == (
        "MT Read it first.\n\n# Té\n\nHierve el agua. MT Pour it slowly over the leaves.\n\n"
        "```\npour(tea,\n     slowly)\n```\n\nEspera cuatro minutos.\n"
    )


@pytest.mark.parametrize("both", [False, True])
def test_a_translation_with_windows_line_ends_keeps_them(both: bool) -> None:
    sides = (windows(OLD), windows(NEW)) if both else (OLD, NEW)
    assert merged(*sides, windows(ES)) == windows(EXPECTED)


def test_a_source_with_windows_line_ends_does_not_bring_them_along() -> None:
    assert merged(windows(OLD), windows(NEW), ES) == EXPECTED


def test_lines_that_end_in_two_ways_stay_as_they_are() -> None:
    mixed = ES.replace("Té\n", "Té\r\n")
    assert merged(OLD, OLD, mixed) == mixed
    assert merged(OLD, NEW, mixed) == EXPECTED.replace("Té\n", "Té\r\n")


@pytest.mark.parametrize(
    "marks", [("", "", MARK), ("", MARK, ""), (MARK, MARK, ""), ("", MARK, MARK), (MARK, "", MARK)]
)
def test_a_byte_order_mark_is_the_file_s_and_no_text(marks: tuple[str, str, str]) -> None:
    base, source, target = (mark + text for mark, text in zip(marks, (OLD, NEW, ES), strict=True))
    assert merged(base, source, target) == marks[2] + EXPECTED
    assert merged(base, base, target) == target
