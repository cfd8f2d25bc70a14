"""What speaks for a group of source sentences and a group of target sentences being one another's translation.

Sentences are numbered through over all texts. A group is named by its end, the number of sentences behind it, and its
size. Every cue is computed for a whole rectangle of groups at once, rows for the ends of source groups, columns for
those of target groups, and is a gain: higher is better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from amts_tasks.align.anchors import Evidence
from amts_tasks.lexicon import WordTable

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Ends = tuple[int, int]
"""Half-open range of group ends."""

USUAL = 0.6
"""Least distance that unrelated sentences are taken to have, where all of a text are alike."""

_FINE = 200
"""Steps of the table for one standard deviation; interpolation costs more than it brings."""
_GAINS = np.array([math.log(math.erfc(step / _FINE / math.sqrt(2))) for step in range(52 * _FINE // 10)], np.float32)


def groups(singles: Floats, most: int, join: Callable[[Floats, Floats], Floats]) -> list[Floats]:
    """For sizes 1 … most the joined rows of the groups that end at each row, the first most - 1 rows left out."""
    found = [singles[most - 1 :]]
    joined = singles
    for size in range(1, most):
        joined = joined.copy()
        joined[size:] = join(joined[size:], singles[: len(singles) - size])
        found.append(joined[most - 1 :])
    return found


def _window(ends: Ends, most: int, whole: int) -> Ints:
    """The sentences that groups with these ends are made of; -1 before the first."""
    return np.maximum(np.arange(ends[0] - most, ends[1] - 1), -1)


class Lengths:
    """How probable so different lengths are (`length.LengthModel`'s measure), 0 for the expected length."""

    def __init__(self, source: Sequence[int], target: Sequence[int], ratio: float, variance: float, spread: float):
        self.source = np.concatenate(([0.0], np.cumsum(source)))
        self.target = np.concatenate(([0.0], np.cumsum(target))) / ratio
        self.variance, self.spread = variance, spread

    def gain(self, ends: Ends, others: Ends, a: int, b: int) -> Floats:
        """(source ends, target ends)."""
        i, j = np.arange(*ends), np.arange(*others)
        here = (self.source[i] - self.source[np.maximum(i - a, 0)])[:, None]
        there = (self.target[j] - self.target[np.maximum(j - b, 0)])[None, :]
        mean = (here + there) / 2 + 1e-9
        deviation = np.abs(here - there) / np.sqrt(self.variance * mean + (self.spread * mean) ** 2)
        found: Floats = _GAINS[np.minimum(deviation * _FINE + 0.5, len(_GAINS) - 1).astype(np.int32)]
        return found


class Anchors:
    """What both sides have, less what only one of them has, of what a translation keeps (`anchors.Evidence`)."""

    def __init__(self, shared: Evidence) -> None:
        numbers = {token: number for number, token in enumerate(sorted(shared.weight))}
        self.weight = np.array([shared.weight[token] for token in numbers], dtype=np.float32)
        self.absence = np.array([shared.absence[token] for token in numbers], dtype=np.float32)
        self.source, self.target = (
            _Lists([sorted(numbers[token] for token in item) for item in side])
            for side in (shared.source, shared.target)
        )

    def gains(self, ends: Ends, others: Ends, a: int, b: int) -> Callable[[int, int], Floats]:
        """For groups of up to a and b sentences: sizes → (source ends, target ends)."""
        here, there = _window(ends, a, 0), _window(others, b, 0)
        tokens = np.union1d(self.source.of(here)[1], self.target.of(there)[1])
        left = groups(np.minimum(self.source.table(here, tokens), 1), a, np.maximum)
        right = groups(np.minimum(self.target.table(there, tokens), 1), b, np.maximum)
        weight, absence = self.weight[tokens], self.absence[tokens]
        return lambda a, b: (
            (left[a - 1] * weight) @ right[b - 1].T
            - (left[a - 1] @ absence)[:, None]
            - (right[b - 1] @ absence)[None, :]
        )


class _Lists:
    """Numbers of each sentence, in one flat array."""

    def __init__(self, items: Sequence[Sequence[int]]) -> None:
        self.starts = np.concatenate(([0], np.cumsum([len(item) for item in items]))).astype(np.int64)
        self.numbers = np.fromiter((number for item in items for number in item), np.int64)

    def of(self, sentences: Ints) -> tuple[Ints, Ints]:
        """Row and number of every occurrence in these consecutive sentences."""
        real = sentences[sentences >= 0]
        if not len(real):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        first, last = int(real[0]), int(real[-1]) + 1
        counts = np.diff(self.starts[first : last + 1])
        rows = np.repeat(np.arange(len(real)) + (len(sentences) - len(real)), counts)
        return rows, self.numbers[self.starts[first] : self.starts[last]]

    def table(self, sentences: Ints, columns: Ints) -> Floats:
        """How often each of these numbers (ascending) stands in each sentence."""
        rows, numbers = self.of(sentences)
        found = np.zeros((len(sentences), len(columns)), np.float32)
        np.add.at(found, (rows, np.searchsorted(columns, numbers)), 1)
        return found


class Words:
    """How much likelier the words of one side are beside those of the other than by themselves (Moore 2002).

    Both directions' IBM Model 1, the mean of the two log-odds. A word that the models hardly know says nothing.
    """

    def __init__(
        self,
        source: Sequence[Sequence[int]],
        target: Sequence[Sequence[int]],
        forward: WordTable,
        backward: WordTable,
        source_share: NDArray[np.float64],
        target_share: NDArray[np.float64],
        doubt: float,
    ) -> None:
        self.source, self.target = _Lists(source), _Lists(target)
        self.forward, self.backward = forward, backward
        self.shares = source_share, target_share
        self.doubt = doubt

    def gains(self, ends: Ends, others: Ends, a: int, b: int) -> Callable[[int, int], Floats]:
        """As `Anchors.gains`."""
        here, there = _window(ends, a, 0), _window(others, b, 0)
        left, right = np.unique(self.source.of(here)[1]), np.unique(self.target.of(there)[1])
        source, target = self.source.table(here, left), self.target.table(there, right)
        one = self._direction(source, target, self.forward.block(left, right), self.shares[1][right], a, b)
        other = self._direction(target, source, self.backward.block(right, left), self.shares[0][left], b, a)
        return lambda a, b: (one[a - 1][b - 1] + other[b - 1][a - 1].T) * np.float32(0.5)

    def _direction(
        self, given: Floats, told: Floats, table: Floats, share: NDArray[np.float64], a: int, b: int
    ) -> list[list[Floats]]:
        """By size of the given group and of the told one: (given ends, told ends)."""
        reach = groups(given @ table, a, np.add)
        sizes = groups(given.sum(axis=1, keepdims=True), a, np.add)
        found = []
        for size in range(a):
            odds = reach[size] / np.maximum(sizes[size], 1) / share.astype(np.float32)
            single = (np.log(self.doubt + (1 - self.doubt) * odds) @ told.T).T
            found.append([np.ascontiguousarray(rows.T) for rows in groups(np.ascontiguousarray(single), b, np.add)])
        return found


class Meanings:
    """How much nearer two groups' vectors are than those of any two groups (after Thompson and Koehn 2019).

    1 - (1 - cosine) / (the mean of it over sentences from all over the texts), 1 for the same direction, about 0 for
    groups that have nothing to do with each other, less for the opposite.
    """

    def __init__(
        self, source: Floats, target: Floats, finish: Callable[[Floats], Floats], drawn: tuple[Floats, Floats]
    ):
        self.source, self.target = source, target
        self.finish = finish
        self.middle = drawn[0].mean(axis=0), drawn[1].mean(axis=0)

    def gains(self, ends: Ends, others: Ends, a: int, b: int, stray: float = 0.0) -> Callable[[int, int], Floats]:
        """As `Anchors.gains`; less `stray` times as much as a group were nearer without its first or last sentence.

        A sentence that nobody translated, next to one that somebody did, hardly changes what both say together.
        """
        # The groups that end one sentence earlier, too.
        rows, columns = (max(ends[0] - 1, 0), ends[1]), (max(others[0] - 1, 0), others[1])
        own = np.s_[ends[0] - rows[0] :, others[0] - columns[0] :]
        left = [self.finish(found) for found in groups(self._rows(self.source, rows, a), a, np.add)]
        right = [self.finish(found) for found in groups(self._rows(self.target, columns, b), b, np.add)]
        usual_left = [1 - found @ self.middle[1] for found in left]
        usual_right = [1 - found @ self.middle[0] for found in right]
        known: dict[tuple[int, int], Floats] = {}

        def near(a: int, b: int) -> Floats:
            if (a, b) not in known:
                usual = (usual_left[a - 1][:, None] + usual_right[b - 1][None, :]) / 2
                known[a, b] = 1 - (1 - left[a - 1] @ right[b - 1].T) / np.maximum(usual, USUAL)
            return known[a, b]

        def gain(a: int, b: int) -> Floats:
            nearness = near(a, b)
            if not stray or a + b == 2:
                return nearness[own]
            best = nearness.copy()
            if a > 1:
                fewer = near(a - 1, b)
                np.maximum(best, fewer, out=best)
                np.maximum(best[1:], fewer[:-1], out=best[1:])
            if b > 1:
                fewer = near(a, b - 1)
                np.maximum(best, fewer, out=best)
                np.maximum(best[:, 1:], fewer[:, :-1], out=best[:, 1:])
            found: Floats = (nearness - np.float32(stray) * (best - nearness))[own]
            return found

        return gain

    @staticmethod
    def _rows(pooled: Floats, ends: Ends, most: int) -> Floats:
        window = _window(ends, most, len(pooled))
        rows = pooled[np.maximum(window, 0)] if len(pooled) else np.zeros((len(window), pooled.shape[1]), np.float32)
        rows[window < 0] = 0
        return rows


def shares_of(items: Iterable[Sequence[int]], width: int) -> NDArray[np.float64]:
    """Of each word number below `width`, its share of all words."""
    counts = np.bincount(np.fromiter((number for item in items for number in item), np.int64), minlength=width)
    shares: NDArray[np.float64] = np.maximum(counts, 1) / max(1, counts.sum())
    return shares
