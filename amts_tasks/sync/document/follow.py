"""Follows the blocks of a document to its next revision: which stayed, which were reworded, which came and went."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\w+|[^\w\s]")
_LEAST_LIKE = 0.3
"""Dice of words below which two blocks of a changed stretch are strangers; only places and fallbacks rest on it."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Where the blocks of the old revision are in the new one: block indices to block indices, both maps monotone."""

    same: dict[int, int]
    """Old to new, for blocks with equal keys."""
    reworded: dict[int, int]
    """Old to new, for blocks that were replaced by a similar one at their place."""

    def new(self, old: int) -> int | None:
        """The block of the new revision that continues an old one."""
        return self.same.get(old, self.reworded.get(old))

    def back(self) -> dict[int, int]:
        """New to old, for same and reworded blocks."""
        return {new: old for trail in (self.same, self.reworded) for old, new in trail.items()}


def follow(old: Sequence[tuple[int, str]], new: Sequence[tuple[int, str]]) -> Trail:
    """The trail between two sequences of (block index, key).

    Equal keys are matched by difflib (longest run first, so that a run of repeated marks stays together); inside a
    stretch that was replaced, blocks are paired monotonely so that the sum of word overlap is greatest. O(n·m) in the
    length of a replaced stretch.
    """
    trail = Trail({}, {})
    matcher = SequenceMatcher(None, [key for _, key in old], [key for _, key in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            trail.same.update((old[i1 + n][0], new[j1 + n][0]) for n in range(i2 - i1))
        elif tag == "replace":
            pairs = _pair([key for _, key in old[i1:i2]], [key for _, key in new[j1:j2]])
            trail.reworded.update((old[i1 + i][0], new[j1 + j][0]) for i, j in pairs)
    return trail


def _pair(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    olds, news = [_bag(key) for key in old], [_bag(key) for key in new]
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    like = [[_dice(a, b) for b in news] for a in olds]
    for i in range(len(olds) - 1, -1, -1):
        for j in range(len(news) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], like[i][j] + best[i + 1][j + 1] if like[i][j] else 0.0)
    pairs, i, j = [], 0, 0
    while i < len(olds) and j < len(news):
        if like[i][j] and best[i][j] == like[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _bag(key: str) -> tuple[str, Counter[str]]:
    kind, _, text = key.split("\x1f", 2)
    return kind, Counter(_WORD.findall(text))


def _dice(a: tuple[str, Counter[str]], b: tuple[str, Counter[str]]) -> float:
    if a[0] != b[0]:
        return 0.0
    total = a[1].total() + b[1].total()
    share = 2 * (a[1] & b[1]).total() / total if total else 0.0
    return share if share >= _LEAST_LIKE else 0.0
