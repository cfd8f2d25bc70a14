"""What the memory has that is like the texts a plan sends: the best match of each, counted by the field's bands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from amts_tasks.memory import Lookup
from amts_tasks.memory.match import Band
from amts_tasks.sync import BookPlan, DocumentPlan, Wanted
from amts_tasks.sync.told.table import columns

BANDS: tuple[str, ...] = get_args(Band)
COMPARED = 2_000
"""Texts that are compared with nearly equal ones, the longest first; of the rest only equal ones are looked for."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The best match of a text that is sent."""

    text: Wanted
    band: Band
    score: int
    """0-101; 0 where nothing is like it."""


def best_matches(plan: BookPlan, look: Lookup) -> tuple[Matched, ...]:
    """The best match of each text that is sent, in the plan's order. A sentence by itself has no context."""
    longest = sorted(plan.wanted, key=lambda one: (-one.characters, one.id))[:COMPARED]
    compared = {one.id for one in longest}
    around = {name: sides for document in plan.documents for name, sides in _contexts(document)}
    found = []
    for one in plan.wanted:
        sides = around.get(one.id, (None, None))
        best = (
            look.best(one.source, *sides, limit=1)
            if one.id in compared
            else (*look.exact(one.source, *sides), *look.masked(one.source))[:1]
        )
        found.append(Matched(one, best[0].band, best[0].score) if best else Matched(one, "new", 0))
    return tuple(found)


def as_rows(found: Sequence[Matched]) -> dict[str, Any]:
    """For `amts plan --json`: `bands` (texts and characters by band) and `matches` (one a text that is sent)."""
    return {
        "bands": {
            name: {"texts": len(some), "characters": sum(one.text.characters for one in some)}
            for name in BANDS
            for some in [[one for one in found if one.band == name]]
        },
        "matches": [
            {"id": one.text.id, "characters": one.text.characters, "band": one.band, "score": one.score}
            for one in found
        ],
    }


def as_table(found: Sequence[Matched]) -> str:
    """For a terminal; empty when nothing is sent."""
    if not found:
        return ""
    bands = as_rows(found)["bands"]
    rows: list[list[object]] = [
        ["", *BANDS],
        ["texts", *(bands[name]["texts"] for name in BANDS)],
        ["characters", *(bands[name]["characters"] for name in BANDS)],
    ]
    return "\nwhat is sent, by its best match in the memory\n" + columns(rows)


def _contexts(document: DocumentPlan) -> Iterator[tuple[str, tuple[str, str]]]:
    """The sources of the texts around each whole text of a document, by id; empty at its ends."""
    texts = [(block.index, text.index, text.source) for block in document.source.blocks for text in block.texts]
    sources = ["", *(source for *_, source in texts), ""]
    for number, (block, text, _) in enumerate(texts):
        yield f"{document.path}#{block}.{text}", (sources[number], sources[number + 2])
