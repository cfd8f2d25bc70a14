"""GitHub and GitHub Enterprise (REST API, by PyGithub)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from github import Auth, Github, GithubException
from github.PullRequest import PullRequest
from requests.exceptions import RequestException

from amts_tasks.forges.patience import UNKNOWN_SECONDS, Patience, Refusal, limit_of, limited, refused, unreachable
from amts_tasks.forges.request import Files, Request

T = TypeVar("T")

MOST_FILES = 3_000
"""GitHub lists no more files of a pull request."""
PAGE = 100
"""Entries of a page: as many as GitHub gives."""
RIGHTS = "'Contents' and 'Pull requests', read and write,"


class GitHub:
    """A repository on GitHub."""

    name = "GitHub"
    most = 65_536

    def __init__(
        self, project: str, fork: str, token: str, base_url: str, timeout: int, patience: Patience, where: str
    ) -> None:
        self.project = project
        self.home = fork or project
        self.owner, _, self.home_name = self.home.partition("/")
        self.timeout = timeout
        self.patience = patience
        self.where = where
        client = Github(
            auth=Auth.Token(token),
            base_url=base_url or "https://api.github.com",
            timeout=timeout,
            per_page=PAGE,
            lazy=True,
            # How long is waited, and whether at all, is ours to say: see Patience.
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )
        self.repository = client.get_repo(project)

    def open_requests(self) -> tuple[Request, ...]:
        """See Forge."""
        return self._ask(lambda: tuple(map(self._request, self.repository.get_pulls(state="open"))))

    def of_branch(self, branch: str) -> tuple[Request, ...]:
        """See Forge."""
        head = f"{self.owner}:{branch}"
        found = self._ask(
            lambda: tuple(
                map(
                    self._request,
                    self.repository.get_pulls(state="all", head=head, sort="created", direction="desc"),
                )
            )
        )
        made = [one for one in found if one.own and one.branch == branch]
        return tuple(sorted(made, key=lambda one: -one.number))

    def files(self, request: Request) -> Files:
        """See Forge."""
        found = self._ask(lambda: tuple(self.repository.get_pull(request.number).get_files()))
        paths = {name for one in found for name in (one.filename, one.previous_filename) if name}
        more = f"it touches {MOST_FILES:,} files or more, of which GitHub lists the first"
        return Files(tuple(sorted(paths)), more if len(found) >= MOST_FILES else "")

    def propose(self, branch: str, base: str, title: str, text: str) -> Request:
        """See Forge."""
        head = branch if self.home == self.project else f"{self.owner}:{branch}"
        # A fork by its own owner is known by its name alone.
        same = self.home != self.project and self.owner == self.project.partition("/")[0]
        options: dict[str, Any] = {"head_repo": self.home_name} if same else {}
        return self._ask(
            lambda: self._request(self.repository.create_pull(base=base, head=head, title=title, body=text, **options)),
            again=False,
        )

    def revise(self, request: Request, title: str, text: str) -> None:
        """See Forge."""
        self._ask(lambda: self.repository.get_pull(request.number).edit(title=title, body=text))

    def _request(self, one: PullRequest) -> Request:
        home = one.head.repo.full_name if one.head.repo else ""
        merged = one.state != "open" and bool(one.merged_at)
        return Request(
            one.number,
            one.html_url,
            one.head.ref,
            one.user.login if one.user else "",
            "open" if one.state == "open" else "merged" if merged else "closed",
            one.head.sha,
            # Of one that is not merged it is a trial of GitHub's own.
            (one.merge_commit_sha or "") if merged else "",
            home.lower() == self.home.lower(),
            one.title,
            one.body or "",
        )

    def _ask(self, question: Callable[[], T], *, again: bool = True) -> T:
        return self.patience.ask(question, self._refusal, (GithubException, RequestException, OSError), again=again)

    def _refusal(self, error: Exception) -> Refusal:
        if not isinstance(error, GithubException):
            return unreachable(self.name, self.project, error, self.timeout)
        data = error.data if isinstance(error.data, dict) else {}
        said = str(data.get("message") or data.get("data") or error.message or "")
        details = [one.get("message") or one.get("field") for one in data.get("errors") or () if isinstance(one, dict)]
        said = ": ".join([said, *filter(None, map(str, filter(None, details)))])
        if error.status in {403, 429}:
            now = self.patience.clock()
            headers = {name.lower(): str(value) for name, value in (error.headers or {}).items()}
            seconds = limit_of(headers, now, remaining="x-ratelimit-remaining", reset="x-ratelimit-reset")
            if seconds is None and (error.status == 429 or "rate limit" in said.lower()):
                seconds = UNKNOWN_SECONDS
            if seconds is not None:
                return limited(self.name, self.project, seconds, now)
        return refused(self.name, self.project, error.status, said, RIGHTS, self.where)
