"""What a book's history says of its files: when each was changed, and what it was then."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
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


def entries(raw: bytes) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """What ``git log --raw -z --format=%x00…`` printed, entry by entry: the commit's line, the fields of the change
    (modes, blobs, status; old before new), the path."""
    line, entry = "", ""
    for piece in raw.decode("utf-8", "surrogateescape").split("\0"):
        field = piece.lstrip("\n")
        if field.startswith(":"):
            entry = field
        elif entry:
            yield line, tuple(entry.removeprefix(":").split(" ")), field
            entry = ""
        elif field.strip():
            line = field.strip()


def _listed(raw: bytes, root: str) -> Mapping[str, tuple[Version, ...]]:
    """The versions in what ``git log --raw -z`` printed."""
    prefix = f"{root}/" if root else ""
    found: dict[str, list[Version]] = {}
    for line, (_, mode, _, blob, status), name in entries(raw):
        commit, _, seconds = line.partition(" ")
        path = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if path.startswith(prefix):
            gone = status == "D" or not mode.startswith("100")
            when = datetime.fromtimestamp(int(seconds), UTC)
            found.setdefault(path.removeprefix(prefix), []).append(Version(commit, when, "" if gone else blob))
    return {path: tuple(made) for path, made in sorted(found.items())}
