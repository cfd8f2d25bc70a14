"""PHP Markdown Extra: ``*[HTML]: Hypertext Markup Language``; the words are prose, the abbreviation stays."""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Page

_MARK = re.compile(r"\*\[[^\[\]]++\]:[ \t]*(?=\S)")


def begin(page: Page, number: int, at: int) -> int | None:
    """The definition of an abbreviation."""
    line = page.lines[number]
    mark = _MARK.match(line, at)
    if mark is None:
        return None
    return page.add(
        Kind.directive, number, number + 1, page.texts(Kind.caption, [(number, mark.end(), len(line))], None)
    )


def interrupts(line: str, at: int) -> bool:
    """They stand one below the other."""
    return _MARK.match(line, at) is not None


RULE = Rule("extra", "*", begin, interrupts)
