"""The run of all pairs: which it starts, with what form, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import (
    AirflowFailException,
    AirflowSkipException,
    DagRunTriggerException,
    TaskDeferred,
)

from amts_tasks.provider.pairs import PairRunOperator

NIGHT = datetime(2026, 11, 10, 2, tzinfo=UTC)
FORM = {
    "pairs": ["en-zh"],
    "as_of": None,
    "evaluate": True,
    "budget": None,
    "force": False,
    "documents": None,
}


class Airflow:
    """What a task can ask of Airflow about the pair's DAG."""

    def __init__(self, state: str | None = None, paused: bool = False) -> None:
        self.state, self.paused = state, paused

    def get_dag(self, dag_id: str) -> Any:
        return SimpleNamespace(dag_id=dag_id, is_paused=self.paused)

    def get_dr_count(self, dag_id: str, run_ids: list[str]) -> int:
        return int(self.state is not None)

    def get_dagrun_state(self, dag_id: str, run_id: str) -> str:
        assert self.state is not None
        return self.state


def operator() -> PairRunOperator:
    made = PairRunOperator(task_id="amts_en_zh", pair="en-zh")
    made.trigger_run_id = "amts_all__manual__1"
    return made


def context(ti: Any = None, **params: Any) -> Any:
    dag_run = SimpleNamespace(dag_id="amts_all", run_id="manual__1", run_after=NIGHT)
    return {"dag_run": dag_run, "params": {**FORM, **params}, "ti": ti or Airflow()}


def test_the_pair_gets_the_form_and_the_instant() -> None:
    with pytest.raises(DagRunTriggerException) as raised:
        operator().execute(context())
    started = raised.value
    assert (started.trigger_dag_id, started.dag_run_id) == ("amts_en_zh", "amts_all__manual__1")
    assert started.conf == {"evaluate": True, "force": False, "as_of": "2026-11-10T02:00:00+00:00"}
    assert started.logical_date is None
    assert (started.wait_for_completion, started.deferrable, started.reset_dag_run) == (True, True, False)


def test_an_instant_that_was_asked_for_is_handed_on() -> None:
    with pytest.raises(DagRunTriggerException) as raised:
        operator().execute(context(as_of="2025-01-01T00:00:00Z"))
    assert raised.value.conf is not None
    assert raised.value.conf["as_of"] == "2025-01-01T00:00:00+00:00"


@pytest.mark.parametrize("pairs", [None, [], ["en-zh", "en-es"]])
def test_without_a_choice_every_pair_runs(pairs: Any) -> None:
    with pytest.raises(DagRunTriggerException):
        operator().execute(context(pairs=pairs))


def test_a_pair_not_named_is_skipped() -> None:
    with pytest.raises(AirflowSkipException, match="en-zh: not among the pairs asked for"):
        operator().execute(context(pairs=["en-es"]))


def test_a_paused_pair_fails_at_once_and_says_what_to_do() -> None:
    with pytest.raises(AirflowFailException, match=r"the DAG amts_en_zh is paused.*airflow dags unpause amts_en_zh"):
        operator().execute(context(Airflow(paused=True)))


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_run_that_an_earlier_try_started_is_waited_for(state: str) -> None:
    with pytest.raises(TaskDeferred) as raised:
        operator().execute(context(Airflow(state)))
    arguments = raised.value.trigger.serialize()[1]
    assert (arguments["dag_id"], arguments["run_ids"]) == ("amts_en_zh", ["amts_all__manual__1"])


def test_a_run_that_ended_meanwhile_is_not_started_again() -> None:
    assert operator().execute(context(Airflow("success"))) is None


def test_a_failed_pair_runs_again_when_its_task_is_cleared() -> None:
    with pytest.raises(DagRunTriggerException) as raised:
        operator().execute(context(Airflow("failed")))
    assert raised.value.reset_dag_run


@pytest.mark.parametrize("state", ["failed", None])
def test_it_fails_with_its_pair(state: str | None) -> None:
    event = ("trigger", {"run_ids": ["amts_all__manual__1"], **({"amts_all__manual__1": state} if state else {})})
    with pytest.raises(
        AirflowFailException, match=r"en-zh: run amts_all__manual__1 of amts_en_zh ended (failed|unknown)"
    ):
        operator().execute_complete({}, event)


def test_it_succeeds_with_its_pair() -> None:
    operator().execute_complete({}, ("trigger", {"run_ids": ["r"], "r": "success"}))
