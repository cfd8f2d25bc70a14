"""The sensors wait for what somebody else started, and never stop it."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk.exceptions import TaskDeferred

from amts_tasks.errors import ImportFailed, JobFailed, ServiceError
from amts_tasks.provider.sensors import TranslateParallelDataSensor, TranslateTextJobSensor
from amts_tasks.provider.triggers import (
    ParallelDataActiveTrigger,
    ParallelDataUpdatedTrigger,
    TranslationJobCompletedTrigger,
)
from amts_tasks.translate import requests

CREATE = requests.create_parallel_data("pd", "s3://books/pd.csv", "ab" * 32)
START = requests.start_text_translation_job(
    "job-0", "s3://books/in/", "s3://books/out/", "arn:aws:iam::123456789012:role/amts", "en", "zh"
)
CONNECTION: dict[str, Any] = {
    "aws_conn_id": "aws_default",
    "region_name": "us-east-1",
    "verify": False,
    "botocore_config": {"retries": {"total_max_attempts": 1}},
}


def job(job_id: str, **options: Any) -> TranslateTextJobSensor:
    return TranslateTextJobSensor(task_id="wait", job_id=job_id, **CONNECTION | options)


def data(name: str = "pd", **options: Any) -> TranslateParallelDataSensor:
    return TranslateParallelDataSensor(task_id="wait", name=name, **CONNECTION | options)


def deferred(sensor: Any) -> Any:
    with pytest.raises(TaskDeferred) as raised:
        sensor.execute({})
    assert raised.value.method_name == "execute_complete"
    assert {key: raised.value.trigger.serialize()[1][key] for key in CONNECTION} == CONNECTION
    return raised.value


def test_a_job_is_waited_for_and_left_alone(aws: Any) -> None:
    job_id = aws.translate.start_text_translation_job(**START)["JobId"]
    deferral = deferred(job(job_id, timeout=60, poke_interval=7))
    assert isinstance(deferral.trigger, TranslationJobCompletedTrigger)
    arguments = deferral.trigger.serialize()[1]
    assert (arguments["cancel_on_kill"], arguments["waiter_delay"], arguments["waiter_max_attempts"]) == (False, 7, 9)
    assert deferral.timeout.total_seconds() == 60
    assert not job(job_id, deferrable=False).poke({})
    aws.emulator.clock.advance(601)
    assert job(job_id).execute({}) is None
    assert job(job_id, deferrable=False).poke({})


def test_a_failed_job_fails_the_sensor(aws: Any) -> None:
    aws.order("StartTextTranslationJob", "job_failed", message="no access")
    job_id = aws.translate.start_text_translation_job(**START)["JobId"]
    aws.emulator.clock.advance(601)
    with pytest.raises(JobFailed, match=f"job {job_id} ended FAILED .*no access"):
        job(job_id).execute({})


def test_an_unknown_job_is_told(aws: Any) -> None:
    with pytest.raises(ServiceError, match=r"asking for job nothing at .*ResourceNotFoundException"):
        job("nothing").execute({})
    with pytest.raises(ImportFailed, match="parallel data nothing: there is none of that name"):
        data("nothing").execute({})


def test_an_import_and_then_its_update_are_waited_for(aws: Any) -> None:
    aws.translate.create_parallel_data(**CREATE)
    assert isinstance(deferred(data()).trigger, ParallelDataActiveTrigger)
    aws.emulator.clock.advance(601)
    assert data().execute({}) is None
    aws.order("UpdateParallelData", "import_failed", message="no")
    aws.translate.update_parallel_data(**requests.update_parallel_data(CREATE, "x"))
    assert isinstance(deferred(data()).trigger, ParallelDataUpdatedTrigger)
    aws.emulator.clock.advance(601)
    with pytest.raises(ImportFailed, match="parallel data pd ended FAILED"):
        data().execute({})


@pytest.mark.parametrize("event", [None, {}, {"status": "error", "message": "m"}, {"status": "failed"}])
def test_only_success_by_name_is_success(event: Any) -> None:
    with pytest.raises(JobFailed, match=r"wait: (m|the trigger sent)"):
        job("j").execute_complete({}, event)
    job("j").execute_complete({}, {"status": "success"})
