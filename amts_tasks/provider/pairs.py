"""The run of a pair, started from the run of all pairs and waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from amts_tasks.names import dag_id
from amts_tasks.provider.connected import deferrable_by_default
from amts_tasks.provider.form import instant_of

if TYPE_CHECKING:
    from airflow.sdk import Context

POLL_SECONDS = 3


class PairRunOperator(TriggerDagRunOperator):
    """Start the DAG of a pair with this run's form and instant, wait deferred, and end as it ends.

    Skipped where the form does not name the pair. A try that was cut off finds the run it started and goes on waiting;
    a cleared task runs a failed pair again.
    """

    def __init__(self, *, pair: str, **kwargs: Any) -> None:
        super().__init__(
            trigger_dag_id=dag_id(pair),
            trigger_run_id="{{ dag.dag_id }}__{{ run_id }}",
            # The pair is told its instant by the form: a logical date can be a scheduled run's already.
            logical_date=None,
            wait_for_completion=True,
            poke_interval=POLL_SECONDS,
            deferrable=deferrable_by_default(),
            openlineage_inject_parent_info=False,
            **kwargs,
        )
        self.pair = pair

    def execute(self, context: Context) -> None:
        """Start the pair's run, or find it; raises at once when its DAG is paused."""
        params, ti = context["params"], context["ti"]
        if self.pair not in (params.get("pairs") or [self.pair]):
            raise AirflowSkipException(f"{self.pair}: not among the pairs asked for")
        dag, run_id = self.trigger_dag_id, str(self.trigger_run_id)
        if ti.get_dag(dag).is_paused:
            raise AirflowFailException(
                f"{self.pair}: the DAG {dag} is paused, so its run would never start; unpause it "
                f"(`airflow dags unpause {dag}`), or leave the pair out of the form; other pairs are not affected"
            )
        self.conf = self.form_of(context)
        if ti.get_dr_count(dag_id=dag, run_ids=[run_id]):
            state = str(ti.get_dagrun_state(dag, run_id))
            self.log.info("%s: run %s was started by an earlier try and is %s", self.pair, run_id, state)
            if state == "success":
                return
            if state != "failed":
                self.wait_for(run_id)
            self.reset_dag_run = True
        super().execute(context)

    def form_of(self, context: Context) -> dict[str, Any]:
        """The pair's form: what this one's says, and this run's instant."""
        params = context["params"]
        stated = {key: params[key] for key in params if key != "pairs" and params[key] is not None}
        instant = instant_of(params, context.get("logical_date"), context["dag_run"].run_after)
        return {**stated, "as_of": instant.isoformat()}

    def wait_for(self, run_id: str) -> None:
        """Defer until the run is over."""
        from airflow.providers.standard.triggers.external_task import DagStateTrigger

        trigger = DagStateTrigger(
            dag_id=self.trigger_dag_id,
            states=[*self.allowed_states, *self.failed_states],
            run_ids=[run_id],
            poll_interval=POLL_SECONDS,
        )
        self.defer(trigger=trigger, method_name="execute_complete")

    def execute_complete(self, context: Context, event: tuple[str, dict[str, Any]]) -> None:
        """Return when the pair's run succeeded; anything else fails this task, and does not start the pair again."""
        found = event[1] if event else {}
        for run_id in found.get("run_ids") or ["unknown"]:
            if found.get(run_id) != "success":
                raise AirflowFailException(
                    f"{self.pair}: run {run_id} of {self.trigger_dag_id} ended {found.get(run_id) or 'unknown'}; "
                    "the log of its first failed task has the reason; clear that task, or this one to run the pair "
                    "again; other pairs are not affected"
                )
