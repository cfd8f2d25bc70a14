"""GitHub's alerts and Obsidian's callouts: ``> [!NOTE]``, with or without a title."""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind
from amts_tasks.text.containers import QUOTE
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Page

_MARK = re.compile(r"\[![A-Za-z][\w-]*\][+-]?[ \t]*(?=([^\r]*))")


def begin(page: Page, number: int, at: int) -> int | None:
    """The line with the mark, in a quote."""
    if not page.containers or page.containers[-1] != QUOTE:
        return None
    mark = _MARK.match(page.lines[number], at)
    if mark is None:
        return None
    texts = page.texts(Kind.heading, [(number, mark.end(), len(page.lines[number]))], None) if mark[1].strip() else ()
    return page.add(Kind.directive, number, number + 1, texts)


RULE = Rule("alerts", "[", begin)
