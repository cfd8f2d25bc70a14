"""A pull or merge request, and what a forge can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """A pull request of GitHub, or a merge request of GitLab."""

    number: int
    url: str
    branch: str
    """That is to be merged."""
    author: str
    state: Literal["open", "closed", "merged"]
    """`closed`: without a merge."""
    head: str
    """The id of its last commit; of a merged or closed one the last that it had then."""
    made: str
    """The id of the commit that a merge, squash or rebase made of it on the branch it was merged into; empty where it
    is not merged, or the forge does not say."""
    own: bool
    """Whether its branch is one of the repository that AMTS pushes to: the project itself, or the fork of it."""
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Files:
    """What a request touches."""

    paths: tuple[str, ...]
    """Old names of renamed files too, sorted."""
    more: str = ""
    """Why there may be others that the forge does not list; empty where these are all."""


class Forge(Protocol):
    """What is asked of a forge; every call raises ForgeError where it refuses or cannot be reached."""

    name: str
    most: int
    """Longest description of a request, in characters."""

    def open_requests(self) -> tuple[Request, ...]:
        """All open requests of the project, whatever branch they are to be merged into."""

    def of_branch(self, branch: str) -> tuple[Request, ...]:
        """The requests that a branch of ours ever had, in any state, the newest first."""

    def files(self, request: Request) -> Files:
        """The paths that a request touches."""

    def propose(self, branch: str, base: str, title: str, text: str) -> Request:
        """Opens a request."""

    def revise(self, request: Request, title: str, text: str) -> None:
        """Gives an open request a new title and text."""
