"""How sure a bead of blocks is, as a probability."""

from __future__ import annotations

from amts_tasks.align.prices import Price
from amts_tasks.align.quality import log_odds, quality


def confidence(price: Price, i: int, i2: int, j: int, j2: int, share: float | None) -> float:
    """0–1: from the bead's share of all alignments; without one (a moved block) from what speaks for it alone."""
    if share is not None:
        return quality(log_odds(share), "block" if price.meaning else "block without encoder")
    worth = price.gain(i, i2, j, j2) + price.sense(i, i2, j, j2) - price.length(i, i2, j, j2)
    return quality(worth, "moved block")
