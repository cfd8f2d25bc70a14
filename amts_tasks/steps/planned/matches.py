"""What the memory has that is like the texts a plan sends: the best match of each, counted by the field's bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from amts_tasks.memory import Lookup
from amts_tasks.memory.match import Band
from amts_tasks.sync import BookPlan, Wanted
from amts_tasks.sync.document.recalled import contexts
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
    around = {
        f"{document.path}#{block}.{text}": sides
        for document in plan.documents
        for (block, text), sides in contexts(document.source).items()
    }
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
