"""Blocks of two documents → beads: what must be the same in both (labels, code, math) anchors what may not be.

One monotone dynamic program over the non-blank blocks. Blocks of a framework tab that the other document does not have
at all never enter it, so they come out as omissions and shift nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from amts_tasks.align.anchors import Evidence, evidence
from amts_tasks.align.beads import Bead
from amts_tasks.align.features import PROSE, Features, features
from amts_tasks.align.lattice import Lattice, corridor, unique_waypoints
from amts_tasks.align.length import LengthModel, fitted
from amts_tasks.align.quality import TEMPERATURE, quality
from amts_tasks.text import Kind, ParsedDocument

if TYPE_CHECKING:
    from amts_tasks.languages import Profile

PRIOR = {(1, 1): 0.95, (1, 0): 0.02, (0, 1): 0.02, (2, 1): 0.004, (1, 2): 0.004}
"""Share of the beads' shapes; order is preference among equal costs."""
OMISSION = 3.0
"""What leaving a block out costs beside its prior."""
OMITTED = OMISSION - math.log(PRIOR[1, 0])
"""The whole cost of a block left out."""
STRONGEST = 14.0
"""No anchors of one bead gain more: a long code cell is one piece of evidence, not thirty."""
WEAKEST = 5.0
"""No differing anchors of one bead cost more: translators change code and formulas too."""
OTHER_KIND = 3.0
"""A list item for a paragraph, for one."""
OTHER_LEVEL = 2.5
OTHER_TAB = 6.0
MARGIN = 10
_MERGED = frozenset((Kind.paragraph, Kind.list_item, Kind.quote))
"""Kinds of which two may be one in the translation."""


def align_blocks(
    source: ParsedDocument, target: ParsedDocument, source_profile: Profile, target_profile: Profile
) -> tuple[Bead, ...]:
    """The beads that cover every block of both documents that is not blank once, in order; indices are the blocks'.

    Shapes 1-1, 1-0, 0-1, and among paragraphs, list items and quotes 2-1 and 1-2; `score` is a cost. `method` is the
    strongest reason: `equal`, `label`, `code`, `math`, `anchor`, `order`, or `omission`.
    """
    here, there = features(source), features(target)
    tabs = _tabs(here), _tabs(there)
    left = [item for item in here if item.tab <= tabs[1]]
    right = [item for item in there if item.tab <= tabs[0]]
    price = _Price(left, right, target_profile.expected_ratio / source_profile.expected_ratio)
    waypoints = unique_waypoints([item.key for item in left], [item.key for item in right])
    rows = corridor(len(left), len(right), waypoints, MARGIN)
    lattice = Lattice(len(left), len(right), tuple(PRIOR), price, rows)
    path = lattice.cheapest()
    beads = []
    for (i, i2, j, j2, cost), share in zip(path, lattice.shares(path, TEMPERATURE), strict=True):
        indices = tuple(item.index for item in left[i:i2]), tuple(item.index for item in right[j:j2])
        sure = quality(share) if i < i2 and j < j2 else 0.0
        beads.append(Bead(*indices, cost, price.method(i, i2, j, j2), sure))
    return tuple(_with_removed(beads, here, there))


def _tabs(items: Sequence[Features]) -> frozenset[str]:
    return frozenset(tab for item in items for tab in item.tab)


def _with_removed(beads: Sequence[Bead], source: Sequence[Features], target: Sequence[Features]) -> list[Bead]:
    """The beads and, each before the first bead that stands after it, the blocks that never entered the search."""
    paired = {index for bead in beads for index in bead.source}, {index for bead in beads for index in bead.target}
    missing = (
        [item.index for item in source if item.index not in paired[0]][::-1],
        [item.index for item in target if item.index not in paired[1]][::-1],
    )
    whole: list[Bead] = []
    for bead in (*beads, None):
        for side, rest in enumerate(missing):
            own = () if bead is None else (bead.source, bead.target)[side]
            while rest and (bead is None or (own and rest[-1] < own[0])):
                index = (rest.pop(),)
                whole.append(Bead((), index, OMITTED, "omission") if side else Bead(index, (), OMITTED, "omission"))
        if bead is not None:
            whole.append(bead)
    return whole


