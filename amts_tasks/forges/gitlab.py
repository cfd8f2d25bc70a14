"""GitLab (REST API v4, by python-gitlab)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gitlab import Gitlab
from gitlab.exceptions import GitlabError
from requests.exceptions import RequestException

from amts_tasks.errors import ForgeError
from amts_tasks.forges.request import ADVICE, Request

_STATES = {"opened": "open", "locked": "open", "merged": "merged", "closed": "closed"}


class GitLab:
    """A project on a GitLab server."""

    name = "GitLab"

    def __init__(self, project: str, token: str, base_url: str, timeout: int) -> None:
        self.name_of_project = project
        self.client = Gitlab(
            base_url or "https://gitlab.com",
            private_token=token,
            timeout=timeout,
            retry_transient_errors=False,
            keep_base_url=True,
        )
        self.project = self.client.projects.get(project, lazy=True)

    def open_requests(self) -> tuple[Request, ...]:
        """See Forge."""
        with _told(self.name_of_project):
            return tuple(map(_request, self.project.mergerequests.list(state="opened", iterator=True)))

    def of_branch(self, branch: str) -> tuple[Request, ...]:
        """See Forge."""
        with _told(self.name_of_project):
            found = self.project.mergerequests.list(source_branch=branch, state="all", iterator=True)
            made = [one for one in map(_request, found) if one.own and one.branch == branch]
        return tuple(sorted(made, key=lambda one: -one.number))

    def files(self, request: Request) -> tuple[str, ...]:
        """See Forge."""
        path = f"/projects/{self.project.encoded_id}/merge_requests/{request.number}/diffs"
        with _told(self.name_of_project):
            found: list[Any] = list(self.client.http_list(path, iterator=True))
            return tuple(sorted({one[key] for one in found for key in ("new_path", "old_path") if one.get(key)}))

    def propose(self, branch: str, base: str, title: str, text: str) -> Request:
        """See Forge."""
        fields = {"source_branch": branch, "target_branch": base, "title": title, "description": text}
        with _told(self.name_of_project):
            return _request(self.project.mergerequests.create(fields))

    def revise(self, request: Request, title: str, text: str) -> None:
        """See Forge."""
        with _told(self.name_of_project):
            self.project.mergerequests.update(request.number, {"title": title, "description": text})


def _request(one: Any) -> Request:
    return Request(
        one.iid,
        one.web_url,
        one.source_branch,
        (one.author or {}).get("username", ""),
        _STATES.get(one.state, "closed"),  # type: ignore[arg-type]
        one.sha or "",
        one.source_project_id == one.target_project_id,
        one.title,
        one.description or "",
    )


@contextmanager
def _told(project: str) -> Iterator[None]:
    try:
        yield
    except GitlabError as error:
        said = str(error.error_message or "no reason given")[:200]
        code = error.response_code or "badly"
        raise ForgeError(f"GitLab, {project}: answered {code}: {said}; {ADVICE}") from None
    except (RequestException, OSError) as error:
        raise ForgeError(f"GitLab, {project}: cannot be reached ({type(error).__name__})") from None
