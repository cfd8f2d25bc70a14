"""A translation unit: one source text with one translation, where it stands, and what it is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, get_args

from amts_tasks.align.pairs import Granularity, Pair
from amts_tasks.memory.memory import Entry, State
from amts_tasks.text import normalise

RANK: dict[str, int] = {"machine": 0, "approved": 1, "human": 2}
"""The greater, the more a human vouches for the text."""

Identity = tuple[str, str, str, str]
"""(kind, document, source, target): two units with the same are the same unit."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What the memory keeps of a pair over all runs."""

    source: str
    """Inline Markdown, placeholders as they stand in the book; so is the target."""
    target: str
    state: State
    document: str = ""
    """Path of the source document; of an imported file what the file says."""
    kind: Granularity = "paragraph"
    origin: str = "human"
    """How the translation came about as its book declares it: `human`, `post-edited`, `machine`."""
    previous: str = ""
    """Source of the unit before it in its document, white space made alike: its context. Empty for the first."""
    following: str = ""
    method: str = ""
    """How the pair was found, such as `label`, `anchor`, `length`; `import` and `review` for what people brought."""
    confidence: float = 1.0
    """Quality of the pairing, 0-1, higher is better."""
    service: str = ""
    """Key of the service that made a machine text."""
    first: str = ""
    """The source revision it was first seen at, and the last; both empty for imported units."""
    last: str = ""
    standing: bool = False
    """Whether it stands in the translation as the last run saw it."""

    @property
    def trusted(self) -> bool:
        """Whether one may learn from it: a human wrote it or approved it."""
        return self.state != "machine"

    @property
    def identity(self) -> Identity:
        """What makes it this unit and no other."""
        return (self.kind, self.document, self.source, self.target)

    @property
    def entry(self) -> Entry:
        """As the entry of a run, without a place in the documents."""
        pair = Pair(self.document, 0, 0, 0, 0, self.kind, self.confidence, self.method, self.source, self.target)
        return Entry(pair, self.state, self.origin, normalise(self.source), self.service)


KEPT = ("state", "origin", "previous", "following", "method", "confidence", "service")
"""What a later sighting of a unit replaces."""
WRITTEN = tuple(field.name for field in fields(Unit) if field.name not in {"first", "last", "standing"})
_DEFAULTS = {field.name: field.default for field in fields(Unit)}


def units(entries: Iterable[Entry]) -> tuple[Unit, ...]:
    """The units of a run's entries, sorted by identity, each once: of equal ones that which a human vouches for most.

    The context is taken from the entries of the same document and kind, in the order of the source.
    """
    shelves: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        shelves[entry.pair.document, entry.pair.kind].append(entry)
    found: dict[Identity, Unit] = {}
    for shelf in shelves.values():
        shelf.sort(key=lambda entry: (entry.pair.source_start, entry.pair.source_end, entry.pair.target_start))
        texts = ["", *(normalise(entry.pair.source) for entry in shelf), ""]
        for place, entry in enumerate(shelf):
            pair = entry.pair
            unit = Unit(
                pair.source,
                pair.target,
                entry.state,
                pair.document,
                pair.kind,
                entry.origin,
                texts[place],
                texts[place + 2],
                pair.method,
                round(pair.score, 4),
                entry.service if entry.state == "machine" else "",
                standing=True,
            )
            known = found.get(unit.identity)
            if known is None or RANK[known.state] < RANK[unit.state]:
                found[unit.identity] = unit
    return tuple(found[identity] for identity in sorted(found))


def row(unit: Unit) -> dict[str, Any]:
    """The unit for JSON: what has its default is left out."""
    flat = {name: getattr(unit, name) for name in WRITTEN}
    return {name: value for name, value in flat.items() if value != _DEFAULTS[name]}


def of_row(flat: dict[str, Any]) -> Unit:
    """The unit of `row`; raises TypeError or ValueError for anything else."""
    unit = Unit(**{name: value for name, value in flat.items() if name in WRITTEN})
    if unit.state not in get_args(State) or unit.kind not in get_args(Granularity):
        raise ValueError(f"state {unit.state!r}, kind {unit.kind!r}: no such state or kind")
    if not isinstance(unit.source, str) or not isinstance(unit.target, str):
        raise TypeError("source and target are texts")
    return unit


def same(one: Unit, other: Unit) -> bool:
    """Whether nothing that is kept of a unit differs."""
    return all(getattr(one, name) == getattr(other, name) for name in KEPT)


__all__ = ["KEPT", "RANK", "Identity", "Unit", "of_row", "row", "same", "units"]
