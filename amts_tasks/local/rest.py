"""A thin client of Airflow's REST API, version 2 (Airflow 3.3), for loopback."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from amts_tasks.errors import AmtsError

PAGE = 100
"""Airflow's `[api] maximum_page_limit`."""
PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before a call is made again that another of Airflow's processes kept from SQLite: nothing was written."""
_LOCKED = {500: '"Database error"', 503: "Database is locked"}
"""What Airflow answers then, by status; after the second it has taken back what it had written of a backfill."""


class RefusedError(AmtsError):
    """Airflow's API answered with an error; `.status` is the HTTP status."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.status)


@dataclass(slots=True)
class Airflow:
    """Calls one Airflow. A method raises RefusedError for an answer that is an error, OSError when none comes."""

    url: str
    login: str
    password: str
    timeout: float = 30.0
    """Seconds for one call."""
    token: str | None = None
    sleep: Callable[[float], None] = time.sleep
    opener: urllib.request.OpenerDirector = field(
        # A proxy of the environment would be asked for loopback addresses otherwise.
        default_factory=lambda: urllib.request.build_opener(urllib.request.ProxyHandler({}))
    )

    def call(self, method: str, path: str, body: object = None, *, anonymous: bool = False) -> Any:
        """The decoded JSON answer of one call; None for an empty one.

        Made again where Airflow's database was locked, as SQLite is now and then while several processes start.
        """
        for pause in PAUSES:
            try:
                return self._call(method, path, body, anonymous)
            except RefusedError as error:
                said = _LOCKED.get(error.status or 0)
                if said is None or said not in error.message:
                    raise
            self.sleep(pause)
        return self._call(method, path, body, anonymous)

    def _call(self, method: str, path: str, body: object, anonymous: bool) -> Any:
        headers = {"Accept": "application/json"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        if not anonymous:
            headers["Authorization"] = f"Bearer {self.token or self.log_in()}"
        request = urllib.request.Request(self.url + path, data, headers, method=method)  # noqa: S310 - http on loopback
        try:
            with self.opener.open(request, timeout=self.timeout) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                detail = error.read().decode("utf-8", "replace")
            raise RefusedError(f"{method} {path}: Airflow answered {error.code}: {detail[:500]}", error.code) from None
        except urllib.error.URLError as error:
            raise ConnectionError(f"{method} {self.url}{path}: no answer: {error.reason}") from None
        return json.loads(content) if content else None

    def log_in(self) -> str:
        """A token of the simple auth manager, kept for later calls."""
        answer = self.call("POST", "/auth/token", {"username": self.login, "password": self.password}, anonymous=True)
        self.token = str(answer["access_token"])
        return self.token

    def pages(self, path: str, name: str, **query: Any) -> Iterator[dict[str, Any]]:
        """All items of a list, page after page; `name` is the key they stand under."""
        offset = 0
        while True:
            asked = urlencode(query | {"limit": PAGE, "offset": offset}, doseq=True)
            answer = self.call("GET", f"{path}?{asked}")
            yield from answer[name]
            offset += PAGE
            if offset >= answer["total_entries"]:
                return

    def health(self) -> dict[str, Any]:
        """Component → {status, latest_…_heartbeat}; asks for no login."""
        answer: dict[str, Any] = self.call("GET", "/api/v2/monitor/health", anonymous=True)
        return answer

    def version(self) -> str:
        """Airflow's version."""
        return str(self.call("GET", "/api/v2/version", anonymous=True)["version"])

    def dag_ids(self) -> set[str]:
        """The DAGs that were parsed and are not stale."""
        return {dag["dag_id"] for dag in self.pages("/api/v2/dags", "dags") if not dag.get("is_stale")}

    def import_errors(self) -> list[dict[str, Any]]:
        """Files that could not be parsed: filename, stack_trace."""
        return list(self.pages("/api/v2/importErrors", "import_errors"))

    def pause(self, dag_id: str, paused: bool = True) -> None:
        """Pause a DAG, or let it go."""
        self.call("PATCH", f"/api/v2/dags/{quote(dag_id)}?update_mask=is_paused", {"is_paused": paused})

    def set_pool(self, name: str, slots: int, description: str = "") -> None:
        """Make a pool, or change it; deferred tasks hold their slot, else it would not limit waiting jobs."""
        pool = {"name": name, "slots": slots, "description": description, "include_deferred": True}
        try:
            self.call("POST", "/api/v2/pools", pool)
        except RefusedError as error:
            if error.status != 409:
                raise
            self.call("PATCH", f"/api/v2/pools/{quote(name)}", pool)

    def pools(self) -> list[dict[str, Any]]:
        """Every pool with its slots: open, occupied, running, queued, scheduled, deferred."""
        return list(self.pages("/api/v2/pools", "pools"))

    def trigger(
        self,
        dag_id: str,
        conf: Mapping[str, Any] | None = None,
        *,
        logical_date: str | None = None,
        run_id: str | None = None,
    ) -> str:
        """Start a run and return its id. The key `logical_date` is required even when it is null."""
        body: dict[str, Any] = {"logical_date": logical_date, "conf": dict(conf or {})}
        if run_id is not None:
            body["dag_run_id"] = run_id
        return str(self.call("POST", f"/api/v2/dags/{quote(dag_id)}/dagRuns", body)["dag_run_id"])

    def runs(self, dag_id: str = "~") -> list[dict[str, Any]]:
        """The runs of a DAG, or of all (`~`), oldest first."""
        return list(self.pages(f"/api/v2/dags/{quote(dag_id)}/dagRuns", "dag_runs", order_by="id"))

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        """One run."""
        answer: dict[str, Any] = self.call("GET", f"/api/v2/dags/{quote(dag_id)}/dagRuns/{quote(run_id)}")
        return answer

    def task_instances(self, dag_id: str = "~", run_id: str = "~") -> list[dict[str, Any]]:
        """The task instances of a run, or of all runs of all DAGs (`~`)."""
        path = f"/api/v2/dags/{quote(dag_id)}/dagRuns/{quote(run_id)}/taskInstances"
        return list(self.pages(path, "task_instances"))

    def log(self, dag_id: str, run_id: str, task_id: str, attempt: int, map_index: int = -1) -> str:
        """The text of a task's log, one event a line."""
        path = (
            f"/api/v2/dags/{quote(dag_id)}/dagRuns/{quote(run_id)}/taskInstances/{quote(task_id)}"
            f"/logs/{attempt}?map_index={map_index}"
        )
        content = self.call("GET", path)["content"]
        if isinstance(content, str):
            return content
        return "\n".join(line if isinstance(line, str) else "\n".join(event_lines(line)) for line in content)

    def backfill(self, dag_id: str, first: str, last: str, conf: Mapping[str, Any] | None = None) -> int:
        """Start a backfill over logical dates (ISO 8601, both included) and return its id."""
        body = {
            "dag_id": dag_id,
            "from_date": first,
            "to_date": last,
            "dag_run_conf": dict(conf or {}),
            "reprocess_behavior": "none",
        }
        return int(self.call("POST", "/api/v2/backfills", body)["id"])

    def wait_for_run(self, dag_id: str, run_id: str, timeout: float, step: float = 0.25) -> dict[str, Any]:
        """The run once it succeeded or failed; TimeoutError after `timeout` seconds."""
        last = time.monotonic() + timeout
        while True:
            run = self.run(dag_id, run_id)
            if run["state"] in {"success", "failed"}:
                return run
            if time.monotonic() > last:
                raise TimeoutError(f"run {run_id} of {dag_id} is still {run['state']} after {timeout:g} s")
            time.sleep(step)


def event_lines(event: Mapping[str, Any]) -> Iterator[str]:
    """The words of a structured log event, and of the exceptions it carries with the place each came from."""
    yield str(event.get("event", event))
    for error in event.get("error_detail") or ():
        frames = error.get("frames") or ()
        place = f" ({frames[-1]['filename']}:{frames[-1]['lineno']})" if frames else ""
        yield f"{error.get('exc_type')}: {error.get('exc_value')}{place}"
