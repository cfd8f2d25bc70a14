"""Beads: the smallest groups of two sequences that belong together, and their exchange form `[0]:[0, 1]:cost`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from amts_tasks.errors import AlignmentError

_LINE = re.compile(r"\[([\d, ]*)\]:\[([\d, ]*)\](?::([^:]*))?\s*")


@dataclass(frozen=True, slots=True)
class Bead:
    """Items of the source and items of the target that translate each other; one side may be empty."""

    source: tuple[int, ...]
    """Ascending 0-based indices into the source sequence."""
    target: tuple[int, ...]
    """Ascending 0-based indices into the target sequence."""
    score: float = 0.0
    """Cost, lower is better: a negative log-probability up to a constant."""
    method: str = ""
    """What decided, such as `equal`, `label`, `meaning`, `anchor`, `words`, `length`, `omission`."""
    quality: float = 0.0
    """0–1, higher is better: roughly the probability that just these items belong together; 0 for an omission."""

    @property
    def kind(self) -> str:
        """The shape, as `1-2`."""
        return f"{len(self.source)}-{len(self.target)}"


def write_beads(beads: Iterable[Bead]) -> str:
    """One bead a line, as vecalign writes them: `[0]:[0, 1]:cost`, an omission `[3]:[]:cost`; six decimals."""
    return "".join(f"{list(bead.source)}:{list(bead.target)}:{round(bead.score, 6) + 0.0:.6f}\n" for bead in beads)


def read_beads(text: str, name: str = "beads") -> tuple[Bead, ...]:
    """The beads of `write_beads`' form; the cost may be missing (gold files). Empty lines are passed over.

    Raises AlignmentError, naming `name` and the line, for a line of another form.
    """
    beads = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line)
        try:
            if found is None:
                raise ValueError(line)
            source, target = (
                tuple(int(part) for part in side.split(",") if part.strip()) for side in found.group(1, 2)
            )
            cost = float(found.group(3)) if (found.group(3) or "").strip() else 0.0
        except ValueError:
            raise AlignmentError(
                f"{name}:{number}: found {line[:80]!r}; expected a bead such as [0]:[0, 1]:0.5 or [3]:[]"
            ) from None
        beads.append(Bead(source, target, cost, "read"))
    return tuple(beads)
