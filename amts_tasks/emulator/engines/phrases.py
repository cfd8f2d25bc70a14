"""Phrases and their translations, cut out of aligned pairs (Koehn, Och and Marcu 2003).

Everything that is counted is counted over all pairs at once with NumPy; what a phrase may become is put together when
the phrase is first wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from amts_tasks.lexicon import Link

Phrase = tuple[str, ...]
Orientations = tuple[float, float, float]
"""Of a phrase that follows the one translated before it, of one that stands before it, of one elsewhere."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LONGEST = 8
"""Words of the longest source phrase."""
LONGEST_TARGET = 10
"""Words of the longest target phrase."""
MOST = 40
"""Translations of a phrase that are looked at: the most probable, whatever the weights."""
FEATURES = (
    "direct", "inverse", "lexical", "inverse_lexical", "single", "phrase", "word",
)  # fmt: skip
"""Names of an option's features, in their order."""
ORIENTATIONS = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """One aligned pair of the parallel data."""

    source: Sequence[str]
    target: Sequence[str]
    links: Sequence[Link]
    spans: Sequence[Link]
    """Positions of the same placeholder on both sides."""


@dataclass(slots=True)
class Option:
    """A translation of a source phrase."""

    target: Phrase
    features: tuple[float, ...]
    """By FEATURES: natural logs, and counts."""
    before: Orientations = (-0.5, -2.5, -1.2)
    """ln of how likely the phrase stands in each orientation to the one translated before it."""
    after: Orientations = (-0.5, -2.5, -1.2)
    """The same of the next one to it."""
    links: tuple[Link, ...] = ()
    """Which of its words became which."""
    score: float = 0.0
    """Weighted sum of the features."""


