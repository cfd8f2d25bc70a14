"""``amts parallel-data``: the step of that name, and the pair's parallel data looked at, fetched, compared, deleted."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from amts_tasks.cli.book import add_run_options, opened, run_step
from amts_tasks.cli.output import Output
from amts_tasks.counts import counted
from amts_tasks.errors import InputError

ACTIONS = {
    "list": "every pair's parallel data at the service",
    "show": "one pair's, with what was left out of it",
    "download": "write the file that was imported last",
    "diff": "what an import now would change: the newest made beside the last imported",
    "delete": "delete it at the service; asks first",
}


def add_command(commands: Any, shared: argparse.ArgumentParser, step_words: str) -> None:
    """Adds the command."""
    words = "; ".join(f"{name}: {what}" for name, what in ACTIONS.items())
    command = commands.add_parser("parallel-data", parents=[shared], help=f"one step: {step_words}; or list, show, …")
    command.add_argument("action", nargs="?", choices=tuple(ACTIONS), help=f"none: the step. {words}")
    add_run_options(command)
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="with download: the file (default: its name)"
    )
    command.add_argument("--format", choices=("csv", "tsv", "tmx"), default="csv", help="with download")
    command.add_argument(
        "--also", action="append", default=[], metavar="PAIR", help="with download: further targets in one table"
    )
    command.add_argument("--yes", action="store_true", help="with delete: do not ask")
    command.set_defaults(command=_command, step="parallel_data")


def _command(options: argparse.Namespace, output: Output) -> int:
    if options.action is None and options.pair not in ACTIONS:
        return run_step(options, output)
    if options.action is None:
        if options.pair != "list":
            raise InputError(f"amts parallel-data {options.pair}: of which pair? add one, such as en-zh")
        from amts_tasks import config as configuration

        options = argparse.Namespace(**{**vars(options), "pair": next(iter(configuration.load(options.config).pairs))})
    with opened(options, output) as run:
        {"show": _show, "download": _download, "diff": _diff, "delete": _delete}.get(options.action, _list)(
            run, options, output
        )
    return 0


def _list(run: Any, options: argparse.Namespace, output: Output) -> None:
    from amts_tasks.steps import stock

    rows = stock.resources(run)
    lines = [f"{'PAIR':<9} {'NAME':<28} {'STATUS':<10} {'RECORDS':>8} {'CHANGED':<17} IN STEP"]
    for row in rows:
        changed = (row["updated"] or "")[:16].replace("T", " ")
        step = {True: "yes", False: "no", None: "-"}[row["in_step"]]
        lines.append(
            f"{row['pair'] or '-':<9} {row['name']:<28} {row['status']:<10} {row['records']:>8,} {changed:<17} {step}"
        )
    output.give(rows, "\n".join(lines) if rows else "no parallel data at the service")


def _show(run: Any, options: argparse.Namespace, output: Output) -> None:
    from amts_tasks.steps import stock

    value, text = stock.show(run)
    output.give(value, text)


def _download(run: Any, options: argparse.Namespace, output: Output) -> None:
    from amts_tasks.steps import stock

    others = [replace(run, pair=pair) for pair in options.also]
    data, name, count = stock.download(run, options.format, others)
    path = options.output or Path(name)
    path.write_bytes(data)
    output.give(
        {"file": str(path), "rows": count, "bytes": len(data)}, f"{path}: {counted(count, 'row')}, {len(data):,} bytes"
    )


def _diff(run: Any, options: argparse.Namespace, output: Output) -> None:
    from amts_tasks.steps import stock

    found = stock.compared(run)
    output.give(found.value, found.table())


def _delete(run: Any, options: argparse.Namespace, output: Output) -> None:
    from amts_tasks.steps import stock

    name = stock.name_of(run)
    if not options.yes:
        if output.json or not sys.stdin.isatty():
            raise InputError(f"deleting {name} cannot be undone at the service; say --yes")
        print(
            f"Delete the parallel data {name}? The next run that needs it imports it again. [y/N] ", end="", flush=True
        )
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            output.give({"deleted": None}, "nothing was deleted")
            return
    stock.delete(run)
    output.give({"deleted": name}, f"{name}: being deleted; the next run that needs it imports it again")
