"""`amts up` and `amts down`: the stack left running, and stopped later by the process ids it left."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from amts_tasks.config import load
from amts_tasks.counts import counted
from amts_tasks.local.book import build_example
from amts_tasks.local.component import end, family, running, write_private
from amts_tasks.local.demo import clear, make_stack, shown
from amts_tasks.local.postgres import NAME
from amts_tasks.local.service import EmulatorOptions

FILE = "up.json"
"""Address, login and process ids of a stack left running, in its folder."""


def start(
    config: Path | None,
    folder: Path,
    *,
    database: str = "sqlite",
    emulator: EmulatorOptions | None = None,
    console: Console | None = None,
) -> int:
    """Start the stack of a configuration, leave it running, print address and login (again if it runs already)."""
    console = console or Console(highlight=False, soft_wrap=True)
    folder = folder.resolve()
    left = read(folder)
    if left is not None and running(processes(left)):
        tell(left, console, "already running")
        return 0
    settings = load(config)
    began = time.monotonic()
    clear(folder)
    build_example(settings, console.print)
    stack = make_stack(
        settings,
        folder,
        database=database,
        emulator=emulator,
        schedule=True,
        # Whoever leaves it running may change a step meanwhile: each task then imports the newest.
        preload=(),
        say=lambda words: console.print(f"  {words}"),
    )
    stack.start()
    left = {
        "url": stack.url,
        "login": stack.api.login,
        "password": stack.api.password,
        "endpoint": stack.endpoint,
        "config": str(settings.path),
        "processes": {
            component.name: {"pid": component.pid, "created": component.family[component.pid]}
            for component in stack.components.values()
            if component.pid is not None
        },
    }
    write_private(folder / FILE, json.dumps(left, indent=1) + "\n")
    tell(left, console, f"running after {time.monotonic() - began:.1f} s")
    console.print(f"logs are in {shown(folder / 'logs')}; `make down` stops it")
    if database != NAME:
        console.print(
            "Airflow keeps its state in SQLite: enough to look around and for single runs. A backfill of several days "
            f"needs --database {NAME} (docs/deployment.md)",
            markup=False,
        )
    return 0


def stop(folder: Path, *, console: Console | None = None) -> int:
    """Stop what `start` left running in this folder and nothing else: an id given away since is not touched."""
    console = console or Console(highlight=False, soft_wrap=True)
    folder = folder.resolve()
    left = read(folder)
    if left is None:
        console.print(f"nothing is running from {shown(folder)}")
        return 0
    roots = processes(left)
    everything: dict[int, float] = {}
    for process in running(roots):
        everything |= family(process.pid)
    ended = len(running(roots))
    # The roots first: each tidies up its own children, whoever is left is ended after. The database last: the others
    # write to it until their end, and it waits for them.
    database = {one["pid"] for name, one in left["processes"].items() if name == NAME}
    for chosen in (roots.keys() - database, roots.keys() & database):
        end({pid: created for pid, created in everything.items() if pid in chosen}, patience=10.0)
    end(everything)
    (folder / FILE).unlink()
    console.print(f"stopped {ended} of {counted(len(roots), 'server')}" if ended else "all had ended before")
    return 0


def read(folder: Path) -> dict[str, Any] | None:
    """What `start` left in the folder, None when nothing."""
    try:
        left: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return left


def processes(left: dict[str, Any]) -> dict[int, float]:
    """Ids and creation times of the servers left running."""
    return {one["pid"]: one["created"] for one in left["processes"].values()}


def tell(left: dict[str, Any], console: Console, state: str) -> None:
    """Print where it is and how to get in."""
    console.print(f"Airflow {state}: {left['url']}  login {left['login']}  password {left['password']}", markup=False)
    console.print(f"emulator: {left['endpoint']}", markup=False)
