"""All pairs of one language pair, found again by their source text."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from amts_tasks.align.pairs import Granularity, Pair
from amts_tasks.counts import counted
from amts_tasks.errors import StorageError
from amts_tasks.text import normalise

State = Literal["human", "approved", "machine"]
VERSION = 2
"""Of the JSON Lines form; stands in its first line. Version 1 had no `service` and is still read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A pair and what it is worth."""

    pair: Pair
    state: State
    """`machine` text is remembered, so that it is not bought twice, but never learnt from."""
    origin: str
    """How the translation came about as its book declares it: `human`, `post-edited`, `machine`."""
    block_source: str
    """Normalised source of the whole block the pair stands in: its context."""
    service: str = ""
    """Key of the service that made a machine text; empty where it is not known."""

    @property
    def trusted(self) -> bool:
        """Whether it may enter parallel data and references: a human wrote it or approved it."""
        return self.state != "machine"


class Memory:
    """Entries in a fixed order (document, place, kind), equal ones once; immutable."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries: tuple[Entry, ...] = tuple(sorted(set(entries), key=_order))
        index: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            index[normalise(entry.pair.source)].append(entry)
        self._index = {key: tuple(found) for key, found in index.items()}

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def exact(self, source: str) -> tuple[Entry, ...]:
        """The entries with this source text, white space and Unicode form made alike; () where there is none."""
        return self._index.get(normalise(source), ())

    def trusted(self) -> tuple[Entry, ...]:
        """The entries one may learn from."""
        return tuple(entry for entry in self.entries if entry.trusted)

    def to_bytes(self) -> bytes:
        """JSON Lines, UTF-8: a head with version and count, then one entry a line; the same for the same entries."""
        head = {"memory": VERSION, "entries": len(self.entries)}
        lines = [head, *(_flat(entry) for entry in self.entries)]
        return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines).encode()

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "memory") -> Memory:
        """The memory of `to_bytes`; raises StorageError, naming the line, for anything else or a file cut short."""
        lines = data.decode("utf-8", "strict").split("\n") if _is_text(data) else []
        if not lines or lines[-1]:
            raise StorageError(f"{name}: not a memory or cut short; expected UTF-8 JSON Lines that end in a newline")
        try:
            head = json.loads(lines[0])
        except ValueError:
            head = None
        if not isinstance(head, dict) or head.get("memory") not in {1, VERSION}:
            raise StorageError(f'{name}:1: found {lines[0][:80]!r}; expected {{"memory": {VERSION}, "entries": …}}')
        if head.get("entries") != len(lines) - 2:
            raise StorageError(
                f"{name}: {counted(len(lines) - 2, 'entry', 'entries')}; its head says {head.get('entries')}: cut short"
            )
        return cls(_entry(line, name, number) for number, line in enumerate(lines[1:-1], start=2))


_PAIR_FIELDS = tuple(field.name for field in fields(Pair))
_OWN_FIELDS = ("state", "origin", "block_source", "service")


def _order(entry: Entry) -> tuple[Any, ...]:
    pair = entry.pair
    place = (pair.document, pair.source_start, pair.source_end, pair.kind, pair.target_start, pair.target_end)
    own = (entry.state, entry.origin, pair.score, pair.method, entry.block_source, entry.service)
    return (*place, pair.source, pair.target, *own)


def _flat(entry: Entry) -> dict[str, Any]:
    own = {name: getattr(entry, name) for name in _OWN_FIELDS}
    return {**asdict(entry.pair), **own, "score": round(entry.pair.score, 4)}


def _entry(line: str, name: str, number: int) -> Entry:
    try:
        flat = json.loads(line)
        pair = Pair(**{field: flat[field] for field in _PAIR_FIELDS})
        entry = Entry(pair, flat["state"], flat["origin"], flat["block_source"], flat.get("service", ""))
    except (ValueError, TypeError, KeyError) as error:
        raise StorageError(f"{name}:{number}: {line[:80]!r} is no entry ({error})") from None
    if entry.state not in get_args(State) or pair.kind not in get_args(Granularity):
        raise StorageError(f"{name}:{number}: found state {entry.state!r}, kind {pair.kind!r}; no such state or kind")
    return entry


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
