"""Commands on the configured book: run, each step alone, config check, setup."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from amts_tasks.cli.output import Output
from amts_tasks.counts import counted
from amts_tasks.errors import ConfigError, Fault, InputError

if TYPE_CHECKING:
    from amts_tasks.steps import Params, Run

STEPS = {
    "resolve": "fix the revisions of book and translation",
    "extract": "read the documents at those revisions",
    "plan": "what is kept, reused and sent, and its price; under the pair's lease, so not beside a run of the pair",
    "upload": "put parallel data and exchange documents into S3",
    "parallel-data": "create or update the parallel data, and wait",
    "translate": "start the job, or find it again, and wait",
    "download": "check what came back and rebuild the documents",
    "publish": "commit a branch for each chapter, and the report",
}
"""The steps that are commands under their own name; ``align`` and ``score`` are also commands on files."""


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Adds this module's commands."""
    run = commands.add_parser("run", parents=[shared], help="all steps of a pair, without Airflow")
    add_run_options(run)
    run.set_defaults(command=_run)
    for name, words in STEPS.items():
        if name == "parallel-data":
            continue  # also a command on what the service has: cli/parallel_data.py
        step = commands.add_parser(name, parents=[shared], help=f"one step: {words}")
        add_run_options(step)
        step.set_defaults(command=run_step, step=name.replace("-", "_"))
    config = commands.add_parser("config", parents=[shared], help="the configuration")
    check = config.add_subparsers(metavar="check", required=True).add_parser(
        "check",
        parents=[shared],
        help="tell every fault of the configuration, its language profiles and the reserved.yaml beside it",
    )
    check.set_defaults(command=_check)
    setup = commands.add_parser("setup", parents=[shared], help="make the bucket when it is missing")
    setup.set_defaults(command=_setup)


def add_run_options(command: argparse.ArgumentParser) -> None:
    """The pair, and what a person may set for one run."""
    command.add_argument("pair", metavar="PAIR", help="such as en-zh")
    command.add_argument("--as-of", type=_instant, metavar="DATE", help="the book as of this date or time (UTC)")
    command.add_argument("--revision", metavar="REV", help="the book at this commit, tag or branch")
    command.add_argument("--documents", action="append", default=[], metavar="GLOB", help="only these; may be repeated")
    command.add_argument("--granularity", choices=("sentence", "paragraph", "both"), help="grain of the parallel data")
    command.add_argument(
        "--parallel-data",
        action=argparse.BooleanOptionalAction,
        default=None,
        dest="customised",
        help="whether the job is customised by the translators' work",
    )
    command.add_argument("--evaluate", action="store_true", help="translate and score the held-out documents too")
    command.add_argument(
        "--force",
        action="store_true",
        help="run although nothing changed, or the book's history was rewritten, and buy everything again",
    )
    command.add_argument("--budget", type=float, metavar="USD", help="most that changed text may cost")
    command.add_argument("--dry-run", action="store_true", help="stop after the plan")
    add_emulator_option(command)


def add_emulator_option(command: argparse.ArgumentParser) -> None:
    """A service for the time of the command."""
    command.add_argument(
        "--emulator", action="store_true", help="run against a local service, started and stopped here"
    )


def _instant(words: str) -> datetime:
    try:
        instant = datetime.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words!r} is no date; write 2026-03-01 or 2026-03-01T02:00") from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _params(options: argparse.Namespace) -> Params:
    from amts_tasks.steps import Params

    return Params(
        revision=options.revision,
        documents=tuple(options.documents),
        granularity=options.granularity,
        parallel_data=options.customised,
        evaluate=options.evaluate,
        force=options.force,
        budget=options.budget,
        dry_run=options.dry_run,
    )


