"""Kramdown's lists of attributes on a line of their own, ``{: .class #id}``, and its options, ``{::comment}``."""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Page

_LINE = re.compile(r"\{:{1,2}[^{}\n]*\}[ \t\r]*$")


def begin(page: Page, number: int, at: int) -> int | None:
    """A line of attributes."""
    return page.add(Kind.directive, number, number + 1) if interrupts(page.lines[number], at) else None


def interrupts(line: str, at: int) -> bool:
    """It stands directly under what it belongs to."""
    return _LINE.match(line, at) is not None


RULE = Rule("kramdown", "{", begin, interrupts)
