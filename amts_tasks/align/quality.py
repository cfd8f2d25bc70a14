"""From a bead's cost to a quality between 0 and 1: how likely its two sides really belong together."""

from __future__ import annotations

import math

from amts_tasks.align.beads import Bead

INTERCEPT = 0.0
SLOPE = 0.35
"""Logistic regression of "this bead is in gold" on the margin."""


def margin(bead: Bead, omission: float) -> float:
    """What the bead saves, per item, against leaving its items out at the cost `omission` each; higher is better."""
    items = len(bead.source) + len(bead.target)
    return omission - bead.score / items if items else 0.0


def quality(bead: Bead, omission: float) -> float:
    """0–1, rounded to four decimals; 0 for an omission."""
    if not bead.source or not bead.target:
        return 0.0
    exponent = INTERCEPT + SLOPE * margin(bead, omission)
    return round(1 / (1 + math.exp(-max(-60.0, min(60.0, exponent)))), 4)
