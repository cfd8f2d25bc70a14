"""A real Airflow on this machine: started, hurt, healed, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from amts_tasks.local.component import ComponentError, running
from amts_tasks.local.record import Record
from amts_tasks.local.stack import Stack, StackError

pytestmark = pytest.mark.airflow

DAG = """
from __future__ import annotations

import time
from datetime import timedelta

from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.sdk import DAG, BaseOperator, task


class Wait(BaseOperator):
    def execute(self, context):
        self.defer(trigger=TimeDeltaTrigger(timedelta(seconds=5)), method_name="done")

    def done(self, context, event=None):
        return "done"


with DAG("waiting", schedule="0 2 * * *") as dag:
    @task
    def before():
        return 1

    @task
    def after():
        return 2

    before() >> Wait(task_id="wait", pool="amts_jobs") >> after()

with DAG("slow", schedule=None) as other:
    @task
    def sleeper():
        time.sleep(600)

    sleeper()
"""


def until(what: Callable[[], object], seconds: float = 60.0) -> None:
    last = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < last
        time.sleep(0.1)


def make(folder: Path, dag: str, **options: object) -> Stack:
    for name in ("dags", "plugins"):
        (folder / name).mkdir(parents=True)
    (folder / "dags" / "waiting.py").write_text(dag)
    expected = frozenset({"waiting", "slow"})
    settings = {
        "emulator": None,
        "expected": expected,
        "schedule": False,
        "preload": (),
        "parallelism": 4,
        "timeout": 180.0,
    }
    return Stack(folder, folder / "dags", folder / "plugins", folder, **(settings | options))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    # A task whose worker is lost is noticed after 15 s instead of 300.
    heartbeat = {"AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "15"}
    made = make(tmp_path_factory.mktemp("stack"), DAG, environment=heartbeat)
    family: dict[int, float] = {}
    with made:
        yield made
        for component in made.components.values():
            component.look()
            family |= component.family
    assert running(family) == []


def state(stack: Stack, dag_id: str, run_id: str, task_id: str) -> str:
    return next(str(one["state"]) for one in stack.api.task_instances(dag_id, run_id) if one["task_id"] == task_id)


def test_pools_hold_the_slots_of_deferred_tasks(stack: Stack) -> None:
    pools = {pool["name"]: pool for pool in stack.api.pools()}
    assert (pools["amts_import"]["slots"], pools["amts_import"]["include_deferred"]) == (1, True)
    assert (pools["amts_jobs"]["slots"], pools["amts_jobs"]["include_deferred"]) == (10, True)


def test_no_run_starts_by_itself_where_schedules_are_off(stack: Stack) -> None:
    assert [run for run in stack.api.runs("waiting") if run["run_type"] == "scheduled"] == []


def test_a_triggerer_killed_during_the_wait_and_restarted(stack: Stack) -> None:
    run_id = stack.api.trigger("waiting")
    until(lambda: state(stack, "waiting", run_id, "wait") == "deferred")
    record = Record()
    record.observe(datetime.now(UTC), stack.api.runs(), stack.api.task_instances(), stack.api.pools())
    stack.kill("triggerer")
    with pytest.raises(ComponentError, match="triggerer ended with exit code -9"):
        stack.require_alive()
    stack.restart("triggerer")
    assert stack.unhealthy() == []
    assert stack.api.wait_for_run("waiting", run_id, 60)["state"] == "success"
    seen = {task["task"]: task["seen"] for task in record.document()["runs"][0]["tasks"]}
    (deferred,) = seen["wait"]
    assert deferred["since"] is not None
    assert deferred["tasks_running"] == 0
    assert deferred["pool"]["deferred"] == 1


def test_a_scheduler_killed_during_the_wait_and_restarted(stack: Stack) -> None:
    run_id = stack.api.trigger("waiting")
    until(lambda: state(stack, "waiting", run_id, "wait") == "deferred")
    stack.kill("scheduler")
    stack.restart("scheduler")
    assert stack.api.wait_for_run("waiting", run_id, 90)["state"] == "success"


def test_the_process_of_a_running_task_is_found_and_killed(stack: Stack) -> None:
    run_id = stack.api.trigger("slow")
    until(lambda: state(stack, "slow", run_id, "sleeper") == "running")
    until(lambda: len(stack.task_processes("slow", run_id, "sleeper")) == 2)
    for pid in stack.task_processes("slow", run_id, "sleeper"):
        psutil.Process(pid).kill()
    assert stack.api.wait_for_run("slow", run_id, 60)["state"] == "failed"


def test_its_memory_is_known(stack: Stack) -> None:
    assert 200e6 < stack.memory() < 8e9


def test_a_dag_file_that_cannot_be_parsed_is_told_with_its_trace(stack: Stack) -> None:
    assert stack.parsed()
    broken = stack.dags / "broken.py"
    broken.write_text("raise ValueError('no dag and no airflow in here')")
    try:
        until(stack.api.import_errors)
        with pytest.raises(StackError, match=r"(?s)broken\.py.*no dag and no airflow in here"):
            stack.parsed()
    finally:
        broken.unlink()


SCRIPT = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what runs behind it ignore this one
from pathlib import Path
from amts_tasks.local.interrupt import interruptible
from amts_tasks.local.stack import Stack
folder = Path(sys.argv[1])
with interruptible(), Stack(folder, folder, folder, folder, emulator=None):
    pass
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_during_the_start_leaves_nothing_running(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        until(lambda: psutil.Process(process.pid).children())
        family = {child.pid: child.create_time() for child in psutil.Process(process.pid).children(recursive=True)}
        os.kill(process.pid, number)
        assert process.wait(60) in {143, 1, -2, 130}
    assert running(family) == []
