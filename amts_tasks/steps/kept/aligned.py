"""The beads of documents, kept from one run to the next: what did not change on either side is not aligned again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from amts_tasks import align, lexicon, names, text
from amts_tasks.align import Bead, Vectors
from amts_tasks.steps.run import Run


def as_row(bead: Bead) -> list[Any]:
    """The bead for JSON."""
    return [list(bead.source), list(bead.target), bead.score, bead.method, bead.quality]


def of_row(row: list[Any]) -> Bead:
    """The bead of `as_row`."""
    return Bead(tuple(row[0]), tuple(row[1]), *row[2:])


class Aligned:
    """The beads that the last run found, by what they follow from: both texts, both profiles, encoder and aligner."""

    def __init__(self, run: Run, vectors: Vectors | None) -> None:
        self._run, self._key = run, f"{run.home}aligned.jsonl.gz"
        self._about = [repr(run.source), repr(run.target), vectors.encoder.name if vectors else "", _aligner()]
        found = run.storage.find(self._key)
        rows = run.storage.get_rows(self._key) if found is not None else ()
        self._known: dict[str, list[Any]] = {row["key"]: row["beads"] for row in rows}
        self._used: dict[str, list[Any]] = {}

    def beads(self, base: str, target: str, path: str, find: Callable[[], tuple[Bead, ...]]) -> tuple[Bead, ...]:
        """The beads between two texts of a document: as they were found before, else found now."""
        key = names.digest([path, base, target, *self._about])
        known = self._known.get(key)
        if known is None:
            found = find()
            self._used[key] = [as_row(bead) for bead in found]
            return found
        self._used[key] = known
        return tuple(of_row(row) for row in known)

    def keep(self) -> int:
        """Keeps the beads of this run for the next one; how many documents were aligned anew."""
        new = self._used.keys() - self._known.keys()
        if new:
            rows = [{"key": key, "beads": beads} for key, beads in sorted(self._used.items())]
            self._run.storage.put_rows(self._key, rows)
        return len(new)


@cache
def _aligner() -> str:
    """A digest of the code that aligns: after an update of AMTS everything is aligned anew."""
    made = hashlib.sha256()
    for package in (align, lexicon, text):
        for place in package.__path__:
            for file in sorted(Path(place).rglob("*")):
                if file.suffix in {".py", ".json"}:
                    made.update(file.read_bytes())
    return made.hexdigest()
