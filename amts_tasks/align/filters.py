"""What is measured of a pair, and apart from it what is accepted: measurements can be kept and thresholds moved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amts_tasks.align.pairs import Pair
from amts_tasks.text import Segment

if TYPE_CHECKING:
    from amts_tasks.languages import Profile

EMPTY = "empty"
LENGTH = "length ratio"
PLACEHOLDERS = "placeholders differ"
UNTRANSLATED = "untranslated"
DUPLICATE = "duplicate"
UNSURE = "unsure pairing"

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_COMPARED = frozenset(("code", "math", "role", "link", "image", "html"))
"""Kinds of placeholders a translation keeps; line breaks, escapes and stray marks may change."""
_SLACK = 12
"""Characters added to both sides: the ratio of two short texts says little."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Numbers about one pair; none of them is a verdict."""

    source_letters: int
    """Letters outside placeholders."""
    target_letters: int
    length: float
    """Target characters per source character outside placeholders, drawn to the profiles' mean in short texts."""
    placeholders: float
    """Agreement of the two multisets of protected spans, 0–1 (Dice); 1 where neither side has one."""
    sameness: float
    """Share of the source's words that stand in the target unchanged, 0–1."""
    score: float
    """The pair's own quality, 0–1."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is accepted. The length limits come from the target's profile."""

    placeholders: float = 0.5
    sameness: float = 0.8
    """Above it a text of many letters counts as not translated."""
    letters: int = 20
    """From so many letters on; names and formulas are shorter."""
    score: float = 0.5


def measure(pair: Pair, source_profile: Profile, target_profile: Profile) -> Measures:
    """The measurements of one pair."""
    one, other = Segment.of(pair.source), Segment.of(pair.target)
    here, there = _protected(one), _protected(other)
    source, target = one.plain, other.plain
    total = here.total() + there.total()
    words, others = Counter(_WORD.findall(source.casefold())), Counter(_WORD.findall(target.casefold()))
    expected = target_profile.expected_ratio / source_profile.expected_ratio
    return Measures(
        source_letters=len(_LETTER.findall(source)),
        target_letters=len(_LETTER.findall(target)),
        length=(_size(target) + _SLACK * expected) / (_size(source) + _SLACK),
        placeholders=2 * (here & there).total() / total if total else 1.0,
        sameness=(words & others).total() / words.total() if words else 0.0,
        score=pair.score,
    )


def accept(measures: Measures, source_profile: Profile, target_profile: Profile, limits: Limits) -> str | None:
    """None, or the reason why such a pair is not good enough for memory to be learnt from."""
    if not measures.source_letters or not measures.target_letters:
        return EMPTY
    if measures.sameness > limits.sameness and measures.source_letters >= limits.letters:
        return UNTRANSLATED
    low, high = (bound / source_profile.expected_ratio for bound in target_profile.length_ratio)
    if not low <= measures.length <= high:
        return LENGTH
    if measures.placeholders < limits.placeholders:
        return PLACEHOLDERS
    if measures.score < limits.score:
        return UNSURE
    return None


_DEFAULT = Limits()


def reject(pair: Pair, source_profile: Profile, target_profile: Profile, limits: Limits = _DEFAULT) -> str | None:
    """None, or why the pair is refused."""
    return accept(measure(pair, source_profile, target_profile), source_profile, target_profile, limits)


def sift(
    pairs: Iterable[Pair], source_profile: Profile, target_profile: Profile, limits: Limits = _DEFAULT
) -> tuple[tuple[Pair, ...], tuple[tuple[Pair, str], ...]]:
    """The pairs kept, and those refused each with its reason; of equal pairs the first is kept, the others refused."""
    kept: list[Pair] = []
    refused: list[tuple[Pair, str]] = []
    seen: set[tuple[str, str]] = set()
    for pair in pairs:
        reason = reject(pair, source_profile, target_profile, limits)
        if reason is None and (pair.source, pair.target) in seen:
            reason = DUPLICATE
        if reason is None:
            seen.add((pair.source, pair.target))
            kept.append(pair)
        else:
            refused.append((pair, reason))
    return tuple(kept), tuple(refused)


def reasons(refused: Sequence[tuple[Pair, str]]) -> dict[str, int]:
    """How many were refused for each reason, in the order of their number."""
    return dict(sorted(Counter(reason for _, reason in refused).items(), key=lambda item: (-item[1], item[0])))


def _protected(segment: Segment) -> Counter[str]:
    return Counter("".join(span.text.split()) for span in segment.placeholders if span.kind in _COMPARED)


def _size(text: str) -> int:
    return len("".join(text.split()))
