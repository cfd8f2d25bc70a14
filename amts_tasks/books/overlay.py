"""The translation as its maintainers will have it: the default branch with our open branches laid over it.

What waits on a branch of ours for somebody to merge it is not translated, and not paid for, a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from amts_tasks.books.history import raw_entries, shown
from amts_tasks.books.open import Branch
from amts_tasks.books.repository import GitError, git
from amts_tasks.books.threeway import merged
from amts_tasks.errors import BookError


@dataclass(frozen=True, slots=True)
class Overlay:
    """What our open branches change. Paths are relative to the repository."""

    tips: dict[str, str]
    """Branch → id of its last commit; open ones only."""
    written: dict[str, str]
    """Path → id of the blob that counts."""
    deleted: frozenset[str]
    conflicts: dict[str, str]
    """Path → the branch, where both it and the default branch changed the document, and they cannot be merged."""
    starts: dict[str, str]
    """Branch → the last of its commits whose text the default branch has taken over; open ones only, of which that has
    taken over a part."""
    both: dict[str, dict[str, str]]
    """Branch → path → id of the blob that has its changes and those that the default branch made since it began."""
    landed: dict[str, str]
    """Branch → id of its last commit, of those whose text the default branch has taken over without their commits."""


def overlay(repository: Path, main: str, branches: Sequence[Branch], prefix: str) -> Overlay:
    """What the open branches whose names begin with ``prefix`` change over the commit ``main``.

    A document that the default branch changed too since the branch began counts with the changes of both. Where they
    cannot be merged it is a conflict: neither version counts, for whichever did would lose somebody's text. Of a
    branch of which the default branch has taken over a part, only what came after that counts.
    """
    tips: dict[str, str] = {}
    written: dict[str, str] = {}
    deleted: set[str] = set()
    conflicts: dict[str, str] = {}
    both: dict[str, dict[str, str]] = {}
    known = [branch for branch in branches if branch.name.startswith(prefix)]
    landed = {branch.name: branch.commit for branch in known if branch.landed == branch.commit}
    for branch in known:
        if branch.merged:
            continue
        tips[branch.name] = branch.commit
        # What has landed is the common ground as if it had been merged.
        start = branch.landed or fork(repository, main, branch.name, branch.commit)
        theirs = changes(repository, start, main)
        for path, blob in changes(repository, start, branch.commit).items():
            if path in theirs and theirs[path] != blob:
                joint = merged(repository, start, path, blob, theirs[path])
                if joint is None:
                    conflicts[path] = branch.name
                else:
                    written[path] = both.setdefault(branch.name, {})[path] = joint
            elif blob is None:
                deleted.add(path)
            else:
                written[path] = blob
    starts = {branch.name: branch.landed for branch in known if branch.landed and not branch.merged}
    return Overlay(tips, written, frozenset(deleted), conflicts, starts, both, landed)


def contains(repository: Path, commit: str, ancestor: str) -> bool:
    """Whether a commit is, or comes after, another; False where the other is not there at all."""
    try:
        git(repository, "merge-base", "--is-ancestor", "--end-of-options", ancestor, commit)
    except GitError:
        return False
    return True


def fork(repository: Path, main: str, branch: str, tip: str) -> str:
    """The commit at which a branch left the default branch; BookError where they have none in common."""
    try:
        return git(repository, "merge-base", "--", main, tip).decode().strip()
    except GitError as error:
        # No common commit is an exit code without a word.
        if error.stderr:
            raise
        raise BookError(
            f"{repository}: branch {branch} ({tip[:12]}) and the default branch ({main[:12]}) have "
            "nothing in common: the translation's history was rewritten. Delete the branch there (what it holds was "
            "bought and is published again), or rebase it onto the default branch if somebody worked on it"
        ) from error


def changes(repository: Path, old: str, new: str) -> dict[str, str | None]:
    """Path → id of the new blob (None: deleted), for what differs between two commits."""
    raw = git(repository, "diff-tree", "-r", "-z", "--no-renames", "--no-commit-id", "--end-of-options", old, new)
    return {shown(path): None if status == "D" else blob for _, (*_, blob, status), path, _ in raw_entries(raw)}
