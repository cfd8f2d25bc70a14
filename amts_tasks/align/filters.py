"""What is measured of a pair, and apart from it what is accepted: measurements are kept, so thresholds can be moved
without measuring again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from amts_tasks.align import tongue
from amts_tasks.align.pairs import Pair
from amts_tasks.text import Segment

if TYPE_CHECKING:
    from amts_tasks.languages import FilterLimits, Profile

EMPTY = "empty"
LENGTH = "length ratio"
PLACEHOLDERS = "placeholders differ"
UNTRANSLATED = "untranslated"
LANGUAGE = "another language"
NUMBERS = "numbers differ"
DUPLICATE = "duplicate"
UNSURE = "unsure pairing"

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
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
    numbers: float
    """Share of the numbers of the side with fewer that the other has too, 0–1; 1 where a side has none."""
    numbered: int
    """How many numbers the side with fewer has."""
    source_language: float
    """Probability (0–1) that the source is in its language, if it is in one of the pair's two; 1 where nobody knows."""
    target_language: float
    """The same of the target."""
    score: float
    """The pair's own confidence, 0–1."""
    repeats: int = 0
    """How many equal pairs stand before it; `sift` counts them."""


def measure(pair: Pair, source_profile: Profile, target_profile: Profile) -> Measures:
    """The measurements of one pair."""
    one, other = Segment.of(pair.source), Segment.of(pair.target)
    here, there = _protected(one), _protected(other)
    source, target = one.plain, other.plain
    total = here.total() + there.total()
    words, others = Counter(_WORD.findall(source.casefold())), Counter(_WORD.findall(target.casefold()))
    expected = target_profile.expected_ratio / source_profile.expected_ratio
    # Also those in formulas and code: translators set a number as a formula, or take it out of one.
    numbers = Counter(map(_plain, _NUMBER.findall(pair.source))), Counter(map(_plain, _NUMBER.findall(pair.target)))
    numbered = min(numbers[0].total(), numbers[1].total())
    codes = source_profile.code, target_profile.code
    return Measures(
        source_letters=len(_LETTER.findall(source)),
        target_letters=len(_LETTER.findall(target)),
        length=(_size(target) + _SLACK * expected) / (_size(source) + _SLACK),
        placeholders=2 * (here & there).total() / total if total else 1.0,
        sameness=(words & others).total() / words.total() if words else 0.0,
        numbers=(numbers[0] & numbers[1]).total() / numbered if numbered else 1.0,
        numbered=numbered,
        source_language=_in(source, *codes),
        target_language=_in(target, *reversed(codes)),
        score=pair.score,
    )


def accept(
    measures: Measures, source_profile: Profile, target_profile: Profile, limits: FilterLimits | None = None
) -> str | None:
    """None, or the reason why such a pair is not good enough for memory to be learnt from.

    Without `limits` those of the target's profile hold.
    """
    for reason, refused in verdicts(measures, source_profile, target_profile, limits).items():
        if refused:
            return reason
    return None


def verdicts(
    measures: Measures, source_profile: Profile, target_profile: Profile, limits: FilterLimits | None = None
) -> dict[str, bool]:
    """Every filter by its name, in the order in which they count, and whether it refuses."""
    limits = limits or target_profile.filters
    long = measures.source_letters >= limits.letters
    low, high = (bound / source_profile.expected_ratio for bound in target_profile.length_ratio)
    return {
        EMPTY: not measures.source_letters or not measures.target_letters,
        UNTRANSLATED: long and measures.sameness > limits.sameness,
        LANGUAGE: long and min(measures.source_language, measures.target_language) < limits.language,
        LENGTH: not low <= measures.length <= high,
        PLACEHOLDERS: measures.placeholders < limits.placeholders,
        NUMBERS: measures.numbered >= limits.numbered and measures.numbers < limits.numbers,
        UNSURE: measures.score < limits.score,
        DUPLICATE: 0 < limits.copies <= measures.repeats,
    }


def value(reason: str, measures: Measures) -> float:
    """The measure by which a pair was refused for that reason."""
    return {
        EMPTY: float(min(measures.source_letters, measures.target_letters)),
        UNTRANSLATED: measures.sameness,
        LANGUAGE: min(measures.source_language, measures.target_language),
        LENGTH: measures.length,
        PLACEHOLDERS: measures.placeholders,
        NUMBERS: measures.numbers,
        UNSURE: measures.score,
        DUPLICATE: float(measures.repeats),
    }[reason]


def reject(
    pair: Pair, source_profile: Profile, target_profile: Profile, limits: FilterLimits | None = None
) -> str | None:
    """None, or why the pair is refused."""
    return accept(measure(pair, source_profile, target_profile), source_profile, target_profile, limits)


def measured(pairs: Iterable[Pair], source_profile: Profile, target_profile: Profile) -> list[Measures]:
    """The measurements of each pair, repetitions counted."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for pair in pairs:
        measures = measure(pair, source_profile, target_profile)
        found.append(replace(measures, repeats=seen[pair.source, pair.target]))
        seen[pair.source, pair.target] += 1
    return found


def sift(
    pairs: Iterable[Pair], source_profile: Profile, target_profile: Profile, limits: FilterLimits | None = None
) -> tuple[tuple[Pair, ...], tuple[tuple[Pair, str], ...]]:
    """The pairs kept, and those refused each with its reason; of equal pairs the first are kept."""
    kept: list[Pair] = []
    refused: list[tuple[Pair, str]] = []
    given = tuple(pairs)
    for pair, measures in zip(given, measured(given, source_profile, target_profile), strict=True):
        reason = accept(measures, source_profile, target_profile, limits)
        if reason is None:
            kept.append(pair)
        else:
            refused.append((pair, reason))
    return tuple(kept), tuple(refused)


def reasons(refused: Sequence[tuple[Pair, str]]) -> dict[str, int]:
    """How many were refused for each reason, in the order of their number."""
    return dict(sorted(Counter(reason for _, reason in refused).items(), key=lambda item: (-item[1], item[0])))


def _protected(segment: Segment) -> Counter[str]:
    return Counter("".join(span.text.split()) for span in segment.placeholders if span.kind in _COMPARED)


def _plain(number: str) -> str:
    """The number without marks for thousands and decimals, which languages set otherwise."""
    return re.sub(r"[.,]", "", number)


def _in(text: str, language: str, other: str) -> float:
    known = tongue.share(text, language, other) if len(text) > _SLACK else None
    return 1.0 if known is None else round(known, 4)


def _size(text: str) -> int:
    return len("".join(text.split()))
