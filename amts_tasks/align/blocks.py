"""Blocks of two documents → beads: what must be the same in both (labels, code, math) anchors what may not be.

One monotone dynamic program over the non-blank blocks. Blocks of a framework tab that the other document does not have
at all never enter it, so they come out as omissions and shift nothing. What is left over on both sides is looked
through for blocks that were moved (`moves`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from amts_tasks.align.beads import Bead
from amts_tasks.align.confidence import confidence
from amts_tasks.align.features import PROSE, Features, features
from amts_tasks.align.lattice import Lattice, corridor, unique_waypoints
from amts_tasks.align.meaning import Meaning, Vectors
from amts_tasks.align.moves import moved
from amts_tasks.align.prices import Price
from amts_tasks.align.quality import TEMPERATURE
from amts_tasks.text import ParsedDocument, split

if TYPE_CHECKING:
    from amts_tasks.languages import Profile

MARGIN = 10
"""Blocks a path may stray from the line between two waypoints."""
MOVED = "moved"
"""What the method of a bead begins with whose blocks stand elsewhere in the translation."""


def align_blocks(
    source: ParsedDocument,
    target: ParsedDocument,
    source_profile: Profile,
    target_profile: Profile,
    vectors: Vectors | None = None,
    *,
    moves: bool = False,
) -> tuple[Bead, ...]:
    """The beads that cover every block of both documents that is not blank once, in order; indices are the blocks'.

    With `moves` a block that stands elsewhere in the translation is one bead with its source, where that stands: then
    the targets are not in order. `score` is a cost, `quality` the confidence. Shapes 1-1, 1-0, 0-1, and among
    paragraphs, list items and quotes 2-1 and 1-2, with `vectors` of both languages up to 5-1 and 1-5. `method` is the
    strongest reason: `equal`, `label`, `code`, `math`, `anchor`, `meaning`, `order`, `omission`; `moved+` and a reason
    where the block stands elsewhere.
    """
    here, there = features(source), features(target)
    tabs = _tabs(here), _tabs(there)
    left = [item for item in here if item.tab <= tabs[1]]
    right = [item for item in there if item.tab <= tabs[0]]
    sides = (source, left, source_profile), (target, right, target_profile)
    beads = align_features(sides[0], sides[1], vectors)
    whole = _with_removed(beads, here, there)
    return tuple(whole) if moves else monotone(whole)


Side = tuple[ParsedDocument, Sequence[Features], "Profile"]
"""A document, those of its blocks that are to be aligned, in order, and its language."""


def align_features(source: Side, target: Side, vectors: Vectors | None) -> list[Bead]:
    """The beads over some blocks of two documents."""
    left, right = source[1], target[1]
    meaning = None
    if vectors is not None and left and right and vectors.knows(source[2].code, target[2].code):
        with threadpool_limits(1, "blas"):  # more threads round otherwise
            meaning = Meaning(sentences_of(*source), sentences_of(*target), vectors)
    price = Price(left, right, target[2].expected_ratio / source[2].expected_ratio, meaning)
    waypoints = unique_waypoints([item.key for item in left], [item.key for item in right])
    lattice = Lattice(len(left), len(right), price.moves, price, corridor(len(left), len(right), waypoints, MARGIN))
    path = lattice.cheapest()
    found: list[tuple[tuple[int, int], Bead]] = []
    for (i, i2, j, j2, cost), share in zip(path, lattice.shares(path, TEMPERATURE), strict=True):
        indices = tuple(item.index for item in left[i:i2]), tuple(item.index for item in right[j:j2])
        sure = confidence(price, i, i2, j, j2, share) if i < i2 and j < j2 else 0.0
        found.append(((i, j), Bead(*indices, cost, price.method(i, i2, j, j2), sure)))
    shifted = {i: (j, cost, reason) for i, j, cost, reason in moved(price, path)}
    gone = {j for j, _, _ in shifted.values()}
    beads = []
    for (i, j), bead in found:
        if not bead.target and i in shifted:
            to, cost, reason = shifted[i]
            sure = confidence(price, i, i + 1, to, to + 1, None)
            beads.append(Bead(bead.source, (right[to].index,), cost, f"{MOVED}+{reason}", sure))
        elif bead.source or j not in gone:
            beads.append(bead)
    return beads


def monotone(beads: Sequence[Bead]) -> tuple[Bead, ...]:
    """The beads with every moved one taken apart: its source omitted where it stands, its target where that stands."""
    still = [bead for bead in beads if not bead.method.startswith(MOVED)]
    whole: list[Bead] = []
    lost = sorted(index for bead in beads if bead.method.startswith(MOVED) for index in bead.target)
    cost = next((bead.score for bead in still if not bead.source or not bead.target), 0.0)
    for bead in (*beads, None):
        if bead is not None and bead.method.startswith(MOVED):
            whole += [Bead((index,), (), cost, "omission") for index in bead.source]
            continue
        while lost and (bead is None or (bead.target and lost[0] < bead.target[0])):
            whole.append(Bead((), (lost.pop(0),), cost, "omission"))
        if bead is not None:
            whole.append(bead)
    return tuple(whole)


def sentences_of(document: ParsedDocument, items: Sequence[Features], profile: Profile) -> list[list[str]]:
    """The sentences of each of these blocks, as the sentence aligner will see them; none of code and formulas."""
    found = []
    for item in items:
        texts = document.blocks[item.index].texts if item.kind in PROSE else ()
        found.append([
            piece
            for text in texts
            for start, end in split(text.source, profile)
            if (piece := text.source[start:end].strip())
        ])
    return found


def _tabs(items: Sequence[Features]) -> frozenset[str]:
    return frozenset(tab for item in items for tab in item.tab)


def _with_removed(beads: Sequence[Bead], source: Sequence[Features], target: Sequence[Features]) -> list[Bead]:
    """The beads and, each before the first bead that stands after it, the blocks that never entered the search."""
    paired = {index for bead in beads for index in bead.source}, {index for bead in beads for index in bead.target}
    missing = (
        [item.index for item in source if item.index not in paired[0]][::-1],
        [item.index for item in target if item.index not in paired[1]][::-1],
    )
    cost = next((bead.score for bead in beads if not bead.source or not bead.target), 0.0)
    whole: list[Bead] = []
    for bead in (*beads, None):
        for side, rest in enumerate(missing):
            away = bead is not None and bead.method.startswith(MOVED) and side
            own = () if bead is None or away else (bead.source, bead.target)[side]
            while rest and (bead is None or (own and rest[-1] < own[0])):
                index = (rest.pop(),)
                whole.append(Bead((), index, cost, "omission") if side else Bead(index, (), cost, "omission"))
        if bead is not None:
            whole.append(bead)
    return whole
