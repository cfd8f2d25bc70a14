"""What a deferred task waits for: which waiter, with which arguments. The statuses are in waiters/translate.json."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from airflow.providers.amazon.aws.triggers.base import AwsBaseWaiterTrigger
from airflow.sdk.exceptions import AirflowException
from airflow.triggers.base import TriggerEvent
from botocore.exceptions import BotoCoreError, ClientError

from amts_tasks.provider.hook import TranslateHook
from amts_tasks.translate.advice import explain
from amts_tasks.translate.waiting import defaults, subject


class TranslateWaiterTrigger(AwsBaseWaiterTrigger):
    """Runs one of our waiters; yields one event with ``status`` "success", or "error" and a ``message``.

    Delay in seconds and number of attempts are the waiter file's unless given.
    """

    aws_hook_class = TranslateHook

    def __init__(
        self,
        *,
        waiter_name: str,
        waiter_delay: int | None = None,
        waiter_max_attempts: int | None = None,
        **kwargs: Any,
    ) -> None:
        delay, attempts = defaults(waiter_name)
        super().__init__(
            waiter_name=waiter_name,
            waiter_delay=delay if waiter_delay is None else waiter_delay,
            waiter_max_attempts=attempts if waiter_max_attempts is None else waiter_max_attempts,
            **kwargs,
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait; an endpoint that cannot be reached is told as what it is, where Airflow would say "Trigger failure"."""
        try:
            async for event in super().run():
                yield event
        except (BotoCoreError, ClientError) as error:
            endpoint = self.hook().conn_config.get_service_endpoint_url("translate") or "Amazon Translate"
            message = explain(error, endpoint, f"waiting for {subject(self.waiter_args)}")
            yield self._event_from_exception(AirflowException(message))


class ParallelDataActiveTrigger(TranslateWaiterTrigger):
    """Waits until the first import of a parallel-data resource is over."""

    def __init__(self, *, name: str, **kwargs: Any) -> None:
        super().__init__(**_import(name, "parallel_data_active", "Status"), **kwargs)


class ParallelDataUpdatedTrigger(TranslateWaiterTrigger):
    """Waits until the latest update of a parallel-data resource is over; its ``Status`` says nothing about that."""

    def __init__(self, *, name: str, **kwargs: Any) -> None:
        super().__init__(**_import(name, "parallel_data_updated", "LatestUpdateAttemptStatus"), **kwargs)


class TranslationJobCompletedTrigger(TranslateWaiterTrigger):
    """Waits until a job is over, and stops it when somebody ends or clears the deferred task (``cancel_on_kill``)."""

    def __init__(self, *, job_id: str, cancel_on_kill: bool = True, **kwargs: Any) -> None:
        super().__init__(
            serialized_fields={"job_id": job_id, "cancel_on_kill": cancel_on_kill},
            waiter_name="text_translation_job_done",
            waiter_args={"JobId": job_id},
            failure_message=f"translation job {job_id} ended badly",
            status_message=f"translation job {job_id}",
            status_queries=["TextTranslationJobProperties.JobStatus", "TextTranslationJobProperties.Message"],
            return_key="job_id",
            return_value=job_id,
            **kwargs,
        )
        self.job_id = job_id
        self.cancel_on_kill = cancel_on_kill

    async def on_kill(self) -> None:
        """Stop the job: Airflow calls this when a user acts on the task, not when a triggerer stops."""
        if not self.cancel_on_kill:
            return
        try:
            hook: Any = self.hook()
            async with await hook.get_async_conn() as client:
                await client.stop_text_translation_job(JobId=self.job_id)
        except (BotoCoreError, ClientError):
            self.log.exception("job %s was not stopped and goes on; stop it in the AWS console", self.job_id)
        else:
            self.log.info("job %s: asked the service to stop it", self.job_id)


def _import(name: str, waiter: str, field: str) -> dict[str, Any]:
    return {
        "serialized_fields": {"name": name},
        "waiter_name": waiter,
        "waiter_args": {"Name": name},
        "failure_message": f"the import of parallel data {name} ended badly",
        "status_message": f"parallel data {name}",
        "status_queries": [f"ParallelDataProperties.{field}", "ParallelDataProperties.Message"],
        "return_key": "name",
        "return_value": name,
    }
