"""How likely two lengths translate each other (Gale and Church 1993), in characters.

Departures: the mean of both lengths stands in the variance, as in their reference program, and the variance grows
with the square of the length too, since long sentences vary in proportion; the ratio is learnt from the two texts, held
by the profile's expectation where they are short.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

VARIANCE = 9.5
"""Per character; Gale and Church's figure."""
SPREAD = 0.17
"""Relative deviation of the length of a long sentence."""
PRIOR_CHARACTERS = 2000
"""The profile's ratio weighs as much as this many characters of the text."""
WORST = 18.0
"""No length difference costs more: anchors must be able to outweigh it."""


def size(text: str) -> int:
    """Characters that are not white space, at least one."""
    return max(1, len("".join(text.split())))


@dataclass(frozen=True, slots=True)
class LengthModel:
    """Cost of pairing lengths of which the target's is `ratio` times the source's."""

    ratio: float

    def cost(self, source: float, target: float) -> float:
        """-ln of the two-sided probability of a difference at least as great; 0 for the expected length."""
        scaled = target / self.ratio
        mean = (source + scaled) / 2
        deviation = abs(source - scaled) / math.sqrt(VARIANCE * mean + (SPREAD * mean) ** 2)
        probability = math.erfc(deviation / math.sqrt(2))
        return min(WORST, -math.log(probability)) if probability > 1e-9 else WORST


def fitted(source: Sequence[int], target: Sequence[int], expected: float) -> LengthModel:
    """The model of two texts of these lengths, whose expected ratio is the profiles'."""
    here, there = sum(source), sum(target)
    observed = (there + expected * PRIOR_CHARACTERS) / (here + PRIOR_CHARACTERS)
    # Half a text may be missing on one side: then the totals say little about the ratio.
    return LengthModel(min(max(observed, expected / 1.6), expected * 1.6))
