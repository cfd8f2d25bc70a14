"""What a book's history says of its files: when each was changed, and what it was then."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from amts_tasks.books.repository import git


@dataclass(frozen=True, slots=True)
class Version:
    """A file as one commit made it."""

    commit: str
    committed_at: datetime
    """The committer's date, in UTC."""
    blob: str
    """Id of its contents; empty where the commit took it away."""


def versions(repository: Path, tip: str, root: str = "") -> Mapping[str, tuple[Version, ...]]:
    """The versions of every file along the first parents of ``tip``, by path below ``root``, oldest first.

    What a merge brought in counts as made by the merge. Raises GitError (a BookError) where a commit is missing.
    """
    form = "--format=%x00%H %ct"
    options = ["--first-parent", "-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--reverse", form]
    raw = git(repository, "--literal-pathspecs", "log", *options, tip, "--", *([root] if root else []))
    return _listed(raw, root)


def all_versions(
    repository: Path, tips: Sequence[str], paths: Collection[str], root: str = ""
) -> Mapping[str, tuple[Version, ...]]:
    """The versions of some files in all commits that lead to the tips, on whatever branch they were made, by path below
    ``root``. What a merge made of them counts as its own too."""
    if not tips or not paths:
        return {}
    form = "--format=%x00%H %ct"
    options = ["--full-history", "-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--reverse", form]
    prefix = f"{root}/" if root else ""
    whole = [prefix + path for path in sorted(paths)]
    return _listed(git(repository, "--literal-pathspecs", "log", *options, *tips, "--", *whole), root)


def _listed(raw: bytes, root: str) -> Mapping[str, tuple[Version, ...]]:
    """The versions in what ``git log --raw -z`` printed."""
    prefix = f"{root}/" if root else ""
    found: dict[str, list[Version]] = {}
    commit, when, entry = "", datetime.fromtimestamp(0, UTC), ""
    for piece in raw.decode("utf-8", "replace").split("\0"):
        field = piece.lstrip("\n")
        if field.startswith(":"):
            entry = field
        elif entry:
            path, (_, mode, _, blob, status) = field, entry.split(" ")
            entry = ""
            if path.startswith(prefix):
                gone = status == "D" or not mode.startswith("100")
                found.setdefault(path.removeprefix(prefix), []).append(Version(commit, when, "" if gone else blob))
        elif field.strip():
            commit, _, seconds = field.strip().partition(" ")
            when = datetime.fromtimestamp(int(seconds), UTC)
    return {path: tuple(made) for path, made in sorted(found.items())}
