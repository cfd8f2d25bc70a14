"""docs/cli.md, made from the parser of the command line.

``python -m amts_tasks.cli.page docs/cli.md`` writes it anew; a test holds that it is fresh.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from amts_tasks.cli import __doc__ as about
from amts_tasks.cli import parser

GENERAL = frozenset({"--config", "--endpoint", "--json"})
"""Options of every command, told once."""


def page() -> str:
    """The page: the general options, then each command with its arguments, as ``--help`` tells them."""
    top = parser()
    parts = [
        "# The command line",
        "<!-- Made by `python -m amts_tasks.cli.page docs/cli.md`; change the parser, not this page. -->",
        (about or "").replace("``", "`").strip(),
        "The general options stand before or after the command:",
        _table(action for action in top._actions if not isinstance(action, argparse._SubParsersAction)),
    ]
    told: dict[str, str] = {}
    for name, words, command in _commands(top):
        own = [action for action in command._actions if not GENERAL & {*action.option_strings}]
        table = _table(own)
        parts += [f"## {name}", f"{words[:1].upper()}{words[1:]}."]
        # The steps take what the whole run takes.
        parts.append(f"Takes what `{told[table]}` takes." if table in told else table)
        told.setdefault(table, name)
    return "\n\n".join(part for part in parts if part) + "\n"


def _commands(top: argparse.ArgumentParser, before: str = "amts") -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Name, help and parser of every command that does something, in the order of ``--help``."""
    for action in top._actions:
        if not isinstance(action, argparse._SubParsersAction):
            continue
        for choice in action._choices_actions:
            command = action.choices[choice.dest]
            inner = list(_commands(command, f"{before} {choice.dest}"))
            yield from inner or [(f"{before} {choice.dest}", choice.help or "", command)]


def _table(actions: Iterator[argparse.Action] | list[argparse.Action]) -> str:
    rows = []
    for action in actions:
        if isinstance(action, argparse._HelpAction):
            continue
        value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "")
        shown = " ".join(value) if isinstance(value, tuple) else value
        takes = action.nargs != 0 and bool(action.option_strings)
        if takes and not shown and not isinstance(action, argparse.BooleanOptionalAction):
            shown = action.dest.upper()
        name = ", ".join(action.option_strings) or shown
        left = (f"{name} {shown}" if takes and shown else name).replace("|", "\\|")
        # A parser's own default of the general options says nothing.
        default = "" if action.default in (None, False, [], argparse.SUPPRESS) else action.default
        words = (action.help or "").replace("|", "\\|")
        rows.append(f"| `{left}` | {words} | {f'`{default}`' if default != '' else ''} |".replace(" |  |", " | |"))
    return "\n".join(["| Argument | Meaning | Default |", "|---|---|---|", *rows]) if rows else ""


def main(arguments: list[str]) -> int:
    """Writes the page to the file named."""
    for path in map(Path, arguments):
        path.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
