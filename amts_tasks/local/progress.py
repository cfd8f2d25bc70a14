"""The live progress of every task of every run: a table redrawn in place on a terminal, elsewhere a line a change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from amts_tasks.local.record import Change, Record, columns, order, task_name

STYLES = {
    "success": "green",
    "failed": "bold red",
    "upstream_failed": "red",
    "running": "bold cyan",
    "deferred": "magenta",
    "skipped": "bright_black",
    "up_for_retry": "yellow",
}
QUIET = frozenset({"scheduled", "queued", "none", "removed"})
"""States that last a blink and say nothing; left out of the lines."""


class Progress:
    """A context manager; `show` after every look at the runs."""

    def __init__(self, console: Console, began: datetime) -> None:
        self.console = console
        self.began = began
        self.live = Live(console=console, auto_refresh=False) if console.is_terminal else None

    def __enter__(self) -> Self:
        if self.live is not None:
            self.live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live is not None:
            self.live.stop()

    def show(self, record: Record, changes: Sequence[Change]) -> None:
        """Redraw the table, or print a line for each change."""
        if self.live is not None:
            self.live.update(table(record, datetime.now(UTC)), refresh=True)
            return
        for change in changes:
            if change.state not in QUIET:
                self.console.print(line(change, self.began), markup=False, highlight=False, soft_wrap=True)


def line(change: Change, began: datetime) -> str:
    """`  12.3 s  amts_en_zh  translate  deferred`, with the seconds a task took once it ended."""
    took = "" if change.seconds is None else f" ({change.seconds:.1f} s)"
    passed = (change.at - began).total_seconds()
    return f"{passed:7.1f} s  {change.dag_id}  {change.task}  {change.state}{took}"


def table(record: Record, now: datetime) -> Table:
    """Tasks down, runs across."""
    runs = columns(record)
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    drawn.add_column("")
    for dag_id, run_id in runs:
        run = record.runs[dag_id, run_id]
        drawn.add_column(Text(dag_id, STYLES.get(run["state"], "")), min_width=len(dag_id))
    cells: dict[str, dict[tuple[str, str], Text]] = {}
    for one in sorted(record.instances.values(), key=order):
        cells.setdefault(task_name(one), {})[one["dag_id"], one["dag_run_id"]] = cell(one, now)
    for task, by_run in cells.items():
        drawn.add_row(task, *(by_run.get(run, Text("")) for run in runs))
    return drawn


def cell(instance: dict[str, object], now: datetime) -> Text:
    """A task's state and seconds; those of one under way go on counting."""
    state = str(instance["state"] or "")
    if state in QUIET or not state:
        return Text("·", "bright_black")
    seconds = instance.get("duration")
    start = instance.get("start_date")
    if state in {"running", "deferred"} and isinstance(start, str):
        seconds = (now - datetime.fromisoformat(start)).total_seconds()
    took = f" {seconds:.1f}" if isinstance(seconds, int | float) and state != "skipped" else ""
    return Text(f"{state}{took}", STYLES.get(state, ""))
