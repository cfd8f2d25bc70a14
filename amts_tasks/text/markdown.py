"""Documents to blocks: a scanner of lines that follows CommonMark where the books do, and D2L's dialect elsewhere.

Every block begins at a line start, whatever container the line stands in, so that blocks cover a document by
construction. markdown-it-py is not used: it knows no ``$$``, so that a row of ``=`` in a formula becomes a heading, its
cells and inline content have no positions, and it drops blocks nested deeper than a limit; the tests compare the two.
"""

from __future__ import annotations

from amts_tasks.text import leaves
from amts_tasks.text.blocks import Kind, ParsedDocument, Text
from amts_tasks.text.containers import QUOTE, Place, locate, open_definition, open_item, open_note, open_quote
from amts_tasks.text.dialects import by_first
from amts_tasks.text.front import front_matter
from amts_tasks.text.interrupts import begins_table, goes_on, interrupts
from amts_tasks.text.page import Page
from amts_tasks.text.paragraph import paragraph
from amts_tasks.text.special import indented, special
from amts_tasks.text.table import cells


def parse(text: str, path: str = "", dialects: frozenset[str] | None = None) -> ParsedDocument:
    """The document's blocks; any text at all is a document. Time is linear in its length.

    ``dialects`` names the families of rules that are asked on top of CommonMark and tables (``dialects.DIALECTS``);
    None stands for all: each knows its constructs by their syntax.
    """
    page = Page(text, by_first(dialects), path)
    line = front_matter(page)
    while line < len(page.lines):
        line = _block(page, line)
    return ParsedDocument(path, text, tuple(page.found))


def _block(page: Page, number: int) -> int:
    line = page.lines[number]
    if not line or line.isspace():
        after = number + 1
        while after < len(page.lines) and not page.lines[after].strip():
            after += 1
        return page.add(Kind.blank, number, after)
    place = locate(line, page.containers)
    if place.depth < len(page.containers) and not goes_on(page, number, place):
        del page.containers[place.depth :]
        while page.frames and page.frames[-1].depth > place.depth:
            page.frames.pop()
    page.item = False
    while place.position < len(line):
        quote = open_quote(line, place)
        if quote is not None:
            page.containers.append(QUOTE)
            place = quote
            continue
        first = line[place.position]
        if first in "-+*0123456789" and not leaves.is_rule(line, place.position):
            item = open_item(line, place)
            if item is not None:
                place, width, _ = item
                page.containers.append(width)
                page.item = True
                continue
        elif first in ":[":
            opened = open_definition(line, place) if first == ":" else open_note(line, place)
            if opened is not None:
                place, width = opened
                page.containers.append(width)
                page.item = first == ":"
                continue
        break
    if not line[place.position :].strip():
        return page.add(Kind.list_item if page.item else Kind.blank, number, number + 1)
    return _leaf(page, number, place)


def _leaf(page: Page, number: int, place: Place) -> int:
    line, at = page.lines[number], place.position
    first = line[at]
    if place.indent > 3 and not line.startswith("$$", at) and not page.jsx:
        return indented(page, number)
    if first in leaves.SPECIAL or first in page.rules:
        ended = special(page, number, at)
        if ended is not None:
            return ended
    if number + 1 < len(page.lines) and "|" in line and begins_table(page, number, at):
        return _table(page, number, at)
    return paragraph(page, number, at)


def _table(page: Page, number: int, at: int) -> int:
    _row(page, number, at)
    page.add(Kind.table_row, number + 1, number + 2)
    after = number + 2
    while after < len(page.lines):
        line = page.lines[after]
        place = locate(line, page.containers)
        if place.depth < len(page.containers) or not line[place.position :].strip():
            break
        if (place.indent > 3 and not page.jsx) or interrupts(page, after, place) or "|" not in line:
            break
        _row(page, after, place.position)
        after += 1
    return after


def _row(page: Page, number: int, at: int) -> None:
    line = page.lines[number]
    texts: tuple[Text, ...] = ()
    for begin, end in cells(line[at:]):
        if end > begin:
            texts += page.texts(Kind.table_cell, [(number, at + begin, at + end)], None, len(texts))
    page.add(Kind.table_row, number, number + 1, texts)
