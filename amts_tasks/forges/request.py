"""A pull or merge request, and what a forge can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

ADVICE = "check push.project and the token's rights"
"""What to do where a forge refuses."""


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
    """The id of its last commit."""
    own: bool
    """Whether its branch is one of the project itself, and not of a fork."""
    title: str
    text: str


class Forge(Protocol):
    """What is asked of a forge; every call raises ForgeError where it refuses or cannot be reached."""

    name: str

    def open_requests(self) -> tuple[Request, ...]:
        """All open requests of the project."""

    def of_branch(self, branch: str) -> tuple[Request, ...]:
        """The requests that a branch of the project ever had, in any state, the newest first."""

    def files(self, request: Request) -> tuple[str, ...]:
        """The paths that a request touches, old names of renamed files too, sorted."""

    def propose(self, branch: str, base: str, title: str, text: str) -> Request:
        """Opens a request."""

    def revise(self, request: Request, title: str, text: str) -> None:
        """Gives an open request a new title and text."""