class _Price:
    """The cost of a bead of these blocks."""

    def __init__(self, source: Sequence[Features], target: Sequence[Features], expected: float) -> None:
        self.source = source
        self.target = target
        self.shared: Evidence = evidence([item.tokens for item in source], [item.tokens for item in target])
        lengths = [[item.size for item in side if item.kind in PROSE] for side in (source, target)]
        self.model: LengthModel = fitted(lengths[0], lengths[1], expected)
        self.merges = _merges(source), _merges(target)
        self.prior = {shape: -math.log(share) for shape, share in PRIOR.items()}

    def __call__(self, i: int, i2: int, j: int, j2: int) -> float | None:
        if i == i2 or j == j2:
            return OMITTED
        if i2 - i == 1 and j2 - j == 1:
            return self._single(self.source[i], self.target[j], i, j)
        one, other = self.source[i], self.target[j]
        if not (self.merges[0][i] >= i2 and self.merges[1][j] >= j2) or one.tab != other.tab:
            return None
        kinds = OTHER_KIND if one.kind != other.kind else 0.0
        sizes = (sum(item.size for item in self.source[i:i2]), sum(item.size for item in self.target[j:j2]))
        length = self.model.cost(*sizes)
        return self.prior[i2 - i, j2 - j] + kinds + length - self.gain(i, i2, j, j2)

    def _single(self, one: Features, other: Features, i: int, j: int) -> float | None:
        cost = self.prior[1, 1]
        if one.kind != other.kind:
            if one.kind not in PROSE or other.kind not in PROSE or Kind.table_row in {one.kind, other.kind}:
                return None
            cost += OTHER_KIND
            if Kind.heading in {one.kind, other.kind}:
                cost += OTHER_KIND
        elif one.level != other.level and one.kind == Kind.heading:
            cost += OTHER_LEVEL
        if one.tab != other.tab:
            cost += OTHER_TAB if one.tab.isdisjoint(other.tab) else 1.0
        if one.kind in PROSE:
            cost += self.model.cost(one.size, other.size)
        return cost - (STRONGEST if one.text == other.text else self.gain(i, i + 1, j, j + 1))

    def gain(self, i: int, i2: int, j: int, j2: int) -> float:
        """What the anchors of these blocks are worth, between -WEAKEST and STRONGEST."""
        left, right = self.shared.source[i], self.shared.target[j]
        if i2 - i > 1:
            left = left.union(*self.shared.source[i + 1 : i2])
        if j2 - j > 1:
            right = right.union(*self.shared.target[j + 1 : j2])
        return max(-WEAKEST, min(STRONGEST, self.shared.gain(left, right)))

    def method(self, i: int, i2: int, j: int, j2: int) -> str:
        if i == i2 or j == j2:
            return "omission"
        one, other = self.source[i], self.target[j]
        if one.text == other.text:
            return "equal"
        if not one.labels.isdisjoint(other.labels):
            return "label"
        if one.key is not None and one.key == other.key and one.kind in {Kind.code, Kind.math}:
            return str(one.kind.value)
        return "anchor" if self.gain(i, i2, j, j2) > 0 else "order"


def _merges(items: Sequence[Features]) -> list[int]:
    """For each block the end of the run that may stand for one block: next to each other, of one kind, in one tab."""
    ends: list[int] = []
    for index in range(len(items) - 1, -1, -1):
        item, after = items[index], items[index + 1] if index + 1 < len(items) else None
        alone = item.kind not in _MERGED
        joins = after is not None and (item.kind, item.tab, item.place + 1) == (after.kind, after.tab, after.place)
        ends.append(index if alone else ends[-1] if joins else index + 1)
    return ends[::-1]
