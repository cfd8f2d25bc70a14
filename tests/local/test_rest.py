"""The client of Airflow's API, against a server on loopback that answers as Airflow does."""

from __future__ import annotations

import json
import pickle
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from amts_tasks.local.rest import PAUSES, Airflow, RefusedError, event_lines


class Answers(BaseHTTPRequestHandler):
    """Keeps what was asked; answers a few paths."""

    asked: list[tuple[str, str, Any, str | None]]
    pools: dict[str, Any]
    locked: int
    """How often a call finds the database locked from now on."""

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        self.asked.append((self.command, self.path, body, self.headers.get("Authorization")))
        status, content = self.content(urlsplit(self.path).path, parse_qs(urlsplit(self.path).query), body)
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = answer  # noqa: N815

    def content(self, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        if type(self).locked and path != "/auth/token":
            type(self).locked -= 1
            if path == "/api/v2/backfills":
                return 503, {"detail": "Database is locked. Backfill creation is not supported on SQLite."}
            detail = {"reason": "Database error", "statement": "hidden", "orig_error": "hidden"}
            return 500, {"detail": detail}
        match self.command, path:
            case "POST", "/auth/token":
                return 201, {"access_token": "token"}
            case "GET", "/api/v2/dags":
                offset, limit = int(query["offset"][0]), int(query["limit"][0])
                dags = [{"dag_id": f"dag_{number}", "is_stale": number == 3} for number in range(250)]
                return 200, {"dags": dags[offset : offset + limit], "total_entries": 250}
            case "POST", "/api/v2/pools":
                if body["name"] in self.pools:
                    return 409, {"detail": "exists"}
                self.pools[body["name"]] = body
                return 201, body
            case "PATCH", "/api/v2/pools/amts_jobs":
                self.pools[body["name"]] = body
                return 200, body
            case "POST", "/api/v2/dags/amts_all/dagRuns":
                if "logical_date" not in body:
                    return 422, {"detail": "logical_date"}
                return 200, {"dag_run_id": body.get("dag_run_id", "manual__1")}
            case "POST", "/api/v2/backfills":
                return 200, {"id": 7}
            case "GET", "/api/v2/dags/amts_all/dagRuns/slow":
                return 200, {"state": "running"}
        return 404, {"detail": "Not Found"}


@pytest.fixture
def server() -> Iterator[tuple[Airflow, type[Answers]]]:
    handler = type("Handler", (Answers,), {"asked": [], "pools": {}, "locked": 0})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield Airflow(f"http://127.0.0.1:{http.server_port}", "admin", "secret"), handler
        http.shutdown()
        thread.join()


def test_it_logs_in_once_and_reads_all_pages(server: tuple[Airflow, type[Answers]]) -> None:
    api, handler = server
    found = api.dag_ids()
    assert len(found) == 249
    assert "dag_3" not in found
    assert [(method, auth) for method, _, _, auth in handler.asked] == [
        ("POST", None),
        ("GET", "Bearer token"),
        ("GET", "Bearer token"),
        ("GET", "Bearer token"),
    ]
    assert handler.asked[0][2] == {"username": "admin", "password": "secret"}


def test_a_trigger_always_has_a_logical_date_even_if_null(server: tuple[Airflow, type[Answers]]) -> None:
    api, handler = server
    assert api.trigger("amts_all", {"evaluate": True}) == "manual__1"
    assert handler.asked[-1][2] == {"logical_date": None, "conf": {"evaluate": True}}
    assert api.trigger("amts_all", run_id="mine", logical_date="2026-03-01T00:00:00Z") == "mine"


def test_a_pool_that_is_there_is_changed(server: tuple[Airflow, type[Answers]]) -> None:
    api, handler = server
    api.set_pool("amts_jobs", 10)
    api.set_pool("amts_jobs", 4, "fewer")
    assert handler.pools["amts_jobs"] == {
        "name": "amts_jobs",
        "slots": 4,
        "description": "fewer",
        "include_deferred": True,
    }


def test_a_locked_database_is_asked_again(server: tuple[Airflow, type[Answers]]) -> None:
    api, handler = server
    slept: list[float] = []
    api.sleep = slept.append
    handler.locked = 2
    api.set_pool("amts_jobs", 10)
    assert handler.pools["amts_jobs"]["slots"] == 10
    assert slept == list(PAUSES[:2])
    handler.locked = 1
    assert api.backfill("amts_en_es", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z") == 7
    slept.clear()
    handler.locked = len(PAUSES) + 1
    with pytest.raises(RefusedError, match=r"POST /api/v2/pools: Airflow answered 500: .*Database error"):
        api.set_pool("amts_jobs", 4)
    assert slept == list(PAUSES)


def test_an_error_says_what_was_asked_and_what_came(server: tuple[Airflow, type[Answers]]) -> None:
    api, _ = server
    with pytest.raises(
        RefusedError, match=r"GET /api/v2/dags/no%20such/dagRuns/1: Airflow answered 404: .*Not Found"
    ) as caught:
        api.run("no such", "1")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
    assert (again.status, str(again)) == (404, str(caught.value))


def test_waiting_ends(server: tuple[Airflow, type[Answers]]) -> None:
    api, _ = server
    with pytest.raises(TimeoutError, match="run slow of amts_all is still running after 0 s"):
        api.wait_for_run("amts_all", "slow", timeout=0, step=0)


def test_no_server_is_a_connection_error() -> None:
    with pytest.raises(ConnectionError, match="no answer"):
        Airflow("http://127.0.0.1:1", "", "").health()


def test_a_log_event_is_told_with_its_exceptions() -> None:
    error = {"exc_type": "KeyError", "exc_value": "'a'", "frames": [{"filename": "f.py", "lineno": 7, "name": "g"}]}
    assert list(event_lines({"event": "Task failed", "error_detail": [error]})) == [
        "Task failed",
        "KeyError: 'a' (f.py:7)",
    ]
    assert list(event_lines({"event": "fine"})) == ["fine"]
