"""From a bead's share of all alignments to a quality between 0 and 1 that means what it says."""

from __future__ import annotations

import math

TEMPERATURE = 2.0
"""Costs are divided by it: anchors come in company, so their sums claim more than they know."""
INTERCEPT = -0.05
SLOPE = 1.55
"""Logistic regression of "this bead is in gold" on the log-odds of the share, over the development sets."""
_CERTAIN = 1e-6


def quality(share: float) -> float:
    """0–1, rounded to four decimals, for a bead with this share of the weight of all alignments."""
    bounded = min(1 - _CERTAIN, max(_CERTAIN, share))
    exponent = INTERCEPT + SLOPE * math.log(bounded / (1 - bounded))
    return round(1 / (1 + math.exp(-exponent)), 4)
