"""How well a unit of the memory fits a text: the score and bands of CAT tools (101 context, 100, 95-99, … new).

The percentage is twice the characters both texts share in order by the characters of both (the indel ratio, as
rapidfuzz computes it), a placeholder counting as one character; rounded down, and at most 99 for a text that is not the
same. White space and Unicode form make no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

from amts_tasks.memory.unit import Unit
from amts_tasks.text import Placeholder, Segment, Tag, normalise

Band = Literal["101", "100", "95-99", "85-94", "75-84", "50-74", "new"]
How = Literal["context", "exact", "normalised", "masked", "fuzzy"]
ORDER: tuple[How, ...] = ("context", "exact", "normalised", "masked", "fuzzy")
_BANDS: tuple[tuple[int, Band], ...] = (
    (101, "101"),
    (100, "100"),
    (95, "95-99"),
    (85, "85-94"),
    (75, "75-84"),
    (50, "50-74"),
)
_MARKS = frozenset("\\`*_{}[]()#+!<>&|~^$:\n")
"""A text without any of these has neither placeholders nor tags."""


@dataclass(frozen=True, slots=True)
class Match:
    """A unit that was found for a text."""

    unit: Unit
    score: int
    """0-101: 101 the same text in the same context, 100 the same text, else a percentage."""
    how: How
    target: str
    """The translation for the text that was looked up: the unit's; in a `masked` match with the placeholders
    swapped."""

    @property
    def band(self) -> Band:
        """The match band of its score."""
        return band(self.score)


def band(score: int) -> Band:
    """The band a score is in; below 50 the text is new."""
    return next((name for least, name in _BANDS if score >= least), "new")


def plain(text: str) -> bool:
    """Whether a text surely has no placeholders and no tags."""
    return _MARKS.isdisjoint(text)


def masked(text: str) -> str:
    """The text with numbers for its placeholders, white space made alike, and its tags; empty without placeholders."""
    if plain(text):
        return ""
    segment = Segment.of(text)
    if not segment.placeholders:
        return ""
    marks = "".join(tag.text if tag.name != "a" else "[]" for tag in segment.tags)
    return f"{normalise(segment.masked)}\0{marks}"


def similarity(one: str, other: str) -> int:
    """0-99: the percentage of two texts that are not the same; 100 when they are, but for white space."""
    shapes: dict[str, str] = {}
    left, right = (_shape(text, shapes) for text in (one, other))
    if left == right:
        return 100 if normalise(one) == normalise(other) else 99
    return min(99, int(Indel.normalized_similarity(left, right) * 100 + 1e-9))


def swapped(wanted: str, unit: Unit) -> str | None:
    """The unit's target with the placeholders of `wanted`, whose masked form its source has; None where it is not
    certain which goes where: the target must have the very placeholders of the unit's source."""
    mine, theirs = (Segment.of(text).placeholders for text in (wanted, unit.source))
    if len(mine) != len(theirs):
        return None
    target = Segment.of(unit.target)
    if Counter(one.text for one in theirs) != Counter(one.text for one in target.placeholders):
        return None
    change: dict[str, str] = {}
    for old, new in zip(theirs, mine, strict=True):
        if old.kind != new.kind or change.setdefault(old.text, new.text) != new.text:
            return None
    tags = {old.text: new.text for old, new in zip(_tags(unit.source), _tags(wanted), strict=False)}
    parts = [
        change[token.text]
        if isinstance(token, Placeholder)
        else tags.get(token.text, token.text)
        if isinstance(token, Tag)
        else token
        for token in target.tokens
    ]
    made = "".join(parts)
    # Put together it must still mean what its parts mean.
    again = Segment.of(made)
    if Counter(one.text for one in again.placeholders) != Counter(one.text for one in mine):
        return None
    return made if len(again.tags) == len(target.tags) else None


def _tags(text: str) -> Sequence[Tag]:
    return Segment.of(text).tags


def _shape(text: str, shapes: dict[str, str]) -> str:
    if plain(text):
        return normalise(text)
    parts = []
    for token in Segment.of(text).tokens:
        if isinstance(token, str):
            parts.append(token)
        else:
            # A private character for each placeholder and tag there is; the planes hold 131,068 of them.
            shown = token.text if isinstance(token, Placeholder) else f"{token.name}{'<' if token.open else '>'}"
            parts.append(shapes.setdefault(shown, chr(0xF0000 + len(shapes) % 0x1FFFC)))
    return normalise("".join(parts))
