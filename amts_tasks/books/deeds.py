"""The commits of a translation's repository since AMTS first wrote to it: ours, and everybody's since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from amts_tasks.books.repository import blobs, git
from amts_tasks.books.trailers import changed

_SERVICE = re.compile(r"(?m)^[ *]*Translation-service: (\S.*)$")
_SOURCE = re.compile(r"(?m)^[ *]*Source-revision: ([0-9a-f]{7,64})$")
_REVIEWED = re.compile(r"(?m)^Reviewed-by: (\S.*)$")
_NOTHING = "0" * 40


@dataclass(frozen=True, slots=True)
class Deed:
    """What one commit made of some files."""

    commit: str
    when: datetime
    """The committer's date, in UTC."""
    service: str
    """What the commit's message names as the service of its texts; empty for a commit that is none of AMTS's."""
    source: str
    """The source revision that the message names; empty where it names none."""
    reviewed_by: str
    """Whom a `Reviewed-by:` trailer names; empty for nobody."""
    files: tuple[tuple[str, bytes, bytes], ...]
    """Path from the repository's root, contents before (at the first parent; empty where not there) and after."""

    @property
    def ours(self) -> bool:
        """Whether AMTS made it, or somebody took it over with AMTS's message, as a squashed merge does."""
        return bool(self.service)


@dataclass(frozen=True, slots=True)
class Deeds:
    """The commits from AMTS's first on, and what stood before it."""

    start: str
    """The commit that AMTS's first one was made on: the translation at first contact. Empty where there is none."""
    made: tuple[Deed, ...]
    """In order, parents first; empty where no commit is AMTS's."""


def deeds(repository: Path, tips: Sequence[str], suffixes: tuple[str, ...] = (".md", ".ipynb", ".html")) -> Deeds:
    """The commits that lead to the tips, from the first of AMTS's on. Raises GitError where history is missing."""
    # By date: a squashed merge has not the commits of the branch for parents, and comes after them all the same.
    raw = git(
        repository, "log", "-z", "--reverse", "--date-order", "--format=%H %ct %P%n%B", "--end-of-options", *tips
    ).decode("utf-8", "replace")
    heads = [head for head in raw.split("\0") if head.strip()]
    first = next((number for number, head in enumerate(heads) if _SERVICE.search(head)), None)
    if first is None:
        return Deeds("", ())
    _, _, *parents = heads[first].partition("\n")[0].split()
    start = parents[0] if parents else ""
    before = set(git(repository, "rev-list", "--end-of-options", start).decode().split()) if start else set()
    found = []
    for head in heads:
        facts, _, message = head.partition("\n")
        commit, seconds, *parents = facts.split()
        if commit in before:
            continue
        pairs = [one for one in changed(repository, commit, parents) if one[0].endswith(suffixes)]
        raws = blobs(repository, [blob for _, *both in pairs for blob in both if blob != _NOTHING])
        service, source, reviewed = (pattern.search(message) for pattern in (_SERVICE, _SOURCE, _REVIEWED))
        found.append(
            Deed(
                commit,
                datetime.fromtimestamp(int(seconds), UTC),
                service[1].strip() if service else "",
                source[1] if source else "",
                reviewed[1].strip() if reviewed else "",
                tuple((path, raws.get(old, b""), raws[new]) for path, old, new in pairs),
            )
        )
    return Deeds(start, tuple(found))
