"""The tables of statuses, the waiter file and botocore's service model say the same."""

from __future__ import annotations

import json
from typing import Any, get_args

import botocore.session
import pytest

from amts_tasks.translate.status import (
    CREATED,
    DELETED,
    JOB,
    UPDATED,
    WAITERS,
    JobStatus,
    ParallelDataStatus,
    adoptable,
)
from amts_tasks.translate.waiting import WAITERS_FILE, defaults

MODEL = botocore.session.get_session().get_service_model("translate")
FILE: dict[str, Any] = json.loads(WAITERS_FILE.read_text(encoding="utf-8"))["waiters"]
STATE = {None: "retry", "good": "success", "bad": "failure"}


@pytest.mark.parametrize(("shape", "names"), [("JobStatus", JobStatus), ("ParallelDataStatus", ParallelDataStatus)])
def test_the_statuses_are_those_of_the_model(shape: str, names: Any) -> None:
    assert set(get_args(names)) == set(MODEL.shape_for(shape).enum)


@pytest.mark.parametrize("table", [CREATED, UPDATED, DELETED])
def test_every_parallel_data_status_has_a_meaning(table: Any) -> None:
    assert set(table) == set(get_args(ParallelDataStatus))


def test_every_job_status_has_a_meaning() -> None:
    assert set(JOB) == set(get_args(JobStatus))


def test_there_is_a_waiter_for_each_table_and_no_other() -> None:
    assert set(FILE) == set(WAITERS)


@pytest.mark.parametrize("waiter", sorted(WAITERS))
def test_the_waiter_file_has_an_acceptor_for_every_status(waiter: str) -> None:
    acceptors = [a for a in FILE[waiter]["acceptors"] if a["matcher"] == "path"]
    assert {a["expected"]: a["state"] for a in acceptors} == {
        status: STATE[meaning.end] for status, meaning in WAITERS[waiter].items()
    }


@pytest.mark.parametrize("waiter", sorted(WAITERS))
def test_the_waiters_ask_for_what_the_model_has(waiter: str) -> None:
    config = FILE[waiter]
    output = MODEL.operation_model(config["operation"]).output_shape
    for acceptor in config["acceptors"]:
        if acceptor["matcher"] == "path":
            outer, inner = acceptor["argument"].split(".")
            assert acceptor["expected"] in output.members[outer].members[inner].enum
    assert defaults(waiter) == (config["delay"], config["maxAttempts"])


def test_an_update_is_waited_for_by_its_own_status() -> None:
    arguments = {a["argument"] for a in FILE["parallel_data_updated"]["acceptors"] if a["matcher"] == "path"}
    assert arguments == {"ParallelDataProperties.LatestUpdateAttemptStatus"}


@pytest.mark.parametrize("waiter", sorted(WAITERS))
def test_throttling_counts_as_an_attempt(waiter: str) -> None:
    errors = {a["expected"]: a["state"] for a in FILE[waiter]["acceptors"] if a["matcher"] == "error"}
    assert errors["TooManyRequestsException"] == "retry"
    assert all(a.get("argument") for a in FILE[waiter]["acceptors"])  # Airflow renders it as a template


def test_only_jobs_that_ended_badly_are_started_again() -> None:
    assert [status for status in JOB if not adoptable(status)] == ["FAILED", "STOPPED"]
