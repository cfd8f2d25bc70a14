"""Servers and workers lost in the middle of a run: the same job is found again, nothing is paid for twice."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from amts_tasks.config import load
from amts_tasks.local.book import build_example
from amts_tasks.local.component import running
from amts_tasks.local.demo import make_stack
from amts_tasks.local.results import calls
from amts_tasks.local.service import EmulatorOptions
from amts_tasks.local.stack import ROOT, Stack

pytestmark = pytest.mark.airflow

PAID = {
    "CreateParallelData",
    "UpdateParallelData",
    "ImportTerminology",
    "StartTextTranslationJob",
    "TranslateText",
    "TranslateDocument",
}
"""Calls that cost money, or make something that a second one would make twice."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    build_example(load(ROOT / "config" / "amts.yaml"), lambda _: None)
    folder = tmp_path_factory.mktemp("lost")
    settings = load(scheduled(folder))
    made = make_stack(
        settings,
        folder,
        schedule=True,
        # Long enough to lose a server and have it back before the job ends.
        emulator=EmulatorOptions(import_seconds=1, job_seconds=20),
    )
    made.environment = {**made.environment, "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "15"}
    family: dict[int, float] = {}
    with made:
        made.api.pause("amts_en_es", True)
        yield made
        for component in made.components.values():
            component.look()
            family |= component.family
    assert running(family) == []


def scheduled(folder: Path) -> Path:
    """The example's configuration with en-es due every minute, and nothing else ever."""
    config = yaml.safe_load((ROOT / "config" / "amts.yaml").read_text(encoding="utf-8"))
    config["languages"] = str(ROOT / "config" / "languages")
    config["schedule"]["cron"] = None
    config["pairs"]["en-es"]["schedule"] = "* * * * *"
    for part in (config["book"], *config["translations"].values()):
        part["place"]["location"] = str((ROOT / "config" / part["place"]["location"]).resolve())
    path = folder / "amts.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def until(what: Callable[[], object], seconds: float = 120.0, step: float = 0.1) -> None:
    last = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < last
        time.sleep(step)


def tasks(stack: Stack, dag_id: str, run_id: str) -> dict[str, dict[str, Any]]:
    return {one["task_id"]: one for one in stack.api.task_instances(dag_id, run_id)}


def paid(stack: Stack, since: int = 0) -> list[str]:
    """The operations of the paid calls that were answered well, from a place in the log on."""
    assert stack.endpoint is not None
    return [one["operation"] for one in calls(stack.endpoint)[since:] if one["operation"] in PAID and not one["error"]]


def count(stack: Stack) -> int:
    assert stack.endpoint is not None
    return len(calls(stack.endpoint))


def test_a_worker_killed_between_the_services_answer_and_the_deferral(stack: Stack) -> None:
    """The job is started, and the worker does not live to hear of it: its answers are lost until it is dead."""
    before = count(stack)
    assert jobs(stack, "en-zh") == []
    faults(stack, [{"operation": "StartTextTranslationJob", "fault": "lost", "times": 1000}])
    run_id = stack.api.trigger("amts_zh_en", {"evaluate": True})
    until(lambda: jobs(stack, "zh-en"))
    processes = stack.task_processes("amts_zh_en", run_id, "translate")
    assert processes
    for pid in processes:
        os.kill(pid, signal.SIGKILL)
    faults(stack, None)
    assert tasks(stack, "amts_zh_en", run_id)["translate"]["state"] == "running"
    assert stack.api.wait_for_run("amts_zh_en", run_id, 300)["state"] == "success"
    assert tasks(stack, "amts_zh_en", run_id)["translate"]["try_number"] == 2
    assert len(jobs(stack, "zh-en")) == 1
    assert "StartTextTranslationJob" not in paid(stack, before), "no call of the second try: it found the job"
    assert paid(stack, before).count("CreateParallelData") == 1


def jobs(stack: Stack, pair: str) -> list[str]:
    """Ids of the pair's jobs in the service, however they ended."""
    client = boto3.client(
        "translate",
        "us-east-1",
        endpoint_url=stack.endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    found = client.list_text_translation_jobs()["TextTranslationJobPropertiesList"]
    return [one["JobId"] for one in found if f"-{pair}-" in one["JobName"]]


def faults(stack: Stack, script: list[dict[str, Any]] | None) -> None:
    """Order faults of the service; None takes back what is left of them."""
    body = None if script is None else json.dumps(script).encode()
    method = "DELETE" if script is None else "POST"
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{stack.endpoint}/_amts/faults", body, headers, method=method)  # noqa: S310
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - loopback
        pass


def test_triggerer_and_scheduler_killed_during_the_wait(stack: Stack) -> None:
    before = count(stack)
    run_id = stack.api.trigger("amts_en_zh")
    until(lambda: tasks(stack, "amts_en_zh", run_id)["translate"]["state"] == "deferred")
    assert paid(stack, before).count("StartTextTranslationJob") == 1
    stack.kill("triggerer")
    stack.kill("scheduler")
    stack.restart("triggerer", wait=False)
    stack.restart("scheduler")
    assert stack.api.wait_for_run("amts_en_zh", run_id, 300)["state"] == "success"
    assert tasks(stack, "amts_en_zh", run_id)["translate"]["try_number"] == 1
    assert paid(stack, before).count("StartTextTranslationJob") == 1
    assert paid(stack, before).count("CreateParallelData") == 1


def test_a_second_run_with_nothing_changed_pays_for_nothing_and_skips(stack: Stack) -> None:
    before = count(stack)
    run_id = stack.api.trigger("amts_en_zh")
    assert stack.api.wait_for_run("amts_en_zh", run_id, 120)["state"] == "success"
    assert paid(stack, before) == []
    states = {name: one["state"] for name, one in tasks(stack, "amts_en_zh", run_id).items()}
    assert {name for name, state in states.items() if state != "skipped"} <= {"resolve", "release"}
    assert states["translate"] == "skipped"


def test_of_a_backfill_and_a_scheduled_run_of_one_pair_at_once_the_lease_lets_one_through(stack: Stack) -> None:
    before = count(stack)
    stack.api.backfill("amts_en_es", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z")
    stack.api.pause("amts_en_es", False)
    until(lambda: {"backfill", "scheduled"} <= kinds(stack).keys())
    stack.api.pause("amts_en_es", True)
    runs = {kind: kinds(stack)[kind][0] for kind in ("backfill", "scheduled")}
    stack.api.pause("amts_en_es", False)
    states = {kind: stack.api.wait_for_run("amts_en_es", run_id, 300)["state"] for kind, run_id in runs.items()}
    stack.api.pause("amts_en_es", True)
    translated = {kind: tasks(stack, "amts_en_es", run_id)["translate"]["state"] for kind, run_id in runs.items()}
    assert sorted(state == "success" for state in translated.values()) == [False, True]
    refused = next(kind for kind, state in translated.items() if state != "success")
    resolve = tasks(stack, "amts_en_es", runs[refused])["resolve"]["state"]
    # A scheduled run gives way without a fuss; a date of a backfill is not passed over unseen.
    assert (resolve, states[refused]) == {"scheduled": ("skipped", "success"), "backfill": ("failed", "failed")}[
        refused
    ]
    log = stack.api.log("amts_en_es", runs[refused], "resolve", 1)
    assert "the lease of this pair is held by amts_en_es" in log
    assert paid(stack, before).count("StartTextTranslationJob") == 1


def kinds(stack: Stack) -> dict[str, list[str]]:
    """The runs of en-es by how they came about."""
    found: dict[str, list[str]] = {}
    for run in stack.api.runs("amts_en_es"):
        found.setdefault(run["run_type"], []).append(run["dag_run_id"])
    return found
