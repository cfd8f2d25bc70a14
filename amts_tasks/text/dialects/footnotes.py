"""Footnotes whose text begins in the line below their name, ``[^name]:``; where it stands beside it, see containers."""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind
from amts_tasks.text.containers import NOTE_WIDTH
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Page

_NAME = re.compile(r"\[\^[^\]\s]++\]:[ \t\r]*$")


def begin(page: Page, number: int, at: int) -> int | None:
    """The line with nothing but the name; what is indented below it belongs to it."""
    if not _NAME.match(page.lines[number], at):
        return None
    after = page.add(Kind.directive, number, number + 1)
    page.containers.append(NOTE_WIDTH)
    return after


RULE = Rule("footnotes", "[", begin)
