"""The sentences of a text that can stand alone, each with the white space after it."""

from __future__ import annotations

from dataclasses import dataclass

from amts_tasks.languages import Profile
from amts_tasks.text import Segment, Tag, split


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of inline Markdown. Text and gap of all sentences of a text, joined, are that text."""

    text: str
    """Without white space at its end; that before the first sentence of a text belongs to it."""
    gap: str
    """The white space after it."""


def sentences(text: str, profile: Profile) -> tuple[Sentence, ...]:
    """The sentences of a text; those that share a pair of marks (bold over two sentences) are one.

    Lossless: nothing of the text is left out. An empty text has none.
    """
    pairs = _pairs(text)
    found: list[Sentence] = []
    begin = 0
    for _, end in split(text, profile):
        while pairs and pairs[0][1] <= end:
            del pairs[0]
        if pairs and pairs[0][0] < end:
            continue
        whole = text[begin:end]
        bare = whole.rstrip()
        found.append(Sentence(bare, whole[len(bare) :]))
        begin = end
    return tuple(found)


def _pairs(text: str) -> list[tuple[int, int]]:
    """The spans of the outermost pairs of marks, marks included; 0-based half-open characters."""
    spans: list[tuple[int, int]] = []
    at = depth = start = 0
    for token in Segment.of(text).tokens:
        length = len(token) if isinstance(token, str) else len(token.text)
        if isinstance(token, Tag) and token.open:
            start = at if depth == 0 else start
            depth += 1
        elif isinstance(token, Tag):
            depth -= 1
            if depth == 0:
                spans.append((start, at + length))
        at += length
    return spans
