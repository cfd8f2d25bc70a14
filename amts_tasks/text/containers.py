"""The containers of CommonMark, block quotes and list items, and the prefixes they give their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

QUOTE = 0
"""A container is this, or the number of columns by which the content of a list item is indented."""

_MARKER = re.compile(r"([-+*]|\d{1,9}[.)])(?=[ \t\r]|$)")
_DEFINITION = re.compile(r"(:)(?=[ \t]+\S)")
_NOTE = re.compile(r"(\[\^[^\]\s]++\]:)(?=[ \t]*\S)")
NOTE_WIDTH = 4
"""Columns by which what belongs to a footnote is indented."""
_SPACES = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the content of a line begins."""

    position: int
    """Character in the line, after the prefixes of the containers that go on in it and after the indentation."""
    indent: int
    """Columns of indentation after those prefixes."""
    column: int
    """Column of ``position``; tab stops are four columns apart."""
    depth: int
    """How many of the containers go on in this line."""
    inner: int
    """Character after the prefixes, before the indentation."""


def _indentation(line: str, position: int, column: int) -> tuple[int, int]:
    """Character and column of the next one that is no space or tab."""
    stop = _SPACES.match(line, position).end()  # type: ignore[union-attr]
    if line.find("\t", position, stop) < 0:
        return stop, column + stop - position
    for character in line[position:stop]:
        column = column + 4 - column % 4 if character == "\t" else column + 1
    return stop, column


def locate(line: str, containers: list[int]) -> Place:
    """The place at which the line's content begins, and how many of the open containers it continues."""
    position = column = inner = begin = 0
    stop, at = _indentation(line, 0, 0)
    depth = 0
    for width in containers:
        if width == QUOTE:
            if at - begin > 3 or not line.startswith(">", stop):
                break
            position, column = stop + 1, at + 1
            if line.startswith((" ", "\t"), position):
                position, column = position + 1, column + 1
            inner, begin = position, column
            stop, at = _indentation(line, position, column)
        elif at - begin >= width:
            begin += width
            inner = min(inner + width, stop)
        else:
            break
        depth += 1
    return Place(stop, at - begin, at, depth, inner)


def open_quote(line: str, place: Place) -> Place | None:
    """The place after a quote's mark that begins here."""
    if place.indent > 3 or not line.startswith(">", place.position):
        return None
    position, column = place.position + 1, place.column + 1
    if line.startswith((" ", "\t"), position):
        position, column = position + 1, column + 1
    stop, at = _indentation(line, position, column)
    return Place(stop, at - column, at, place.depth + 1, position)


def open_item(line: str, place: Place) -> tuple[Place, int, str] | None:
    """The place after a list mark that begins here, the width of the item's indentation, and the mark."""
    if place.indent > 3:
        return None
    mark = _MARKER.match(line, place.position)
    if mark is None:
        return None
    column = place.column + mark.end() - mark.start()
    stop, at = _indentation(line, mark.end(), column)
    blank = stop == len(line) or line[stop] == "\r"
    gap = 1 if blank or at - column > 4 else at - column
    width = place.indent + (column - place.column) + gap
    inner = min(mark.end() + gap, stop)
    return Place(stop, at - column - gap, at, place.depth + 1, inner), width, mark[1]


def open_definition(line: str, place: Place) -> tuple[Place, int] | None:
    """The place after the colon that begins a definition of a term (PHP Markdown Extra), and the item's width."""
    return _open(line, place, _DEFINITION, None)


def open_note(line: str, place: Place) -> tuple[Place, int] | None:
    """The place after the name of a footnote that is defined here, and the width of what belongs to it: four."""
    return _open(line, place, _NOTE, NOTE_WIDTH)


def _open(line: str, place: Place, pattern: re.Pattern[str], width: int | None) -> tuple[Place, int] | None:
    mark = pattern.match(line, place.position) if place.indent < 4 else None
    if mark is None:
        return None
    column = place.column + mark.end() - mark.start()
    stop, at = _indentation(line, mark.end(), column)
    own = place.indent + at - place.column
    return Place(stop, 0, at, place.depth + 1, stop), own if width is None else width


def prefix(containers: list[int]) -> str:
    """What a further line of the innermost container begins with."""
    return "".join("> " if width == QUOTE else " " * width for width in containers)
