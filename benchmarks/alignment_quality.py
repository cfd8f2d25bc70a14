"""Strict F1 of sentence alignment on the development sets with gold, and what each kind of evidence is worth.

The sets are read from ``$AMTS_ALIGNMENT_DATA`` (default ``../shared/data/alignment``), one text at a time, as
``amts align --sentences`` does. Spread: half the width of the 95 % interval over 1,000 draws of runs of ten gold beads.
Columns: all evidence; without the encoder; and alone: the encoder's, the words', lengths' and anchors'. Of sets whose
units are paragraphs also the block aligner's F1, each unit a block of a document, with the encoder and without.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from amts_tasks.align import Bead, GoldScore, Vectors, align_blocks, align_sentences, read_beads, score_beads, weights
from amts_tasks.align.encoders import vectors_for
from amts_tasks.languages import default_profile
from amts_tasks.text import Block, Kind, ParsedDocument, Text

DATA = Path(os.environ.get("AMTS_ALIGNMENT_DATA") or Path(__file__).parents[1].parent / "shared" / "data" / "alignment")
DRAWS = 1000
RUN = 10
COLUMNS = ("all", "no encoder", "encoder alone", "words alone", "lengths, anchors")
BLOCKS = ("blocks", "blocks, no encoder")
PARAGRAPHS = ("pydocs-para-", "pydocs-noisy-")
"""Sets whose units are paragraphs."""
Passes = tuple[weights.Weights, ...]


def lines(path: Path) -> list[str]:
    """Of a file of one sentence a line."""
    text = path.read_text(encoding="utf-8").removesuffix("\n")
    return text.split("\n") if text else []


def texts(corpus: Path) -> Iterator[tuple[list[str], list[str], tuple[Bead, ...], tuple[list[str], list[str]] | None]]:
    """Source, target, gold and, where gold is by block, the block of each sentence."""
    for path in sorted(corpus.glob("dev/*.src")):
        blocks = path.with_suffix(".sblk"), path.with_suffix(".tblk")
        yield (
            lines(path),
            lines(path.with_suffix(".tgt")),
            read_beads(path.with_suffix(".gold").read_text(encoding="utf-8"), path.name),
            (lines(blocks[0]), lines(blocks[1])) if blocks[0].exists() else None,
        )


def alone(column: str) -> tuple[bool, Passes | None]:
    """Whether the encoder is used, and the weights of the passes where they are not the aligner's own."""
    full, rough, last = weights.WITH_MEANING, weights.ROUGHLY, weights.WITHOUT
    if column == "encoder alone":
        only = replace(full, words=0.0, anchors=0.0, lengths=0.0)
        return True, (only, only)
    if column == "words alone":
        # The first pass cannot go by words that it has not learnt yet.
        return False, (rough, replace(rough, anchors=0.0, lengths=0.0), replace(last, anchors=0.0, lengths=0.0))
    if column == "lengths, anchors":
        return False, (rough, replace(rough, words=0.0), replace(rough, words=0.0))
    return column == "all", None


def spread(counts: list[GoldScore]) -> float:
    """Half the width of the interval that holds 95 % of the F1 of draws with replacement from these parts' scores."""
    rng = random.Random(1)
    found = sorted(sum(rng.choices(counts, k=len(counts)), GoldScore()).f1() for _ in range(DRAWS))
    return (found[int(0.975 * DRAWS)] - found[int(0.025 * DRAWS)]) / 2


def parts(
    found: tuple[Bead, ...], gold: tuple[Bead, ...], blocks: tuple[list[str], list[str]] | None
) -> list[GoldScore]:
    """The scores of runs of gold beads with the found beads that begin among their sentences."""
    cuts: list[list[Bead]] = [list(gold[start : start + RUN]) for start in range(0, len(gold), RUN)]
    owner = {index: number for number, run in enumerate(cuts) for bead in run for index in bead.source}
    others = {index: number for number, run in enumerate(cuts) for bead in run for index in bead.target}
    mine: list[list[Bead]] = [[] for _ in cuts]
    for bead in found:
        place = owner.get(bead.source[0]) if bead.source else others.get(bead.target[0])
        mine[place if place is not None else 0].append(bead)
    return [score_beads(one, other, *(blocks or (None, None))) for one, other in zip(mine, cuts, strict=True)]


def document(units: list[str]) -> ParsedDocument:
    """Each unit as a paragraph, whatever marks are in it."""
    blocks, at = [], 0
    for index, unit in enumerate(units):
        said = unit or " "
        text = Text(0, Kind.paragraph, ((at, at + len(said)),), said, "")
        blocks.append(
            Block(index, Kind.paragraph, at, at + len(said) + 1, index + 1, said + "\n", 0, None, (), (text,))
        )
        at += len(said) + 1
    return ParsedDocument("", "".join(block.text for block in blocks), tuple(blocks))


def by_blocks(corpus: Path, column: str) -> tuple[float, float]:
    """Strict F1 of the block aligner on a set whose units are paragraphs, and its spread."""
    pair = corpus.name.split("-")[-2:]
    profiles = default_profile(pair[0]), default_profile(pair[1])
    vectors = vectors_for(*pair) if column == BLOCKS[0] else None
    whole, runs = GoldScore(), []
    for source, target, gold, _ in texts(corpus):
        found = align_blocks(document(source), document(target), *profiles, vectors)
        whole += score_beads(found, gold)
        runs += parts(found, gold, None)
    return whole.f1(), spread(runs)


def measure(corpus: Path, column: str) -> tuple[float, float]:
    """Strict F1 of a set, and its spread."""
    pair = corpus.name.split("-")[-2:]
    profiles = default_profile(pair[0]), default_profile(pair[1])
    encoder, passes = alone(column)
    vectors: Vectors | None = vectors_for(*pair) if encoder else None
    whole, runs = GoldScore(), []
    for source, target, gold, blocks in texts(corpus):
        found = align_sentences(source, target, *profiles, vectors=vectors, passes=passes)
        whole += score_beads(found, gold, *(blocks or (None, None)))
        runs += parts(found, gold, blocks)
    return whole.f1(), spread(runs)


def main() -> None:
    """Measure and print; names of sets may be given."""
    wanted = sys.argv[1:]
    corpora = sorted(path for path in DATA.iterdir() if path.is_dir()) if DATA.is_dir() else []
    corpora = [path for path in corpora if not wanted or path.name in wanted]
    if not corpora:
        print(f"no gold data in {DATA}: set AMTS_ALIGNMENT_DATA")
        return
    print(f"{'strict F1':<22}" + "".join(f"{column:>18}" for column in (*COLUMNS, *BLOCKS)))
    for corpus in corpora:
        cells = [measure(corpus, column) for column in COLUMNS]
        if corpus.name.startswith(PARAGRAPHS):
            cells += [by_blocks(corpus, column) for column in BLOCKS]
        print(f"{corpus.name:<22}" + "".join(f"{f1:>10.3f} ± {half:.3f}" for f1, half in cells), flush=True)


if __name__ == "__main__":
    main()
