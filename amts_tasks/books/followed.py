"""Whether a revision that was read once is still in what is followed: it is not where history was rewritten."""

from __future__ import annotations

from pathlib import Path

from amts_tasks.books.branches import OURS, contains
from amts_tasks.books.mirror import mirror_path
from amts_tasks.books.repository import GitError, commit_id, git
from amts_tasks.config import Follow, Place


def is_followed(place: Place, cache: Path, revision: str, follow: Follow) -> bool:
    """Whether the branch that is followed holds a commit, as the mirror was last fetched; true of a folder.

    Releases need not descend from one another: where tags are followed it is enough that a tag, or any branch that is
    not ours, holds the commit.
    """
    if place.kind != "git":
        return True
    mirror = mirror_path(place.location, cache)
    if commit_id(mirror, revision) is None:
        return False
    if follow.kind == "branch":
        tip = commit_id(mirror, "HEAD" if follow.name == "HEAD" else f"refs/heads/{follow.name}")
        return tip is not None and contains(mirror, tip, revision)
    listed = git(mirror, "for-each-ref", "--format=%(refname)", f"--contains={revision}", "refs/heads", "refs/tags")
    return any(not ref.startswith(f"refs/heads/{OURS}") for ref in listed.decode().splitlines())


def fork_of(repository: Path, one: str, other: str) -> str | None:
    """The last commit that two commits share; None where there is none, or one of them is not there."""
    if commit_id(repository, one) is None or commit_id(repository, other) is None:
        return None
    try:
        return git(repository, "merge-base", "--", one, other).decode().strip()
    except GitError as error:
        # No common commit is an exit code without a word.
        if error.stderr:
            raise
        return None
