"""Pairs: source text and its human translation, with where they stand and how they were found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from amts_tasks.align.beads import Bead
from amts_tasks.align.sentences import align_texts
from amts_tasks.align.vectors import Vectors
from amts_tasks.text import Block, ParsedDocument, Text, split

if TYPE_CHECKING:
    from amts_tasks.languages import Profile

Granularity = Literal["paragraph", "sentence"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One translatable text, or one sentence of it, and its translation."""

    document: str
    """Path of the source document."""
    source_start: int
    """Half-open character span in the source document, as are the target's."""
    source_end: int
    target_start: int
    target_end: int
    kind: Granularity
    score: float
    """Confidence, 0–1: the probability that the two belong together, fitted on texts whose alignment is known
    (docs/alignment.md). Of a sentence: that its paragraphs do, times that it does within them."""
    method: str
    """How the pair was found, such as `label`, `anchor`, `length`; sentences add `+sentence`."""
    source: str
    """Inline Markdown; lines joined by a newline."""
    target: str


SURE = 0.7
"""Least confidence of each sentence pair for the sentences of a paragraph to be believed."""

Span = tuple[int, int]
Locate = Callable[[int, int], Span]
"""A span of a text → its span in the document."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A paragraph pair that knows where each character of it stands in its documents."""

    pair: Pair
    locate: tuple[Locate, Locate]


def pairs(
    source: ParsedDocument,
    target: ParsedDocument,
    beads: Sequence[Bead],
    granularity: Granularity,
    source_profile: Profile,
    target_profile: Profile,
    vectors: Vectors | None = None,
) -> tuple[Pair, ...]:
    """The pairs in the beads of two documents, in the order of the source.

    Texts of one block pair with the texts of the other in order (cells by column), where they are as many; the texts
    of a merged bead are joined. With granularity `sentence` a paragraph whose sentences pair surely gives these, the
    others the paragraph itself: `kind` tells which.
    """
    placed = paragraph_pairs(source, target, beads, source_profile, target_profile)
    if granularity == "paragraph":
        return tuple(one.pair for one in placed)
    return tuple(pair for pieces in cut(placed, source_profile, target_profile, vectors) for pair in pieces)


def paragraph_pairs(
    source: ParsedDocument,
    target: ParsedDocument,
    beads: Sequence[Bead],
    source_profile: Profile,
    target_profile: Profile,
) -> list[Placed]:
    """The paragraph pairs in the beads of two documents, in the order of the beads."""
    found = []
    for bead in beads:
        if not bead.source or not bead.target:
            continue
        one = [source.blocks[index] for index in bead.source]
        other = [target.blocks[index] for index in bead.target]
        for left, right in _texts(one, other):
            placed = _pair(source.path, left, right, bead, source_profile, target_profile)
            if placed.pair.source.strip() and placed.pair.target.strip():
                found.append(placed)
    return found


def cut(
    paragraphs: Sequence[Placed], source_profile: Profile, target_profile: Profile, vectors: Vectors | None = None
) -> list[tuple[Pair, ...]]:
    """For each paragraph its sentence pairs where they pair surely, else the paragraph itself.

    Give a whole book at once: its texts teach one another words and lengths.
    """
    pieces = _cut(paragraphs, source_profile, target_profile, vectors, sure=True)
    return [cuts or (whole.pair,) for whole, cuts in zip(paragraphs, pieces, strict=True)]


def sentence_pairs(
    pair: Pair,
    source_profile: Profile,
    target_profile: Profile,
    *,
    sure: bool = True,
    vectors: Vectors | None = None,
) -> tuple[Pair, ...]:
    """The sentence pairs of one paragraph pair; () where they do not pair surely.

    Sure is: no sentence is left over on either side, each group reaches the confidence SURE, and there is more than one
    group; with `sure` False only the last is asked, and sentences left over are dropped. A group may hold several
    sentences of a side, joined as they stand. A text of several lines whose prefixes are unknown keeps the paragraph's
    span.
    """
    locate = (
        _straight(pair.source, (pair.source_start, pair.source_end)),
        _straight(pair.target, (pair.target_start, pair.target_end)),
    )
    return _cut([Placed(pair, locate)], source_profile, target_profile, vectors, sure=sure)[0]


