"""``amts manifest``: whose text the blocks of a translation are, and that made again from its history."""

from __future__ import annotations

import argparse
from fnmatch import fnmatch
from typing import Any

from amts_tasks.cli.book import add_emulator_option
from amts_tasks.cli.output import Output
from amts_tasks.cli.review import opened_as_is
from amts_tasks.errors import InputError

ACTIONS = {
    "show": "the states of the blocks that stand in the translation and have text in them, by document",
    "rebuild": "make it again from the history of the translation; a run does so by itself when it is missing",
}


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Adds the command."""
    command = commands.add_parser("manifest", parents=[shared], help="whose text the blocks of a translation are")
    command.add_argument("action", choices=tuple(ACTIONS), help="; ".join(f"{k}: {v}" for k, v in ACTIONS.items()))
    command.add_argument("pair", metavar="PAIR", help="such as en-zh")
    command.add_argument("documents", nargs="*", metavar="DOCUMENT", help="with show: paths or globs")
    command.add_argument(
        "--yes", action="store_true", help="with rebuild: although there is a manifest, which knows more than history"
    )
    add_emulator_option(command)
    command.set_defaults(command=_command)


def _command(options: argparse.Namespace, output: Output) -> int:
    with opened_as_is(options, output) as run:
        if run.settings.reverse:
            other = f"{run.settings.target}-{run.settings.source}"
            raise InputError(f"{run.pair}: nothing of it is translated; ask for {other}")
        (_show if options.action == "show" else _rebuild)(run, options, output)
    return 0


def _show(run: Any, options: argparse.Namespace, output: Output) -> None:
    from amts_tasks.steps.align import latest_manifest
    from amts_tasks.steps.found.standing import by_document

    known = latest_manifest(run)
    rows = by_document(run, known) if known.documents else []
    chosen = [
        row
        for row in rows
        if not options.documents or any(fnmatch(row["document"], glob) for glob in options.documents)
    ]
    if not rows:
        output.give([], f"{run.pair}: no manifest yet; the first run that publishes writes it")
        return
    if not chosen:
        raise InputError(f"{run.pair}: no document of the manifest matches {', '.join(options.documents)}")
    columns = ("human", "approved", "machine", "behind")
    width = max(len(row["document"]) for row in chosen)
    lines = [" ".join([f"{'DOCUMENT':<{width}}", *(f"{name.upper():>8}" for name in columns), " SOURCE REVISIONS"])]
    for row in chosen:
        revisions = ", ".join(revision[:12] for revision in row["revisions"][:3]) or "-"
        more = f" and {len(row['revisions']) - 3} more" if len(row["revisions"]) > 3 else ""
        counts = (f"{row[name]:>8}" for name in columns)
        lines.append(" ".join([f"{row['document']:<{width}}", *counts, f" {revisions}{more}"]))
    output.give(chosen, "\n".join(lines))


def _rebuild(run: Any, options: argparse.Namespace, output: Output) -> None:
    from amts_tasks.steps import step
    from amts_tasks.steps.found.recovery import rebuild
    from amts_tasks.steps.found.standing import by_document

    if run.storage.find(f"{run.home}manifest.json") and not options.yes:
        raise InputError(
            f"{run.storage.uri(run.home)}manifest.json: there is a manifest, and it knows more than the history "
            "shows; say --yes to make it again all the same (the old one is kept as manifest-before.json)"
        )
    step("hold")(run)
    try:
        made = rebuild(run)
    finally:
        step("release")(run)
    if made is None:
        nothing = "no commit of AMTS in the translation's history, and no approval; there is nothing to make again"
        output.give(None, f"{run.pair}: {nothing}")
        return
    output.give(by_document(run, made.manifest), f"{run.pair}: {made.text}")
