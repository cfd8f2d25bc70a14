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
    path: str
    """Where it stood then, from the book's root."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one commit did to one file."""

    commit: str
    committed_at: datetime
    status: str
    """git's letter: A(dded), M(odified), D(eleted), T(ype changed), R(enamed) or C(opied)."""
    blob: str
    """Id of the contents it left; empty where it left no plain file."""
    path: str
    """From the repository's root."""
    old: str = ""
    """Of a rename or copy: where it came from."""


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
    """The versions in what ``git log --raw -z`` printed without renames."""
    prefix = f"{root}/" if root else ""
    found: dict[str, list[Version]] = {}
    for one in entries(raw):
        if one.path.startswith(prefix):
            path = one.path.removeprefix(prefix)
            found.setdefault(path, []).append(Version(one.commit, one.committed_at, one.blob, path))
    return {path: tuple(made) for path, made in sorted(found.items())}


def entries(raw: bytes) -> Iterator[Entry]:
    """What ``git log --raw -z --no-abbrev --format=%x00%H %ct`` printed, in its order."""
    for line, (_, mode, _, blob, status), path, old in raw_entries(raw):
        commit, _, seconds = line.partition(" ")
        plain = status != "D" and mode.startswith("100")
        when = datetime.fromtimestamp(int(seconds), UTC)
        yield Entry(commit, when, status[0], blob if plain else "", shown(path), shown(old))


def raw_entries(raw: bytes) -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    """What ``git log --raw -z --format=%x00…`` printed, entry by entry: the commit's line, the fields of the change
    (modes, blobs, status; old before new), the path, and of a rename or copy where it came from. Bytes of paths that
    are not UTF-8 are surrogates."""
    line = ""
    pieces = iter(raw.decode("utf-8", "surrogateescape").split("\0"))
    for piece in pieces:
        field = piece.lstrip("\n")
        if field.startswith(":"):
            fields = tuple(field.removeprefix(":").split(" "))
            # Of a rename both paths follow, the old one first.
            old = next(pieces) if fields[-1][0] in "RC" else ""
            yield line, fields, next(pieces), old
        elif field.strip():
            line = field.strip()


def shown(path: str) -> str:
    """A path of `raw_entries` as text; what is not UTF-8 in it is replaced."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
