"""A commit as a mail: what ``git am`` takes, and ``git apply`` too."""

from __future__ import annotations

from pathlib import Path

from amts_tasks.books.repository import git


def mail_patch(repository: Path, commit: str) -> bytes:
    """The commit's message and its difference from its first parent, in the form of ``git format-patch``.

    Images are in it whole; the same commit gives the same bytes with every version of git. Raises GitError.
    """
    form = ("--stdout", "-1", "--binary", "--full-index", "--no-renames", "--no-signature", "--no-stat", "--no-color")
    return git(repository, "format-patch", *form, "--end-of-options", commit)
