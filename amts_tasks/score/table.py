"""A report as a table of plain characters, readable in a terminal, a log and as Markdown."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from amts_tasks.score.metrics import Score
from amts_tasks.score.report import Report
from amts_tasks.score.rows import Reading, Row
from amts_tasks.translate.service import Service

NOTHING = "-"

LEGEND = (
    "BLEU is shown 0-1; ± is half of the 95 % interval; an average is the mean of corpus scores; "
    "origin: of the reference."
)

NARROWEST = 88
"""Characters a line needs for its numbers to stay whole."""


def as_table(report: Report, width: int = 120) -> str:
    """The report in lines of at most ``width`` characters (88 at least), without colour.

    Names and reasons too wide for their column go on in the next line; numbers are never cut.
    """
    out = io.StringIO()
    console = Console(
        file=out, width=max(width, NARROWEST), force_terminal=False, color_system=None, emoji=False, highlight=False
    )
    direction = report.pair + (" (reverse direction)" if report.reverse else "")
    average = report.rows[-1]
    console.print(_text(f"{direction}: {average.articles} {_plural(average.articles, 'article')}"))
    console.print(_whole(report.rows))
    console.print(_text("Without protected spans (code, math, references, links, marks):"))
    console.print(_short(report.rows))
    for score in average.scores["as_is"]:
        console.print(_text(f"{score.metric}: {score.signature}"))
    console.print(_text(LEGEND))
    console.print(_text(f"with parallel data: {_services(average.services)}"))
    without = average.baseline if isinstance(average.baseline, str) else _services(average.baseline_services)
    console.print(_text(f"without: {without}"))
    for note in report.notes:
        console.print(_text(f"* {note}"))
    lines = [line.rstrip() for line in out.getvalue().split("\n")]
    # Above a table rich leaves a line of its own.
    return "\n".join(line for line, before in zip(lines, ["", *lines], strict=False) if line or before) + "\n"


def _whole(rows: Sequence[Row]) -> Table:
    names = ("document", "metric", "with", "without", "p", "segments", "scored", "origin")
    grid = _grid(names)
    for row in rows:
        facts = (str(row.segments), f"{row.share:.1%}", ", ".join(row.origins))
        _add(grid, row, "as_is", facts, len(names))
    return grid


def _short(rows: Sequence[Row]) -> Table:
    names = ("document", "metric", "with", "without", "p")
    grid = _grid(names)
    for row in rows:
        _add(grid, row, "without_protected", (), len(names))
    return grid


def _grid(names: Sequence[str]) -> Table:
    grid = Table(box=box.MARKDOWN)
    for name in names:
        right = name in {"with", "without", "p", "segments", "scored"}
        folds = name in {"document", "without", "origin"}
        least = 13 if name == "without" else None
        justify: Literal["left", "right"] = "right" if right else "left"
        grid.add_column(name, justify=justify, overflow="fold", no_wrap=not folds, min_width=least)
    return grid


def _add(grid: Table, row: Row, reading: Reading, facts: tuple[str, ...], columns: int) -> None:
    for number, ours in enumerate(row.scores[reading]):
        if isinstance(row.baseline, str):
            without = NOTHING if number else row.baseline
        else:
            without = _cell(row.baseline[reading][number])
        p = NOTHING if ours.p is None else f"{ours.p:.3f}"
        cells = ["" if number else row.document, ours.metric, _cell(ours), without, p, *(() if number else facts)]
        grid.add_row(*(_text(cell) for cell in cells + [""] * (columns - len(cells))))


def _cell(score: Score) -> str:
    digits = 3 if score.metric == "BLEU" else 1
    return f"{score.value:.{digits}f} ±{(score.high - score.low) / 2:.{digits}f}"


def _text(words: str) -> Text:
    # Not as str: a path or a service's message may hold what rich takes for markup, or line breaks.
    return Text(" ".join(words.split()), overflow="fold")


def _services(services: Sequence[Service]) -> str:
    return "; ".join(f"{one.endpoint} ({one.message})" if one.message else one.endpoint for one in services)


def _plural(count: int, word: str) -> str:
    return word if count == 1 else word + "s"
