"""What is wrong with a translation that stands in a book already, as Markdown beside its source.

The same kinds as those of the gate (``damage.Damage``), found without the exchange form: for text that another tool
translated, or that was published before there was a gate. Nothing is repaired here.
"""

from __future__ import annotations

from collections import Counter

from rapidfuzz.distance import Indel

from amts_tasks.languages import Profile
from amts_tasks.text import Placeholder, Segment, Tag
from amts_tasks.translate import content
from amts_tasks.translate.damage import Damage, Finding

_KINDS = frozenset(("code", "math", "role", "link", "image"))
"""Placeholders that a translation has as its source has them; escapes, breaks and stray marks may change."""
_ALIKE = 0.4
"""Least similarity (Indel, 0–1) of a formula that is gone and one that was not there to count as one that changed."""


def findings(source: Segment, target: Segment, source_profile: Profile, target_profile: Profile) -> list[Finding]:
    """The damage to a text; the detail begins with the sort of placeholder or the name of the tag."""
    found = _placeholders(source, target) + _tags(source, target)
    bare = Segment(tuple(token for token in source.tokens if not isinstance(token, Tag)))
    tokens = [token for token in target.tokens if not isinstance(token, Tag)]
    if source.translatable:
        judged = content.findings(bare, tokens, source_profile, target_profile)
        # Where placeholders are not the same, in which sentence one stands says nothing.
        found += [one for one in judged if not (found and one.kind in {Damage.moved, Damage.code, Damage.link})]
    return found


def _placeholders(source: Segment, target: Segment) -> list[Finding]:
    before, after = _counted(source), _counted(target)
    shown = {_key(one): " ".join(one.text.split()) for segment in (target, source) for one in segment.placeholders}
    missing = sorted((before - after).elements())
    gained = sorted((after - before).elements())
    # One that the source has elsewhere was doubled, whatever it looks like.
    new = [one for one in gained if not before[one]]
    found: list[Finding] = []
    for sort, text in missing:
        likest = max(new, key=lambda one: _likeness(sort, text, one), default=None)
        if likest is not None and _likeness(sort, text, likest) >= _ALIKE:
            new.remove(likest)
            found.append(Finding(Damage.altered, f"{sort} {shown[sort, text][:40]!r} → {shown[likest][:40]!r}"))
        else:
            found.append(Finding(Damage.lost, f"{sort} {shown[sort, text][:60]!r}"))
    # Translators repeat a symbol where English has a pronoun; it is damage where another one went for it.
    gone = {sort for sort, _ in missing}
    again = [(sort, text) for sort, text in gained if before[sort, text] and sort in gone]
    found += [Finding(Damage.doubled, f"{sort} {shown[sort, text][:60]!r}") for sort, text in again]
    return found


def _counted(segment: Segment) -> Counter[tuple[str, str]]:
    return Counter(_key(one) for one in segment.placeholders if one.kind in _KINDS)


def _key(one: Placeholder) -> tuple[str, str]:
    """Its sort, and its text without white space that says nothing in it."""
    return one.kind, (" " if one.kind == "code" else "").join(one.text.split())


def _paired(segment: Segment) -> Counter[tuple[str, str]]:
    return Counter(("".join(opening.split()), "".join(closing.split())) for opening, closing in segment.pairs)


def _likeness(sort: str, text: str, other: tuple[str, str]) -> float:
    return Indel.normalized_similarity(text, other[1]) if other[0] == sort else 0.0


def _tags(source: Segment, target: Segment) -> list[Finding]:
    before, after = _paired(source), _paired(target)
    missing = list((before - after).elements())
    marks = Counter(one.text for one in target.placeholders if one.kind == "mark")
    marks -= Counter(one.text for one in source.placeholders if one.kind == "mark")
    # A single mark with a space on both sides is text, and is all that is left of it.
    stray = {mark: target.plain.count(mark) - source.plain.count(mark) for mark in "*_~"}
    found: list[Finding] = []
    for opening, closing in sorted(missing):
        halves = [text for text in (opening, closing) if marks[text] > 0]
        marks.subtract(halves)
        if halves or stray.get(opening, 0) > 0:
            stray[opening] = stray.get(opening, 0) - 2
            found.append(Finding(Damage.edges, f"{opening}…{closing}"))
        else:
            found.append(Finding(Damage.tag_lost, f"{opening}…{closing}"[:60]))
    return found
