"""A step of a pair's run as an Airflow task: one call into ``amts_tasks.steps``, and what its errors mean."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from amts_tasks.errors import BudgetExceeded, InputError, LeaseHeld
from amts_tasks.provider.form import instant_of
from amts_tasks.provider.links import ReportLink

if TYPE_CHECKING:
    from airflow.sdk import Context

    from amts_tasks.config import Config, PushConfig
    from amts_tasks.steps import Run

ALONE = frozenset({"resolve", "release"})
"""Steps that are given the run alone; the others are given what ``resolve`` returned, ``download`` the job's id too."""


class StepOperator(BaseOperator):
    """The step that the task is named for; returns what it returns. None of ``resolve`` skips all that follows.

    What earlier tasks returned is pulled here and not passed as an argument: each argument would be an edge, and an
    edge from ``resolve`` to ``download`` would keep it going when all between them was skipped.
    """

    shallow_copy_attrs: Sequence[str] = ("config",)
    ui_color = "#f4f1de"

    def __init__(self, *, config: Config, pair: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.pair = pair
        self.report: str | None = None

    def execute(self, context: Context) -> Any:
        """Call the step."""
        from amts_tasks import steps

        name, late = self.task_id, too_late(context, self.config.pairs[self.pair].grace_hours)
        if name == "resolve" and late:
            raise AirflowSkipException(f"{self.pair}: {late}")
        run = run_of(self.config, self.pair, context)
        if name == "upload" and run.params.dry_run:
            raise AirflowSkipException(f"{self.pair}: a dry run, which stops after the plan")
        arguments = [] if name in ALONE else [context["ti"].xcom_pull(task_ids="resolve")]
        if name == "download":
            arguments.append(context["ti"].xcom_pull(task_ids="translate"))
        with verdicts(gives_way=name == "resolve" and _scheduled(context)):
            result = steps.step(name)(run, *arguments)
        if name == "resolve" and result is None:
            raise AirflowSkipException(f"{self.pair}: nothing changed and nothing is forced")
        self.report = result.get("report") if isinstance(result, dict) else None
        return result


class ReportingStepOperator(StepOperator):
    """A step whose result names the run's ``report``, which the task then links to."""

    operator_extra_links = (ReportLink(),)


def run_of(config: Config, pair: str, context: Mapping[str, Any]) -> Run:
    """The steps' view of an Airflow run: its instant, its form, its owner, and clients from the AWS connection."""
    from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

    from amts_tasks.provider.hook import TranslateHook
    from amts_tasks.steps import Params, Run

    dag_run, params, aws = context["dag_run"], context["params"], config.aws
    connection: dict[str, Any] = {"aws_conn_id": aws.conn_id, "region_name": aws.region}
    return Run(
        config=config,
        pair=pair,
        instant=instant_of(params, context.get("logical_date"), dag_run.run_after),
        params=Params(
            revision=params.get("revision") or None,
            documents=tuple(params.get("documents") or ()),
            granularity=params.get("granularity"),
            parallel_data=params.get("parallel_data"),
            evaluate=bool(params.get("evaluate")),
            force=bool(params.get("force")),
            budget=params.get("budget"),
            dry_run=bool(params.get("dry_run")),
        ),
        owner=f"{dag_run.dag_id} {dag_run.run_id}",
        s3=AwsBaseHook(client_type="s3", **connection).conn,
        translate=TranslateHook(**connection).conn,
        token=token_of,
    )


def token_of(push: PushConfig) -> str:
    """The token of a translation's forge: the password of its Airflow connection, else of the variable."""
    if not push.conn_id:
        return os.environ.get(push.token, "")
    from airflow.sdk import BaseHook

    return str(BaseHook.get_connection(push.conn_id).password or "")


def too_late(context: Mapping[str, Any], grace_hours: float) -> str | None:
    """Why a scheduled run is not to run: it starts so long after its time that only unpausing can have made it.

    A run that somebody cleared is wanted, whatever the hour, and so is a task tried again.
    """
    dag_run = context["dag_run"]
    if not _scheduled(context) or dag_run.clear_number or context["ti"].try_number > 1:
        return None
    started = dag_run.start_date or datetime.now(UTC)
    if started - dag_run.run_after <= timedelta(hours=grace_hours):
        return None
    return (
        f"scheduled for {dag_run.run_after:%Y-%m-%d %H:%M} UTC and started {started:%Y-%m-%d %H:%M}, more than "
        f"schedule.grace_hours ({grace_hours:g}) later; trigger or clear the run if it is wanted"
    )


@contextmanager
def verdicts(*, gives_way: bool) -> Iterator[None]:
    """Within it, errors that trying again cannot mend fail the task at once; all others are retried.

    Where another run holds the pair's lease, a scheduled run that has not begun gives way and is skipped, for the next
    night does its work. One that somebody asked for fails, so that a date of a backfill is not passed over unseen, and
    so does one that lost its lease half-way: what it has paid for must not look done.
    """
    try:
        yield
    except LeaseHeld as error:
        raise (AirflowSkipException if gives_way else AirflowFailException)(str(error)) from error
    except (InputError, BudgetExceeded) as error:
        raise AirflowFailException(str(error)) from error


def _scheduled(context: Mapping[str, Any]) -> bool:
    return str(context["dag_run"].run_type) == "scheduled"
