"""Which lines end the paragraph before them, and which go on in containers that they do not mark."""

from __future__ import annotations

import re

from amts_tasks.text import leaves, table
from amts_tasks.text.blocks import Kind
from amts_tasks.text.containers import Place, locate, open_definition, open_item, open_note
from amts_tasks.text.page import Page
from amts_tasks.text.special import math_end

_CODE = re.compile(r"(`++)[^`]++\1")
_LAZY = frozenset((Kind.paragraph, Kind.list_item, Kind.quote, Kind.math, Kind.label))


def goes_on(page: Page, number: int, place: Place) -> bool:
    """Whether this line is a lazy one of the item or quote before it that we cut off, as a formula under its text.

    What follows may stand in the same containers still.
    """
    if not page.found or page.found[-1].kind not in _LAZY or place.indent > 3:
        return False
    line, at = page.lines[number], place.position
    return math_end(page, number, at) is not None or leaves.ROLE_LINE.match(line, at) is not None


def begins_table(page: Page, number: int, at: int) -> bool:
    """Whether this line is the head of a table, in containers that the line below it continues."""
    place = locate(page.lines[number + 1], page.containers)
    below = page.lines[number + 1][place.position :]
    return place.depth == len(page.containers) and place.indent < 4 and table.is_head(page.lines[number][at:], below)


def interrupts(page: Page, number: int, place: Place) -> bool:
    """Whether a block begins in this line that ends the paragraph before it."""
    line, at = page.lines[number], place.position
    if page.jsx and line.startswith("<", at) and leaves.JSX_LINE.match(line, at):
        return True
    if place.indent > 3 or at == len(line) or line[at] not in leaves.SPECIAL:
        return place.indent < 4 and "|" in line and number + 1 < len(page.lines) and begins_table(page, number, at)
    first = line[at]
    if any(rule.interrupts(line, at) for rule in page.rules.get(first, ())):
        return True
    if first == "#":
        return leaves.HEADING.match(line, at) is not None
    if first == ">":
        return True
    if first in "`~" and leaves.FENCE.match(line, at):
        return True
    if first in "-*_" and leaves.is_rule(line, at):
        return True
    if first in "-+*0123456789":
        return _item_interrupts(page, number, place)
    if first in "$[(*~" and leaves.MATH_START.match(line, at):
        return math_end(page, number, at) is not None
    if first == ":" and number and open_definition(line, place):
        return _after_term(page, number)
    if first == "[" and open_note(line, place):
        return True
    if first == "<":
        if line.startswith("<!--", at):
            return True
        return bool(leaves.MARKUP_BLOCK.match(line, at) or leaves.MARKUP_RAW.match(line, at))
    return "|" in line and number + 1 < len(page.lines) and begins_table(page, number, at)


def _after_term(page: Page, number: int) -> bool:
    """Whether what stands above may be a term or a definition: a line alone, or the line of another definition."""
    before = locate(page.lines[number - 2], page.containers).position if number > 1 else 0
    return (
        number == 1 or before == len(page.lines[number - 2].rstrip()) or page.lines[number - 1].lstrip().startswith(":")
    )


def _item_interrupts(page: Page, number: int, place: Place) -> bool:
    line = page.lines[number]
    item = open_item(line, place)
    if item is None:
        return False
    if place.depth == len(page.containers) and (item[2][0].isdigit() and item[2][:-1] != "1"):
        return False
    if not line[item[0].position :].strip() and place.depth == len(page.containers):
        return False
    # A formula that goes on in the next line may begin it with a sign that looks like a list's.
    return not (_half_open(page.lines[number - 1]) and _half_open(line))


def _half_open(line: str) -> bool:
    """Whether the line holds half of a formula; dollar signs in code are none."""
    return line.count("$") % 2 == 1 and _CODE.sub("", line).count("$") % 2 == 1
