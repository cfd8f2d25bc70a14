"""`amts demo`: every pair of a configuration through a real Airflow against the emulator, watched to its end."""

from __future__ import annotations

import json
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from amts_tasks import names
from amts_tasks.config import Config, load
from amts_tasks.counts import counted
from amts_tasks.errors import AmtsError
from amts_tasks.local.book import build_example
from amts_tasks.local.interrupt import interruptible
from amts_tasks.local.progress import Progress
from amts_tasks.local.record import Record
from amts_tasks.local.results import branches, calls, costs, scores
from amts_tasks.local.service import EmulatorOptions
from amts_tasks.local.stack import ROOT, Stack
from amts_tasks.score.summary import as_summary

ALL = "amts_all"
"""The DAG that triggers the pairs' DAGs."""

FILES = ("runs.json", "calls.jsonl", "costs.json", "scores.json", "scores.txt")
MADE = ("airflow", "postgres", "logs", "emulator", "mirrors", "repos", *FILES)
"""What a demo leaves in its folder, and clears there before the next one; nothing else is touched."""

STEP = 0.5
"""Seconds between two looks at the runs."""


class DemoTimeoutError(AmtsError):
    """The runs did not end in time."""


def run(
    config: Path | None,
    folder: Path,
    *,
    timeout: float = 3600.0,
    database: str = "sqlite",
    emulator: EmulatorOptions | None = None,
    console: Console | None = None,
) -> int:
    """Start the stack, run all pairs with evaluation, leave runs.json, calls.jsonl, scores.json and repos/ in `folder`.

    Returns the exit code: 0 only if every run succeeded. `timeout` (seconds) is for the runs; the stack's start has its
    own. Raises ConfigError for a faulty configuration before anything starts, and ComponentError when a server dies.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    began = time.monotonic()
    settings = load(config)
    folder = folder.resolve()
    clear(folder)
    build_example(settings, console.print)
    stack = make_stack(
        settings, folder, database=database, emulator=emulator, say=lambda words: console.print(f"  {words}")
    )
    console.print(f"starting the emulator and Airflow; logs are in {shown(folder / 'logs')}")
    with interruptible(), stack:
        ready = time.monotonic()
        console.print(f"ready after {ready - began:.1f} s: Airflow {stack.api.version()} at {stack.url}")
        started = datetime.now(UTC)
        record = Record()
        try:
            follow(stack, settings, record, console, timeout)
        finally:
            memory = stack.memory()
            leave(stack, settings, record, folder, started=started, memory=memory)
        failed = record.failed()
        # The parent fails when a pair does, and then has nothing to add.
        for dag_id, run_id in [key for key in failed if key[0] != ALL] or failed:
            explain(stack, record, dag_id, run_id, console)
        summary(settings, record, folder, console, seconds=time.monotonic() - ready, memory=memory)
        stopping = time.monotonic()
    console.print(
        f"everything stopped in {time.monotonic() - stopping:.1f} s; {time.monotonic() - began:.1f} s in all; "
        f"the records are in {shown(folder)}"
    )
    return 1 if failed else 0


def make_stack(settings: Config, folder: Path, **options: Any) -> Stack:
    """The stack of a configuration, not yet started."""
    emulator = options.pop("emulator", None) or EmulatorOptions()
    schedule = options.pop("schedule", False)
    return Stack(
        folder,
        ROOT / "dags",
        ROOT / "plugins",
        ROOT,
        environment={"AMTS_CONFIG": str(settings.path.resolve()), "AMTS_STATE": str(folder)},
        emulator=emulator,
        conn_id=settings.aws.conn_id,
        region=settings.aws.region,
        bucket=settings.storage.bucket,
        expected=frozenset({ALL, *(names.dag_id(pair) for pair in settings.pairs)}),
        schedule=schedule,
        **options,
    )


def follow(stack: Stack, settings: Config, record: Record, console: Console, timeout: float) -> None:
    """Trigger all pairs with evaluation and look at every run until all are over; DemoTimeoutError after `timeout`."""
    last = time.monotonic() + timeout
    stack.api.trigger(ALL, {"evaluate": True, "pairs": sorted(settings.pairs)})
    with Progress(console, datetime.now(UTC)) as progress:
        while True:
            # Runs first: the tasks of one that is over by then do not change any more.
            runs = stack.api.runs()
            changes = record.observe(datetime.now(UTC), runs, stack.api.task_instances(), stack.api.pools())
            progress.show(record, changes)
            if not record.unfinished():
                return
            stack.require_alive()
            if time.monotonic() > last:
                left = ", ".join(
                    f"{dag_id} ({record.runs[dag_id, run_id]['state']})" for dag_id, run_id in record.unfinished()
                )
                raise DemoTimeoutError(f"not over after {timeout:g} s: {left}; logs are in {stack.folder}")
            time.sleep(STEP)


def leave(stack: Stack, settings: Config, record: Record, folder: Path, *, started: datetime, memory: int) -> None:
    """Write what the runs left as files; also after a failure, as far as there is something to write."""
    document = {
        "version": 1,
        "config": str(settings.path),
        "book": settings.book.name,
        "pairs": sorted(settings.pairs),
        "started": started.isoformat(),
        "ended": datetime.now(UTC).isoformat(),
        "stack_seconds": {name: round(seconds, 2) for name, seconds in stack.phases.items()},
        "memory_bytes": memory,
        "parallelism": stack.parallelism,
        "most_pair_runs_at_once": record.most_at_once(names.dag_id(pair) for pair in settings.pairs),
        **record.document(),
    }
    write_json(folder / "runs.json", document)
    if stack.endpoint is None or "emulator" not in stack.components or not stack.components["emulator"].alive():
        return
    reports, tables = scores(stack.endpoint, settings)
    write_json(folder / "scores.json", reports)
    (folder / "scores.txt").write_text(tables, encoding="utf-8")
    lines = [json.dumps(call, ensure_ascii=False, sort_keys=True) + "\n" for call in calls(stack.endpoint)]
    (folder / "calls.jsonl").write_text("".join(lines), encoding="utf-8")
    write_json(folder / "costs.json", costs(stack.endpoint))


def explain(stack: Stack, record: Record, dag_id: str, run_id: str, console: Console) -> None:
    """Print why a run failed: the end of the log of each task that did."""
    for (owner, run, task), one in sorted(record.instances.items()):
        if (owner, run) != (dag_id, run_id) or one["state"] != "failed":
            continue
        console.print(f"\n{dag_id} {task} failed; the end of its log:", markup=False)
        try:
            log = stack.api.log(dag_id, run_id, one["task_id"], one["try_number"], one.get("map_index", -1))
        except (AmtsError, OSError) as error:
            log = f"(no log: {error})"
        for words in log.splitlines()[-25:]:
            console.print(f"    {words}", markup=False)


def summary(settings: Config, record: Record, folder: Path, console: Console, *, seconds: float, memory: int) -> None:
    """Print what came of it: the runs, the scores, the branches to review."""
    pairs = sorted(settings.pairs)
    for pair in pairs:
        states = [run["state"] for (dag_id, _), run in record.runs.items() if dag_id == names.dag_id(pair)]
        console.print(f"{pair}: {', '.join(states) or 'no run'}", markup=False)
    most = record.most_at_once(names.dag_id(pair) for pair in pairs)
    waited = sum(any(entry["state"] == "deferred" for entry in seen) for seen in record.seen.values())
    console.print(
        f"{seconds:.1f} s for the runs; {counted(most, 'pair')} ran at once; {counted(waited, 'task')}"
        " waited deferred, without a worker; "
        f"{memory / 1e6:.0f} MB of memory"
    )
    kept = folder / "scores.json"
    text = as_summary(json.loads(kept.read_text(encoding="utf-8"))) if kept.exists() else ""
    console.print(f"\n{text}" if text else "\nno scores", markup=False, highlight=False)
    if text:
        console.print(f"each pair's own tables: {shown(folder / 'scores.txt')}\n", markup=False)
    found = branches(folder / "repos")
    console.print(
        f"{counted(len(found), 'branch', 'branches')} to review:" if found else "no branches to review", markup=False
    )
    for repository, branch, subject in found:
        console.print(f"  {shown(repository)}  {branch}  {subject}", markup=False)
    if found:
        console.print(f"to read one: git -C {shown(found[0][0])} show {found[0][1]}", markup=False)
    if pairs:
        # The service has gone with its address; the command starts one on what it left.
        config = "" if settings.path.resolve() == ROOT / "config" / "amts.yaml" else f" --config {shown(settings.path)}"
        again = f"AMTS_STATE={shown(folder)} .venv/bin/amts{config} report {pairs[0]} --emulator"
        console.print(f"to read a pair's report: {again}", markup=False)


def clear(folder: Path) -> None:
    """Remove what an earlier demo left in the folder."""
    for name in MADE:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)


def shown(path: Path) -> str:
    """The path as one would type it from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def write_json(path: Path, value: object) -> None:
    """Write JSON with keys in the order given."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
