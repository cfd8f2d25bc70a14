"""From what speaks for a bead to the probability that it is right, fitted on texts whose alignment is known.

Platt scaling (Platt 1999): a logistic regression on the bead's log-odds, two numbers for each kind of bead. They stand
in `calibration.json`, which ``benchmarks/confidence.py --fit`` writes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, get_args

TEMPERATURE = 2.0
"""The costs of blocks' beads are divided by it: anchors come in company, so their sums claim more than they know."""
_CERTAIN = 1e-6

Kind = Literal["sentence", "sentence without encoder", "block", "block without encoder", "moved block"]
"""Kinds of beads: each claims more or less than it knows in its own way."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression of "this bead is in gold" on its log-odds."""

    intercept: float
    slope: float

    def __call__(self, odds: float) -> float:
        """The probability, 0–1, rounded to four decimals."""
        exponent = self.intercept + self.slope * odds
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, exponent)))), 4)


def fitted() -> dict[Kind, Calibration]:
    """What `calibration.json` holds, by the kind of bead."""
    data = json.loads(files(__package__).joinpath("calibration.json").read_text(encoding="utf-8"))
    return {kind: Calibration(data[kind]["intercept"], data[kind]["slope"]) for kind in get_args(Kind)}


CALIBRATIONS: dict[Kind, Callable[[float], float]] = {**fitted()}


def log_odds(share: float) -> float:
    """Of a share of the weight of all alignments, 0–1; bounded where it is all or nothing."""
    bounded = min(1 - _CERTAIN, max(_CERTAIN, share))
    return math.log(bounded / (1 - bounded))


def quality(odds: float, kind: Kind) -> float:
    """The probability, 0–1, that a bead of this kind with these log-odds is right."""
    return CALIBRATIONS[kind](odds)
