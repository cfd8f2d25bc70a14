"""Strict and lax precision, recall and F1 of beads against gold, as vecalign's published scorer counts them.

Precision is over the beads found, omissions included: an omission that gold has too is right. Recall is over the gold
beads that have both sides. Strict asks for the same bead; lax for one pair of items in common. Counts of several texts
are added before any ratio is taken (Thompson and Koehn 2019).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from amts_tasks.align.beads import Bead
from amts_tasks.errors import AlignmentError

_Shape = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class GoldScore:
    """Counts of one or more texts and what follows from them; add two to have the score of both together."""

    found: int = 0
    """Distinct beads found, omissions included."""
    found_strict: int = 0
    found_lax: int = 0
    gold: int = 0
    """Distinct gold beads with both sides."""
    gold_strict: int = 0
    gold_lax: int = 0

    def __add__(self, other: GoldScore) -> GoldScore:
        return GoldScore(
            self.found + other.found,
            self.found_strict + other.found_strict,
            self.found_lax + other.found_lax,
            self.gold + other.gold,
            self.gold_strict + other.gold_strict,
            self.gold_lax + other.gold_lax,
        )

    def precision(self, *, lax: bool = False) -> float:
        """0–1; 0 where nothing was found."""
        return (self.found_lax if lax else self.found_strict) / self.found if self.found else 0.0

    def recall(self, *, lax: bool = False) -> float:
        """0–1; 0 where gold has no bead with both sides."""
        return (self.gold_lax if lax else self.gold_strict) / self.gold if self.gold else 0.0

    def f1(self, *, lax: bool = False) -> float:
        """The harmonic mean of precision and recall, 0–1."""
        precision, recall = self.precision(lax=lax), self.recall(lax=lax)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def as_dict(self) -> dict[str, dict[str, float]]:
        """`{"strict": {"precision", "recall", "f1"}, "lax": {…}}`, each 0–1."""
        return {
            name: {"precision": self.precision(lax=lax), "recall": self.recall(lax=lax), "f1": self.f1(lax=lax)}
            for name, lax in (("strict", False), ("lax", True))
        }


def score_beads(
    found: Iterable[Bead],
    gold: Iterable[Bead],
    source_blocks: Sequence[str] | None = None,
    target_blocks: Sequence[str] | None = None,
) -> GoldScore:
    """The score of one text.

    With the block id of every source and target sentence (`.sblk`, `.tblk`), gold is by block: consecutive found beads
    that lie wholly in one and the same block count as one bead. Raises AlignmentError when an index has no block id.
    """
    beads = list(found)
    if source_blocks is not None and target_blocks is not None:
        beads = _merged(beads, source_blocks, target_blocks)
    shapes, expected = _shapes(beads), _shapes(gold)
    strict, lax = _hits(shapes, expected)
    whole = {shape for shape in expected if shape[0] and shape[1]}
    gold_strict, gold_lax = _hits(whole, {shape for shape in shapes if shape[0] and shape[1]})
    return GoldScore(len(shapes), strict, lax, len(whole), gold_strict, gold_lax)


def _shapes(beads: Iterable[Bead]) -> set[_Shape]:
    return {(bead.source, bead.target) for bead in beads if bead.source or bead.target}


def _hits(tested: set[_Shape], against: set[_Shape]) -> tuple[int, int]:
    partners: defaultdict[int, set[int]] = defaultdict(set)
    for source, target in against:
        for index in source:
            partners[index].update(target)
    strict = lax = 0
    for source, target in tested:
        if (source, target) in against:
            strict, lax = strict + 1, lax + 1
        elif any(not partners[index].isdisjoint(target) for index in source if index in partners):
            lax += 1
    return strict, lax


def _merged(beads: Sequence[Bead], source_blocks: Sequence[str], target_blocks: Sequence[str]) -> list[Bead]:
    merged: list[Bead] = []
    last: str | None = None
    for bead in beads:
        try:
            blocks = {source_blocks[i] for i in bead.source} | {target_blocks[j] for j in bead.target}
        except IndexError:
            raise AlignmentError(
                f"bead {list(bead.source)}:{list(bead.target)} has no block: there are {len(source_blocks)} source and "
                f"{len(target_blocks)} target block ids; expected one for every sentence"
            ) from None
        block = blocks.pop() if len(blocks) == 1 else None
        if block is not None and block == last:
            before = merged[-1]
            merged[-1] = Bead(before.source + bead.source, before.target + bead.target, before.score + bead.score)
        else:
            merged.append(bead)
        last = block
    return merged
