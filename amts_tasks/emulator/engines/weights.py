"""What each score of the statistical engine counts, by target language."""

from __future__ import annotations

from dataclasses import dataclass, field

from amts_tasks.emulator.engines.decoder import Search

VERB_LAST = frozenset([
    "am",
    "az",
    "bn",
    "fa",
    "gu",
    "hi",
    "ja",
    "ka",
    "kk",
    "kn",
    "ko",
    "ml",
    "mn",
    "mr",
    "pa",
    "si",
    "ta",
    "te",
    "tr",
    "ur",
    "uz",
])
"""Languages that put the verb last: into them, and from them, words have far to go."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each score counts."""

    features: tuple[float, ...] = (0.15, 0.15, 0.15, 0.15, -0.1, -0.1, 0.6)
    """Of an option's features, in the order of ``phrases.FEATURES``."""
    search: Search = field(default_factory=Search)
    order: int = 4
    """Of the language model."""


def weights_of(source: str, target: str) -> Weights:
    """The weights for a pair; chosen as docs/emulator.md says."""
    far = (source in VERB_LAST) != (target in VERB_LAST)
    return Weights(search=Search(beam=10, gap=5) if far else Search())