class PhraseTable:
    """What the pairs show."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pairs = pairs
        self._sources: dict[Phrase, int] = {}
        targets: dict[Phrase, int] = {}
        forward, backward = _lexical(pairs)
        rows: list[tuple[int, ...]] = []
        weights: list[tuple[float, float]] = []
        for number, pair in enumerate(pairs):
            there, back = forward[number], backward[number]
            for left, right, before, after in _cut(pair):
                source = self._sources.setdefault(tuple(pair.source[left[0] : left[1]]), len(self._sources))
                target = targets.setdefault(tuple(pair.target[right[0] : right[1]]), len(targets))
                rows.append((source, target, before, after, number, left[0], right[0]))
                weights.append((there[right[1]] - there[right[0]], back[left[1]] - back[left[0]]))
        self._targets = list(targets)
        self._fill(np.array(rows, np.int64).reshape(-1, 7), np.array(weights).reshape(-1, 2))
        self._known: dict[Phrase, tuple[Option, ...]] = {}

    def _fill(self, rows: Ints, weights: Floats) -> None:
        width = len(self._targets) + 1
        keys, first, places = np.unique(rows[:, 0] * width + rows[:, 1], return_index=True, return_inverse=True)
        counts = np.bincount(places, minlength=len(keys)).astype(np.float64)
        sources, targets = keys // width, keys % width
        source_sums = np.bincount(sources, weights=counts)
        target_sums = np.bincount(targets, weights=counts)
        source_kinds = np.bincount(sources)
        target_kinds = np.bincount(targets)
        # Kneser and Ney's smoothing of phrase tables (Foster, Kuhn and Johnson, 2006).
        n = [0.0, *(float((counts == kind).sum()) for kind in (1, 2, 3, 4))]
        y = n[1] / max(n[1] + 2 * n[2], 1.0)
        discounts = np.array([
            0.0,
            *(min(max(k - (k + 1) * y * n[k + 1] / max(n[k], 1.0), 0.1), k - 0.1) for k in (1, 2, 3)),
        ])
        discount = discounts[np.minimum(counts, 3).astype(int)]
        taken_source = np.bincount(sources, weights=discount) / source_sums
        taken_target = np.bincount(targets, weights=discount) / target_sums
        direct = (counts - discount) / source_sums[sources] + taken_source[sources] * (
            target_kinds[targets] / len(keys)
        )
        inverse = (counts - discount) / target_sums[targets] + taken_target[targets] * (
            source_kinds[sources] / len(keys)
        )
        lexical = np.full((len(keys), 2), -np.inf)
        np.maximum.at(lexical, places, weights)
        lengths = np.array([len(phrase) for phrase in self._targets])[targets]
        self._features = np.stack(
            [
                np.log(direct),
                np.log(inverse),
                lexical[:, 0],
                lexical[:, 1],
                (counts == 1).astype(np.float64),
                np.ones(len(keys)),
                lengths,
            ],
            axis=1,
        )
        self._before = _orientations(rows[:, 2], places, len(keys), sources)
        self._after = _orientations(rows[:, 3], places, len(keys), sources)
        self._order = targets
        self._rows = rows[first]
        self._counts = counts
        self._starts = np.searchsorted(sources, np.arange(len(self._sources) + 1))

    def __contains__(self, phrase: Phrase) -> bool:
        return phrase in self._sources

    def options(self, phrase: Phrase, weights: Floats) -> tuple[Option, ...]:
        """The best translations of a phrase, best first; none for one that was never seen. One set of weights only."""
        found = self._known.get(phrase)
        if found is None:
            number = self._sources.get(phrase)
            found = self._known[phrase] = () if number is None else tuple(self._made(number, len(phrase), weights))
        return found

    def _made(self, number: int, width: int, weights: Floats) -> Iterator[Option]:
        low, high = self._starts[number], self._starts[number + 1]
        scores = self._features[low:high] @ weights
        likely = self._features[low:high, :4].sum(axis=1)
        for place in (np.lexsort((np.arange(high - low), -likely))[:MOST] + low).tolist():
            target = self._targets[self._order[place]]
            _, _, _, _, pair, left, right = self._rows[place].tolist()
            links = tuple(
                (i - left, j - right)
                for i, j in self._pairs[pair].links
                if left <= i < left + width and right <= j < right + len(target)
            )
            yield Option(
                target,
                tuple(self._features[place].tolist()),
                tuple(self._before[place].tolist()),
                tuple(self._after[place].tolist()),
                links,
                float(scores[place - low]),
            )

    @cached_property
    def words(self) -> dict[str, tuple[Option, ...]]:
        """Single words for words that were aligned, but never so that a phrase could be cut out."""
        counts: dict[str, dict[str, int]] = {}
        for pair in self._pairs:
            for i, j in pair.links:
                if (pair.source[i],) not in self._sources and pair.target[j][0] != "\ue000":
                    held = counts.setdefault(pair.source[i], {})
                    held[pair.target[j]] = held.get(pair.target[j], 0) + 1
        found = {}
        for word, held in counts.items():
            best = sorted(held.items(), key=lambda item: (-item[1], item[0]))[:4]
            total = sum(held.values())
            found[word] = tuple(
                Option(
                    (target,), (p := float(np.log(count / (total + 2))), -3.0, p, -3.0, 1.0, 1.0, 1.0), links=((0, 0),)
                )
                for target, count in best
            )
        return found


def _orientations(seen: Ints, places: Ints, size: int, sources: Ints) -> Floats:
    """ln p(orientation | phrase pair), smoothed by the source phrase's, that by everybody's."""
    counts = np.bincount(places * ORIENTATIONS + seen, minlength=size * ORIENTATIONS).reshape(size, ORIENTATIONS)
    everybody = (counts.sum(axis=0) + 1.0) / (counts.sum() + ORIENTATIONS)
    by_source = np.zeros((int(sources.max(initial=0)) + 1, ORIENTATIONS))
    np.add.at(by_source, sources, counts)
    by_source = (by_source + 5.0 * everybody) / (by_source.sum(axis=1, keepdims=True) + 5.0)
    shares = (counts + 3.0 * by_source[sources]) / (counts.sum(axis=1, keepdims=True) + 3.0)
    return np.asarray(np.log(shares))


def _lexical(pairs: Sequence[Pair]) -> tuple[list[list[float]], list[list[float]]]:
    """For each pair, sums over the first target words of ln of what their linked source words give them, and back.

    A phrase's lexical weight (Koehn, Och and Marcu 2003) is then a difference of two of them: no link leaves it.
    """
    joint: dict[tuple[str, str], int] = {}
    left: dict[str, int] = {}
    right: dict[str, int] = {}
    for pair in pairs:
        source_used, target_used = set(), set()
        for i, j in pair.links:
            key = (pair.source[i], pair.target[j])
            joint[key] = joint.get(key, 0) + 1
            left[key[0]] = left.get(key[0], 0) + 1
            right[key[1]] = right.get(key[1], 0) + 1
            source_used.add(i)
            target_used.add(j)
        for i, word in enumerate(pair.source):
            if i not in source_used:
                joint[word, ""] = joint.get((word, ""), 0) + 1
                left[word] = left.get(word, 0) + 1
                right[""] = right.get("", 0) + 1
        for j, word in enumerate(pair.target):
            if j not in target_used:
                joint["", word] = joint.get(("", word), 0) + 1
                right[word] = right.get(word, 0) + 1
                left[""] = left.get("", 0) + 1
    forward, backward = [], []
    log = np.log
    for pair in pairs:
        there: list[list[float]] = [[] for _ in pair.target]
        back: list[list[float]] = [[] for _ in pair.source]
        for i, j in pair.links:
            count = joint[pair.source[i], pair.target[j]]
            there[j].append(count / left[pair.source[i]])
            back[i].append(count / right[pair.target[j]])
        on = [
            sum(given) / len(given) if given else joint["", word] / left[""]
            for given, word in zip(there, pair.target, strict=True)
        ]
        off = [
            sum(given) / len(given) if given else joint[word, ""] / right[""]
            for given, word in zip(back, pair.source, strict=True)
        ]
        forward.append([0.0, *np.cumsum(log(on)).tolist()])
        backward.append([0.0, *np.cumsum(log(off)).tolist()])
    return forward, backward


Span = tuple[int, int]


def _cut(pair: Pair) -> Iterator[tuple[Span, Span, int, int]]:
    """Source span, target span, orientation to what stands before and after it, of each phrase pair of a pair."""
    links = set(pair.links)
    for left, right in _consistent(len(pair.source), len(pair.target), pair.links):
        if pair.spans and not _whole(left, right, pair.spans):
            continue
        i, k = left
        j, n = right
        before = 0 if (i - 1, j - 1) in links or (i == 0 and j == 0) else 1 if (k, j - 1) in links else 2
        last = k == len(pair.source) and n == len(pair.target)
        after = 0 if (k, n) in links or last else 1 if (i - 1, n) in links else 2
        yield left, right, before, after


def _whole(left: Span, right: Span, spans: Sequence[Link]) -> bool:
    """Whether every placeholder has both ends or none inside, in one order."""
    inside = [(i, j) for i, j in spans if left[0] <= i < left[1] or right[0] <= j < right[1]]
    if any(not (left[0] <= i < left[1] and right[0] <= j < right[1]) for i, j in inside):
        return False
    places = [j for _, j in inside]
    return places == sorted(places)


def _consistent(rows: int, columns: int, links: Sequence[Link]) -> Iterator[tuple[Span, Span]]:
    """(source start, end), (target start, end) of every phrase pair that no link leaves."""
    low = [columns] * rows
    high = [-1] * rows
    left = [rows] * columns
    right = [-1] * columns
    for i, j in links:
        low[i], high[i] = min(low[i], j), max(high[i], j)
        left[j], right[j] = min(left[j], i), max(right[j], i)
    for start in range(rows):
        first, last = columns, -1
        for end in range(start, min(start + LONGEST, rows)):
            first, last = min(first, low[end]), max(last, high[end])
            if last - first >= LONGEST_TARGET:
                break
            if last < 0:
                continue
            if any(right[j] > end or left[j] < start for j in range(first, last + 1) if right[j] >= 0):
                continue
            # Words without a link at the edges may belong to the phrase or not: both are taken.
            begin = first
            while True:
                stop = last
                while stop - begin < LONGEST_TARGET:
                    yield (start, end + 1), (begin, stop + 1)
                    stop += 1
                    if stop >= columns or right[stop] >= 0:
                        break
                begin -= 1
                if begin < 0 or right[begin] >= 0 or last - begin >= LONGEST_TARGET:
                    break
