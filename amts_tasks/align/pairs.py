"""Pairs: source text and its human translation, with where they stand and how they were found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from amts_tasks.align.beads import Bead
from amts_tasks.align.sentences import align_sentences
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
    """Quality, 0–1, higher is better: roughly the probability that each side says what the other does."""
    method: str
    """How the pair was found, such as `label`, `anchor`, `length`; sentences add `+sentence`."""
    source: str
    """Inline Markdown; lines joined by a newline."""
    target: str


SURE = 0.7
"""Least quality of each sentence pair for the sentences of a paragraph to be believed."""

Span = tuple[int, int]
Locate = Callable[[int, int], Span]
"""A span of a text → its span in the document."""


def pairs(
    source: ParsedDocument,
    target: ParsedDocument,
    beads: Sequence[Bead],
    granularity: Granularity,
    source_profile: Profile,
    target_profile: Profile,
) -> tuple[Pair, ...]:
    """The pairs in the beads of two documents, in the order of the source.

    Texts of one block pair with the texts of the other in order (cells by column), where they are as many; the texts
    of a merged bead are joined. With granularity `sentence` a paragraph whose sentences pair surely gives these, the
    others the paragraph itself: `kind` tells which.
    """
    found: list[Pair] = []
    for bead in beads:
        if not bead.source or not bead.target:
            continue
        one = [source.blocks[index] for index in bead.source]
        other = [target.blocks[index] for index in bead.target]
        for left, right in _texts(one, other):
            pair, locate = _pair(source.path, left, right, bead, source_profile, target_profile)
            if not pair.source.strip() or not pair.target.strip():
                continue
            cut = (
                sentence_pairs(pair, source_profile, target_profile, locate=locate) if granularity == "sentence" else ()
            )
            found.extend(cut or (pair,))
    return tuple(found)


def sentence_pairs(
    pair: Pair,
    source_profile: Profile,
    target_profile: Profile,
    *,
    sure: bool = True,
    locate: tuple[Locate, Locate] | None = None,
) -> tuple[Pair, ...]:
    """The sentence pairs of a paragraph pair; () where they do not pair surely.

    Sure is: no sentence is left over on either side, each group reaches the quality SURE, and there is more than one
    group; with `sure` False only the last is asked, and sentences left over are dropped. A group may hold two or three
    sentences of a side, joined as they stand. Without `locate` a text of several lines whose prefixes are unknown keeps
    the paragraph's span.
    """
    at_source, at_target = locate or (
        _straight(pair.source, (pair.source_start, pair.source_end)),
        _straight(pair.target, (pair.target_start, pair.target_end)),
    )
    here, there = split(pair.source, source_profile), split(pair.target, target_profile)
    left = [pair.source[start:end] for start, end in here]
    right = [pair.target[start:end] for start, end in there]
    found = []
    for bead in align_sentences(left, right, source_profile, target_profile):
        if sure and bead.quality < SURE and len(left) + len(right) > 2:
            return ()
        if not bead.source or not bead.target:
            continue
        a, source = _trimmed(pair.source, here[bead.source[0]][0], here[bead.source[-1]][1])
        b, target = _trimmed(pair.target, there[bead.target[0]][0], there[bead.target[-1]][1])
        if source and target:
            spans = at_source(a, a + len(source)) + at_target(b, b + len(target))
            quality_of_both = round(min(pair.score, bead.quality) if len(left) + len(right) > 2 else pair.score, 4)
            method = f"{pair.method}+{bead.method}"
            found.append(Pair(pair.document, *spans, "sentence", quality_of_both, method, source, target))
    if len(found) == 1 and len(left) + len(right) > 2:
        return ()
    return tuple(found)


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
) -> tuple[Pair, tuple[Locate, Locate]]:
    source = source_profile.joiner.join(text.source for text in left)
    target = target_profile.joiner.join(text.source for text in right)
    locate = _placed(left, len(source_profile.joiner)), _placed(right, len(target_profile.joiner))
    spans = (left[0].spans[0][0], left[-1].spans[-1][1], right[0].spans[0][0], right[-1].spans[-1][1])
    method = bead.method if bead.kind == "1-1" else f"{bead.method}:{bead.kind}"
    return Pair(document, *spans, "paragraph", bead.quality, method, source, target), locate


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
