"""GitHub's and GitLab's REST interfaces for one project, in this process: pages, limits and refusals as theirs.

GitHub: 30 entries a page and at most 100, a `Link` header, 3,000 files of a request, limits as 403 or 429 with
`Retry-After` or `X-RateLimit-Remaining: 0` (docs.github.com, "Rate limits for the REST API", "List pull requests
files"). GitLab: 20 and 100, `X-Next-Page` and `Link`, files cut at a limit and told by `changes_count: "1000+"`, 429
(docs.gitlab.com, "REST API", "Merge requests", "Diff limits", "User and IP rate limits").
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

TOKEN = "s3cret-t0ken"
WINDOW = 3600
"""Seconds of a limit."""
Answer = tuple[int, dict[str, str], Any]


@dataclass
class StandIn:
    """What both forges keep of the project ``o/n`` and of its fork ``me/n``, behind both of their interfaces."""

    tip: Callable[[str], str] = lambda branch: "f" * 40
    requests: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    down: bool = False
    answers: list[Answer] = field(default_factory=list)
    """Given, each once, in the place of what would be said."""
    quota: int | None = None
    """Calls that are answered in an hour."""
    now: datetime = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)
    diff_limit: int = 1_000
    """Files that GitLab lists."""
    url: str = ""
    _used: int = 0
    _since: datetime | None = None

    def serve(self, small: Any, kind: str, *, remote: str = "../zh.git", there: Any = None, **more: str) -> None:
        """Has a small book's Chinese branches pushed to a remote (``there``: its repository), and proposed here."""
        lines = {"remote": remote, "forge": kind, "project": "o/n", "base_url": self.url, **more}
        path = "    place: {kind: git, location: ../zh.git}\n"
        text = "".join(f"      {name}: {value}\n" for name, value in lines.items())
        small.edit((path, f"{path}    push:\n{text}"))
        where = there or small.zh
        self.tip = lambda branch: where.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")

    def close(self, branch: str, state: str, made: str = "") -> None:
        """The open request of a branch is merged, as the commit ``made``, or closed."""
        (one,) = [one for one in self.requests if one["state"] == "open" and one["branch"] == branch]
        one |= {"sha": self.tip(branch), "state": state, "made": made}

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def add(self, branch: str, **more: Any) -> dict[str, Any]:
        one = {"number": len(self.requests) + 1, "branch": branch, "base": "main", "state": "open", "author": "ana"}
        one |= {"title": "", "text": "", "files": [], "home": "o/n", "sha": "", "made": "", **more}
        self.requests.append(one)
        return one

    def answer(self, method: str, path: str, headers: Any, data: dict[str, Any]) -> Answer:
        self.calls.append((method, path))
        url = urlsplit(path)
        github = url.path.startswith("/repos")
        if self.down:
            return 503, {}, "<html><body><h1>503</h1>  Service Unavailable</body></html>"
        if self.answers:
            return self.answers.pop(0)
        token = headers.get("PRIVATE-TOKEN") or (headers.get("Authorization") or "").partition(" ")[2]
        if token != TOKEN:
            return 401, {}, {"message": "Bad credentials" if github else "401 Unauthorized"}
        if (refused := self._limit(github)) is not None:
            return refused
        status, value = self._said(method, url.path, {n: v[0] for n, v in parse_qs(url.query).items()}, data, github)
        if status == 200 and isinstance(value, list):
            return self._page(url.path, {n: v[0] for n, v in parse_qs(url.query).items()}, value, github)
        return status, {}, value

    def _limit(self, github: bool) -> Answer | None:
        if self.quota is None:
            return None
        if self._since is None or self.now >= self._since + timedelta(seconds=WINDOW):
            self._since, self._used = self.now, 0
        self._used += 1
        if self._used <= self.quota:
            return None
        reset = int((self._since + timedelta(seconds=WINDOW)).timestamp())
        if github:
            told = {"X-RateLimit-Limit": str(self.quota), "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
            return 403, told, {"message": "API rate limit exceeded for user ID 1."}
        after = str(reset - int(self.now.timestamp()))
        return 429, {"RateLimit-Remaining": "0", "RateLimit-Reset": str(reset), "Retry-After": after}, "Retry later\n"

    def _page(self, path: str, query: dict[str, str], rows: list[Any], github: bool) -> Answer:
        size = min(int(query.get("per_page", 30 if github else 20)), 100)
        page, last = int(query.get("page", 1)), max(-(-len(rows) // size), 1)
        links, headers = [], {}
        for name, number in (("next", page + 1), ("last", last)):
            if number <= last and page < last:
                address = f"{self.url}{path}?{urlencode({**query, 'per_page': size, 'page': number})}"
                links.append(f'<{address}>; rel="{name}"')
        if links:
            headers["Link"] = ", ".join(links)
        if not github:
            headers |= {"X-Page": str(page), "X-Per-Page": str(size), "X-Total": str(len(rows))}
            headers |= {"X-Total-Pages": str(last), "X-Next-Page": str(page + 1) if page < last else ""}
        return 200, headers, rows[(page - 1) * size : page * size]

    def _said(self, method: str, path: str, query: dict[str, str], data: dict[str, Any], github: bool) -> Any:
        projects = {"/api/v4/projects/o%2Fn": 1, "/api/v4/projects/me%2Fn": 3}
        if path in projects:
            return 200, {"id": projects[path]}
        match = re.fullmatch(r"(/repos/o/n/pulls|/api/v4/projects/(?:o|me)%2Fn/merge_requests)(?:/(\d+))?(/\w+)?", path)
        if match is None:
            return 404, {"message": "Not Found" if github else "404 Project Not Found"}
        show = self._pull if github else self._merge_request
        for one in self.requests:
            if one["state"] == "open":
                one["sha"] = self.tip(one["branch"]) or one["sha"]
        if (fault := _too_long(data, github)) is not None:
            return fault
        if method == "POST":
            return self._proposed(match[1], data, github)
        if match[2]:
            one = self.requests[int(match[2]) - 1]
            if method in {"PATCH", "PUT"}:
                one |= {"title": data["title"], "text": data["body" if github else "description"]}
            if match[3] and github:
                return 200, [{"filename": name} for name in one["files"][:3_000]]
            if match[3]:
                return 200, [{"new_path": name, "old_path": name} for name in one["files"][: self.diff_limit]]
            return 200, show(one)
        states = {"open": {"open"}, "opened": {"open"}, "locked": {"locked"}, "all": {"open", "closed", "merged"}}
        owner, _, branch = query.get("head", "").rpartition(":")
        branch = branch or query.get("source_branch", "")
        return 200, [
            show(one)
            for one in reversed(self.requests)
            if one["state"] in states[query["state"]]
            and one["branch"] == (branch or one["branch"])
            and one["home"].startswith(owner)
        ]

    def _proposed(self, path: str, data: dict[str, Any], github: bool) -> tuple[int, Any]:
        if github:
            owner, _, branch = data["head"].rpartition(":")
            home, base, text = f"{owner or 'o'}/n", data["base"], data["body"]
        else:
            branch, base, text = data["source_branch"], data["target_branch"], data["description"]
            home = "me/n" if "/me%2Fn/" in path else "o/n"
            if home != "o/n" and data.get("target_project_id") != 1:
                return 400, {"error": "target_project_id is missing"}
        if not self.tip(branch) and github:
            error = {"resource": "PullRequest", "field": "head", "code": "invalid"}
            return 422, {"message": "Validation Failed", "errors": [error]}
        for one in self.requests:
            if (one["branch"], one["base"], one["home"], one["state"]) == (branch, base, home, "open"):
                error = {"code": "custom", "message": f"A pull request already exists for o:{branch}."}
                if github:
                    return 422, {"message": "Validation Failed", "errors": [error]}
                said = f"Another open merge request already exists for this source branch: !{one['number']}"
                return 409, {"message": [said]}
        made = self.add(branch, base=base, title=data["title"], text=text, author="amts", home=home)
        return 201, (self._pull if github else self._merge_request)(made)

    def _pull(self, one: dict[str, Any]) -> dict[str, Any]:
        return {
            "number": one["number"],
            "url": f"{self.url}/repos/o/n/pulls/{one['number']}",
            "html_url": f"{self.url}/o/n/pull/{one['number']}",
            "state": "open" if one["state"] == "open" else "closed",
            "merged_at": "2026-01-01T00:00:00Z" if one["state"] == "merged" else None,
            # Of an open one it is that of a merge that is only tried.
            "merge_commit_sha": one["made"] or "e" * 40,
            "title": one["title"],
            "body": one["text"],
            "user": {"login": one["author"]},
            "head": {"ref": one["branch"], "sha": one["sha"], "repo": {"full_name": one["home"]}},
        }

    def _merge_request(self, one: dict[str, Any]) -> dict[str, Any]:
        count = len(one["files"])
        return {
            "iid": one["number"],
            "id": 1000 + one["number"],
            "web_url": f"{self.url}/o/n/-/merge_requests/{one['number']}",
            "state": "opened" if one["state"] == "open" else one["state"],
            "title": one["title"],
            "description": one["text"],
            "author": {"username": one["author"]},
            "source_branch": one["branch"],
            "source_project_id": {"o/n": 1, "me/n": 3}.get(one["home"], 2),
            "target_project_id": 1,
            "sha": one["sha"],
            "merge_commit_sha": None,
            "squash_commit_sha": one["made"] or None,
            "changes_count": one.get("counted", f"{self.diff_limit}+" if count > self.diff_limit else str(count)),
        }


def _too_long(data: dict[str, Any], github: bool) -> tuple[int, Any] | None:
    """As both say it of a text or a title that is longer than they take."""
    text, title = data.get("body") or data.get("description") or "", data.get("title") or ""
    if github:
        for name, value, most in (("body", text, 65_536), ("title", title, 256)):
            if len(value) > most:
                said = f"{name} is too long (maximum is {most} characters)"
                error = {"resource": "Issue", "code": "custom", "field": name, "message": said}
                return 422, {"message": "Validation Failed", "errors": [error]}
        return None
    for name, value, most in (("description", text, 1_048_576), ("title", title, 255)):
        if len(value) > most:
            return 400, {"message": {name: [f"is too long (maximum is {most} characters)"]}}
    return None


@pytest.fixture
def forge() -> Iterator[StandIn]:
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, value = stand_in.answer(self.command, self.path, self.headers, json.loads(raw or b"{}"))
            body = (value if isinstance(value, str) else json.dumps(value)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if isinstance(value, str) else "application/json")
            for name, content in headers.items():
                self.send_header(name, content)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_PUT = _any  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield stand_in
        server.shutdown()
        thread.join()
