"""Triggers survive serialisation, keep all four connection arguments, and tell how a wait ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from airflow.sdk.module_loading import import_string
from airflow.sdk.serde import deserialize, serialize
from airflow.serialization.serialized_objects import BaseSerialization

from amts_tasks.provider.triggers import (
    ParallelDataActiveTrigger,
    ParallelDataUpdatedTrigger,
    TranslationJobCompletedTrigger,
)
from amts_tasks.translate import requests
from amts_tasks.translate.waiting import defaults

CONNECTION: dict[str, Any] = {
    "aws_conn_id": "books",
    "region_name": "eu-west-1",
    "verify": False,
    "botocore_config": {"retries": {"total_max_attempts": 2}},
}
TRIGGERS = [
    ParallelDataActiveTrigger(name="amts-d2l-en-zh", waiter_delay=7, waiter_max_attempts=3, **CONNECTION),
    ParallelDataUpdatedTrigger(name="amts-d2l-en-zh", waiter_delay=7, waiter_max_attempts=3, **CONNECTION),
    TranslationJobCompletedTrigger(
        job_id="j", cancel_on_kill=False, waiter_delay=7, waiter_max_attempts=3, **CONNECTION
    ),
]


def run(trigger: Any) -> dict[str, Any]:
    """The payload of the trigger's one event."""

    async def first(events: AsyncIterator[Any]) -> list[Any]:
        return [event.payload async for event in events]

    (payload,) = asyncio.run(first(trigger.run()))
    return payload


def trigger_of(kind: Any, **arguments: Any) -> Any:
    return kind(waiter_delay=0, waiter_max_attempts=2, **arguments)


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: type(trigger).__name__)
@pytest.mark.parametrize("through", ["sdk", "core"])
def test_a_trigger_is_the_same_after_its_journey(trigger: Any, through: str) -> None:
    path, arguments = trigger.serialize()
    assert arguments.items() >= {**CONNECTION, "waiter_delay": 7, "waiter_max_attempts": 3}.items()
    arrived: Any = (
        deserialize(serialize(arguments))
        if through == "sdk"
        else BaseSerialization.deserialize(BaseSerialization.serialize(arguments))
    )
    assert import_string(path)(**arrived).serialize() == (path, arguments)


def test_the_pace_is_the_waiter_files_unless_given() -> None:
    trigger = TranslationJobCompletedTrigger(job_id="j")
    assert (trigger.waiter_delay, trigger.attempts) == defaults("text_translation_job_done")


def test_a_hook_of_a_trigger_has_its_connection() -> None:
    hook = TRIGGERS[0].hook()
    assert (hook.aws_conn_id, hook._region_name, hook._verify) == ("books", "eu-west-1", False)
    assert hook._config.retries == {"total_max_attempts": 2}


def started(aws: Any, name: str = "job-0") -> str:
    request = requests.start_text_translation_job(
        name, "s3://books/in/", "s3://books/out/", "arn:aws:iam::123456789012:role/amts", "en", "zh"
    )
    job_id: str = aws.translate.start_text_translation_job(**request)["JobId"]
    return job_id


def test_a_job_is_waited_for(aws: Any) -> None:
    job_id = started(aws)
    assert run(trigger_of(TranslationJobCompletedTrigger, job_id=job_id))["message"] == (
        "Waiter error: max attempts reached"
    )
    aws.emulator.clock.advance(601)
    assert run(trigger_of(TranslationJobCompletedTrigger, job_id=job_id)) == {"status": "success", "job_id": job_id}


def test_a_failed_job_is_an_error_with_the_services_reason(aws: Any) -> None:
    aws.order("StartTextTranslationJob", "job_failed", message="no access to the bucket")
    job_id = started(aws)
    aws.emulator.clock.advance(601)
    payload = run(trigger_of(TranslationJobCompletedTrigger, job_id=job_id))
    assert payload["status"] == "error"
    assert "FAILED - no access to the bucket" in payload["message"]


def test_throttled_for_ever_is_not_waiting_for_ever(aws: Any) -> None:
    job_id = started(aws)
    aws.order("DescribeTextTranslationJob", "throttle", times=20)
    once = {"retries": {"total_max_attempts": 1}}
    payload = run(trigger_of(TranslationJobCompletedTrigger, job_id=job_id, botocore_config=once))
    assert payload["message"] == "Waiter error: max attempts reached"


def test_an_unreachable_endpoint_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = '{"endpoint_url": "http://127.0.0.1:9", "region_name": "us-east-1"}'
    monkeypatch.setenv(
        "AIRFLOW_CONN_AWS_DEFAULT", f'{{"conn_type": "aws", "login": "x", "password": "x", "extra": {extra}}}'
    )
    once = {"retries": {"total_max_attempts": 1}}
    payload = run(trigger_of(TranslationJobCompletedTrigger, job_id="j", botocore_config=once))
    assert payload["status"] == "error"
    assert payload["message"].startswith("waiting for job j at http://127.0.0.1:9: the endpoint cannot be reached")


def test_a_killed_wait_stops_the_job(aws: Any) -> None:
    job_id = started(aws)
    asyncio.run(trigger_of(TranslationJobCompletedTrigger, job_id=job_id, cancel_on_kill=False).on_kill())
    assert aws.jobs() != ["STOPPED"]
    asyncio.run(trigger_of(TranslationJobCompletedTrigger, job_id=job_id).on_kill())
    aws.emulator.clock.advance(601)
    assert aws.jobs() == ["STOPPED"]


def test_an_import_and_its_update_are_waited_for(aws: Any) -> None:
    create = requests.create_parallel_data("pd", "s3://books/pd.csv", "ab" * 32)
    aws.translate.create_parallel_data(**create)
    assert run(trigger_of(ParallelDataActiveTrigger, name="pd"))["status"] == "error"
    aws.emulator.clock.advance(601)
    assert run(trigger_of(ParallelDataActiveTrigger, name="pd")) == {"status": "success", "name": "pd"}
    aws.order("UpdateParallelData", "import_failed", message="record 7 is too long")
    aws.translate.update_parallel_data(**requests.update_parallel_data(create, "x"))
    aws.emulator.clock.advance(601)
    payload = run(trigger_of(ParallelDataUpdatedTrigger, name="pd"))
    assert payload["status"] == "error"
    assert "FAILED" in payload["message"]
