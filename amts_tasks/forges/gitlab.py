"""GitLab (REST API v4, by python-gitlab)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from gitlab import Gitlab
from gitlab.exceptions import GitlabError
from requests import Response
from requests.exceptions import RequestException

from amts_tasks.forges.patience import UNKNOWN_SECONDS, Patience, Refusal, limit_of, limited, refused, unreachable
from amts_tasks.forges.request import Files, Request

T = TypeVar("T")

_STATES = {"opened": "open", "locked": "open", "merged": "merged", "closed": "closed"}
PAGE = 100
"""Entries of a page: as many as GitLab gives."""
RIGHTS = "the scope api and the role Developer"


class _TooMuch(Exception):  # noqa: N818 - it never leaves this file
    """GitLab answered 429; python-gitlab would wait by itself, for as long as it is told."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.headers = {name.lower(): value for name, value in response.headers.items()}


def _not_too_much(response: Response, **_: Any) -> None:
    if response.status_code == 429:
        raise _TooMuch(response)


class GitLab:
    """A project on a GitLab server."""

    name = "GitLab"
    most = 1_048_576

    def __init__(
        self, project: str, fork: str, token: str, base_url: str, timeout: int, patience: Patience, where: str
    ) -> None:
        self.name_of_project = project
        self.name_of_fork = "" if fork == project else fork
        self.timeout = timeout
        self.patience = patience
        self.where = where
        self.client = Gitlab(
            base_url or "https://gitlab.com",
            private_token=token,
            timeout=timeout,
            per_page=PAGE,
            retry_transient_errors=False,
            keep_base_url=True,
        )
        self.client.session.hooks["response"].append(_not_too_much)
        self.project = self.client.projects.get(project, lazy=True)
        self.ids: dict[str, int] = {}

    def open_requests(self) -> tuple[Request, ...]:
        """See Forge."""
        found = self._ask(lambda: list(self.project.mergerequests.list(state="opened", iterator=True)))
        # One that is being merged has a state of its own, and may fail to.
        found += self._ask(lambda: list(self.project.mergerequests.list(state="locked", iterator=True)))
        home = self._home()
        return tuple({one.iid: _request(one, home) for one in found}.values())

    def of_branch(self, branch: str) -> tuple[Request, ...]:
        """See Forge."""
        found = self._ask(
            lambda: list(self.project.mergerequests.list(source_branch=branch, state="all", iterator=True))
        )
        home = self._home()
        made = [one for one in (_request(one, home) for one in found) if one.own and one.branch == branch]
        return tuple(sorted(made, key=lambda one: -one.number))

    def files(self, request: Request) -> Files:
        """See Forge."""
        path = f"/projects/{self.project.encoded_id}/merge_requests/{request.number}"
        found: list[Any] = self._ask(lambda: list(self.client.http_list(f"{path}/diffs", iterator=True)))
        paths = tuple(sorted({one[key] for one in found for key in ("new_path", "old_path") if one.get(key)}))
        # A server has limits of its own: a + behind the number. While it prepares a request there is none.
        one = self._ask(lambda: self.project.mergerequests.get(request.number))
        counted = str(getattr(one, "changes_count", None) or "")
        if not counted:
            return Files(paths, "GitLab has not listed its files yet")
        if not counted.isdigit() or int(counted) > len(found):
            return Files(paths, f"it touches {counted} files, of which GitLab lists {len(found):,}")
        return Files(paths)

    def propose(self, branch: str, base: str, title: str, text: str) -> Request:
        """See Forge."""
        fields: dict[str, Any] = {"source_branch": branch, "target_branch": base, "title": title, "description": text}
        if self.name_of_fork:
            fields["target_project_id"] = self._id(self.name_of_project)
        source = self.client.projects.get(self.name_of_fork or self.name_of_project, lazy=True)
        made = self._ask(lambda: source.mergerequests.create(fields), again=False)
        return _request(made, self._home())

    def revise(self, request: Request, title: str, text: str) -> None:
        """See Forge."""
        fields = {"title": title, "description": text}
        self._ask(lambda: self.project.mergerequests.update(request.number, fields))

    def _home(self) -> int | None:
        """The number of the fork that AMTS pushes to; None where it is the project itself."""
        return self._id(self.name_of_fork) if self.name_of_fork else None

    def _id(self, project: str) -> int:
        if project not in self.ids:
            self.ids[project] = self._ask(lambda: self.client.projects.get(project)).id
        return self.ids[project]

    def _ask(self, question: Callable[[], T], *, again: bool = True) -> T:
        errors = (GitlabError, _TooMuch, RequestException, OSError)
        return self.patience.ask(question, self._refusal, errors, again=again)

    def _refusal(self, error: Exception) -> Refusal:
        if isinstance(error, _TooMuch):
            now = self.patience.clock()
            seconds = limit_of(error.headers, now, remaining="ratelimit-remaining", reset="ratelimit-reset")
            return limited(self.name, self.name_of_project, UNKNOWN_SECONDS if seconds is None else seconds, now)
        if not isinstance(error, GitlabError):
            return unreachable(self.name, self.name_of_project, error, self.timeout)
        said: Any = error.error_message
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said or "")
        return refused(self.name, self.name_of_project, error.response_code or 0, words, RIGHTS, self.where)


def _request(one: Any, home: int | None) -> Request:
    merged = one.state == "merged"
    return Request(
        one.iid,
        one.web_url,
        one.source_branch,
        (one.author or {}).get("username", ""),
        _STATES.get(one.state, "closed"),  # type: ignore[arg-type]
        one.sha or "",
        # A merge that only moved the branch forward made no commit: its own last one is there.
        (one.merge_commit_sha or getattr(one, "squash_commit_sha", None) or one.sha or "") if merged else "",
        one.source_project_id == (one.target_project_id if home is None else home),
        one.title,
        one.description or "",
    )
