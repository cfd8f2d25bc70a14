"""The documents of a book through its history: one that was renamed is the same one, whatever its path was."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from amts_tasks.books.history import Entry, Version, entries
from amts_tasks.books.repository import git
from amts_tasks.config import DOCUMENTS

LIKENESS = "50%"
"""From which share of common lines on a deleted and an added file are one renamed file: git's own default."""
MOST_PAIRED = 1000
"""Deleted or added documents of one commit beyond which only those with the same bytes are paired: each is compared
with each."""


@dataclass(frozen=True, slots=True)
class Thread:
    """One document from its first version to its last, through its renames."""

    paths: tuple[str, ...]
    """Where it stood, in turn."""
    versions: tuple[Version, ...]
    """Oldest first. A rename that changed nothing is no version; one without a blob took the document away."""
    copied: tuple[Version, ...] = ()
    """The versions, up to then, of the document that it was copied or split from; empty for one that began anew."""

    @property
    def stands(self) -> str:
        """Where it stands at the end of the history; empty where it was deleted."""
        return self.paths[-1] if self.versions[-1].blob else ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """The documents that a history knows, by every path that they had."""

    threads: tuple[Thread, ...]
    places: Mapping[str, int] = field(default_factory=dict)
    """Of each commit, its number in the history."""
    by_path: Mapping[str, tuple[Thread, ...]] = field(init=False)
    """Several where a path was used again for another document; the last one there last."""

    def __post_init__(self) -> None:
        found: dict[str, list[Thread]] = defaultdict(list)
        for thread in self.threads:
            for path in dict.fromkeys(thread.paths):
                found[path].append(thread)

        def last(thread: Thread, path: str) -> tuple[bool, int]:
            there = (self.places.get(one.commit, 0) for one in thread.versions if one.path == path)
            return thread.stands == path, max(there, default=-1)

        ordered = {path: tuple(sorted(some, key=lambda one: last(one, path))) for path, some in found.items()}
        object.__setattr__(self, "by_path", ordered)

    def versions(self, path: str) -> tuple[Version, ...]:
        """All that a translation at this path can have been made from: the versions of the documents that ever stood
        there, before and after it and under their other paths too, oldest first."""
        every = {one: None for thread in self.by_path.get(path, ()) for one in (*thread.copied, *thread.versions)}
        made = (one for one in every if one.blob)
        return tuple(sorted(made, key=lambda one: (self.places.get(one.commit, 0), one.path)))

    def thread(self, path: str, version: Version | None = None) -> Thread | None:
        """The document that stood at a path, of several the one that has the version, else the last; None for none."""
        threads = self.by_path.get(path, ())
        having = [one for one in threads if version in one.versions]
        return next(reversed(having or threads), None)


def lineage(repository: Path, tip: str, root: str = "") -> Lineage:
    """The documents along the first parents of ``tip``, paths from ``root``. What a merge brought counts as made by it.

    Renames, copies and splits are those git finds within one commit. Raises GitError (a BookError) where a commit is
    missing.
    """
    form = "--format=%x00%H %ct"
    found = [f"-M{LIKENESS}", f"-C{LIKENESS}", f"-l{MOST_PAIRED}"]
    options = ["--first-parent", "-m", "--raw", "-z", *found, "--no-abbrev", "--reverse", form]
    prefix = f"{root}/" if root else ""
    below = re.sub(r"([\\*?\[])", r"\\\1", prefix)
    documents = [f":(glob,icase){below}{pattern}" for pattern in DOCUMENTS]
    return threaded(entries(git(repository, "log", *options, tip, "--", *documents)), prefix)


def threaded(made: Iterable[Entry], prefix: str = "") -> Lineage:
    """The documents that a history's entries, oldest first, speak of; paths without the prefix. Pure."""
    places: dict[str, int] = {}
    ended: list[Thread] = []
    standing: dict[str, Thread] = {}
    for commit, group in groupby(made, key=lambda one: one.commit):
        places[commit] = len(places)
        before = dict(standing)
        changed = [one for one in group if one.path.startswith(prefix)]
        # All that leaves its path goes first: another one may take it in the same commit.
        for one in changed:
            standing.pop((one.old if one.status == "R" else one.path).removeprefix(prefix), None)
        for one in changed:
            path, old = one.path.removeprefix(prefix), one.old.removeprefix(prefix)
            version = Version(commit, one.committed_at, one.blob, path)
            source = before.get(old if one.old else path)
            if not one.blob:
                ended += [_with(source, version)] if source is not None else []
            elif source is not None and one.status == "C":
                standing[path] = Thread((path,), (version,), (*source.copied, *source.versions))
            else:
                standing[path] = Thread((path,), (version,)) if source is None else _with(source, version)
    return Lineage((*ended, *standing.values()), places)


def _with(thread: Thread, version: Version) -> Thread:
    """The document with another version; none where only its path or its mode changed."""
    paths = thread.paths if thread.paths[-1] == version.path else (*thread.paths, version.path)
    new = () if thread.versions[-1].blob == version.blob else (version,)
    return Thread(paths, (*thread.versions, *new), thread.copied)
