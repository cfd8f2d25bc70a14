"""What was seen of Airflow's runs: every change of a task's state, deferrals with their pool, who ran at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ENDED = frozenset({"success", "failed"})
"""States in which a run is over."""


@dataclass(frozen=True, slots=True)
class Change:
    """A task instance that is in another state than when it was last looked at."""

    at: datetime
    dag_id: str
    run_id: str
    task: str
    """Task id, with its map index in brackets when the task is mapped."""
    state: str
    seconds: float | None
    """How long it ran, once it ended."""
    instance: Mapping[str, Any]


@dataclass(slots=True)
class Record:
    """Fed with what the REST API answers; Airflow's own times are kept as they came."""

    runs: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """(DAG id, run id) → the run as last seen."""
    instances: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    """(DAG id, run id, task) → the task instance as last seen."""
    seen: dict[tuple[str, str, str], list[dict[str, Any]]] = field(default_factory=dict)
    """The states each went through, as far as they lasted long enough to be seen: at, state; for a deferral also since
    when (Airflow's time of the trigger's creation), by which trigger, and how many tasks ran or waited just then."""
    pools: list[dict[str, Any]] = field(default_factory=list)
    """Every change of a pool's slots."""

    def observe(
        self,
        at: datetime,
        runs: Iterable[Mapping[str, Any]],
        instances: Iterable[Mapping[str, Any]],
        pools: Iterable[Mapping[str, Any]],
    ) -> list[Change]:
        """Take in one look at everything; returns what changed since the last one, in the order of the DAGs' tasks."""
        self.runs |= {(run["dag_id"], run["dag_run_id"]): dict(run) for run in runs}
        now = {(one["dag_id"], one["dag_run_id"], task_name(one)): dict(one) for one in instances}
        working = sum(one["state"] == "running" for one in now.values())
        waiting = sum(one["state"] == "deferred" for one in now.values())
        self._observe_pools(at, pools)
        changes = []
        for key, one in sorted(now.items(), key=lambda item: order(item[1])):
            self.instances[key] = one
            states = self.seen.setdefault(key, [])
            state = one["state"] or "none"
            trigger = one.get("trigger") or {}
            if states and states[-1]["state"] == state and states[-1].get("since") == trigger.get("created_date"):
                continue
            entry: dict[str, Any] = {"at": at.isoformat(), "state": state}
            if state == "deferred":
                entry |= {
                    "since": trigger.get("created_date"),
                    "trigger": trigger.get("classpath"),
                    "tasks_running": working,
                    "tasks_deferred": waiting,
                    "pool": self._pool(one.get("pool")),
                }
            states.append(entry)
            if state != "none":
                seconds = one.get("duration") if state not in {"running", "deferred", "queued", "scheduled"} else None
                changes.append(Change(at, *key, state, seconds, one))
        return changes

    def _observe_pools(self, at: datetime, pools: Iterable[Mapping[str, Any]]) -> None:
        last = {entry["pool"]: entry for entry in self.pools}
        for pool in pools:
            entry = {"at": at.isoformat(), "pool": pool["name"]}
            entry |= {name: pool[name] for name in ("slots", "include_deferred")}
            entry |= {name: pool[f"{name}_slots"] for name in ("running", "queued", "deferred", "occupied", "open")}
            before = last.get(pool["name"])
            if before is None or {**before, "at": ""} != {**entry, "at": ""}:
                self.pools.append(entry)

    def _pool(self, name: str | None) -> dict[str, Any] | None:
        return next((entry for entry in reversed(self.pools) if entry["pool"] == name), None)

    def unfinished(self) -> list[tuple[str, str]]:
        """The runs that are not over: DAG id and run id."""
        return [key for key, run in self.runs.items() if run["state"] not in ENDED]

    def failed(self) -> list[tuple[str, str]]:
        """The runs that ended otherwise than well."""
        return [key for key, run in self.runs.items() if run["state"] in ENDED and run["state"] != "success"]

    def most_at_once(self, dag_ids: Iterable[str]) -> int:
        """The greatest number of runs of these DAGs that ran at the same time, by Airflow's start and end times."""
        wanted = set(dag_ids)
        edges: list[tuple[datetime, int]] = []
        for (dag_id, _), run in self.runs.items():
            if dag_id in wanted and run.get("start_date") and run.get("end_date"):
                edges.append((datetime.fromisoformat(run["start_date"]), 1))
                edges.append((datetime.fromisoformat(run["end_date"]), -1))
        most = level = 0
        for _, step in sorted(edges):
            level += step
            most = max(most, level)
        return most

    def document(self) -> dict[str, Any]:
        """Everything, for runs.json: runs in the order they started, tasks in the order of their DAG."""
        return {"runs": [self._run(key) for key in sorted(self.runs, key=self._began)], "pools": self.pools}

    def _began(self, key: tuple[str, str]) -> tuple[str, tuple[str, str]]:
        return self.runs[key].get("start_date") or "~", key

    def _run(self, key: tuple[str, str]) -> dict[str, Any]:
        run = self.runs[key]
        tasks = [(name, one) for (*owner, name), one in self.instances.items() if tuple(owner) == key]
        return {
            "dag_id": key[0],
            "run_id": key[1],
            "run_type": run.get("run_type"),
            "state": run.get("state"),
            "logical_date": run.get("logical_date"),
            "run_after": run.get("run_after"),
            "queued_at": run.get("queued_at"),
            "start": run.get("start_date"),
            "end": run.get("end_date"),
            "seconds": run.get("duration"),
            "conf": run.get("conf"),
            "tasks": [
                {
                    "task": name,
                    "state": one["state"],
                    "attempt": one.get("try_number"),
                    "start": one.get("start_date"),
                    "end": one.get("end_date"),
                    "seconds": one.get("duration"),
                    "pool": one.get("pool"),
                    "pool_slots": one.get("pool_slots"),
                    "seen": self.seen.get((*key, name), []),
                }
                for name, one in sorted(tasks, key=lambda item: order(item[1]))
            ],
        }


def task_name(instance: Mapping[str, Any]) -> str:
    """A task's id, with the map index in brackets for an instance of a mapped task."""
    index = instance.get("map_index", -1)
    return str(instance["task_id"]) if index < 0 else f"{instance['task_id']}[{index}]"


def order(instance: Mapping[str, Any]) -> tuple[Any, ...]:
    """Sorts by DAG, run and place in the DAG: a task upstream weighs more than what follows it."""
    return (
        instance["dag_id"],
        instance["dag_run_id"],
        -(instance.get("priority_weight") or 0),
        instance["task_id"],
        instance.get("map_index", -1),
    )


def columns(record: Record) -> Sequence[tuple[str, str]]:
    """The runs in the order to show them: by DAG id, then by start."""
    return sorted(record.runs, key=lambda key: (key[0], record.runs[key].get("run_after") or ""))
