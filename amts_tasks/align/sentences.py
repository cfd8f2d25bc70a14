"""Sentences of two texts → beads: lengths (Gale and Church 1993) and anchors, by a monotone dynamic program.

Long texts are gone through three times, since their own beads teach which words come together (`company`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from amts_tasks.align.anchors import Evidence, evidence, protected, tokens
from amts_tasks.align.beads import Bead
from amts_tasks.align.company import companions, joined, words
from amts_tasks.align.lattice import Lattice, Move, corridor, unique_waypoints
from amts_tasks.align.length import LengthModel, fitted, size
from amts_tasks.align.quality import TEMPERATURE, quality

if TYPE_CHECKING:
    from amts_tasks.languages import Profile

PRIOR: dict[Move, float] = {
    (1, 1): 0.8, (1, 0): 0.11, (0, 1): 0.11, (2, 1): 0.036, (1, 2): 0.036, (2, 2): 0.0025, (3, 1): 0.007, (1, 3): 0.007
}  # fmt: skip
"""Weight of the beads' shapes, tuned on the development sets; order is preference among equal costs."""
ROUGH = ((1, 1), (1, 0), (0, 1), (2, 1), (1, 2))
"""The shapes of the first passes, which only find out roughly where what stands and which words come together."""
NEAR = 12
"""Sentences a pass may stray from the one before it."""
OMISSION = 4.0
"""What leaving a sentence out costs beside its prior: a bad pair must be this bad to be torn."""
LEARN_FROM = 40
"""Sentences on either side from which on further passes learn words from the first; a paragraph teaches nothing."""
OMITTED = OMISSION - math.log(PRIOR[1, 0])
"""The whole cost of a sentence left out."""


def align_sentences(
    source: Sequence[str], target: Sequence[str], source_profile: Profile, target_profile: Profile
) -> tuple[Bead, ...]:
    """The beads that cover both sequences of sentences once each, in order; `score` is a cost.

    Shapes 1-1, 1-0, 0-1, 2-1, 1-2, 2-2, 3-1, 1-3. An empty side gives omissions only. Lengths are in characters, not
    bytes, since a Chinese character and a Latin letter do not differ threefold in what they say. Time is near linear.
    """
    n, m = len(source), len(target)
    if not n or not m:
        return (
            *(Bead((i,), (), OMITTED, "omission") for i in range(n)),
            *(Bead((), (j,), OMITTED, "omission") for j in range(m)),
        )
    here, there = ([size(protected(text)[1]) for text in side] for side in (source, target))
    model = fitted(here, there, target_profile.expected_ratio / source_profile.expected_ratio)
    left, right = [tokens(text) for text in source], [tokens(text) for text in target]
    shared = evidence(left, right)
    price = _Price(shared, model, here, there)
    if min(n, m) < LEARN_FROM:
        lattice = Lattice(n, m, tuple(PRIOR), price, corridor(n, m, ()))
        path = lattice.cheapest()
    else:
        rows = corridor(n, m, unique_waypoints(_keys(shared.source), _keys(shared.target)))
        path = Lattice(n, m, ROUGH, price, rows).cheapest()
        vocabulary = [words(text) for text in source], [words(text) for text in target]
        for moves in (ROUGH, tuple(PRIOR)):
            known = companions(path, *vocabulary)
            shared = evidence(*(joined(*sides) for sides in zip((left, right), known, strict=True)))
            price = _Price(shared, model, here, there)
            lattice = Lattice(n, m, moves, price, corridor(n, m, [(i, j) for i, _, j, _, _ in path], NEAR))
            path = lattice.cheapest()
    beads = []
    for (i, i2, j, j2, cost), share in zip(path, lattice.shares(path, TEMPERATURE), strict=True):
        sure = quality(share) if i < i2 and j < j2 else 0.0
        beads.append(Bead(tuple(range(i, i2)), tuple(range(j, j2)), cost, price.method(i, i2, j, j2), sure))
    return tuple(beads)


def _keys(items: Sequence[frozenset[str]]) -> list[frozenset[str] | None]:
    """What finds a sentence again; a single anchor is too little."""
    return [item if len(item) > 1 else None for item in items]


class _Price:
    """The cost of a bead of these two texts."""

    def __init__(
        self,
        shared: Evidence,
        model: LengthModel,
        source: Sequence[int],
        target: Sequence[int],
    ) -> None:
        self.shared = shared
        self.model = model
        self.source = _sums(source)
        self.target = _sums(target)
        self.sets: dict[tuple[bool, int, int], frozenset[str]] = {}
        self.prior = {shape: -math.log(share) for shape, share in PRIOR.items()}

    def __call__(self, i: int, i2: int, j: int, j2: int) -> float:
        prior = self.prior[i2 - i, j2 - j]
        if i == i2 or j == j2:
            return prior + OMISSION
        length = self.model.cost(self.source[i2] - self.source[i], self.target[j2] - self.target[j])
        return prior + length - self.gain(i, i2, j, j2)

    def gain(self, i: int, i2: int, j: int, j2: int) -> float:
        return self.shared.gain(self.union(False, i, i2), self.union(True, j, j2))

    def union(self, target: bool, start: int, end: int) -> frozenset[str]:
        items = self.shared.target if target else self.shared.source
        if end - start == 1:
            return items[start]
        found = self.sets.get((target, start, end))
        if found is None:
            found = self.sets[target, start, end] = frozenset[str]().union(*items[start:end])
        return found

    def method(self, i: int, i2: int, j: int, j2: int) -> str:
        if i == i2 or j == j2:
            return "omission"
        return "anchor" if self.gain(i, i2, j, j2) > 0 else "length"


def _sums(lengths: Sequence[int]) -> list[int]:
    sums = [0]
    for length in lengths:
        sums.append(sums[-1] + length)
    return sums
