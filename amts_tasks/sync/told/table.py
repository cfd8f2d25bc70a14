"""Columns of text, for plans and commit messages."""

from __future__ import annotations

from collections.abc import Sequence


def columns(rows: Sequence[Sequence[object]]) -> str:
    """The rows as lines, two spaces between columns: the first and those of words to the left, others to the right.

    The first row may be of headings; whole numbers get commas.
    """
    cells = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    widths = [max(len(row[number]) for row in cells) for number in range(len(cells[0]))] if cells else []
    words = {number for row in cells[1:] for number, cell in enumerate(row) if any(map(str.isspace, cell))} | {0}
    lines = [
        "  ".join(
            cell.ljust(width) if number in words else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "".join(line + "\n" for line in lines)


def on_a_line(text: str) -> str:
    """The text on one line and whole: a path has to be there to be copied."""
    return " ".join(text.split())


def short(text: str, most: int = 72) -> str:
    """The text on one line, cut to so many characters."""
    line = on_a_line(text)
    return line if len(line) <= most else line[: most - 1] + "…"
