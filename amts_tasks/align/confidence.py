"""How sure a bead of blocks is, as a probability."""

from __future__ import annotations

import math

from amts_tasks.align.prices import Price
from amts_tasks.align.quality import quality


def confidence(price: Price, i: int, i2: int, j: int, j2: int, share: float | None) -> float:
    """0–1: from the bead's share of all alignments; without one (a moved block) from what speaks for it alone."""
    if share is not None:
        return quality(share)
    worth = price.gain(i, i2, j, j2) + price.sense(i, i2, j, j2) - price.length(i, i2, j, j2)
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, worth)) / 2)), 4)


def sentence_confidence(share: float) -> float:
    """0–1, from a sentence bead's share of all alignments of its paragraph."""
    return share
