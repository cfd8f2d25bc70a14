"""Looking a text up in the memory: in context, exactly, normalised, with placeholders swapped, and nearly."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from amts_tasks.memory.grams import ASKED, grams
from amts_tasks.memory.index import Index
from amts_tasks.memory.match import ORDER, How, Match, masked, similarity, swapped
from amts_tasks.memory.unit import RANK, Unit
from amts_tasks.text import Segment, normalise

LEAST = 50
"""Least score of a fuzzy match; below it a text is new."""
RARE = 1_000
"""A gram that so many units have says little by itself: two such are asked for together."""
SURE = 0.9
"""Confidence of the pairing from which on a unit may stand in for a translation without being asked for."""
SHARED = 3
"""So many rare grams in common make a unit a good candidate: common grams are then not looked at."""
CANDIDATES = 200
"""Most units that are compared with a text character by character."""


class Lookup:
    """Asks an index. Answers depend on the parts and the question alone.

    Machine text is found only where it was made by `service`; without one only text that a human wrote or approved is.
    """

    def __init__(self, index: Index, service: str | None = None) -> None:
        self.index = index
        self.service = service

    def best(
        self,
        source: str,
        previous: str | None = None,
        following: str | None = None,
        *,
        least: int = LEAST,
        limit: int = 5,
    ) -> tuple[Match, ...]:
        """The best matches of all kinds, the best first; of units with one source and target only one.

        `previous` and `following` are the sources of the units around it, empty at the ends of a document, None where
        they are not known. Nearly equal texts are looked for only where no equal one is found.
        """
        found = [*self.exact(source, previous, following), *self.masked(source)]
        if not found:
            found = list(self.fuzzy(source, least=least, limit=limit))
        return _ordered(found)[:limit]

    def exact(self, source: str, previous: str | None = None, following: str | None = None) -> tuple[Match, ...]:
        """The units with this very source: 101 in this context, else 100."""
        around = [None if text is None else normalise(text) for text in (previous, following)]
        found = []
        for unit in self._allowed(self.index.find(source)):
            how: How = "exact" if unit.source == source else "normalised"
            if None not in around and [unit.previous, unit.following] == around:
                found.append(Match(unit, 101, "context", unit.target))
            else:
                found.append(Match(unit, 100, how, unit.target))
        return _ordered(found)

    def certain(
        self, source: str, document: str, around: tuple[str, str] | None = None, own: Sequence[re.Pattern[str]] = ()
    ) -> tuple[Unit, bool] | None:
        """The one unit that may be put into a book for this very source, and whether it stood in this context.

        Only text that a human wrote or approved, paired one to one and surely, with the placeholders of its source.
        That which stood between the same texts (`around`: the sources before and after) comes first, then that of the
        same document, what a human wrote before what was approved, what was written most often, and what came last.
        A text with a link target that each document has of its own (`own`) is found in its own document only.
        """
        sides = None if around is None else [normalise(text) for text in around]
        allowed = [
            (number, unit)
            for number, unit in enumerate(self.index.find(source))
            if usable(unit) and _faithful(unit, document, own)
        ]
        times = Counter(unit.target for _, unit in allowed)

        def place(found: tuple[int, Unit]) -> tuple[object, ...]:
            number, unit = found
            near = [unit.previous, unit.following] != sides, unit.document != document
            return (*near, -RANK[unit.state], -times[unit.target], -number)

        best = min(allowed, key=place, default=None)
        return None if best is None else (best[1], [best[1].previous, best[1].following] == sides)

    def masked(self, source: str) -> tuple[Match, ...]:
        """The units whose source differs in what its placeholders hold and in nothing else: 99, as CAT tools count a
        placeable that they exchange by themselves. The target has the new placeholders."""
        found = []
        for unit in self._allowed(self.index.alike(source)):
            target = swapped(source, unit)
            if target is not None and normalise(unit.source) != normalise(source):
                found.append(Match(unit, 99, "masked", target))
        return _ordered(found)

    def fuzzy(self, source: str, *, least: int = LEAST, limit: int = 5) -> tuple[Match, ...]:
        """The units with the most similar sources from a score of `least` on, equal ones left out.

        Candidates are the units that share the rarest grams; the `CANDIDATES` best of them are compared. A unit below a
        score of about 75 may be missed.
        """
        found = []
        for unit in self._allowed(self.index.units(self._candidates(source))):
            score = similarity(source, unit.source)
            if least <= score < 100:
                found.append(Match(unit, score, "fuzzy", unit.target))
        return _ordered(found)[:limit]

    def _candidates(self, source: str) -> list[int]:
        shown = grams(masked(source).partition("\0")[0] or normalise(source), ASKED)
        weights: defaultdict[int, int] = defaultdict(int)
        shared: Counter[int] = Counter()
        common: list[int] = []
        for gram in shown:
            numbers = self.index.with_gram(gram, most=RARE)
            if len(numbers) == RARE:
                common.append(gram)
            else:
                _count(weights, numbers)
                shared.update(numbers)
        if common and max(shared.values(), default=0) < SHARED:
            for one, other in zip(common, [*common[1:], common[0]], strict=True):
                _count(weights, self.index.with_gram(one, *([other] if other != one else []), most=RARE))
        return sorted(weights, key=lambda number: (-weights[number], number))[:CANDIDATES]

    def _allowed(self, found: Iterable[Unit]) -> Iterator[Unit]:
        return (unit for unit in found if unit.trusted or (self.service is not None and unit.service == self.service))


def usable(unit: Unit) -> bool:
    """Whether a unit's text, or a sentence of it, may stand in a book again: a human vouches for it, and it is surely
    the translation of one text (several joined ones stand nowhere like that)."""
    whole = ":" not in unit.method
    return unit.trusted and unit.confidence >= SURE and whole and normalise(unit.source) != normalise(unit.target)


def _faithful(unit: Unit, document: str, own: Sequence[re.Pattern[str]]) -> bool:
    """Whether the translation has the placeholders of its source, and no link that is another document's own."""
    one, other = Segment.of(unit.source), Segment.of(unit.target)
    if Counter(mark.text for mark in one.placeholders) != Counter(mark.text for mark in other.placeholders):
        return False
    tags = (tag.text for side in (one, other) for tag in side.tags)
    return unit.document == document or not any(pattern.search(tag) for tag in tags for pattern in own)


def _count(weights: defaultdict[int, int], numbers: list[int]) -> None:
    """The rarer a gram, the more it weighs."""
    weight = 16 - len(numbers).bit_length()
    for number in numbers:
        weights[number] += weight


def _ordered(found: Iterable[Match]) -> tuple[Match, ...]:
    """The best first: score, kind, who vouches for it, whether it stands in the book; then by text, to be the same on
    every machine. Of equal source and target only the first."""

    def place(match: Match) -> tuple[object, ...]:
        unit = match.unit
        rank = (-match.score, ORDER.index(match.how), -RANK[unit.state], not unit.standing, -unit.confidence)
        return (*rank, unit.document, unit.source, unit.target, unit.kind)

    once: dict[tuple[str, str], Match] = {}
    for match in sorted(found, key=place):
        once.setdefault((match.unit.source, match.target), match)
    return tuple(once.values())
