"""Rows of GFM tables: where their cells are, and which lines are a table's head."""

from __future__ import annotations

import re

from amts_tasks.text.ticks import Ticks

_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-++:?[ \t]*+(?:\|[ \t]*:?-++:?[ \t]*+)*+\|?[ \t\r]*$")
_STOP = re.compile(r"\\.|`+|\$|\|", re.DOTALL)
_MATH = re.compile(r"\$(?![\s$])(?:[^$\\]|\\.)++(?<!\s)\$", re.DOTALL)


def cells(row: str) -> list[tuple[int, int]]:
    """Character ranges of a row's cells, trimmed; empty cells are empty ranges.

    A pipe inside of code or math does not end a cell. GFM would let it; but then the halves of a formula would be shown
    to the translator as prose, and the tables of real books mean it this way.
    """
    ranges: list[tuple[int, int]] = []
    begin = position = 0
    ticks = Ticks(row)
    while stop := _STOP.search(row, position):
        start, position = stop.span()
        if row[start] == "`":
            position = ticks.close(start, position) or position
        elif row[start] == "$":
            math = _MATH.match(row, start)
            position = math.end() if math else position
        elif row[start] == "|":
            ranges.append((begin, start))
            begin = position
    ranges.append((begin, len(row)))
    if len(ranges) > 1 and not row[slice(*ranges[0])].strip():
        del ranges[0]
    if len(ranges) > 1 and not row[slice(*ranges[-1])].strip():
        del ranges[-1]
    trimmed = []
    for first, last in ranges:
        content = row[first:last]
        at = first + len(content) - len(content.lstrip())
        trimmed.append((at, at + len(content.strip())))
    return trimmed


def is_head(row: str, below: str) -> bool:
    """Whether the row is the head of a table, for what stands in the line below it."""
    return "|" in below and _DELIMITER_ROW.match(below) is not None and len(cells(row)) == len(cells(below))
