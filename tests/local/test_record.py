"""What is kept of the runs: changes, deferrals, pools, overlap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console

from amts_tasks.local.progress import Progress, line, table
from amts_tasks.local.record import Record, task_name

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def run(dag_id: str, state: str, start: float | None = None, end: float | None = None) -> dict[str, Any]:
    return {
        "dag_id": dag_id,
        "dag_run_id": "manual__1",
        "state": state,
        "run_type": "manual",
        "run_after": NOON.isoformat(),
        "start_date": None if start is None else at(start).isoformat(),
        "end_date": None if end is None else at(end).isoformat(),
    }


def instance(dag_id: str, task_id: str, state: str | None, weight: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "dag_id": dag_id,
        "dag_run_id": "manual__1",
        "task_id": task_id,
        "map_index": -1,
        "state": state,
        "priority_weight": weight,
        "pool": "amts_jobs",
        "pool_slots": 1,
        "trigger": None,
    } | more


def pool(deferred: int = 0, running: int = 0) -> dict[str, Any]:
    return {
        "name": "amts_jobs",
        "slots": 10,
        "include_deferred": True,
        "running_slots": running,
        "queued_slots": 0,
        "deferred_slots": deferred,
        "occupied_slots": deferred + running,
        "open_slots": 10 - deferred - running,
    }


def test_only_changes_are_told_in_the_order_of_the_dag() -> None:
    record = Record()
    runs = [run("amts_en_zh", "running", 0)]
    first = [instance("amts_en_zh", "extract", None, 1), instance("amts_en_zh", "resolve", "running", 2)]
    assert [(change.task, change.state) for change in record.observe(at(1), runs, first, [])] == [
        ("resolve", "running")
    ]
    assert record.observe(at(2), runs, first, []) == []
    second = [
        instance("amts_en_zh", "extract", "running", 1),
        instance("amts_en_zh", "resolve", "success", 2, duration=0.5),
    ]
    changes = record.observe(at(3), runs, second, [])
    assert [(change.task, change.state, change.seconds) for change in changes] == [
        ("resolve", "success", 0.5),
        ("extract", "running", None),
    ]


def test_a_deferral_keeps_airflows_time_its_pool_and_who_worked() -> None:
    record = Record()
    runs = [run("amts_en_zh", "running", 0), run("amts_en_es", "running", 0)]
    trigger = {"created_date": at(4).isoformat(), "classpath": "amts_tasks.provider.triggers.Job"}
    waiting = [
        instance("amts_en_zh", "translate", "deferred", trigger=trigger),
        instance("amts_en_es", "translate", "deferred", trigger=trigger),
    ]
    record.observe(at(5), runs, waiting, [pool(deferred=2)])
    record.observe(at(6), runs, waiting, [pool(deferred=2)])
    done = [instance("amts_en_zh", "translate", "success"), waiting[1]]
    record.observe(at(7), runs, done, [pool(deferred=1)])
    tasks = {entry["dag_id"]: entry["tasks"][0] for entry in record.document()["runs"]}
    deferred, ended = tasks["amts_en_zh"]["seen"]
    assert deferred["since"] == at(4).isoformat()
    assert deferred["trigger"] == "amts_tasks.provider.triggers.Job"
    assert (deferred["tasks_running"], deferred["tasks_deferred"]) == (0, 2)
    assert deferred["pool"]["deferred"] == 2
    assert ended == {"at": at(7).isoformat(), "state": "success"}
    assert [entry["deferred"] for entry in record.document()["pools"]] == [2, 1]


def test_a_second_deferral_of_one_task_is_another_entry() -> None:
    record = Record()
    runs = [run("amts_en_zh", "running", 0)]
    for seconds in (1, 2, 3):
        trigger = {"created_date": at(min(seconds, 2)).isoformat(), "classpath": "t"}
        record.observe(at(seconds), runs, [instance("amts_en_zh", "translate", "deferred", trigger=trigger)], [])
    seen = record.document()["runs"][0]["tasks"][0]["seen"]
    assert [entry["since"] for entry in seen] == [at(1).isoformat(), at(2).isoformat()]


def test_overlap_is_read_from_airflows_own_times() -> None:
    record = Record()
    record.observe(
        at(100),
        [
            run("amts_all", "success", 0, 50),
            run("a", "success", 1, 10),
            run("b", "success", 5, 20),
            run("c", "success", 10, 30),
            run("d", "failed", 40, 45),
        ],
        [],
        [],
    )
    assert record.most_at_once(["a", "b", "c", "d"]) == 2
    assert record.most_at_once(["a", "d"]) == 1
    assert record.most_at_once([]) == 0
    assert record.failed() == [("d", "manual__1")]
    assert record.unfinished() == []


def test_a_run_that_goes_on_is_unfinished() -> None:
    record = Record()
    record.observe(at(1), [run("a", "queued"), run("b", "running", 0), run("c", "success", 0, 1)], [], [])
    assert [dag_id for dag_id, _ in record.unfinished()] == ["a", "b"]


def test_a_mapped_task_has_its_index() -> None:
    assert task_name({"task_id": "pairs", "map_index": 2}) == "pairs[2]"
    assert task_name({"task_id": "pairs", "map_index": -1}) == "pairs"


def test_lines_and_table_name_every_task_and_run() -> None:
    record = Record()
    runs = [run("amts_en_zh", "running", 0), run("amts_en_es", "success", 0, 3)]
    done = instance("amts_en_es", "resolve", "success", 9, duration=2.04)
    going = instance("amts_en_zh", "resolve", "running", 9, start_date=at(0).isoformat())
    changes = record.observe(at(3), runs, [done, going], [])
    assert [line(change, NOON) for change in changes] == [
        "    3.0 s  amts_en_es  resolve  success (2.0 s)",
        "    3.0 s  amts_en_zh  resolve  running",
    ]
    console = Console(width=80, record=True, force_terminal=False, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    with console.file:
        console.print(table(record, at(5)))
        text = console.export_text()
    assert "amts_en_es" in text
    assert "success 2.0" in text
    assert "running 5.0" in text


def test_without_a_terminal_each_change_is_a_line_and_blinks_are_left_out() -> None:
    record = Record()
    console = Console(width=200, force_terminal=False)
    progress = Progress(console, NOON)
    with console.capture() as captured, progress:
        for seconds, state in ((1, "scheduled"), (2, "queued"), (3, "running")):
            changes = record.observe(at(seconds), [], [instance("amts_en_zh", "align", state)], [])
            progress.show(record, changes)
    assert captured.get() == "    3.0 s  amts_en_zh  align  running\n"


def test_with_a_terminal_the_table_is_redrawn() -> None:
    record = Record()
    console = Console(width=80, force_terminal=True)
    with console.capture() as captured, Progress(console, NOON) as progress:
        changes = record.observe(
            at(1), [run("amts_en_zh", "running", 0)], [instance("amts_en_zh", "align", "deferred")], []
        )
        progress.show(record, changes)
    assert "deferred" in captured.get()
