"""The operators against the emulator: what is started, adopted, waited for, refused and stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException, TaskDeferralTimeout, TaskDeferred

from amts_tasks.errors import ImportFailed, JobFailed, ServiceError
from amts_tasks.provider.operators import TranslateParallelDataOperator, TranslateTextJobOperator
from amts_tasks.provider.triggers import (
    ParallelDataActiveTrigger,
    ParallelDataUpdatedTrigger,
    TranslationJobCompletedTrigger,
)
from amts_tasks.translate import requests

CREATE = requests.create_parallel_data("pd", "s3://books/pd.csv", "ab" * 32)
OTHER = requests.create_parallel_data("pd", "s3://books/pd.csv", "cd" * 32)
START = requests.start_text_translation_job(
    "job-0", "s3://books/in/", "s3://books/out/", "arn:aws:iam::123456789012:role/amts", "en", "zh"
)
CONNECTION: dict[str, Any] = {
    "aws_conn_id": "aws_default",
    "region_name": "us-east-1",
    "verify": False,
    "botocore_config": {"retries": {"total_max_attempts": 1}},
}


def importing(request: Any = CREATE, **options: Any) -> TranslateParallelDataOperator:
    return TranslateParallelDataOperator(task_id="parallel_data", request=request, busy_delay=0, **CONNECTION | options)


def translating(request: Any = START, **options: Any) -> TranslateTextJobOperator:
    return TranslateTextJobOperator(task_id="translate", request=request, **CONNECTION | options)


def deferred(operator: Any) -> TaskDeferred:
    with pytest.raises(TaskDeferred) as raised:
        operator.execute({})
    return raised.value


@pytest.mark.parametrize("operator", [importing(None), translating(None), translating({})])
def test_nothing_asked_for_is_skipped(operator: Any) -> None:
    with pytest.raises(AirflowSkipException):
        operator.execute({})


def test_an_import_defers_with_the_operators_connection(aws: Any) -> None:
    operator = importing(waiter_delay=5, waiter_max_attempts=12)
    deferral = deferred(operator)
    assert isinstance(deferral.trigger, ParallelDataActiveTrigger)
    arguments = deferral.trigger.serialize()[1]
    assert {key: arguments[key] for key in operator.connection} == operator.connection == CONNECTION
    assert (arguments["name"], arguments["waiter_delay"], arguments["waiter_max_attempts"]) == ("pd", 5, 12)
    assert deferral.timeout == timedelta(seconds=60) + timedelta(minutes=5)
    assert operator.execute_complete({}, {"status": "success", "name": "pd"}) == "pd"


def test_the_same_content_is_imported_once(aws: Any) -> None:
    deferred(importing())
    aws.emulator.clock.advance(601)
    assert importing().execute({}) == "pd"
    assert aws.calls("CreateParallelData") == 1
    assert isinstance(deferred(importing(OTHER)).trigger, ParallelDataUpdatedTrigger)
    assert aws.calls("UpdateParallelData") == 1


def test_an_update_cut_off_before_it_deferred_is_waited_for_and_looked_at(aws: Any) -> None:
    deferred(importing())
    aws.emulator.clock.advance(601)
    deferred(importing(OTHER))
    operator = importing(OTHER)
    deferral = deferred(operator)
    assert isinstance(deferral.trigger, ParallelDataUpdatedTrigger)
    aws.emulator.clock.advance(601)
    event = {"status": "success", "name": "pd"}
    assert operator.execute_complete({}, event, **deferral.kwargs) == "pd"
    assert aws.calls("UpdateParallelData") == 1


def test_after_an_update_of_other_content_the_wanted_one_is_imported(aws: Any) -> None:
    deferred(importing())
    aws.emulator.clock.advance(601)
    deferred(importing(OTHER))
    operator = importing()
    deferral = deferred(operator)
    aws.emulator.clock.advance(601)
    with pytest.raises(TaskDeferred):
        operator.execute_complete({}, {"status": "error", "message": "m"}, **deferral.kwargs)
    assert aws.calls("UpdateParallelData") == 2


def test_an_import_cut_off_before_it_deferred_is_found(aws: Any) -> None:
    deferred(importing())
    assert isinstance(deferred(importing()).trigger, ParallelDataActiveTrigger)
    assert aws.calls("CreateParallelData") == 1


def test_a_lost_answer_of_create_is_found(aws: Any) -> None:
    aws.order("CreateParallelData", "lost")
    assert isinstance(deferred(importing()).trigger, ParallelDataActiveTrigger)
    assert aws.calls("CreateParallelData") == 1


def test_another_import_is_not_waited_for_for_ever(aws: Any) -> None:
    aws.translate.create_parallel_data(**requests.create_parallel_data("other", "s3://books/pd.csv", "ef" * 32))
    with pytest.raises(ServiceError, match=r"importing parallel data pd .*tried 3 times"):
        importing(busy_attempts=3).execute({})


def test_a_job_defers_with_the_operators_connection(aws: Any) -> None:
    operator = translating(cancel_on_kill=False, timeout=timedelta(hours=1))
    deferral = deferred(operator)
    assert isinstance(deferral.trigger, TranslationJobCompletedTrigger)
    arguments = deferral.trigger.serialize()[1]
    assert {key: arguments[key] for key in operator.connection} == CONNECTION
    assert arguments["job_id"] == operator.job_id
    assert arguments["cancel_on_kill"] is False
    assert deferral.timeout == timedelta(hours=1)


def test_a_worker_killed_before_it_deferred_finds_its_job(aws: Any) -> None:
    first, second = translating(), translating()
    deferred(first)
    deferred(second)
    assert first.job_id == second.job_id
    assert aws.calls("StartTextTranslationJob") == 1


def test_a_lost_answer_finds_its_job(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    aws.order("StartTextTranslationJob", "lost")
    operator = translating()
    deferred(operator)
    assert operator.job_id is not None
    assert len(aws.jobs()) == 1
    assert aws.calls("StartTextTranslationJob") == 1


def test_a_failed_job_is_started_again_under_the_next_name(aws: Any) -> None:
    aws.order("StartTextTranslationJob", "job_failed", message="no")
    deferred(translating())
    aws.emulator.clock.advance(601)
    deferred(translating())
    deferred(translating())
    assert len(aws.jobs()) == 2
    found = aws.translate.list_text_translation_jobs(Filter={"JobName": "job-1"})["TextTranslationJobPropertiesList"]
    assert len(found) == 1


def test_a_completed_job_is_not_bought_again(aws: Any) -> None:
    deferred(translating())
    aws.emulator.clock.advance(601)
    operator = translating(deferrable=False)
    assert operator.execute({}) == operator.job_id
    assert aws.calls("StartTextTranslationJob") == 1


def test_waiting_in_the_worker_ends_badly_too(aws: Any) -> None:
    aws.order("StartTextTranslationJob", "job_failed", message="no access")
    deferred(translating())
    aws.emulator.clock.advance(601)
    job_id = aws.translate.list_text_translation_jobs()["TextTranslationJobPropertiesList"][0]["JobId"]
    operator = translating(deferrable=False, waiter_delay=1)
    with pytest.raises(JobFailed, match=f"job {job_id} ended FAILED .*no access"):
        operator.wait("text_translation_job_done", {"JobId": job_id}, TranslationJobCompletedTrigger, {})


@pytest.mark.parametrize(
    "event",
    [None, {}, {"status": "error", "message": "m"}, {"status": "failure"}, {"status": "SUCCESS"}, {"name": "pd"}],
)
def test_only_success_by_name_is_success(event: Any) -> None:
    with pytest.raises(ImportFailed, match=r"parallel_data: (m|the trigger sent)"):
        importing().execute_complete({}, event)
    with pytest.raises(JobFailed, match=r"translate: (m|the trigger sent)"):
        translating().execute_complete({}, event)


def test_a_deferral_that_took_too_long_says_what_to_do() -> None:
    with pytest.raises(ServiceError, match="translate: not over in time; it goes on at the service") as raised:
        translating().resume_execution("__fail__", {"error": "Trigger timeout"}, {})
    assert isinstance(raised.value.__cause__, TaskDeferralTimeout)


class Task:
    """A running task as on_kill sees it: it asks Airflow for its own state."""

    dag_id, task_id, run_id, map_index = "amts_en_zh", "translate", "manual", -1

    def __init__(self, state: str) -> None:
        self.state = state

    def get_task_states(self, dag_id: str, **query: Any) -> dict[str, Any]:
        return {self.run_id: {self.task_id: self.state}}


@pytest.mark.parametrize(("state", "end"), [("failed", "STOPPED"), ("removed", "STOPPED"), ("running", "COMPLETED")])
def test_a_user_stops_the_job_and_a_restarted_machine_does_not(aws: Any, state: str, end: str) -> None:
    operator = translating()
    with pytest.raises(TaskDeferred):
        operator.execute({"ti": Task(state)})
    operator.on_kill()
    aws.emulator.clock.advance(601)
    assert aws.jobs() == [end]


def test_on_kill_without_an_airflow_stops_the_job(aws: Any) -> None:
    operator = translating()
    operator.on_kill()
    deferred(operator)
    operator.on_kill()
    aws.emulator.clock.advance(601)
    assert aws.jobs() == ["STOPPED"]
    translating(cancel_on_kill=False).on_kill()


def test_deferring_is_the_default_unless_airflow_is_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE", raising=False)
    assert translating().deferrable
    monkeypatch.setenv("AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE", "False")
    assert not translating().deferrable
    assert translating(deferrable=True).deferrable


@pytest.mark.parametrize("kind", [TranslateParallelDataOperator, TranslateTextJobOperator])
def test_the_connection_is_templated(kind: Any) -> None:
    assert set(kind.template_fields) >= {"request", "aws_conn_id", "region_name", "verify", "botocore_config"}
