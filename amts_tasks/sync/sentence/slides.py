"""Slide marks put around a translation whose source changed in them and in no word.

A slide mark (``[**…**]``, ``(**…**)``, ``(~~…~~)``) says which part of a page d2lbook's slides show.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from amts_tasks.align import Bead, align_sentences
from amts_tasks.languages import Profile
from amts_tasks.sync.sentence.sentences import Sentence, sentences
from amts_tasks.text import Segment, Tag, normalise

_OPENING = frozenset({"[**", "(**", "[~~", "(~~"})
SURE = 0.9
"""Quality from which on a bead of sentences is certain."""
PLACED = "its words are unchanged; the slide mark is around whole sentences now: move it if it belongs around a part"


@dataclass(frozen=True, slots=True)
class Mark:
    """A slide mark and where it stands in the text without slide marks; 0-based half-open characters."""

    opening: str
    closing: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A translation with its new marks."""

    text: str
    """Inline Markdown."""
    certain: bool
    """False where the source marks part of a sentence and the translation marks all of it."""


def remarked(old: str, new: str, target: str, source: Profile, other: Profile) -> Marked | None:
    """The translation of `old` with the slide marks that `new` has; inline Markdown, the profiles of both languages.

    None where anything but slide marks changed, where the translation has slide marks of its own that differ from
    both, or where it is not certain which of its sentences the mark is around. What stands on slides only (``~~``) is
    never made longer.
    """
    (was, before), (now, after), (plain, theirs) = bare(old), bare(new), bare(target)
    if not (before or after) or normalise(was) != normalise(now):
        return None
    shapes = [sorted(mark.opening for mark in marks) for marks in (before, after, theirs)]
    if shapes[2] == shapes[1] != shapes[0]:
        return Marked(target, certain=True)
    if theirs and shapes[2] != shapes[0]:
        return None
    placed = _placed(now, after, plain, source, other)
    if placed is None or (any("~" in mark.opening for mark in after) and not placed[1]):
        return None
    marks, certain = placed
    text = plain
    for mark in reversed(marks):
        inside = text[mark.start : mark.end]
        text = f"{text[: mark.start]}{mark.opening}{inside}{mark.closing}{text[mark.end :]}"
    return Marked(text, certain) if bare(text) == (plain, tuple(marks)) else None


def bare(text: str) -> tuple[str, tuple[Mark, ...]]:
    """A text without its slide marks, and the marks in the order in which they open."""
    parts: list[str] = []
    marks: list[Mark] = []
    opened: dict[int, tuple[str, int]] = {}
    at = 0
    for token in Segment.of(text).tokens:
        if isinstance(token, Tag) and token.open and token.text in _OPENING:
            opened[token.id] = (token.text, at)
        elif isinstance(token, Tag) and token.id in opened:
            opening, start = opened.pop(token.id)
            marks.append(Mark(opening, token.text, start, at))
        else:
            parts.append(token if isinstance(token, str) else token.text)
            at += len(parts[-1])
    return "".join(parts), tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end)))


def _placed(
    now: str, marks: Sequence[Mark], plain: str, source: Profile, target: Profile
) -> tuple[list[Mark], bool] | None:
    """The marks around the translation's sentences, and whether all of them are where they are in the source."""
    if not marks:
        return [], True
    ours, theirs = sentences(now, source), sentences(plain, target)
    beads = align_sentences([one.text for one in ours], [one.text for one in theirs], source, target)
    here, there = _spans(ours), _spans(theirs)
    # A mark around all of a text needs no sentences.
    if len(marks) == 1 and _silent(now[: marks[0].start] + now[marks[0].end :]):
        here, there, beads = [(0, len(now))], [(0, len(plain.rstrip()))], (Bead((0,), (0,), quality=1.0),)
    placed: list[Mark] = []
    certain = True
    for mark in marks:
        covered = [number for number, (start, end) in enumerate(here) if start < mark.end and mark.start < end]
        tied = _translations(covered, beads)
        if tied is None:
            return None
        found, exact = tied
        certain = certain and exact
        start, end = there[found[0]][0], there[found[-1]][1]
        edges = now[here[covered[0]][0] : mark.start], now[mark.end : here[covered[-1]][1]]
        certain = certain and _silent("".join(edges))
        if edges[1].strip():
            end = start + len(plain[start:end].rstrip(_punctuation(plain[start:end])))
        start += len(plain[start:end]) - len(plain[start:end].lstrip())
        if placed and start < placed[-1].end:
            # Two parts of one sentence are marked: once around it does for both.
            certain = False
            continue
        placed.append(Mark(mark.opening, mark.closing, start, end))
    return placed, certain


def _translations(covered: Sequence[int], beads: Sequence[Bead]) -> tuple[list[int], bool] | None:
    """The target sentences of these source sentences, side by side; and whether they are theirs alone for certain."""
    touched = [bead for bead in beads if set(bead.source) & set(covered)]
    targets = sorted(index for bead in touched for index in bead.target)
    if not targets or targets != list(range(targets[0], targets[-1] + 1)):
        return None
    alone = sorted(index for bead in touched for index in bead.source) == list(covered)
    return targets, alone and all(bead.quality >= SURE for bead in touched)


def _spans(side: Sequence[Sentence]) -> list[tuple[int, int]]:
    spans, at = [], 0
    for one in side:
        spans.append((at, at + len(one.text)))
        at += len(one.text) + len(one.gap)
    return spans


def _silent(text: str) -> bool:
    return all(letter.isspace() or unicodedata.category(letter).startswith("P") for letter in text)


def _punctuation(text: str) -> str:
    return "".join({letter for letter in text if _silent(letter)} - set("*_`$)]）】”’\"'」』"))
