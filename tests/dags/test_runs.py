"""Whole runs through Airflow, with steps of a few lines and the emulator: what runs, what is skipped, what fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from amts_tasks import steps
from amts_tasks.errors import LeaseHeld
from amts_tasks.translate import requests

# Airflow's own use of its libraries warns (httpx with starlette, for one); that is not ours to fail on.
pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]
ROOT = Path(__file__).parents[2]
ROLE = "arn:aws:iam::123456789012:role/amts"
CREATE = requests.create_parallel_data("amts-example-en-zh", "s3://books/pd.csv", "ab" * 32)
START = requests.start_text_translation_job(
    "job-0", "s3://books/in/", "s3://books/out/", ROLE, "en", "zh", parallel_data="amts-example-en-zh"
)
STEPS = ("resolve", "extract", "align", "plan", "upload", "download", "score", "publish", "release")


class Pipeline:
    """Steps that write down that they were called, and return what a test tells them to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, emulator: Any) -> None:
        self.emulator = emulator
        self.called: list[str] = []
        self.seen: dict[str, Any] = {}
        self.returns: dict[str, Any] = {
            "resolve": {"prefix": "example/en-zh/a-b"},
            "upload": {"parallel_data": CREATE, "job": START},
        }
        monkeypatch.setattr(steps, "step", lambda name: lambda *given: self.call(name, *given))

    def call(self, name: str, run: Any, *rest: Any) -> Any:
        self.called.append(name)
        self.seen[name] = (run, *rest)
        result = self.returns.get(name, {"n": 1})
        if isinstance(result, Exception):
            raise result
        return result

    def run(self, logical_date: datetime | None = None, **form: Any) -> tuple[str, dict[str, str]]:
        """The state of a run and of its tasks."""
        from airflow.dag_processing.dagbag import DagBag

        bag = DagBag(dag_folder=str(ROOT / "dags"), collect_dags=True)
        assert not bag.import_errors
        dag = bag.dags["amts_en_zh"]
        for task in dag.tasks:
            task.retries = 0
        done = dag.test(logical_date=logical_date, run_conf=form)
        states = {ti.task_id: str(ti.state) for ti in done.get_task_instances()}
        return str(done.state), states


@pytest.fixture
def pipeline(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipeline]:
    emulator = pytest.importorskip("amts_tasks.emulator")
    monkeypatch.setenv("AMTS_CONFIG", str(ROOT / "config" / "amts.yaml"))
    with emulator.Emulator(state=tmp_path / "emulator", engine="echo") as running:
        s3 = boto3.client(
            "s3",
            endpoint_url=running.url,
            region_name="us-east-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
        )
        s3.create_bucket(Bucket="books")
        s3.put_object(Bucket="books", Key="in/a.html", Body=b"<html><body><p>a batch</p></body></html>")
        s3.put_object(Bucket="books", Key="pd.csv", Body=b"en,zh\na batch,x\na layer,y\n")
        extra = {"region_name": "us-east-1", "endpoint_url": running.url}
        connection = {"conn_type": "aws", "login": "x", "password": "x", "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(connection))
        yield Pipeline(monkeypatch, running)


def calls(pipeline: Pipeline, operation: str) -> int:
    return sum(1 for call in pipeline.emulator.calls() if call["operation"] == operation)


def test_a_run_goes_from_resolve_to_release(pipeline: Pipeline) -> None:
    state, tasks = pipeline.run(evaluate=True, as_of="2026-01-02T03:04:05Z")
    assert (state, set(tasks.values())) == ("success", {"success"})
    assert pipeline.called == list(STEPS)
    run, resolved, job_id = pipeline.seen["download"]
    assert resolved == pipeline.returns["resolve"]
    assert len(job_id) == 32
    assert run.instant == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert run.params == steps.Params(evaluate=True, granularity="paragraph", parallel_data=True, budget=5.0)
    assert calls(pipeline, "StartTextTranslationJob") == calls(pipeline, "CreateParallelData") == 1


def test_nothing_to_do_skips_everything_and_asks_the_service_nothing(pipeline: Pipeline) -> None:
    pipeline.returns["resolve"] = None
    state, tasks = pipeline.run()
    assert state == "success"
    assert {state for task, state in tasks.items() if task != "release"} == {"skipped"}
    assert pipeline.emulator.calls() == []
    assert set(pipeline.called) <= {"resolve", "release"}


def test_nothing_to_translate_skips_the_service_and_not_the_rest(pipeline: Pipeline) -> None:
    pipeline.returns["upload"] = {"parallel_data": None, "job": None}
    state, tasks = pipeline.run()
    assert state == "success"
    assert sorted(task for task, state in tasks.items() if state == "skipped") == ["parallel_data", "translate"]
    assert pipeline.seen["download"][2] is None
    assert pipeline.called == list(STEPS)


def test_a_job_without_parallel_data_is_translated(pipeline: Pipeline) -> None:
    pipeline.returns["upload"] = {"parallel_data": None, "job": {**START, "ParallelDataNames": []}}
    state, tasks = pipeline.run()
    assert state == "success"
    assert [task for task, state in tasks.items() if state == "skipped"] == ["parallel_data"]


def test_a_dry_run_ends_after_the_plan(pipeline: Pipeline) -> None:
    state, tasks = pipeline.run(dry_run=True)
    assert state == "success"
    assert pipeline.called == ["resolve", "extract", "align", "plan", "release"]
    assert all(tasks[task] == "skipped" for task in ("upload", "translate", "download", "score", "publish"))


def test_a_failed_job_fails_the_run_and_frees_the_lease(pipeline: Pipeline) -> None:
    order = [{"operation": "StartTextTranslationJob", "fault": "job_failed", "message": "no access"}]
    pipeline.emulator.service.faults.order(order)
    state, tasks = pipeline.run()
    assert (state, tasks["translate"], tasks["download"]) == ("failed", "failed", "upstream_failed")
    assert pipeline.called[-1] == "release"
    pipeline.called.clear()
    assert pipeline.run()[0] == "success"
    assert calls(pipeline, "StartTextTranslationJob") == 2


def test_a_failed_step_frees_the_lease(pipeline: Pipeline) -> None:
    pipeline.returns["plan"] = OSError("disk full")
    state, tasks = pipeline.run()
    assert (state, tasks["plan"], tasks["publish"]) == ("failed", "failed", "upstream_failed")
    assert pipeline.called[-1] == "release"


def test_a_held_lease_fails_a_run_that_somebody_asked_for(pipeline: Pipeline) -> None:
    pipeline.returns["resolve"] = LeaseHeld("s3://books/lease.json: held by x")
    state, tasks = pipeline.run()
    assert (state, tasks["resolve"]) == ("failed", "failed")


def test_a_run_without_a_logical_date_takes_the_book_as_of_its_start(pipeline: Pipeline) -> None:
    before = datetime.now(UTC)
    pipeline.run(logical_date=None)
    assert before <= pipeline.seen["resolve"][0].instant <= datetime.now(UTC)
