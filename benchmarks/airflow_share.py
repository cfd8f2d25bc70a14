"""Airflow's own share of the demo: DAGs of the same shape whose tasks do nothing, on the same stack without emulator.

    python benchmarks/airflow_share.py [--demo .amts/demo] [--pairs 3] [--rounds 2] [--wait 0]

Prints the seconds of each round (the first loads what later ones find loaded) and beside them those of the demo whose
runs.json is found. The shape is the pipeline's: ten steps, two of them followed by a deferred wait (--wait S), and a
parent that triggers the pairs and waits for them deferred.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from amts_tasks.local.stack import Stack

DAGS = """\
from __future__ import annotations

from datetime import timedelta

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.sdk import DAG, BaseOperator, task

STEPS = "resolve extract align plan upload parallel_data translate download score publish".split()
PAIRS = {pairs!r}


class Wait(BaseOperator):
    def execute(self, context):
        self.defer(trigger=TimeDeltaTrigger(timedelta(seconds={wait})), method_name="done")

    def done(self, context, event=None):
        return "done"


for pair in PAIRS:
    with DAG(f"noop_{{pair}}", schedule=None, max_active_runs=1) as dag:
        before = None
        for step in STEPS:
            made = task(lambda: None, task_id=step)()
            waits = [Wait(task_id=f"{{step}}_wait")] if step in {{"parallel_data", "translate"}} and {wait} else []
            for one in [made, *waits]:
                if before is not None:
                    before >> one
                before = one
    globals()[dag.dag_id] = dag

with DAG("noop_all", schedule=None) as everything:
    TriggerDagRunOperator.partial(
        task_id="pairs", wait_for_completion=True, deferrable=True, poke_interval=1
    ).expand(trigger_dag_id=[f"noop_{{pair}}" for pair in PAIRS])
"""
"""The DAG file, with the pairs and the seconds a wait lasts to be filled in."""


def shape(folder: Path, pairs: list[str], wait: float) -> frozenset[str]:
    """Write the DAG file into a folder; returns the DAG ids."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "noop.py").write_text(DAGS.format(pairs=pairs, wait=wait), encoding="utf-8")
    return frozenset({"noop_all", *(f"noop_{pair}" for pair in pairs)})


def measure(folder: Path, pairs: list[str], rounds: int, wait: float) -> tuple[list[float], dict[str, float], int]:
    """Seconds of each round (parent's start to end, by Airflow's clock), of the start's phases, and bytes of memory."""
    expected = shape(folder / "dags", pairs, wait)
    plugins = folder / "plugins"
    plugins.mkdir(exist_ok=True)
    seconds = []
    with Stack(
        folder, folder / "dags", plugins, folder, emulator=None, expected=expected, schedule=False, preload=()
    ) as stack:
        for _ in range(rounds):
            run = stack.api.wait_for_run("noop_all", stack.api.trigger("noop_all"), timeout=600)
            if run["state"] != "success":
                raise SystemExit(f"the run without work ended {run['state']}")
            seconds.append(lasted(run["queued_at"], run["end_date"]))
        return seconds, dict(stack.phases), stack.memory()


def lasted(start: str, end: str) -> float:
    """Seconds between two instants in ISO 8601."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def demo_seconds(folder: Path) -> float | None:
    """Seconds from the first run's being queued to the last one's end in a demo's runs.json, None without one."""
    try:
        runs = json.loads((folder / "runs.json").read_text(encoding="utf-8"))["runs"]
    except FileNotFoundError:
        return None
    if not runs or any(run["end"] is None for run in runs):
        return None
    return lasted(min(run["queued_at"] for run in runs), max(run["end"] for run in runs))


def report(seconds: list[float], phases: dict[str, float], memory: int, demo: float | None) -> Iterable[str]:
    """The lines to print."""
    start = ", ".join(f"{name} {taken:.1f} s" for name, taken in phases.items())
    yield f"start of Airflow: {start}"
    yield f"runs without work: first {seconds[0]:.1f} s" + "".join(f", then {taken:.1f} s" for taken in seconds[1:])
    yield f"memory: {memory / 1e6:.0f} MB"
    if demo is None:
        yield "no runs.json of a demo to compare with; run `make demo` first"
    else:
        yield f"runs of the demo: {demo:.1f} s, of which Airflow's own share {min(1.0, seconds[0] / demo):.0%}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--demo", type=Path, default=Path(".amts/demo"), help="folder of a demo to compare with")
    parser.add_argument("--pairs", type=int, default=3, help="runs side by side")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--wait", type=float, default=0.0, help="seconds that two more tasks of each run wait deferred")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="airflow-share-") as folder:
        pairs = [f"pair_{number}" for number in range(options.pairs)]
        measured = measure(Path(folder), pairs, options.rounds, options.wait)
    for line in report(*measured, demo_seconds(options.demo)):
        print(line)


if __name__ == "__main__":
    main()
