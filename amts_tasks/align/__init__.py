"""Two texts → beads → pairs: which blocks and sentences of a translation belong to which of its source."""

from __future__ import annotations

from amts_tasks.align.beads import Bead, read_beads, write_beads
from amts_tasks.align.blocks import align_blocks
from amts_tasks.align.filters import reject, sift
from amts_tasks.align.gold import GoldScore, score_beads
from amts_tasks.align.pairs import Granularity, Pair, pairs, sentence_pairs
from amts_tasks.align.sentences import align_sentences, align_texts
from amts_tasks.align.vectors import Encoder, Vectors

__all__ = [
    "Bead",
    "Encoder",
    "GoldScore",
    "Granularity",
    "Pair",
    "Vectors",
    "align_blocks",
    "align_sentences",
    "align_texts",
    "pairs",
    "read_beads",
    "reject",
    "score_beads",
    "sentence_pairs",
    "sift",
    "write_beads",
]
