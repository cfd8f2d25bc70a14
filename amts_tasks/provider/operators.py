"""Start what a run asks of Amazon Translate, and wait for it without a worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowSkipException, TaskDeferralTimeout

from amts_tasks.errors import ImportFailed, JobFailed, ServiceError
from amts_tasks.provider.connected import Connected, deferrable_by_default
from amts_tasks.provider.links import ParallelDataLink, TranslationJobLink

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.triggers.base import BaseTrigger

GRACE = timedelta(minutes=5)
"""How much longer than its waiter a deferral may take, for a triggerer that is restarted."""


class TranslateOperator(Connected, BaseOperator):
    """What both operators share: the connection, the patience, and how a wait may end.

    ``request`` is a dict of ``translate.requests`` (often from XCom); None skips the task. ``waiter_delay`` in seconds
    and ``waiter_max_attempts`` are by default the waiter file's; ``timeout`` bounds the deferral (default: what both
    amount to).
    """

    template_fields: Sequence[str] = ("request", "aws_conn_id", "region_name", "verify", "botocore_config")
    template_fields_renderers: ClassVar[dict[str, str]] = {"request": "json"}
    ui_color = "#66c3ff"
    waiter = ""
    failure: ClassVar[type[ServiceError]] = ServiceError

    def __init__(
        self,
        *,
        request: Any,
        deferrable: bool | None = None,
        waiter_delay: int | None = None,
        waiter_max_attempts: int | None = None,
        timeout: timedelta | None = None,
        aws_conn_id: str | None = "aws_default",
        region_name: str | None = None,
        verify: bool | str | None = None,
        botocore_config: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.request = request
        self.deferrable = deferrable_by_default() if deferrable is None else deferrable
        self.waiter_delay = waiter_delay
        self.waiter_max_attempts = waiter_max_attempts
        self.timeout = timeout
        self.aws_conn_id = aws_conn_id
        self.region_name = region_name
        self.verify = verify
        self.botocore_config = botocore_config

    def pace(self, waiter: str) -> tuple[int, int]:
        """Delay in seconds and number of attempts for a waiter."""
        from amts_tasks.translate.waiting import defaults

        delay, attempts = defaults(waiter)
        return (
            delay if self.waiter_delay is None else self.waiter_delay,
            attempts if self.waiter_max_attempts is None else self.waiter_max_attempts,
        )

    def patience(self, waiter: str) -> timedelta:
        """How long a deferral may take in all; throttled questions do not count as attempts in Airflow's own loop."""
        delay, attempts = self.pace(waiter)
        return self.timeout or timedelta(seconds=delay * attempts) + GRACE

    def wait(
        self,
        waiter: str,
        arguments: dict[str, Any],
        trigger: type[BaseTrigger],
        own: dict[str, Any],
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Defer to ``trigger``, or wait in this process where the operator is not deferrable."""
        delay, attempts = self.pace(waiter)
        if self.deferrable:
            pace = {"waiter_delay": delay, "waiter_max_attempts": attempts}
            awaited = trigger(**own, **pace, **self.connection)
            patience = self.patience(waiter)
            self.defer(trigger=awaited, method_name="execute_complete", kwargs=kwargs, timeout=patience)
        from amts_tasks.translate.waiting import wait

        said = {"status": ""}

        def tell(status: str) -> None:
            if status != said["status"]:
                self.log.info("%s is %s", next(iter(arguments.values())), status)
                said["status"] = status

        wait(self.hook.conn, waiter, arguments, delay=delay, timeout=delay * attempts, on_status=tell)

    def succeeded(self, event: dict[str, Any] | None) -> dict[str, Any]:
        """The event of a wait that ended well; anything but ``status: success`` raises, None too."""
        if event is None or event.get("status") != "success":
            found = (event or {}).get("message") or f"the trigger sent {event!r}, expected status 'success'"
            raise self.failure(f"{self.task_id}: {found}")
        return event

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Continue after a deferral; one that took too long says so, and what to do."""
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except TaskDeferralTimeout as error:
            raise ServiceError(
                f"{self.task_id}: not over in time; it goes on at the service, and the next try finds it; "
                "aws.job_timeout_hours in the configuration sets how long a try waits"
            ) from error

    def skip(self, what: str) -> NoReturn:
        """End the task skipped, with a word."""
        raise AirflowSkipException(f"{self.task_id}: {what}")


class TranslateParallelDataOperator(TranslateOperator):
    """Create the parallel data of a ``requests.create_parallel_data`` request, or update it where its content differs.

    Returns the resource's name. While the account's one import is another's, it is tried ``busy_attempts`` times,
    ``busy_delay`` seconds apart, before the task fails (and is retried).
    """

    failure = ImportFailed
    operator_extra_links = (ParallelDataLink(),)

    def __init__(self, *, busy_delay: float = 30.0, busy_attempts: int = 20, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.busy_delay = busy_delay
        self.busy_attempts = busy_attempts
        self.name: str | None = None

    def execute(self, context: Context) -> str:
        """Start the import unless this content is in use or on its way, and wait for it."""
        from amts_tasks.translate.caller import ensure_parallel_data

        if not self.request:
            self.skip("no parallel data to import")
        delay, attempts = self.busy_delay, self.busy_attempts
        while True:
            started = ensure_parallel_data(
                self.hook.conn, self.request, delay=delay, attempts=attempts, patient=not self.deferrable
            )
            self.name = started.name
            if started.waiter is None:
                self.log.info("parallel data %s has this content", started.name)
                return started.name
            self.log.info("parallel data %s: import under way (%s)", started.name, started.action)
            from amts_tasks.provider.triggers import ParallelDataActiveTrigger, ParallelDataUpdatedTrigger

            trigger = ParallelDataActiveTrigger if started.action == "create" else ParallelDataUpdatedTrigger
            known = {"known": started.action != "other"}
            self.wait(started.waiter, {"Name": started.name}, trigger, {"name": started.name}, known)
            if started.action != "other":
                return started.name

    def execute_complete(self, context: Context, event: dict[str, Any] | None = None, known: bool = True) -> str:
        """The name of the imported resource; raises ImportFailed with the service's reason.

        After an import of unknown content (an earlier try's, cut off before it deferred, or somebody else's) it looks
        again, and imports what is wanted if that was not it.
        """
        if known:
            self.name = str(self.succeeded(event)["name"])
            return self.name
        return self.execute(context)


class TranslateTextJobOperator(TranslateOperator):
    """Run the job of a ``requests.start_text_translation_job`` request, once: a job so named is adopted.

    Returns the job's id. With ``cancel_on_kill`` a user who ends or clears the task stops the job.
    """

    waiter = "text_translation_job_done"
    failure = JobFailed
    operator_extra_links = (TranslationJobLink(),)

    def __init__(self, *, cancel_on_kill: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cancel_on_kill = cancel_on_kill
        self.job_id: str | None = None
        self._context: Context | None = None

    def execute(self, context: Context) -> str:
        """Find or start the job, and wait for it."""
        from amts_tasks.translate.caller import find_or_start_job

        if not self.request:
            self.skip("nothing to translate")
        self._context = context
        started = find_or_start_job(self.hook.conn, self.request)
        self.job_id = started.job_id
        found = "found, started by an earlier try" if started.adopted else "started"
        self.log.info("job %s: %s (%d earlier ended badly)", started.job_id, found, started.attempt)
        from amts_tasks.provider.triggers import TranslationJobCompletedTrigger

        own = {"job_id": started.job_id, "cancel_on_kill": self.cancel_on_kill}
        self.wait(self.waiter, {"JobId": started.job_id}, TranslationJobCompletedTrigger, own)
        return started.job_id

    def execute_complete(self, context: Context, event: dict[str, Any] | None = None) -> str:
        """The id of the completed job; raises JobFailed with the service's reason."""
        self.job_id = str(self.succeeded(event)["job_id"])
        return self.job_id

    def on_kill(self) -> None:
        """Stop the job, unless Airflow wants the task to go on: a machine stops, and the next try finds the job."""
        if not self.job_id or not self.cancel_on_kill:
            return
        if self._wanted():
            self.log.info("job %s goes on; the next try finds it", self.job_id)
            return
        from amts_tasks.translate.caller import stop_job

        stop_job(self.hook.conn, self.job_id)
        self.log.info("job %s: asked the service to stop it", self.job_id)

    def _wanted(self) -> bool:
        """Whether Airflow still counts this task as running.

        Asked in a thread: this may be a signal handler that has interrupted another question to Airflow, whose lock
        would never be freed. No answer in time counts as yes, since stopping costs a paid job; no Airflow at all as no.
        """
        states: dict[str, Any] = {}

        def ask() -> None:
            try:
                ti = self._context["ti"]  # type: ignore[index]
                found = ti.get_task_states(
                    ti.dag_id, task_ids=[ti.task_id], run_ids=[ti.run_id], map_index=ti.map_index
                )
                states["state"] = found.get(ti.run_id, {}).get(ti.task_id)
            except Exception as error:
                states["error"] = error

        asking = Thread(target=ask, daemon=True)
        asking.start()
        asking.join(timeout=3)
        return not states or states.get("state") == "running"
