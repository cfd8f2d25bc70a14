"""Commits as mails: what ``git am`` takes, and ``git apply`` too."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from amts_tasks.books.branches import tree_of, write_commit
from amts_tasks.books.repository import git

_FORM = ("--stdout", "--binary", "--full-index", "--no-renames", "--no-signature", "--no-stat", "--no-color")


def mail_patch(repository: Path, commit: str) -> bytes:
    """The commit's message and its difference from its first parent, in the form of ``git format-patch``.

    Images are in it whole; the same commit gives the same bytes with every version of git. Raises GitError.
    """
    return git(repository, "format-patch", "-1", *_FORM, "--end-of-options", commit)


def mail_series(repository: Path, main: str, tip: str) -> bytes:
    """All that ``tip`` has and ``main`` has not, for ``git am`` on the commit where the two part, oldest mail first.

    A mail a commit, whoever made it. A history with merges in it is no series: then it is one mail, with the message,
    author and date of the tip. Raises GitError.
    """
    fork = git(repository, "merge-base", "--end-of-options", main, tip).decode().strip()
    if not git(repository, "rev-list", "--merges", "--end-of-options", tip, f"^{fork}").strip():
        return git(repository, "format-patch", "--no-numbered", *_FORM, "--end-of-options", f"{fork}..{tip}")
    shown = git(repository, "show", "-s", "--format=%an%x00%ae%x00%aI%x00%B", "--end-of-options", tip)
    name, mail, date, message = shown.decode("utf-8", "replace").split("\0", 3)
    author, when = (name, mail), datetime.fromisoformat(date)
    made = write_commit(repository, tree_of(repository, tip), (fork,), message.strip() + "\n", author, when)
    return mail_patch(repository, made)
