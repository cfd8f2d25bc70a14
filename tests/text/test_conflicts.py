"""Marks of a merge that nobody finished."""

from __future__ import annotations

import pytest

from amts_tasks.text.conflicts import conflict_line

OPEN = "<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> topic\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", None),
        (f"# T\n\n{OPEN}", 3),
        (OPEN.replace("\n", "\r\n"), 1),
        (f"```{{.python .input}}\n{OPEN}```\n", 2),
        (f"# T\n\n```\n{OPEN}```\n", None),
        (f"~~~ diff\n{OPEN}~~~\n\n{OPEN}", 9),
        ("Title\n=======\n\nText <<<<<<< here\n", None),
        ("<<<<<<< HEAD\none\n", None),
        (OPEN.replace("=======", "==="), None),
        ("<<<<<<< HEAD\n```\none\n=======\n```\ntwo\n>>>>>>> topic\n", 1),
    ],
)
def test_the_first_line_of_a_conflict(text: str, line: int | None) -> None:
    assert conflict_line(text) == line
