"""What it costs to pair blocks: their kinds, anchors, length and meaning, as one sum of log-probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence

from amts_tasks.align.anchors import Evidence, evidence
from amts_tasks.align.features import PROSE, Features
from amts_tasks.align.lattice import Move
from amts_tasks.align.length import LengthModel, fitted
from amts_tasks.align.meaning import Meaning
from amts_tasks.text import Kind

PRIOR: dict[Move, float] = {
    (1, 1): 0.95, (1, 0): 0.02, (0, 1): 0.02, (2, 1): 0.004, (1, 2): 0.004,
    (3, 1): 0.001, (1, 3): 0.001, (2, 2): 0.0005, (4, 1): 0.0005, (1, 4): 0.0005, (1, 5): 0.0003, (5, 1): 0.0003,
}  # fmt: skip
"""Share of the beads' shapes; order is preference among equal costs."""
SHORT = ((1, 1), (1, 0), (0, 1), (2, 1), (1, 2))
"""The shapes that are tried where nobody knows what the blocks mean: length alone would merge too much."""
OMISSION = 3.0
"""What leaving a block out costs beside its prior."""
OMISSION_BY_MEANING = 1.0
"""The same where the blocks' meaning is known: then one need not be as bad a match to be torn from its neighbour."""
STRONGEST = 14.0
"""No anchors of one bead gain more: a long code cell is one piece of evidence, not thirty."""
WEAKEST = 5.0
"""No differing anchors of one bead cost more: translators change code and formulas too."""
OTHER_KIND = 3.0
"""A list item for a paragraph, for one."""
OTHER_LEVEL = 2.5
OTHER_TAB = 6.0
SEVERAL_KINDS = 1.5
"""A paragraph that became a list: where the meaning says so."""
MERGED = frozenset((Kind.paragraph, Kind.list_item, Kind.quote))
"""Kinds of which several may be one in the translation."""


class Price:
    """The cost of a bead of these blocks."""

    def __init__(
        self, source: Sequence[Features], target: Sequence[Features], expected: float, meaning: Meaning | None
    ) -> None:
        self.source = source
        self.target = target
        self.meaning = meaning
        self.shared: Evidence = evidence([item.tokens for item in source], [item.tokens for item in target])
        lengths = [[item.size for item in side if item.kind in PROSE] for side in (source, target)]
        self.model: LengthModel = fitted(lengths[0], lengths[1], expected)
        self.merges = _merges(source, meaning is not None), _merges(target, meaning is not None)
        self.prior = {shape: -math.log(share) for shape, share in PRIOR.items()}
        self.moves = tuple(PRIOR) if meaning else SHORT
        self.omitted = self.prior[1, 0] + (OMISSION_BY_MEANING if meaning else OMISSION)
        """The whole cost of a block left out."""

    def __call__(self, i: int, i2: int, j: int, j2: int) -> float | None:
        """The cost, or None where such blocks never belong together."""
        if i == i2 or j == j2:
            return self.omitted
        if i2 - i == 1 and j2 - j == 1:
            return self._single(i, j)
        one, other = self.source[i], self.target[j]
        if not (self.merges[0][i] >= i2 and self.merges[1][j] >= j2) or one.tab != other.tab:
            return None
        kinds = {item.kind for item in (*self.source[i:i2], *self.target[j:j2])}
        if len(kinds) > 1 and not kinds <= MERGED:
            return None
        cost = self.prior[i2 - i, j2 - j] + (SEVERAL_KINDS if self.meaning else OTHER_KIND) * (len(kinds) - 1)
        return cost + self.length(i, i2, j, j2) - self.gain(i, i2, j, j2) - self.sense(i, i2, j, j2)

    def _single(self, i: int, j: int) -> float | None:
        one, other = self.source[i], self.target[j]
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
        if one.text == other.text:
            return cost - STRONGEST
        if one.kind in PROSE:
            cost += self.length(i, i + 1, j, j + 1) - self.sense(i, i + 1, j, j + 1)
        return cost - self.gain(i, i + 1, j, j + 1)

    def length(self, i: int, i2: int, j: int, j2: int) -> float:
        """What the lengths of these blocks cost."""
        sizes = (sum(item.size for item in self.source[i:i2]), sum(item.size for item in self.target[j:j2]))
        return self.model.cost(*sizes)

    def gain(self, i: int, i2: int, j: int, j2: int) -> float:
        """What the anchors of these blocks are worth, between -WEAKEST and STRONGEST."""
        left, right = self.shared.source[i], self.shared.target[j]
        if i2 - i > 1:
            left = left.union(*self.shared.source[i + 1 : i2])
        if j2 - j > 1:
            right = right.union(*self.shared.target[j + 1 : j2])
        return max(-WEAKEST, min(STRONGEST, self.shared.gain(left, right)))

    def sense(self, i: int, i2: int, j: int, j2: int) -> float:
        """What their meaning is worth; 0 where nobody knows."""
        return self.meaning.gain(i, i2, j, j2) if self.meaning else 0.0

    def method(self, i: int, i2: int, j: int, j2: int) -> str:
        """The strongest reason for the bead."""
        if i == i2 or j == j2:
            return "omission"
        one, other = self.source[i], self.target[j]
        if one.text == other.text and i2 - i == j2 - j == 1:
            return "equal"
        if not one.labels.isdisjoint(other.labels):
            return "label"
        if one.key is not None and one.key == other.key and one.kind in {Kind.code, Kind.math}:
            return str(one.kind.value)
        anchors, sense = self.gain(i, i2, j, j2), self.sense(i, i2, j, j2)
        if max(anchors, sense) <= 0:
            return "order"
        return "anchor" if anchors >= sense else "meaning"


def _merges(items: Sequence[Features], mixed: bool) -> list[int]:
    """For each block the end of the run that may stand for one block: next to each other, in one tab, and of one kind
    unless `mixed`."""
    ends: list[int] = []
    for index in range(len(items) - 1, -1, -1):
        item, after = items[index], items[index + 1] if index + 1 < len(items) else None
        alone = item.kind not in MERGED
        joins = (
            after is not None
            and (item.tab, item.place + 1) == (after.tab, after.place)
            and (item.kind == after.kind or (mixed and after.kind in MERGED))
        )
        ends.append(index if alone else ends[-1] if joins else index + 1)
    return ends[::-1]
