"""MyST: targets ``(label)=``, block breaks ``+++``, and comments ``% …`` in documents that are MyST by other signs."""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Page

_TARGET = re.compile(r"\([^()\s]+\)=[ \t\r]*$")
_BREAK = re.compile(r"\+\+\+(?:[ \t]+(?:\{[^\n]*\}|\^\^\^))?[ \t\r]*$")
_SIGN = re.compile(r"^(?:`{3,}|:{3,})\{[a-z]|^\([^()\s]+\)=[ \t\r]*$|\{[a-z][a-z:-]*\}`|^kernelspec:", re.MULTILINE)


def begin(page: Page, number: int, at: int) -> int | None:
    """A line that is one of them."""
    line = page.lines[number]
    if line[at] == "%":
        if not line.startswith(("% ", "%%"), at) or line.startswith("%%tab", at) or not _is_myst(page):
            return None
        return page.add(Kind.comment, number, number + 1)
    mark = (_TARGET if line[at] == "(" else _BREAK).match(line, at)
    return page.add(Kind.directive, number, number + 1) if mark else None


def _is_myst(page: Page) -> bool:
    if page.myst is None:
        page.myst = _SIGN.search(page.text) is not None
    return page.myst


def interrupts(line: str, at: int) -> bool:
    """A target or a break ends the paragraph before it."""
    mark = _TARGET if line[at] == "(" else _BREAK if line[at] == "+" else None
    return mark is not None and mark.match(line, at) is not None


RULE = Rule("myst", "(+%", begin, interrupts)
