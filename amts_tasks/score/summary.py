"""All pairs' scores on one page: what a run of many pairs prints. The tables of each pair say more."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

NOTHING = "-"


def as_summary(reports: Sequence[Mapping[str, Any]], width: int = 110) -> str:
    """The value of scores.json as one table, a line an article and one for the average of several.

    BLEU is shown 0-1, chrF2++ and TER 0-100; below it stand the signatures, who translated, what is to be known of the
    numbers, and why a column is empty. Empty text where there is no report.
    """
    if not reports:
        return ""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=False, color_system=None, emoji=False, highlight=False)
    grid = Table(box=box.MARKDOWN)
    for name in ("pair", "document", "BLEU", "chrF2++", "TER", "segments", "scored", "references"):
        right = name in {"BLEU", "chrF2++", "TER", "segments", "scored"}
        grid.add_column(name, justify="right" if right else "left", no_wrap=name != "document", overflow="fold")
    signatures: dict[str, list[str]] = {}
    below: list[str] = []
    for report in reports:
        pair = str(report["pair"])
        rows = report["rows"] if len(report["rows"]) > 2 else report["rows"][:1]
        for row in rows:
            grid.add_row(*(Text(cell) for cell in _cells(pair, row)))
        _sign(signatures, pair, rows[-1])
        below += _below(report, pair, rows[-1])
    console.print(Text("with parallel data / without"))
    console.print(grid)
    for signature, pairs in signatures.items():
        console.print(Text(f"{signature} ({', '.join(pairs)})"))
    for line in sorted(dict.fromkeys(below), key=lambda line: line.startswith("*")):
        console.print(Text(line))
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().split("\n")) + "\n"


def _cells(pair: str, row: Mapping[str, Any]) -> Iterable[str]:
    ours = row["with_parallel_data"]["as_is"]
    theirs = row["without_parallel_data"].get("as_is")
    yield pair
    yield PurePosixPath(row["document"]).stem
    for number, score in enumerate(ours):
        digits = 3 if score["metric"] == "BLEU" else 1
        other = f"{theirs[number]['value']:.{digits}f}" if theirs else NOTHING
        yield f"{score['value']:.{digits}f} / {other}"
    yield str(row["segments"])
    yield f"{row['share']:.1%}"
    yield ", ".join(row["origin"])


def _sign(signatures: dict[str, list[str]], pair: str, row: Mapping[str, Any]) -> None:
    for score in row["with_parallel_data"]["as_is"]:
        signatures.setdefault(f"{score['metric']}: {score['signature']}", []).append(pair)


def _below(report: Mapping[str, Any], pair: str, row: Mapping[str, Any]) -> Iterable[str]:
    for service in row["with_parallel_data"]["service"]:
        said = f" ({service['message']})" if service["message"] else ""
        where = "a service on this machine" if service["endpoint"] == "loopback" else service["endpoint"]
        yield f"translated by {where}{said}"
    if "reason" in row["without_parallel_data"]:
        yield f"* {pair} without parallel data: {row['without_parallel_data']['reason']}"
    if report["reverse"]:
        yield f"* {pair}: reverse direction, the source is itself a translation."
    # That line of the report says more than the one above.
    yield from (f"* {note}" for note in report["notes"] if not note.startswith("Reverse direction"))
