"""Our branches in a repository, and which of them the default branch holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from amts_tasks.books.branches import OURS, contains
from amts_tasks.books.landing import landed
from amts_tasks.books.repository import commit_id, git


@dataclass(frozen=True, slots=True)
class Branch:
    """One of our branches in a repository."""

    name: str
    """Without ``refs/heads/``."""
    commit: str
    """The id of its last commit."""
    merged: bool
    """Whether the default branch holds that commit, or has taken over its text."""
    landed: str | None = None
    """The last of its commits whose text the default branch has taken over without it; what came after is new."""


def branch_at(repository: Path, main: str, name: str, tip: str) -> Branch:
    """A branch as it stands towards the commit ``main`` of the default branch."""
    if contains(repository, main, tip):
        return Branch(name, tip, merged=True)
    found = landed(repository, main, name, tip)
    return Branch(name, tip, found == tip, found)


def open_branches(repository: Path, prefix: str = OURS, main: str | None = None) -> tuple[Branch, ...]:
    """The branches whose names begin with ``prefix``, sorted, merged ones too; ``main`` is what they are to be merged
    into, the repository's default branch where it is not given."""
    main = main or commit_id(repository, "HEAD")
    listed = git(repository, "for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads").decode()
    found = []
    for line in listed.splitlines():
        tip, name = line.split(" ", 1)
        if name.startswith(prefix):
            found.append(branch_at(repository, main, name, tip) if main else Branch(name, tip, merged=False))
    return tuple(sorted(found, key=lambda branch: branch.name))
