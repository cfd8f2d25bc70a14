"""GitHub and GitHub Enterprise (REST API, by PyGithub)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from github import Auth, Github, GithubException
from github.PullRequest import PullRequest
from requests.exceptions import RequestException

from amts_tasks.errors import ForgeError
from amts_tasks.forges.request import ADVICE, Request


class GitHub:
    """A repository on GitHub."""

    name = "GitHub"

    def __init__(self, project: str, token: str, base_url: str, timeout: int) -> None:
        self.project = project
        self.owner = project.partition("/")[0]
        client = Github(
            auth=Auth.Token(token),
            base_url=base_url or "https://api.github.com",
            timeout=timeout,
            lazy=True,
            # A task is tried again as a whole; a library that waits for an hour's quota would hold the worker.
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )
        self.repository = client.get_repo(project)

    def open_requests(self) -> tuple[Request, ...]:
        """See Forge."""
        with _told(self.project):
            return tuple(map(self._request, self.repository.get_pulls(state="open")))

    def of_branch(self, branch: str) -> tuple[Request, ...]:
        """See Forge."""
        with _told(self.project):
            found = self.repository.get_pulls(
                state="all", head=f"{self.owner}:{branch}", sort="created", direction="desc"
            )
            made = [one for one in map(self._request, found) if one.own and one.branch == branch]
        return tuple(sorted(made, key=lambda one: -one.number))

    def files(self, request: Request) -> tuple[str, ...]:
        """See Forge."""
        with _told(self.project):
            found = list(self.repository.get_pull(request.number).get_files())
            return tuple(sorted({name for one in found for name in (one.filename, one.previous_filename) if name}))

    def propose(self, branch: str, base: str, title: str, text: str) -> Request:
        """See Forge."""
        with _told(self.project):
            return self._request(self.repository.create_pull(base=base, head=branch, title=title, body=text))

    def revise(self, request: Request, title: str, text: str) -> None:
        """See Forge."""
        with _told(self.project):
            self.repository.get_pull(request.number).edit(title=title, body=text)

    def _request(self, one: PullRequest) -> Request:
        home = one.head.repo.full_name if one.head.repo else ""
        return Request(
            one.number,
            one.html_url,
            one.head.ref,
            one.user.login if one.user else "",
            "open" if one.state == "open" else "merged" if one.merged_at else "closed",
            one.head.sha,
            home.lower() == self.project.lower(),
            one.title,
            one.body or "",
        )


@contextmanager
def _told(project: str) -> Iterator[None]:
    try:
        yield
    except GithubException as error:
        data = error.data if isinstance(error.data, dict) else {}
        said = str(data.get("message") or error.message or "no reason given")[:200]
        raise ForgeError(f"GitHub, {project}: answered {error.status}: {said}; {ADVICE}") from None
    except (RequestException, OSError) as error:
        raise ForgeError(f"GitHub, {project}: cannot be reached ({type(error).__name__})") from None
