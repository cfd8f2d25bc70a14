"""Commits by which somebody says that they have read a translation: those with a ``Reviewed-by:`` trailer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from amts_tasks.books.repository import blobs, git

_NOTHING = "0" * 40


@dataclass(frozen=True, slots=True)
class ReviewedFile:
    """A file that such a commit changed."""

    commit: str
    by: str
    """`Name <mail>`, as the trailer says; several names are joined by a comma."""
    path: str
    """From the repository's root."""
    old: bytes
    """Before the commit (its first parent); empty where it was not there."""
    new: bytes


def reviewed(repository: Path, tips: tuple[str, ...], suffix: str = ".md") -> Iterator[ReviewedFile]:
    """The files of all commits with the trailer that the tips hold, the oldest commit first.

    What a merge commit changed is what its first parent did not have: a trailer on it speaks for the whole branch.
    """
    form = "--format=%H %P%x00%(trailers:key=Reviewed-by,valueonly,separator=%x2C%x20)%x00"
    raw = git(repository, "log", "-z", "--reverse", "--topo-order", form, "--end-of-options", *tips).decode(
        "utf-8", "replace"
    )
    fields = raw.split("\0")
    for ids, by in zip(fields[0::3], fields[1::3], strict=False):
        if not by.strip():
            continue
        commit, *parents = ids.split()
        for path, old, new in changed(repository, commit, parents):
            if path.endswith(suffix):
                contents = blobs(repository, [blob for blob in (old, new) if blob != _NOTHING])
                yield ReviewedFile(commit, by.strip(), path, contents.get(old, b""), contents[new])


def changed(repository: Path, commit: str, parents: list[str]) -> Iterator[tuple[str, str, str]]:
    """Path, old and new blob of the files that a commit added or changed; a merge is compared with its first parent."""
    against = [parents[0]] if parents else ["--root"]
    options = ["-r", "-z", "--no-renames", "--no-commit-id", "--diff-filter=AM"]
    raw = git(repository, "diff-tree", *options, *against, commit)
    fields = raw.split(b"\0")
    for entry, path in zip(fields[0:-1:2], fields[1::2], strict=True):
        _, _, old, new, _ = entry.decode().split(" ")
        yield path.decode("utf-8", "replace"), old, new
