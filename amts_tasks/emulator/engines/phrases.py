"""Phrases and their translations, cut out of aligned pairs (Koehn, Och and Marcu 2003)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amts_tasks.lexicon import NULL, Link, WordTable

Phrase = tuple[str, ...]
LONGEST = 7
"""Words of the longest phrase, on either side."""
DISCOUNT = 0.5
"""Taken off every count, so that what was seen once is not believed as what was seen always."""


@dataclass(frozen=True, slots=True)
class Option:
    """A translation of a source phrase."""

    target: Phrase
    score: float
    """Weighted sum of its logs, the language model's left out."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each score counts; chosen on development documents, see docs/emulator.md."""

    direct: float = 0.18
    inverse: float = 0.2
    lexical: float = 0.2
    inverse_lexical: float = 0.15
    language: float = 0.315
    word: float = 0.6
    phrase: float = -0.1


class PhraseTable:
    """Counts of phrase pairs; an option's scores are worked out when it is first wanted."""

    def __init__(
        self, forward: WordTable, backward: WordTable, sources: dict[str, int], targets: dict[str, int]
    ) -> None:
        self._forward, self._backward = forward, backward
        self._sources, self._targets = sources, targets
        self._counts: dict[Phrase, dict[Phrase, int]] = defaultdict(lambda: defaultdict(int))
        self._target_counts: dict[Phrase, int] = defaultdict(int)
        self._options: dict[Phrase, tuple[Option, ...]] = {}
        self._names: list[str] = []

    def learn(self, source: Sequence[str], target: Sequence[str], links: Sequence[Link], spans: Sequence[Link]) -> None:
        """Counts every phrase pair the links allow; ``spans`` ties placeholders: a phrase has both ends or none."""
        for left, right in _cut(len(source), len(target), links):
            inside = [(i, j) for i, j in spans if left[0] <= i < left[1] or right[0] <= j < right[1]]
            if any(not (left[0] <= i < left[1] and right[0] <= j < right[1]) for i, j in inside):
                continue
            if [j for _, j in inside] != sorted(j for _, j in inside):
                continue
            phrase, translation = tuple(source[left[0] : left[1]]), tuple(target[right[0] : right[1]])
            if not _spans(phrase) == len(inside) == _spans(translation):
                continue
            self._counts[phrase][translation] += 1
            self._target_counts[translation] += 1

    def __contains__(self, phrase: Phrase) -> bool:
        return phrase in self._counts

    def options(self, phrase: Phrase, weights: Weights, most: int = 12) -> tuple[Option, ...]:
        """The best translations of a phrase, best first; none for one that was never seen."""
        found = self._options.get(phrase)
        if found is None:
            counts = self._counts.get(phrase)
            found = () if counts is None else self._rank(phrase, counts, weights, most)
            self._options[phrase] = found
        return found

    def words(self, word: str, weights: Weights, most: int = 4) -> tuple[Option, ...]:
        """Single words for a word that was aligned, but never so that a phrase could be cut out."""
        key = (word,)
        if key not in self._options or not self._options[key]:
            number = self._sources.get(word)
            found: tuple[Option, ...] = ()
            if number is not None:
                if not self._names:
                    self._names = [""] * (len(self._targets) + 1)
                    for name, place in self._targets.items():
                        self._names[place] = name
                found = tuple(
                    Option(
                        (self._names[target],),
                        weights.direct * math.log(DISCOUNT)
                        + (weights.lexical + weights.inverse) * math.log(max(probability, 1e-7))
                        + weights.word
                        + weights.phrase,
                    )
                    for target, probability in self._forward.likeliest(number, most)
                    if self._names[target][0] != "\ue000"
                )
            self._options[key] = found
        return self._options[key]

    def _rank(self, phrase: Phrase, counts: dict[Phrase, int], weights: Weights, most: int) -> tuple[Option, ...]:
        total = sum(counts.values())
        options = [
            Option(
                target,
                weights.direct * math.log((count - DISCOUNT) / total)
                + weights.inverse * math.log((count - DISCOUNT) / self._target_counts[target])
                + weights.lexical * lexical(self._forward, self._sources, self._targets, phrase, target)
                + weights.inverse_lexical * lexical(self._backward, self._targets, self._sources, target, phrase)
                + weights.word * len(target)
                + weights.phrase,
            )
            for target, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: 4 * most]
        ]
        options.sort(key=lambda option: (-option.score, option.target))
        return tuple(options[:most])


def _spans(phrase: Phrase) -> int:
    return sum(word[0] == "\ue000" for word in phrase)


def lexical(
    table: WordTable, sources: dict[str, int], targets: dict[str, int], source: Phrase, target: Phrase
) -> float:
    """ln of the product, over target words, of the mean probability the source words give each."""
    left = [NULL, *(sources[word] for word in source if word in sources)]
    right = [targets[word] for word in target if word in targets]
    if not right:
        return -5.0 * len(target)
    best = table.grid(left, right).max(axis=0)
    return sum(math.log(max(float(value), 1e-7)) for value in best)


def _cut(rows: int, columns: int, links: Sequence[Link]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """((source start, end), (target start, end)) of every phrase pair that no link leaves."""
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
            if last < 0 or last - first >= LONGEST:
                continue
            if any(right[j] > end or left[j] < start for j in range(first, last + 1) if right[j] >= 0):
                continue
            # Words without a link at the edges may belong to the phrase or not: both are taken.
            begin = first
            while True:
                stop = last
                while stop - begin < LONGEST:
                    yield (start, end + 1), (begin, stop + 1)
                    stop += 1
                    if stop >= columns or right[stop] >= 0:
                        break
                begin -= 1
                if begin < 0 or right[begin] >= 0 or last - begin >= LONGEST:
                    break
