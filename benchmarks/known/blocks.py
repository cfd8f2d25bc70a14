"""Blocks: the published sets as paragraphs, the real book made noisy, and the Vietnamese book without its comments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

import numpy as np

from amts_tasks.align import Bead, align_blocks
from amts_tasks.align.encoders import vectors_for
from amts_tasks.align.interleaved import Woven, align_interleaved
from amts_tasks.align.quality import Kind
from amts_tasks.languages import default_profile
from amts_tasks.text import Block, ParsedDocument, parse
from amts_tasks.text import Kind as BlockKind
from known.beads import BOOK, DROPPED, JOINED, MOVED, Sample, Shape, interleaved
from known.sentences import corpora

SKIPPED = frozenset({BlockKind.blank, BlockKind.comment})
AWAY = (-9, -5, 5, 9)
"""How far a moved block goes."""


def block_samples() -> Iterator[Sample]:
    """Of paragraphs, of the real book made noisy, and of the Vietnamese one without its comments."""
    random = Random(2)
    for name, codes, texts in corpora():
        if name.startswith("textberg"):
            continue
        group = "-".join(name.split("-")[:-2]) + " " + codes[1]
        for text in texts:
            documents = [_document(side) for side in text[:2]]
            yield from _blocks(documents, text.gold, codes, group)
    entries = json.loads((BOOK / "manifest.json").read_text(encoding="utf-8"))
    for entry in entries:
        if entry["lang"] in {"zh", "tr"} and (BOOK / entry["source"]).is_file():
            sides = [(BOOK / entry[side]).read_text(encoding="utf-8") for side in ("source", "target")]
            if (made := _altered(parse(sides[0]), parse(sides[1]), random)) is not None:
                yield from _blocks(*made, ("en", entry["lang"]), f"d2l {entry['lang']}")
    for woven in interleaved():
        yield from _vietnamese(woven)


class Document(NamedTuple):
    """A parsed document, and of which piece each of its blocks is."""

    parsed: ParsedDocument
    piece: dict[int, int]


def _document(pieces: Sequence[str]) -> Document:
    starts, text = [], ""
    parts = []
    at = 0
    for piece in pieces:
        starts.append(at)
        parts.append(piece.strip("\n") + "\n\n")
        at += len(parts[-1])
    text = "".join(parts)
    parsed = parse(text)
    owner = np.searchsorted(starts, [block.start for block in parsed.blocks], side="right") - 1
    return Document(
        parsed, {b.index: int(o) for b, o in zip(parsed.blocks, owner, strict=True) if b.kind not in SKIPPED}
    )


def _altered(
    source: ParsedDocument, target: ParsedDocument, random: Random
) -> tuple[list[Document], list[Shape]] | None:
    """A translation that has its source's structure block by block, and so is its own gold, made less like it; None for
    one that has not."""
    sides: list[list[Block]] = [[b for b in side.blocks if b.kind not in SKIPPED] for side in (source, target)]
    if [(b.kind, b.level) for b in sides[0]] != [(b.kind, b.level) for b in sides[1]]:
        return None
    order = list(range(len(sides[1])))
    for number in list(order):
        if random.random() < MOVED and sides[1][number].kind is BlockKind.paragraph:
            order.remove(number)
            order.insert(
                min(
                    len(order),
                    max(0, order.index(min(order, key=lambda n: abs(n - number))) + random.choice((-9, -5, 5, 9))),
                ),
                number,
            )
    pieces: list[str] = []
    gold: list[Shape] = []
    skip = -1
    for place, number in enumerate(order):
        block, drawn = sides[1][number], random.random()
        after = order[place + 1] if place + 1 < len(order) else -1
        plain = block.kind is BlockKind.paragraph
        if number == skip:
            continue
        if plain and drawn < DROPPED:
            continue
        if plain and drawn < DROPPED + JOINED and after == number + 1 and sides[1][after].kind is BlockKind.paragraph:
            gold.append(((number, after), (len(pieces),)))
            pieces.append(f"{block.text.strip()} {sides[1][after].text.strip()}")
            skip = after
        else:
            gold.append(((number,), (len(pieces),)))
            pieces.append(block.text)
    return [_document([b.text for b in sides[0]]), _document(pieces)], gold


def _blocks(
    documents: Sequence[Document], gold: Sequence[Shape], codes: tuple[str, str], group: str
) -> Iterator[Sample]:
    profiles = [default_profile(code) for code in codes]
    known = set(gold)
    for vectors in (vectors_for(*codes), None):
        beads = align_blocks(documents[0].parsed, documents[1].parsed, *profiles, vectors, moves=True)
        for bead in beads:
            if said(documents[0].parsed, bead.source) and said(documents[1].parsed, bead.target):
                yield _sample(bead, group, _right(bead, documents, known), encoded=vectors is not None)


def _right(bead: Bead, documents: Sequence[Document], known: set[Shape]) -> bool:
    """Whether the bead holds all blocks of the pieces of one gold bead."""
    shape = []
    for indices, document in zip((bead.source, bead.target), documents, strict=True):
        pieces = tuple(sorted({document.piece[index] for index in indices if index in document.piece}))
        whole = [index for index, piece in document.piece.items() if piece in pieces]
        if sorted(indices) != whole:
            return False
        shape.append(pieces)
    return (shape[0], shape[1]) in known


def said(document: ParsedDocument, indices: Sequence[int]) -> bool:
    """Whether there are letters to translate in these blocks."""
    return any(any(map(str.isalpha, text.source)) for index in indices for text in document.blocks[index].texts)


def _sample(bead: Bead, group: str, right: bool, *, encoded: bool) -> Sample:
    kind: Kind = "block" if encoded else "block without encoder"
    return Sample("moved block" if bead.method.startswith("moved") else kind, group, bead.quality, right)


def _vietnamese(woven: Woven) -> Iterator[Sample]:
    """Gold are the chunks whose blocks are as many and of the same kinds on both sides."""
    target = woven.target
    source = woven.source
    profiles = default_profile("en"), default_profile("vi")
    kept = [b for b in target.blocks if b.kind is not BlockKind.comment]
    bare = parse("".join(b.text for b in kept))
    at, place = 0, {}
    for block in kept:
        place[at] = block.index
        at += len(block.text)
    numbers = {b.index: place.get(b.start) for b in bare.blocks}
    gold = {
        (bead.source, bead.target)
        for bead in align_interleaved(woven, *profiles)
        if bead.source and bead.target and bead.quality == 1.0 and bead.score == 0.0
    }
    known = [{index for bead in gold for index in bead[side]} for side in (0, 1)]
    for bead in align_blocks(source, bare, *profiles, None, moves=True):
        there = tuple(numbers[index] for index in bead.target)
        if None in there or not (said(source, bead.source) and said(bare, bead.target)):
            continue
        if known[0].intersection(bead.source) or known[1].intersection(there):
            yield _sample(bead, "vn vi", (bead.source, there) in gold, encoded=False)
