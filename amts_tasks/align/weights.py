"""What each kind of evidence for a bead of sentences is worth, and how often the shapes of beads occur."""

from __future__ import annotations

from dataclasses import dataclass

from amts_tasks.align.lattice import Move

PRIOR: dict[Move, float] = {
    (1, 1): 0.8, (1, 0): 0.11, (0, 1): 0.11, (2, 1): 0.023, (1, 2): 0.023, (2, 2): 0.001, (3, 1): 0.0035,
    (1, 3): 0.0035, (3, 2): 0.0004, (2, 3): 0.0004, (4, 1): 0.0008, (1, 4): 0.0008, (3, 3): 0.0001, (5, 1): 0.00025,
    (1, 5): 0.00025,
}  # fmt: skip
"""Weight of the beads' shapes; order is preference among equal costs."""
ROUGH: tuple[Move, ...] = ((1, 1), (1, 0), (0, 1), (2, 1), (1, 2))
"""The shapes of all passes but the last."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each cue's gain is worth, in the costs' unit."""

    meaning: float
    floor: float
    """Nearness from which on meaning speaks for a bead."""
    group: float
    """The nearness of a larger group counts for more: by this power of its mean number of sentences a side."""
    stray: float
    """How much more a sentence at a group's edge takes from its nearness than it does by itself (`cues.Meanings`)."""
    words: float
    doubt: float
    """Share of the words that come from nowhere, which bounds what a word without a partner costs."""
    anchors: float
    lengths: float
    omission: float
    """What leaving a sentence out costs beside its prior."""


WITH_MEANING = Weights(
    meaning=9.0, floor=0.15, group=0.3, stray=1.0, words=0.2, doubt=0.2, anchors=0.5, lengths=1.3, omission=0.3
)
ROUGHLY = Weights(
    meaning=0.0, floor=0.0, group=0.0, stray=0.0, words=0.2, doubt=0.2, anchors=0.5, lengths=1.0, omission=2.0
)
WITHOUT = Weights(
    meaning=0.0, floor=0.0, group=0.0, stray=0.0, words=0.2, doubt=0.2, anchors=0.5, lengths=0.4, omission=-0.2
)
"""Found by turns on the development sets, the last two for texts without an encoder: before the words of a good path
are known, lengths must count, and an omission must cost."""