def _cut(
    paragraphs: Sequence[Placed],
    source_profile: Profile,
    target_profile: Profile,
    vectors: Vectors | None,
    *,
    sure: bool,
) -> list[tuple[Pair, ...]]:
    spans = [(split(one.pair.source, source_profile), split(one.pair.target, target_profile)) for one in paragraphs]
    texts = [
        ([one.pair.source[a:b].strip() for a, b in here], [one.pair.target[a:b].strip() for a, b in there])
        for one, (here, there) in zip(paragraphs, spans, strict=True)
    ]
    found = align_texts(texts, source_profile, target_profile, vectors=vectors)
    return [
        _pieces(placed, places, beads, sure) for placed, places, beads in zip(paragraphs, spans, found, strict=True)
    ]


def _pieces(
    placed: Placed, places: tuple[Sequence[Span], Sequence[Span]], beads: Sequence[Bead], sure: bool
) -> tuple[Pair, ...]:
    pair, (here, there) = placed.pair, places
    single = len(here) + len(there) <= 2
    found = []
    for bead in beads:
        confidence = bead.quality if bead.source and bead.target else 0.0
        if sure and confidence < SURE and not single:
            return ()
        if not bead.source or not bead.target:
            continue
        a, source = _trimmed(pair.source, here[bead.source[0]][0], here[bead.source[-1]][1])
        b, target = _trimmed(pair.target, there[bead.target[0]][0], there[bead.target[-1]][1])
        if source and target:
            spans = placed.locate[0](a, a + len(source)) + placed.locate[1](b, b + len(target))
            score = pair.score if single else round(pair.score * confidence, 4)
            method = f"{pair.method}+{bead.method}"
            found.append(Pair(pair.document, *spans, "sentence", score, method, source, target))
    return () if len(found) == 1 and not single else tuple(found)


def _texts(one: Sequence[Block], other: Sequence[Block]) -> Iterator[tuple[list[Text], list[Text]]]:
    if len(one) == len(other) == 1:
        left, right = one[0].texts, other[0].texts
        if len(left) == len(right):
            yield from (([a], [b]) for a, b in zip(left, right, strict=True))
        return
    left, right = (tuple(text for block in side for text in block.texts) for side in (one, other))
    if left and right:
        yield list(left), list(right)


def _pair(
    document: str,
    left: Sequence[Text],
    right: Sequence[Text],
    bead: Bead,
    source_profile: Profile,
    target_profile: Profile,
) -> Placed:
    source = source_profile.joiner.join(text.source for text in left)
    target = target_profile.joiner.join(text.source for text in right)
    locate = _placed(left, len(source_profile.joiner)), _placed(right, len(target_profile.joiner))
    spans = (left[0].spans[0][0], left[-1].spans[-1][1], right[0].spans[0][0], right[-1].spans[-1][1])
    method = bead.method if bead.kind == "1-1" else f"{bead.method}:{bead.kind}"
    return Placed(Pair(document, *spans, "paragraph", bead.quality, method, source, target), locate)


def _placed(texts: Sequence[Text], joiner: int) -> Locate:
    """Positions in the joined texts → in the document: every line knows where it stands."""
    lines: list[tuple[int, Span]] = []
    offset = 0
    for text in texts:
        for span in text.spans:
            lines.append((offset, span))
            offset += span[1] - span[0] + 1
        offset += joiner - 1

    def place(position: int, end: bool) -> int:
        for start, (low, high) in reversed(lines):
            if start < position or (start == position and not end) or start == 0:
                return min(high, low + position - start)
        return lines[0][1][0]

    return lambda start, end: (place(start, False), place(end, True))


def _straight(text: str, span: Span) -> Locate:
    if len(text) != span[1] - span[0]:
        return lambda start, end: span
    return lambda start, end: (span[0] + start, span[0] + end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, str]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), piece.strip()
