"""A configuration's DAGs: one for each pair, and one that runs them all.

    resolve → extract → align → plan → upload → parallel_data → translate → download → score → publish → release

Nothing here opens a file, a socket or Airflow's database; ``from_configuration`` reads the one configuration file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable

from amts_tasks import names
from amts_tasks.config import Config, PairConfig, load
from amts_tasks.errors import ConfigError
from amts_tasks.provider.form import all_form, pair_form
from amts_tasks.provider.operators import TranslateParallelDataOperator, TranslateTextJobOperator
from amts_tasks.provider.pairs import PairRunOperator
from amts_tasks.provider.step import ReportingStepOperator, StepOperator

ALL = "amts_all"
POOLS: Mapping[str, tuple[int, str]] = {
    "amts_import": (1, "parallel-data imports: the account allows one at a time"),
    "amts_jobs": (10, "batch translation jobs: the account allows ten at a time"),
}
"""Pool → slots and description. The set-up makes them, with deferred tasks included: a job waits deferred."""

RETRIES = {
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
}
WAITING: Mapping[str, Any] = {"retries": 3, "retry_delay": timedelta(seconds=5)}
"""For tasks that defer: Airflow tries one again when its trigger fires before the scheduler has noted its deferral."""

NOT_FAILED = "none_failed_min_one_success"
"""The rule of a task that goes on when what stands before it had nothing to do, and not when all of it was skipped."""


def from_configuration(path: Path) -> dict[str, DAG]:
    """The DAGs of a configuration file by id. Raises ConfigError with all its faults."""
    try:
        config = load(path)
    except ConfigError as error:
        # Airflow shows the frames of an import error: those of the reader tell nobody anything.
        raise ConfigError(error.faults) from None
    return build(config)


def build(config: Config) -> dict[str, DAG]:
    """The DAGs of a configuration by id, pairs in the order of their names, then the one of all pairs."""
    dags = [_pair(config, config.pairs[pair]) for pair in sorted(config.pairs)]
    return {dag.dag_id: dag for dag in [*dags, _all(config)]}


def _pair(config: Config, settings: PairConfig) -> DAG:
    pair, book = settings.pair, config.book.title or config.book.name
    aws: dict[str, Any] = {"aws_conn_id": config.aws.conn_id, "region_name": config.aws.region}
    aws |= {**_pace(config), **WAITING}
    with DAG(
        names.dag_id(pair),
        description=f"{book}: keep the {settings.target} translation in step with the {settings.source} text",
        schedule=CronTriggerTimetable(settings.schedule, timezone="UTC") if settings.schedule else None,
        catchup=False,
        max_active_runs=1,
        params=pair_form(settings),
        default_args=RETRIES,
        tags={"amts", f"book:{config.book.name}", f"source:{settings.source}", f"target:{settings.target}"},
        doc_md=_told(book, settings),
    ) as dag:

        def step(name: str, kind: type[StepOperator] = StepOperator, **options: Any) -> StepOperator:
            return kind(task_id=name, config=config, pair=pair, **options)

        resolve = step("resolve")
        extract = step("extract")
        align = step("align")
        plan = step("plan")
        upload = step("upload", multiple_outputs=True)
        asked: Any = upload.output
        parallel_data = TranslateParallelDataOperator(
            task_id="parallel_data", request=asked["parallel_data"], pool="amts_import", **aws
        )
        translate = TranslateTextJobOperator(
            task_id="translate", request=asked["job"], pool="amts_jobs", trigger_rule=NOT_FAILED, **aws
        )
        download = step("download", trigger_rule=NOT_FAILED)
        score = step("score", ReportingStepOperator)
        publish = step("publish", ReportingStepOperator)
        release = step("release")

        resolve >> extract >> align >> plan >> upload >> parallel_data >> translate >> download
        # A skipped import or job does not skip what follows: the upload's success keeps it going.
        upload >> [translate, download]
        download >> score >> publish >> release.as_teardown()
    return dag


def _all(config: Config) -> DAG:
    book = config.book.title or config.book.name
    with DAG(
        ALL,
        description=f"{book}: run every pair, or those named, side by side",
        schedule=None,
        catchup=False,
        max_active_runs=1,
        params=all_form(config.pairs),
        default_args=RETRIES,
        tags={"amts", f"book:{config.book.name}"},
        doc_md=f"Starts the DAG of every pair of *{book}* (or of those named in the form) with the same instant, waits "
        "for them without a worker, and fails when one of them fails or is paused. The others go on.",
    ) as dag:
        for pair in sorted(config.pairs):
            PairRunOperator(task_id=names.dag_id(pair), pair=pair, **WAITING)
    return dag


def _pace(config: Config) -> dict[str, int]:
    """How often and how long to ask the service: ``aws.poll_seconds`` and ``aws.job_timeout_hours``."""
    delay = max(1, config.aws.poll_seconds)
    return {"waiter_delay": delay, "waiter_max_attempts": int(config.aws.job_timeout_hours * 3600 // delay) + 1}


def _told(book: str, settings: PairConfig) -> str:
    end = (
        "This pair translates back into the book's own language: it is evaluated, and publishes nothing."
        if settings.reverse
        else f"Leaves branches `amts/{settings.pair}/…` to review, in a copy of the translation's repository that the "
        "report of `publish` names; the translation's own branches are never touched."
    )
    return (
        f"Finds what changed in *{book}*, translates just that from {settings.source} to {settings.target}, and leaves "
        f"what humans wrote.\n\n{end}\n\nA run with nothing to do ends skipped, without a call that costs money; "
        "`force` in the form runs it all the same. While one run holds the pair's lease, another fails, or ends "
        "skipped if it is a scheduled one. Clear the failed task of a run to go on from there: jobs are found, not "
        "started again."
    )
