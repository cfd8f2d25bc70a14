"""Blocks that stand elsewhere in the translation: what the dynamic program left over on both sides, found again.

A move must be proved, order does not help: by a label, by code or formulas that are there once, by the same text, or
by anchors or meaning that are better than those of any other block left over. What stands beside a moved block on both
sides needs less.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from amts_tasks.align.features import PROSE, Features
from amts_tasks.align.lattice import Step
from amts_tasks.align.prices import Price

PROOF = 2.0
"""Least log-odds of a block that moved, beside those of finding it by chance among so many."""
RIVAL = 3.0
"""By how much it must be better than any other partner of either block."""
BESIDE = 1.5
"""The least beside another moved block."""
REACH = 2
"""Blocks between two that moved together: a label below a heading stays a block of its own."""
SHORTEST = 12
"""Characters of code, of a formula, or of a text by which a block is known."""
MOST = 400
"""Blocks of either side that are compared each with each."""

Move = tuple[int, int, float, str]
"""Places of the block in both sequences, its cost, the reason."""


def moved(price: Price, path: Sequence[Step]) -> list[Move]:
    """The moves, by place in the source; each block in at most one."""
    left = [i for i, i2, j, j2, _ in path if i < i2 and j == j2]
    right = [j for i, i2, j, j2, _ in path if i == i2 and j < j2]
    if not left or not right:
        return []
    found: dict[int, Move] = {}
    taken: set[int] = set()

    def take(i: int, j: int, cost: float, reason: str) -> None:
        found[i] = (i, j, cost, reason)
        taken.add(j)

    for i, j, reason in _known(price, left, right):
        if i not in found and j not in taken and price.source[i].kind == price.target[j].kind:
            take(i, j, 0.0, reason)
    worth = _worth(price, [i for i in left if i not in found], [j for j in right if j not in taken])
    proof = PROOF + math.log(max(1, len(worth)))
    for (i, j), value in sorted(worth.items(), key=lambda item: (-item[1], item[0])):
        if i in found or j in taken or value < proof:
            continue
        rivals = [
            other for (a, b), other in worth.items() if (a == i) != (b == j) and a not in found and b not in taken
        ]
        if not rivals or value - max(rivals) >= RIVAL:
            take(i, j, -value, _reason(price, i, j))
    queue = [(i, move[1]) for i, move in sorted(found.items())]
    while queue:
        i, j = queue.pop(0)
        for a, b in _beside(i, j):
            if a not in found and b not in taken and worth.get((a, b), 0.0) >= BESIDE:
                take(a, b, -worth[a, b], _reason(price, a, b))
                queue.append((a, b))
    return sorted(found.values())


def _beside(i: int, j: int) -> list[tuple[int, int]]:
    """The places around both, the nearest first."""
    steps = range(1, REACH + 1)
    return [
        (i + sign * one, j + sign * other)
        for one, other in sorted(((a, b) for a in steps for b in steps), key=sum)
        for sign in (-1, 1)
    ]


def _known(price: Price, left: Sequence[int], right: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Blocks known by something that only they have among all that is left over."""
    for name, key in (("equal", _text), ("label", _labels), ("content", _content)):
        places: tuple[dict[Hashable, int], dict[Hashable, int]] = ({}, {})
        counts: tuple[Counter[Hashable], Counter[Hashable]] = (Counter(), Counter())
        for side, (items, indices) in enumerate(((price.source, left), (price.target, right))):
            for index in indices:
                found = key(items[index])
                if found is not None:
                    places[side][found] = index
                    counts[side][found] += 1
        for found, i in places[0].items():
            if counts[0][found] == counts[1][found] == 1:
                yield i, places[1][found], name


def _text(item: Features) -> Hashable:
    return item.text if len(item.text) >= SHORTEST else None


def _labels(item: Features) -> Hashable:
    return tuple(sorted(item.labels)) or None


def _content(item: Features) -> Hashable:
    """Code or a formula; prose is judged by what it says."""
    return item.key if item.kind not in PROSE and len(str(item.key)) >= 2 * SHORTEST else None


def _worth(price: Price, left: Sequence[int], right: Sequence[int]) -> dict[tuple[int, int], float]:
    """What speaks for each two blocks of one kind and tab: anchors and meaning, less the difference of length."""
    worth = {}
    for i in left[:MOST]:
        for j in right[:MOST]:
            one, other = price.source[i], price.target[j]
            if one.kind == other.kind and one.kind in PROSE and one.tab == other.tab and one.level == other.level:
                both = i, i + 1, j, j + 1
                worth[i, j] = price.gain(*both) + price.sense(*both) - price.length(*both)
    return worth


def _reason(price: Price, i: int, j: int) -> str:
    return "anchor" if price.gain(i, i + 1, j, j + 1) >= price.sense(i, i + 1, j, j + 1) else "meaning"
