"""``amts report`` and ``amts patch``: what the newest run of a pair left, wherever it ran."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from amts_tasks.cli.book import add_emulator_option
from amts_tasks.cli.output import Output
from amts_tasks.cli.review import opened_as_is
from amts_tasks.counts import counted
from amts_tasks.errors import InputError


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Adds this module's commands."""
    report = commands.add_parser(
        "report", parents=[shared], help="what the newest run of a pair told, and the newest scores"
    )
    report.add_argument("pair", metavar="PAIR", help="such as en-zh")
    report.set_defaults(command=_report)
    patch = commands.add_parser("patch", parents=[shared], help="the open branches of a pair as patches for git am")
    patch.add_argument("pair", metavar="PAIR", help="such as en-zh")
    patch.add_argument("chapter", nargs="?", metavar="CHAPTER", help="its patch; without one the chapters are listed")
    patch.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it here (default: standard output)")
    patch.set_defaults(command=_patch)
    for command in (report, patch):
        add_emulator_option(command)


def _report(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.steps.published.reports import newest_report

    with opened_as_is(options, output) as run:
        found = newest_report(run)
    head = f"{found['pair']}, the book as of {found['instant'][:16].replace('T', ' ')} UTC"
    parts = [head, found["text"], found["score"] or ""]
    output.give(found, "\n\n".join(part.rstrip("\n") for part in parts if part))
    return 0


def _patch(options: argparse.Namespace, output: Output) -> int:
    if options.chapter is None:
        if options.output is not None:
            raise InputError("-o goes with one chapter: amts patch PAIR CHAPTER -o FILE")
        return _chapters(options, output)
    from amts_tasks.steps.published.patches import patch_of

    with opened_as_is(options, output) as run:
        known, data = patch_of(run, options.chapter)
    value = asdict(known)
    if options.output is not None:
        try:
            options.output.write_bytes(data)
        except OSError as error:
            raise InputError(f"{options.output}: {error.strerror}; give a file in a folder that exists") from None
        told = f"{options.output}: {counted(known.commits, 'commit')} of {known.branch}; git am {options.output}"
        output.give({**value, "file": str(options.output)}, told)
    elif output.json:
        output.give({**value, "patch": data.decode("utf-8", "replace")}, "")
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    return 0


def _chapters(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.steps.published.patches import patches

    with opened_as_is(options, output) as run:
        found = patches(run)
    width = max((len(one.chapter) for one in found), default=0)
    lines = [
        f"{one.chapter:<{width}}  {one.commit[:12]}  {one.committed_at[:10]}  {counted(one.commits, 'commit')}"
        for one in found
    ]
    told = "\n".join(lines) if lines else f"{run.pair}: no branch was open when the newest run ended"
    output.give([asdict(one) for one in found], told)
    return 0
