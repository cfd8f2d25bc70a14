"""Numbers of things, as people say them; and that nobody counts by hand."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from amts_tasks.counts import counted

PACKAGE = Path(__file__).parents[1] / "amts_tasks"
NOUNS = (
    "texts|documents|files|blocks|pairs|answers|rows|words|sentences|changes|characters|records|branches|nights|days"
    "|reservations|commits"
)
APART = {
    "align/doubts.py": "lines of which a length is told are long",
    "books/git.py": "days of a setting, in an error",
    "forges/github.py": "the most that a forge lists",
    "forges/gitlab.py": "the same",
    "cli/pairs.py": "of the source's so many",
    "steps/published/report.py": "the most that a branch may have",
    "steps/score.py": "told of every hundred",
    "steps/upload.py": "the description of a resource, by which it is found again",
    "translate/content.py": "a ratio",
}
"""Where a plural stands after a number all the same, and why. The emulator speaks as the service does."""


def test_one_is_not_many() -> None:
    assert counted(1, "text") == "1 text"
    assert [counted(number, "text") for number in (0, 2, 1000)] == ["0 texts", "2 texts", "1,000 texts"]
    assert counted(1, "branch is", "branches are") == "1 branch is"
    assert counted(3, "branch is", "branches are") == "3 branches are"


def test_no_message_puts_a_plural_after_a_number_that_may_be_one() -> None:
    """A number written into a text and a plural behind it: `1 texts` on some day. What is `of` many is left out."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = str(path.relative_to(PACKAGE))
        if name.startswith("emulator/") or name in APART:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.JoinedStr):
                continue
            for number, (value, after) in enumerate(zip(node.values, node.values[1:], strict=False)):
                shown = isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant)
                if not shown or not re.match(rf" ({NOUNS})\b", str(after.value)):  # type: ignore[union-attr]
                    continue
                before = node.values[number - 1] if number else None
                said = str(before.value) if isinstance(before, ast.Constant) else ""
                if not said.endswith((" of ", "at most ", "with ")):
                    found.append(f"{name}:{node.lineno}")
    assert found == []
