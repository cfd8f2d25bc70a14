"""The DAGs as text: task ids, edges, rules, pools, schedules and forms; a change here is one for those who run it."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.exceptions import ParamValidationError

from amts_tasks.config import load
from amts_tasks.provider.dag import POOLS, build

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "dags" / "example.txt"
DAGS = build(load(ROOT / "config" / "amts.yaml"))


def told(dag: Any) -> str:
    """A DAG in words: one line for itself, one a task, one a field of its form."""
    timetable = dag.timetable
    when = getattr(timetable, "expression", None) or "by hand"
    lines = [
        f"{dag.dag_id}: {when}, {dag.max_active_runs} run at a time, catchup {dag.catchup}, starts {dag.start_date}"
    ]
    for task in dag.topological_sort():
        after = ", ".join(sorted(task.downstream_task_ids)) or "-"
        lines.append(
            f"  {task.task_id} ({task.task_type}) → {after}; {task.trigger_rule}, {task.pool}, {task.retries} retries"
        )
    for name in sorted(dag.params):
        held = dag.params.get_param(name)
        lines.append(f"  form: {name} = {held.value!r} ({held.schema['type']})")
    return "\n".join(lines)


def test_the_dags_are_as_they_are_written_down() -> None:
    found = "\n\n".join(told(dag) for dag in DAGS.values()) + "\n"
    assert found == GOLDEN.read_text(encoding="utf-8")


def test_pairs_are_built_in_a_stable_order() -> None:
    assert list(DAGS) == ["amts_en_es", "amts_en_zh", "amts_zh_en", "amts_all"]


def test_the_pools_that_tasks_ask_for_are_those_of_the_set_up() -> None:
    asked = {task.pool for dag in DAGS.values() for task in dag.tasks} - {"default_pool"}
    assert asked == set(POOLS) == {"amts_import", "amts_jobs"}
    assert {name: slots for name, (slots, _) in POOLS.items()} == {"amts_import": 1, "amts_jobs": 10}


def test_the_service_is_asked_as_the_configuration_says() -> None:
    for name in ("parallel_data", "translate"):
        task = DAGS["amts_en_zh"].get_task(name)
        assert (task.waiter_delay, task.waiter_max_attempts) == (1, 3601)
        assert (task.aws_conn_id, task.region_name) == ("aws_default", "us-east-1")
        assert task.deferrable


def test_release_is_a_teardown_that_cannot_fail_the_run() -> None:
    release = DAGS["amts_en_zh"].get_task("release")
    assert release.is_teardown
    assert not release.on_failure_fail_dagrun


@pytest.mark.parametrize("dag_id", ["amts_en_zh", "amts_all"])
def test_every_field_of_the_form_says_what_it_is(dag_id: str) -> None:
    params = DAGS[dag_id].params
    for name in params:
        param = params.get_param(name)
        assert param.schema["title"]
        assert param.schema["description_md"].endswith(".")
    params.validate()


@pytest.mark.parametrize(
    ("form", "right"),
    [
        ({"as_of": "2026-11-10T02:00:00+00:00"}, True),
        ({"as_of": "yesterday"}, False),
        ({"documents": ["chapter_*/*.md"]}, True),
        ({"documents": "chapter_*/*.md"}, False),
        ({"granularity": "word"}, False),
        ({"granularity": None, "parallel_data": None, "budget": None, "documents": None, "revision": None}, True),
        ({"budget": -1}, False),
        ({"budget": 0}, True),
        ({"force": "yes"}, False),
        ({"pairs": ["en-zh"]}, True),
        ({"pairs": ["en-xx"]}, False),
    ],
)
def test_the_form_takes_what_is_right_and_nothing_else(form: dict[str, Any], right: bool) -> None:
    def validated() -> None:
        held = deepcopy(DAGS["amts_all"].params)
        held.update(form)
        held.validate()

    if right:
        validated()
    else:
        with pytest.raises(ParamValidationError):
            validated()


def test_dags_survive_serialisation() -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    for dag in DAGS.values():
        back = DagSerialization.from_dict(DagSerialization.to_dict(dag))
        assert {task.task_id for task in back.tasks} == set(dag.task_ids)


def test_the_plugin_registers_the_links_and_nothing_else() -> None:
    import runpy

    from airflow.sdk import BaseOperatorLink

    plugin = runpy.run_path(str(ROOT / "plugins" / "amts.py"))["AmtsPlugin"]
    registered = {type(link) for link in plugin.operator_extra_links}
    used = {type(link) for dag in DAGS.values() for task in dag.tasks for link in task.operator_extra_links}
    ours = {kind for kind in used if kind.__module__.startswith("amts_tasks")}
    assert registered == ours
    assert all(issubclass(kind, BaseOperatorLink) for kind in registered)
    for kind in ("fastapi_apps", "external_views", "react_apps", "listeners", "macros", "global_operator_extra_links"):
        assert not getattr(plugin, kind, None)
