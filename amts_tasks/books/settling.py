"""Commits newer than the revision that counts, and when they will count: what waits to settle, or for a tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from amts_tasks.books.history import entries
from amts_tasks.books.repository import git


@dataclass(frozen=True, slots=True)
class Young:
    """A commit that does not count yet."""

    commit: str
    committed_at: datetime
    """The committer's date, in UTC."""
    until: datetime | None
    """When it counts at the latest, in UTC; None where it waits for a tag that nobody has made yet."""
    files: tuple[str, ...]
    """The paths that it changed, from the book's root; of a merge, what it brought."""


def settling(candidates: Sequence[tuple[str, float]], chosen: str, before: float, days: float) -> dict[str, datetime]:
    """Of candidates, newest first with their dates, those of before an instant that are too young, and when each will
    be old enough, newest first; none where the chosen one is not among them."""
    found: dict[str, datetime] = {}
    for commit, date in candidates:
        if commit == chosen:
            return found
        if date < before:
            found[commit] = datetime.fromtimestamp(date, UTC) + timedelta(days=days)
    return {}


def young(
    repository: Path, chosen: str, tips: Sequence[str], counts: Mapping[str, datetime], root: str = ""
) -> tuple[Young, ...]:
    """The commits that lead from the revision that counts to the tips by first parents, oldest first.

    `counts` says when some of them will count: then all before them do too.
    """
    prefix = f"{root}/" if root else ""
    found: dict[str, Young] = {}
    for tip in tips:
        if tip in found:
            continue
        span = ("--first-parent", f"{chosen}..{tip}", "--")
        form = ("-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--format=%x00%H %ct")
        paths: dict[str, list[str]] = {}
        for one in entries(git(repository, "log", *form, *span)):
            if one.path.startswith(prefix):
                paths.setdefault(one.commit, []).append(one.path.removeprefix(prefix))
        until: datetime | None = None
        for line in git(repository, "rev-list", "--timestamp", *span).decode().splitlines():
            seconds, commit = line.split()
            known = found[commit].until if commit in found else None
            until = min((when for when in (until, known, counts.get(commit)) if when is not None), default=None)
            at = datetime.fromtimestamp(int(seconds), UTC)
            found[commit] = Young(commit, at, until, tuple(sorted(paths.get(commit, ()))))
    oldest_first = tuple(reversed(found.values()))
    return tuple(sorted(oldest_first, key=lambda one: one.committed_at))
