"""Our branches in a repository, and which of them the default branch holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from amts_tasks.books.branches import OURS, contains
from amts_tasks.books.landing import landed, note_landing, noted
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
    return Branch(name, tip, found.commit == tip, found.commit) if found else Branch(name, tip, merged=False)


def branches_at(repository: Path, main: str, tips: Mapping[str, str], prefix: str = OURS) -> tuple[Branch, ...]:
    """Branches (name → last commit) whose names begin with ``prefix``, as `branch_at` has each, by name."""
    # One question for all of them: where nobody deletes branches there are hundreds, and most are merged.
    held = set(git(repository, "rev-list", "--end-of-options", main).decode().split())
    known = {name: one.commit for name, one in noted(repository, prefix).items() if one.made in held}
    found = []
    for name, tip in sorted(tips.items()):
        if tip in held:
            found.append(Branch(name, tip, merged=True))
        elif known.get(name) == tip:
            found.append(Branch(name, tip, merged=True, landed=tip))
        else:
            found.append(branch_at(repository, main, name, tip))
    return tuple(found)


def open_branches(repository: Path, prefix: str = OURS, main: str | None = None) -> tuple[Branch, ...]:
    """The branches whose names begin with ``prefix``, sorted, merged ones too; ``main`` is what they are to be merged
    into, the repository's default branch where it is not given."""
    main = main or commit_id(repository, "HEAD")
    listed = git(repository, "for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads").decode()
    rows = (line.split(" ", 1) for line in listed.splitlines())
    tips = {name: tip for tip, name in rows if name.startswith(prefix)}
    if main is None:
        return tuple(Branch(name, tip, merged=False) for name, tip in sorted(tips.items()))
    return branches_at(repository, main, tips, prefix)


def note_landings(repository: Path, main: str, tips: Mapping[str, str]) -> None:
    """Notes of merged branches (name → last commit) how the default branch has taken them over, so that it is not
    looked for again."""
    known = noted(repository, OURS)
    for name, tip in tips.items():
        if name in known and known[name].commit == tip:
            continue
        found = landed(repository, main, name, tip)
        if found is not None and found.commit == tip:
            note_landing(repository, name, tip, found.made)
