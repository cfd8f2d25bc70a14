"""What blocks mean, by sentence vectors: how much nearer two of them are to each other than to their neighbours.

A cosine alone says little, since all paragraphs of a chapter speak of the same thing. So the mean cosine of either side
to its nearest strangers is taken off: the margin of Artetxe and Schwenk (2019), as a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

STRANGERS = 8
"""How many of the nearest other texts the margin is taken over."""
TYPICAL = 0.45
"""Mean cosine of a paragraph to its nearest strangers in a chapter: what stands in where there are few."""
LEVEL = 0.10
"""Margin at which a pair is as likely right as wrong; measured on the Python documentation's paragraphs, where true
pairs have a median of 0.30 and neighbours of -0.14 in zh, ja, ko and tr alike."""
SLOPE = 26.0
"""Log-odds by which a margin greater by 1 speaks for a pair; the same measurement."""
MOST = 7.0
LEAST = -10.0
"""Bounds of the log-odds: the encoder errs now and then, on short texts and formulas most."""
SAMPLE = 2000
BATCH = 512
LONGEST = 6
"""Blocks of one side that are looked at as one."""


class Vectors(Protocol):
    """Vectors of sentences that may be added up over a block."""

    def knows(self, *languages: str) -> bool:
        """Whether it has vectors of all these languages."""

    def pooled(self, texts: Sequence[str], /) -> Floats:
        """A row for each text, float32 (n, p), to be added over a block and given to `finish`."""

    def finish(self, pooled: Floats, /) -> Floats:
        """Such rows, or sums of them, as unit rows (n, d): their products are cosines."""


class Meaning:
    """The margins between the blocks of two sequences, and between runs of up to LONGEST of them."""

    def __init__(
        self, source: Sequence[Sequence[str]], target: Sequence[Sequence[str]], vectors: Vectors, longest: int = LONGEST
    ) -> None:
        """`source` and `target`: the sentences of each block; a block without any means nothing."""
        self.runs = joined(source, vectors, longest), joined(target, vectors, longest)
        self.known = tuple(np.array([bool(block) for block in side], dtype=bool) for side in (source, target))
        self.near = strangers(self.runs[0][0], self.runs[1][0]), strangers(self.runs[1][0], self.runs[0][0])

    def margin(self, i: int, i2: int, j: int, j2: int) -> float | None:
        """The margin of these blocks joined, about -1 to 1; None where one side says nothing."""
        if not (self.known[0][i:i2].any() and self.known[1][j:j2].any()):
            return None
        cosine = float(self.runs[0][i2 - i - 1][i] @ self.runs[1][j2 - j - 1][j])
        return cosine - (float(self.near[0][i:i2].mean()) + float(self.near[1][j:j2].mean())) / 2

    def gain(self, i: int, i2: int, j: int, j2: int) -> float:
        """Log-odds that these blocks mean the same, between LEAST and MOST; 0 where one side says nothing."""
        margin = self.margin(i, i2, j, j2)
        return 0.0 if margin is None else max(LEAST, min(MOST, SLOPE * (margin - LEVEL)))


def joined(blocks: Sequence[Sequence[str]], vectors: Vectors, longest: int) -> list[Floats]:
    """Unit rows of every block, of every two blocks in a row, and so on; rows of zeros where nothing is said."""
    flat = [sentence for block in blocks for sentence in block]
    pooled = vectors.pooled(flat) if flat else np.zeros((0, 1), np.float32)
    ends = np.cumsum([0, *map(len, blocks)])
    sums = np.concatenate((np.zeros((1, pooled.shape[1]), np.float64), np.cumsum(pooled, axis=0, dtype=np.float64)))
    found = []
    for length in range(1, longest + 1):
        if length > len(blocks):
            break
        rows = (sums[ends[length:]] - sums[ends[:-length]]).astype(np.float32)
        empty = ends[length:] == ends[:-length]
        unit = vectors.finish(rows) if flat else np.zeros((len(rows), 1), np.float32)
        found.append(np.where(empty[:, None], np.float32(0), unit))
    return found or [np.zeros((0, 1), np.float32)]


def strangers(here: Floats, there: Floats) -> Floats:
    """For each row of one side the mean of its greatest cosines but the very greatest, which may be its translation's.

    At most SAMPLE rows of the other side are looked at, evenly spread, so that the work stays linear.
    """
    rows = there[:: -(-len(there) // SAMPLE)] if len(there) else there
    count = min(STRANGERS, len(rows) - 1)
    if count < 1:
        return np.full(len(here), TYPICAL, dtype=np.float32)
    means = np.concatenate([
        np.sort(here[start : start + BATCH] @ rows.T, axis=1)[:, -count - 1 : -1].mean(axis=1)
        for start in range(0, len(here), BATCH)
    ])
    share = count / STRANGERS
    # In a text of few blocks the strangers are few and far: its level is drawn to that of a whole chapter.
    return np.asarray(share * means + (1 - share) * TYPICAL, dtype=np.float32)
