"""Sentences of two texts that are each other's nearest by their vectors: what the first pass goes by."""

from __future__ import annotations

import numpy as np

from amts_tasks.align.lattice import longest_chain
from amts_tasks.align.vectors import Floats

WHOLE = 100_000_000
"""Up to this product of their numbers, every sentence is compared with every other for the first pass's waypoints."""
STRIP = 2000
"""In longer texts so many target sentences around the place a source sentence should have."""
ALIKE = 1e-4
"""Cosines that differ by less are one: the same sentence again, but for rounding."""


def mutual(source: Floats, target: Floats) -> list[tuple[int, int]]:
    """(source, target) indices of sentences that are each other's nearest, ascending on both sides.

    `source` and `target` are unit rows, one a sentence. Where two are as near, nobody knows which of them it is, and
    the sentence is passed over.
    """
    n, m = len(source), len(target)
    if not n or not m:
        return []
    best = np.full(n, -1, np.int64)
    near = np.full(m, -2.0)
    back = np.zeros(m, np.int64)
    many = np.zeros(m, np.int64)
    for start in range(0, n, 512):
        rows = source[start : start + 512]
        low, high = (0, m) if n * m <= WHOLE else _strip(start, start + len(rows), n, m)
        cosines = rows @ target[low:high].T
        single = (cosines >= cosines.max(axis=1, keepdims=True) - ALIKE).sum(axis=1) == 1
        best[start : start + len(rows)] = np.where(single, cosines.argmax(axis=1) + low, -1)
        top = cosines.max(axis=0)
        count = (cosines >= top - ALIKE).sum(axis=0)
        before = near[low:high]
        many[low:high] = np.where(top > before + ALIKE, count, many[low:high] + count * (top >= before - ALIKE))
        nearer = np.flatnonzero(top > before)
        near[low + nearer] = top[nearer]
        back[low + nearer] = cosines[:, nearer].argmax(axis=0) + start
    return longest_chain([(i, int(j)) for i, j in enumerate(best) if j >= 0 and back[j] == i and many[j] == 1])


def _strip(start: int, end: int, n: int, m: int) -> tuple[int, int]:
    return max(0, start * m // n - STRIP), min(m, end * m // n + STRIP)
