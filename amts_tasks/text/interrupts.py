"""Which lines end the paragraph before them, and which go on in containers that they do not mark."""

from __future__ import annotations

from amts_tasks.text import leaves, table
from amts_tasks.text.blocks import Kind
from amts_tasks.text.containers import Place, locate, open_item
from amts_tasks.text.page import Page
from amts_tasks.text.special import math_end

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
    if place.indent > 3 or at == len(line) or line[at] not in leaves.SPECIAL:
        return place.indent < 4 and "|" in line and number + 1 < len(page.lines) and begins_table(page, number, at)
    first = line[at]
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
    if first == ":":
        return any(p.match(line, at) for p in (leaves.TAB_MARK, leaves.ROLE_LINE, leaves.FENCED_DIV))
    if first == "<":
        if line.startswith("<!--", at):
            close = line.find("-->", at)
            return close < 0 or not line[close + 3 :].strip()
        return bool(leaves.MARKUP_BLOCK.match(line, at) or leaves.MARKUP_RAW.match(line, at))
    return "|" in line and number + 1 < len(page.lines) and begins_table(page, number, at)


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
    return not (page.lines[number - 1].count("$") % 2 and line.count("$") % 2)
