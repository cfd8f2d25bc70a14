"""Links that are named by their text: a translation of the text would be no link."""

from __future__ import annotations

import pytest

from amts_tasks.text import parse
from amts_tasks.text.structure import same_structure

SOURCE = "See [the guide] and [more][] and [this][guide].\n\n[the guide]: a.md\n[more]: b.md\n[guide]: c.md\n"


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("See", "Ver", True),
        ("[this]", "[esto]", True),
        ("[the guide] and", "[The  Guide] y", True),
        ("[the guide] and", "[la guía] y", False),
        ("[more][]", "[más][]", False),
        ("[the guide] and", "the guide y", False),
    ],
)
def test_the_text_that_names_a_link_stays(old: str, new: str, same: bool) -> None:
    found = same_structure(parse(SOURCE), parse(SOURCE.replace(old, new, 1)))
    assert (found is None) == same, found


def test_brackets_that_name_nothing_are_text() -> None:
    assert same_structure(parse("Values in [a, b].\n"), parse("Valores en [c, d].\n")) is None
