"""Sentences of two texts that are each other's nearest by their vectors: what the first pass goes by."""

from __future__ import annotations

import numpy as np

from amts_tasks.align.lattice import longest_chain
from amts_tasks.align.vectors import Floats

WHOLE = 100_000_000
"""Up to this product of their numbers, every sentence is compared with every other for the first pass's waypoints."""
STRIP = 2000
"""In longer texts so many target sentences around the place a source sentence should have."""


def mutual(source: Floats, target: Floats) -> list[tuple[int, int]]:
    """(source, target) indices of sentences that are each other's nearest, ascending on both sides.

    `source` and `target` are unit rows, one a sentence.
    """
    n, m = len(source), len(target)
    best = np.zeros(n, np.int64)
    near = np.full(m, -2.0)
    back = np.zeros(m, np.int64)
    for start in range(0, n, 512):
        rows = source[start : start + 512]
        low, high = (0, m) if n * m <= WHOLE else _strip(start, start + len(rows), n, m)
        cosines = rows @ target[low:high].T
        best[start : start + len(rows)] = cosines.argmax(axis=1) + low
        top = cosines.max(axis=0)
        nearer = np.flatnonzero(top > near[low:high])
        near[low + nearer] = top[nearer]
        back[low + nearer] = cosines[:, nearer].argmax(axis=0) + start
    return longest_chain([(i, int(j)) for i, j in enumerate(best) if back[j] == i]) if n and m else []


def _strip(start: int, end: int, n: int, m: int) -> tuple[int, int]:
    return max(0, start * m // n - STRIP), min(m, end * m // n + STRIP)
