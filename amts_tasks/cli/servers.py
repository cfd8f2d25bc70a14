"""Commands that start and stop something: emulator, demo, up, down."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from amts_tasks.cli.output import Output
from amts_tasks.errors import InputError

DATABASES = ("sqlite", "postgres")
"""What the local Airflow can keep its state in; local/postgres.py runs the second."""


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Adds this module's commands."""
    emulator = commands.add_parser(
        "emulator", parents=[shared], help="a local Amazon Translate and S3 on one port, until it is stopped"
    )
    emulator.add_argument("--host", default="127.0.0.1")
    emulator.add_argument("--port", type=int, default=0, help="0 takes a free one; the first line printed says which")
    emulator.add_argument("--state", type=Path, required=True, metavar="DIR", help="where all of it is kept")
    emulator.add_argument(
        "--import-seconds", type=float, default=5.0, metavar="S", help="time a parallel-data import takes"
    )
    emulator.add_argument("--job-seconds", type=float, default=10.0, metavar="S", help="least time a batch job takes")
    emulator.add_argument(
        "--engine",
        default="auto",
        metavar="ENGINE",
        help="what translates: a name (auto, statistical, dictionary, apertium, pseudo, echo), one with its argument "
        "(command:…, libretranslate:URL, chat:URL#MODEL, recorded:FOLDER), several by pair "
        "(en-zh=statistical,en-es=apertium), or a file engines.yaml; see docs/emulator.md",
    )
    emulator.add_argument("--seed", type=int, default=0, metavar="K", help="of job ids and of faults by rate")
    emulator.add_argument(
        "--switch",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="how the emulator behaves where AWS's documentation is silent (docs/emulator.md); may be repeated",
    )
    emulator.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="KIND[,NAME=VALUE…]",
        help="something that shall go wrong, such as throttle,rate=0.1,status=400 or lost,operation="
        "StartTextTranslationJob; may be repeated",
    )
    emulator.set_defaults(command=_emulator)

    demo = commands.add_parser("demo", parents=[shared], help="every pair through a real Airflow, on this machine")
    demo.add_argument("--folder", type=Path, default=Path(".amts/demo"), metavar="DIR")
    demo.add_argument("--timeout", type=float, default=3600.0, metavar="S")
    _add_database(demo)
    demo.set_defaults(command=_demo)

    up = commands.add_parser("up", parents=[shared], help="start emulator and Airflow and leave them running")
    up.add_argument("--folder", type=Path, default=Path(".amts/up"), metavar="DIR")
    _add_database(up)
    up.set_defaults(command=_up)
    down = commands.add_parser("down", parents=[shared], help="stop what `up` started")
    down.add_argument("--folder", type=Path, default=Path(".amts/up"), metavar="DIR")
    down.set_defaults(command=_down)


def _add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database",
        choices=DATABASES,
        default=DATABASES[0],
        help="what Airflow keeps its state in; a backfill of several days needs postgres, which is run in the folder",
    )


def _emulator(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.emulator import Switches, faults, serve
    from amts_tasks.emulator.engines import EngineRoom

    try:
        switches = Switches.parse(options.switch)
        script = [faults.parse(word) for word in options.fault]
        faults.Faults().order(script)
        EngineRoom(options.engine).close()
    except ValueError as error:
        raise InputError(str(error)) from None
    serve(
        host=options.host,
        port=options.port,
        state=options.state,
        import_seconds=options.import_seconds,
        job_seconds=options.job_seconds,
        engine=options.engine,
        seed=options.seed,
        switches=switches,
        faults=script,
    )
    return 0


def _demo(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.local import demo

    if not output.json:
        return demo.run(options.config, options.folder, timeout=options.timeout, database=options.database)
    from rich.console import Console

    progress = Console(stderr=True, highlight=False, soft_wrap=True)
    status = demo.run(
        options.config, options.folder, timeout=options.timeout, database=options.database, console=progress
    )
    left = {
        name: json.loads((options.folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("runs", "scores")
    }
    output.give(left, "")
    return status


def _up(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.local import up

    return up.start(options.config, options.folder, database=options.database)


def _down(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.local import up

    return up.stop(options.folder)