@contextlib.contextmanager
def opened(options: argparse.Namespace, output: Output) -> Iterator[Run]:
    """The run that the options describe, with its clients; an emulator for its time when one was asked for."""
    from amts_tasks import config as configuration
    from amts_tasks.cli.clients import clients
    from amts_tasks.steps import Run

    config = configuration.load(options.config)
    with contextlib.ExitStack() as stack:
        if threading.current_thread() is threading.main_thread():
            # Told to stop, a run frees its lease as it does when it is interrupted from the keyboard.
            stack.callback(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, _interrupt))
        endpoint = options.endpoint
        if options.emulator:
            if endpoint:
                raise InputError("--emulator and --endpoint exclude each other; give one of them")
            from amts_tasks.emulator import Emulator
            from amts_tasks.local.book import build_example

            build_example(config, output.say)
            state = Path(os.environ.get("AMTS_STATE") or config.path.resolve().parent.parent / ".amts") / "emulator"
            started = stack.enter_context(Emulator(state=state, import_seconds=0.5, job_seconds=0.5))
            endpoint = started.url
            output.say(f"emulator at {endpoint}, state in {state}")
        s3, translate = clients(config.aws.region, endpoint)
        run = Run(
            config=config,
            pair=options.pair,
            instant=options.as_of or datetime.now(UTC),
            params=_params(options),
            owner=f"amts {getpass.getuser()}@{socket.gethostname()} {os.getpid()}",
            s3=s3,
            translate=translate,
            say=output.say,
            show=output.show,
        )
        _ = run.settings  # an unknown pair is told before anything is touched
        if options.emulator:
            run.storage.make_bucket(config.aws.region)
        yield run


@contextlib.contextmanager
def translator(options: argparse.Namespace, output: Output) -> Iterator[Any]:
    """A Translate client for a command on files: at the endpoint, an emulator's for its time, or at AWS.

    The region is the configuration's, where there is one; else AWS's own settings say it.
    """
    from amts_tasks import config as configuration
    from amts_tasks.cli.clients import clients

    try:
        region = configuration.load(options.config).aws.region
    except ConfigError:
        if options.config is not None:
            raise
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-west-2"
    with contextlib.ExitStack() as stack:
        endpoint = options.endpoint
        if options.emulator:
            if endpoint:
                raise InputError("--emulator and --endpoint exclude each other; give one of them")
            from amts_tasks.emulator import Emulator

            endpoint = stack.enter_context(Emulator()).url
            output.say(f"emulator at {endpoint}")
        yield clients(region, endpoint)[1]


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.steps import whole

    output.results = frozenset({"plan", "publish"} if options.dry_run else {"score", "publish"})
    with opened(options, output) as run:
        result = whole.run(run)
        output.give(result.value, result.text)
    if options.emulator and not options.dry_run:
        output.say(f"afterwards: amts report {options.pair} --emulator, amts patch {options.pair} --emulator")
    return 0


def run_step(options: argparse.Namespace, output: Output) -> int:
    """One step of a pair, on the artefacts that the steps before it left."""
    from amts_tasks.steps import whole

    output.results = frozenset({options.step})
    with opened(options, output) as run:
        result = whole.step(run, options.step)
        output.give(result.value, result.text)
    if result.error is not None:
        raise result.error
    return 0


def _check(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.config import reading
    from amts_tasks.config.reserved import NAME, Reserved, read_reserved

    path = options.config or reading.default_path()
    beside = path.absolute().parent / NAME
    faults: list[Fault] = []
    config = None
    reserved: tuple[Reserved, ...] = ()
    try:
        config = reading.load(path)
    except ConfigError as error:
        faults += error.faults
    try:
        reserved = read_reserved(beside, config.translations if config else None)
    except ConfigError as error:
        faults += error.faults
    if config is None or faults:
        if output.json:
            output.give({"faults": [asdict(fault) for fault in faults]}, "")
        raise ConfigError(tuple(faults))
    lines = [f"{config.path}: no faults; book {config.book.name}, pairs:"]
    lines += [f"  {pair}" for pair in config.pairs]
    over = [one for one in reserved if one.expired(datetime.now(UTC).date())]
    if reserved:
        ended = f"{len(over)} of them over:" if over else "none of them over"
        lines.append(f"{beside}: no faults; {counted(len(reserved), 'reservation')}, {ended}")
        lines += [f"  {one.documents}, by {one.who}, until {one.until.isoformat()}: take it off" for one in over]
    expired = [one.documents for one in over]
    value = {"path": str(config.path), "pairs": list(config.pairs), "faults": [], "expired": expired}
    output.give(value, "\n".join(lines))
    return 0


def _setup(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks import config as configuration
    from amts_tasks.cli.clients import clients
    from amts_tasks.storage import Storage

    config = configuration.load(options.config)
    s3, _ = clients(config.aws.region, options.endpoint)
    Storage(s3, config.storage.bucket, config.storage.prefix).make_bucket(config.aws.region)
    output.give({"bucket": config.storage.bucket}, f"bucket {config.storage.bucket} is there")
    return 0
