"""A step as a task: the run it is given, when it is skipped, and which errors Airflow may try again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from amts_tasks import steps
from amts_tasks.config import Config, load
from amts_tasks.errors import BudgetExceeded, ConfigError, InputError, JobFailed, LeaseHeld, ServiceError
from amts_tasks.provider.form import instant_of
from amts_tasks.provider.step import ReportingStepOperator, StepOperator, run_of, too_late, verdicts

NIGHT = datetime(2026, 11, 10, 2, tzinfo=UTC)
CONFIG: Config = load(Path(__file__).parents[2] / "config" / "amts.yaml")


class Pulls:
    """A task instance that pulls what earlier tasks returned."""

    try_number = 1

    def __init__(self, **returned: Any) -> None:
        self.returned = returned

    def xcom_pull(self, task_ids: str) -> Any:
        return self.returned.get(task_ids)


def context(kind: str = "manual", started: datetime = NIGHT, cleared: int = 0, ti: Any = None, **params: Any) -> Any:
    dag_run = SimpleNamespace(
        dag_id="amts_en_zh",
        run_id=f"{kind}__1",
        run_type=kind,
        run_after=NIGHT,
        start_date=started,
        clear_number=cleared,
    )
    return {"dag_run": dag_run, "params": params, "ti": ti or Pulls()}


def step(name: str, kind: type[StepOperator] = StepOperator) -> StepOperator:
    return kind(task_id=name, config=CONFIG, pair="en-zh")


@pytest.mark.parametrize(
    ("as_of", "logical", "expected"),
    [
        (None, None, NIGHT),
        (None, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        ("2025-03-04T05:06:07+02:00", datetime(2026, 1, 1, tzinfo=UTC), datetime(2025, 3, 4, 3, 6, 7, tzinfo=UTC)),
        ("2025-03-04T05:06:07Z", None, datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2025-03-04T05:06:07", None, datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)),
    ],
)
def test_the_instant_is_the_forms_then_the_logical_date_then_run_after(
    as_of: str | None, logical: datetime | None, expected: datetime
) -> None:
    assert instant_of({"as_of": as_of}, logical, NIGHT) == expected


def test_a_run_without_a_logical_date_has_everything(aws: Any) -> None:
    run = run_of(
        CONFIG, "en-zh", context(documents=["a/*.md"], evaluate=True, budget=2.5, granularity="sentence", as_of=None)
    )
    assert (run.instant, run.owner, run.pair) == (NIGHT, "amts_en_zh manual__1", "en-zh")
    expected = steps.Params(documents=("a/*.md",), evaluate=True, budget=2.5, granularity="sentence")
    assert run.params == expected
    assert run.s3.meta.endpoint_url == run.translate.meta.endpoint_url == aws.url
    assert run.translate.meta.region_name == CONFIG.aws.region


def test_an_empty_form_is_a_nightly_run(aws: Any) -> None:
    assert run_of(CONFIG, "en-zh", context()).params == steps.Params()


@pytest.mark.parametrize(
    ("kind", "hours", "cleared", "skipped"),
    [
        ("scheduled", 0.9, 0, False),
        ("scheduled", 1.1, 0, True),
        ("scheduled", 1.1, 1, False),
        ("backfill", 99, 0, False),
        ("manual", 99, 0, False),
    ],
)
def test_only_a_late_scheduled_run_is_skipped(kind: str, hours: float, cleared: int, skipped: bool) -> None:
    reason = too_late(context(kind, NIGHT + timedelta(hours=hours), cleared), 1.0)
    assert (reason is not None) == skipped
    if skipped:
        assert reason == (
            "scheduled for 2026-11-10 02:00 UTC and started 2026-11-10 03:06, more than schedule.grace_hours (1) "
            "later; trigger or clear the run if it is wanted"
        )
        with pytest.raises(AirflowSkipException, match="en-zh: scheduled for"):
            step("resolve").execute(context(kind, NIGHT + timedelta(hours=hours)))


def test_a_second_try_of_a_run_begun_in_time_is_not_late() -> None:
    again = Pulls()
    again.try_number = 2
    assert too_late(context("scheduled", NIGHT + timedelta(hours=3), ti=again), 1.0) is None


@pytest.mark.parametrize(
    ("error", "scheduled", "verdict"),
    [
        (LeaseHeld("held by x"), True, AirflowSkipException),
        (LeaseHeld("held by x"), False, AirflowFailException),
        (InputError("bad"), True, AirflowFailException),
        (ConfigError(()), False, AirflowFailException),
        (BudgetExceeded("too much"), True, AirflowFailException),
        (ServiceError("throttled"), True, ServiceError),
        (JobFailed("no"), False, JobFailed),
        (OSError("disk"), False, OSError),
    ],
)
def test_what_trying_again_cannot_mend_fails_at_once(error: Exception, scheduled: bool, verdict: Any) -> None:
    with pytest.raises(verdict) as raised, verdicts(gives_way=scheduled):
        raise error
    assert str(raised.value) == str(error)


def test_nothing_to_do_is_skipped_with_a_word(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "step", lambda name: lambda run: None)
    with pytest.raises(AirflowSkipException, match="en-zh: nothing changed and nothing is forced"):
        step("resolve").execute(context())


def test_each_step_is_given_what_it_takes(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(steps, "step", lambda name: lambda run, *rest: given.setdefault(name, rest) or {"n": 1})
    ti = Pulls(resolve={"prefix": "p"}, translate="job")
    for name in ("resolve", "plan", "download", "release"):
        step(name).execute(context(ti=ti))
    assert given == {"resolve": (), "plan": ({"prefix": "p"},), "download": ({"prefix": "p"}, "job"), "release": ()}


def test_a_dry_run_ends_after_the_plan(aws: Any) -> None:
    with pytest.raises(AirflowSkipException, match="en-zh: a dry run"):
        step("upload").execute(context(dry_run=True))


def test_the_report_is_linked_to(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    report = {"report": "s3://books/example/en-zh/report.html"}
    monkeypatch.setattr(steps, "step", lambda name: lambda run, resolved: report)
    publish = step("publish", ReportingStepOperator)
    (link,) = publish.operator_extra_links
    assert link.get_link(publish, ti_key=None) == ""
    publish.execute(context())
    assert link.get_link(publish, ti_key=None) == (
        "https://s3.console.aws.amazon.com/s3/object/books?prefix=example/en-zh/report.html"
    )
