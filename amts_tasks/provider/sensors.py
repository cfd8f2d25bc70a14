"""Wait for what somebody else started at Amazon Translate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import BaseSensorOperator

from amts_tasks.errors import ImportFailed, JobFailed, ServiceError
from amts_tasks.provider.connected import Connected, deferrable_by_default
from amts_tasks.translate.status import CREATED, JOB, UPDATED, Meaning

if TYPE_CHECKING:
    from airflow.sdk import Context


class TranslateSensor(Connected, BaseSensorOperator):
    """What both sensors share; the sensor's ``timeout`` and ``poke_interval`` hold for a deferred one too."""

    template_fields: Sequence[str] = ("aws_conn_id", "region_name", "verify", "botocore_config")
    ui_color = "#66c3ff"
    failure: ClassVar[type[ServiceError]] = ServiceError

    def __init__(
        self,
        *,
        deferrable: bool | None = None,
        poke_interval: float = 30,
        aws_conn_id: str | None = "aws_default",
        region_name: str | None = None,
        verify: bool | str | None = None,
        botocore_config: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(poke_interval=poke_interval, **kwargs)
        self.deferrable = deferrable_by_default() if deferrable is None else deferrable
        self.aws_conn_id = aws_conn_id
        self.region_name = region_name
        self.verify = verify
        self.botocore_config = botocore_config

    def execute(self, context: Context) -> Any:
        """Look once, so that what is over needs no trigger; then defer, or poke as sensors do."""
        if not self.deferrable:
            return super().execute(context)
        if not self.poke(context):
            trigger, own = self.awaited()
            interval = max(1, int(self.poke_interval))
            pace = {"waiter_delay": interval, "waiter_max_attempts": int(self.timeout // interval) + 1}
            self.defer(
                trigger=trigger(**own, **pace, **self.connection),
                method_name="execute_complete",
                timeout=timedelta(seconds=self.timeout),
            )
        return None

    def execute_complete(self, context: Context, event: dict[str, Any] | None = None) -> None:
        """Return when the event says success; raise on anything else, None too."""
        if event is None or event.get("status") != "success":
            found = (event or {}).get("message") or f"the trigger sent {event!r}, expected status 'success'"
            raise self.failure(f"{self.task_id}: {found}")

    def awaited(self) -> tuple[Any, dict[str, Any]]:
        """The trigger class to defer to, and its own arguments."""
        raise NotImplementedError

    def judge(self, what: str, status: str, table: Mapping[str, Meaning], message: str | None) -> bool:
        """Whether the wait is over; raises where it ended badly."""
        self.log.info("%s is %s", what, status)
        meaning = table.get(status, Meaning("bad", "no status AMTS knows; is this version too old?"))
        if meaning.end == "bad":
            raise self.failure(f"{what} ended {status} ({meaning.reason}): {message or 'the service gave no reason'}")
        return meaning.end == "good"


class TranslateParallelDataSensor(TranslateSensor):
    """Waits until the import of the parallel data ``name`` is over: the latest update where there was one."""

    template_fields: Sequence[str] = ("name", *TranslateSensor.template_fields)
    failure = ImportFailed

    def __init__(self, *, name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name = name
        self.updating = False

    def poke(self, context: Context) -> bool:
        """Whether the content is in use; raises ImportFailed."""
        from amts_tasks.translate.advice import advised
        from amts_tasks.translate.caller import parallel_data

        with advised(self.hook.conn, f"asking for parallel data {self.name}"):
            found = parallel_data(self.hook.conn, self.name)
        if found is None:
            raise ImportFailed(f"parallel data {self.name}: there is none of that name in this account and region")
        update = found.get("LatestUpdateAttemptStatus")
        self.updating = update is not None
        table = UPDATED if self.updating else CREATED
        return self.judge(f"parallel data {self.name}", update or found["Status"], table, found.get("Message"))

    def awaited(self) -> tuple[Any, dict[str, Any]]:
        """The trigger that looks at the status the last poke looked at."""
        from amts_tasks.provider.triggers import ParallelDataActiveTrigger, ParallelDataUpdatedTrigger

        return (ParallelDataUpdatedTrigger if self.updating else ParallelDataActiveTrigger), {"name": self.name}


class TranslateTextJobSensor(TranslateSensor):
    """Waits until the job ``job_id`` is over; never stops it, since somebody else started it."""

    template_fields: Sequence[str] = ("job_id", *TranslateSensor.template_fields)
    failure = JobFailed

    def __init__(self, *, job_id: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job_id = job_id

    def poke(self, context: Context) -> bool:
        """Whether the job has completed; raises JobFailed."""
        from amts_tasks.translate.caller import job

        found = job(self.hook.conn, self.job_id)
        return self.judge(f"job {self.job_id}", found["JobStatus"], JOB, found.get("Message"))

    def awaited(self) -> tuple[Any, dict[str, Any]]:
        """The trigger, which leaves the job alone when the sensor is ended."""
        from amts_tasks.provider.triggers import TranslationJobCompletedTrigger

        return TranslationJobCompletedTrigger, {"job_id": self.job_id, "cancel_on_kill": False}
