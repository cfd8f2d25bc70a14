"""Words that keep company: which word of the target stands where which word of the source does, learnt from beads.

A stand-in for a translation model, good for one text: pairs of words that are each other's best by Dice's coefficient
over the beads of a first pass become anchors of a second.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from amts_tasks.align.anchors import LEARNT, folded

_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_PREFIX = 6
LEAST = 2
"""Beads two words must share."""
DICE = 0.5
"""Least coefficient."""


def words(text: str) -> frozenset[str]:
    """The words of a text in small letters, cut to a prefix; of scripts without spaces every two characters."""
    found: set[str] = set()
    for word in _WORD.findall(text):
        for run in _UNSPACED.findall(word):
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        if not _UNSPACED.search(word):
            found.add(folded(word)[:_PREFIX])
    return frozenset(found)


def companions(
    path: Iterable[tuple[int, int, int, int, float]],
    source: Sequence[frozenset[str]],
    target: Sequence[frozenset[str]],
) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """Anchors learnt from the beads of a path, for each sentence of either side: one for each two words that are each
    other's best over the beads' two sides."""
    here: Counter[str] = Counter()
    there: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for i, i2, j, j2, _ in path:
        left, right = (frozenset[str]().union(*side) for side in (source[i:i2], target[j:j2]))
        here.update(left)
        there.update(right)
        both.update((one, other) for one in left for other in right)
    forth: dict[str, tuple[float, str]] = {}
    back: dict[str, tuple[float, str]] = {}
    for (one, other), count in both.items():
        dice = 2 * count / (here[one] + there[other])
        if count >= LEAST and dice >= DICE:
            forth[one] = max(forth.get(one, (0.0, "")), (dice, other))
            back[other] = max(back.get(other, (0.0, "")), (dice, one))
    pairs = [(one, other) for one, (_, other) in forth.items() if back[other][1] == one]
    marks = {one: f"{LEARNT}{one}{LEARNT}{other}" for one, other in pairs}
    marks_back = {other: marks[one] for one, other in pairs}
    return (
        [frozenset(marks[word] for word in item if word in marks) for item in source],
        [frozenset(marks_back[word] for word in item if word in marks_back) for item in target],
    )


def joined(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """Item by item both sets together."""
    return [a | b for a, b in zip(one, other, strict=True)]
