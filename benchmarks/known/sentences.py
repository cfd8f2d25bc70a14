"""Sentences: published sets, whole and cut into paragraphs, and the Vietnamese book's lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import NamedTuple

from amts_tasks.align import Vectors, align_texts, read_beads
from amts_tasks.align.encoders import vectors_for
from amts_tasks.align.quality import Kind
from amts_tasks.languages import default_profile
from amts_tasks.text import Kind as BlockKind
from known.beads import ALIGNMENT, DROPPED, JOINED, Sample, Shape, interleaved

RUN = (2, 6)
"""Gold beads of a made paragraph."""


class Text(NamedTuple):
    """Sentences of both sides and the gold beads."""

    source: Sequence[str]
    target: Sequence[str]
    gold: Sequence[Shape]


def corpora() -> Iterator[tuple[str, tuple[str, str], list[Text]]]:
    """The sets whose gold is not by block: name, languages, texts."""
    for folder in sorted(path for path in ALIGNMENT.iterdir() if path.is_dir()):
        if not folder.name.startswith(("textberg", "pydocs-para", "pydocs-noisy")):
            continue
        one, other = folder.name.split("-")[-2:]
        texts = []
        for file in sorted(folder.glob("dev/*.src")):
            sides = [
                file.with_suffix(end).read_text(encoding="utf-8").rstrip("\n").split("\n") for end in (".src", ".tgt")
            ]
            gold = read_beads(file.with_suffix(".gold").read_text(encoding="utf-8"), file.name)
            texts.append(Text(*sides, [(bead.source, bead.target) for bead in gold]))
        yield folder.name, (one, other), texts


def paragraphs(texts: Iterable[Text], random: Random) -> Iterator[Text]:
    """The texts cut between gold beads into paragraphs of a few: the aligner sees such in documents."""
    for text in texts:
        beads = list(text.gold)
        while beads:
            count = random.randint(*RUN)
            here, beads = beads[:count], beads[count:]
            i, j = [sorted(index for bead in here for index in bead[side]) for side in (0, 1)]
            if i and j:
                place = [{index: number for number, index in enumerate(side)} for side in (i, j)]
                gold = [tuple(tuple(place[side][index] for index in bead[side]) for side in (0, 1)) for bead in here]
                yield Text([text.source[x] for x in i], [text.target[x] for x in j], gold)  # type: ignore[arg-type]


def lined(random: Random) -> list[Text]:
    """The chunks of the Vietnamese book that have a line of source for each line of translation, one sentence a line;
    a few lines left out and joined, so that there is something to find."""
    found = []
    for woven in interleaved():
        for here, there in woven.chunks:
            sides = [
                [line for index in side for line in document.blocks[index].text.split("\n") if line.strip()]
                for document, side in ((woven.source, here), (woven.target, there))
                if all(document.blocks[index].kind is BlockKind.paragraph for index in side)
            ]
            if len(sides) == 2 and len(sides[0]) == len(sides[1]) > 1:
                found.append(_noisy(sides[0], sides[1], random))
    return found


def _noisy(source: list[str], target: list[str], random: Random) -> Text:
    lines: list[str] = []
    gold: list[Shape] = []
    number = 0
    while number < len(target):
        drawn = random.random()
        if drawn < DROPPED:
            gold.append(((number,), ()))
        elif drawn < DROPPED + JOINED and number + 1 < len(target):
            gold.append(((number, number + 1), (len(lines),)))
            lines.append(f"{target[number]} {target[number + 1]}")
            number += 1
        else:
            gold.append(((number,), (len(lines),)))
            lines.append(target[number])
        number += 1
    return Text(source, lines, gold)


def sentence_samples() -> Iterator[Sample]:
    """Of every set, whole and cut into paragraphs, with the encoder and without."""
    random = Random(1)
    for name, codes, texts in corpora():
        group = "-".join(name.split("-")[:-2]) + " " + codes[1]
        for encoded in (True, False):
            vectors = vectors_for(*codes) if encoded else None
            for some in ([[text] for text in texts], [list(paragraphs(texts, random))]):
                for batch in some:
                    yield from _sentences(batch, codes, group, vectors)
    yield from _sentences(lined(random), ("en", "vi"), "vn vi", None)


def _sentences(batch: list[Text], codes: tuple[str, str], group: str, vectors: Vectors | None) -> Iterator[Sample]:
    profiles = [default_profile(code) for code in codes]
    kind: Kind = "sentence" if vectors else "sentence without encoder"
    found = align_texts([text[:2] for text in batch], *profiles, vectors=vectors)
    for text, beads in zip(batch, found, strict=True):
        gold = set(text.gold)
        for bead in beads:
            if bead.source and bead.target:
                yield Sample(kind, group, bead.quality, (bead.source, bead.target) in gold)
