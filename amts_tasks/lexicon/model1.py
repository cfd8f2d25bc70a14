"""Word translation probabilities from pairs: IBM Model 1 with a prior for the diagonal.

Brown et al. (1993) for the model and its EM; the prior exp(-tension · |i/m − j/n|) with a null word of fixed share is
that of Dyer, Chahuneau and Smith (2013), its tension held at 4 instead of learnt; a sparse Dirichlet prior on the table
by variational Bayes, as there. Everything is NumPy over one flat list of cells, a cell for each source and target
position of each pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TENSION = 4.0
NULL_SHARE = 0.08
"""Share of target positions that come from nothing."""
SPARSE = 0.01
"""Dirichlet parameter of each row of the table."""
NULL = 0
"""The null word's number; words count from 1."""


@dataclass(frozen=True, slots=True)
class WordTable:
    """p(target | source) for each pair of words that ever met."""

    width: int
    """Size of the target vocabulary; a pair of words has the key source · width + target."""
    keys: Ints
    """Sorted."""
    values: Floats

    def probability(self, source: int, target: int) -> float:
        """p(target | source), 0 for words that never met."""
        key = source * self.width + target
        place = int(np.searchsorted(self.keys, key))
        return float(self.values[place]) if place < len(self.keys) and self.keys[place] == key else 0.0

    def likeliest(self, source: int, most: int) -> list[tuple[int, float]]:
        """The ``most`` likeliest targets of a source word and their probabilities, best first."""
        first, last = np.searchsorted(self.keys, [source * self.width, (source + 1) * self.width])
        order = np.argsort(-self.values[first:last], kind="stable")[:most] + first
        return [(int(self.keys[place] % self.width), float(self.values[place])) for place in order]

    def grid(self, source: Sequence[int], target: Sequence[int]) -> Floats:
        """p(target[j] | source[i]) as an array [i, j]; 0 for words that never met."""
        keys = np.asarray(source, dtype=np.int64)[:, None] * self.width + np.asarray(target, dtype=np.int64)[None, :]
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, self.values[places], 0.0)

    def block(self, source: Ints, target: Ints) -> NDArray[np.float32]:
        """As `grid`, for ascending source and target words, in time of the cells there are and not of all."""
        found = np.zeros((len(source), len(target)), np.float32)
        first, last = (np.searchsorted(self.keys, (source + step) * self.width) for step in (0, 1))
        counts = last - first
        rows = np.repeat(np.arange(len(source)), counts)
        places = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts - first, counts)
        words = self.keys[places] - source[rows] * self.width
        columns = np.minimum(np.searchsorted(target, words), max(0, len(target) - 1))
        here = target[columns] == words if len(target) else np.zeros(len(words), bool)
        found[rows[here], columns[here]] = self.values[places[here]]
        return found


def diagonal(rows: int, columns: int, tension: float = TENSION) -> Floats:
    """The prior of each source position (row) for each target position (column); columns sum to 1 − NULL_SHARE."""
    i = (np.arange(rows) + 0.5)[:, None] / rows
    j = (np.arange(columns) + 0.5)[None, :] / columns
    weights: Floats = np.exp(-tension * np.abs(i - j))
    shares: Floats = weights / weights.sum(axis=0, keepdims=True) * (1 - NULL_SHARE)
    return shares


def train(
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]],
    source_words: int,
    target_words: int,
    rounds: int = 5,
    bounds: Sequence[Floats | None] | None = None,
) -> WordTable:
    """The table of p(target | source).

    ``pairs``: word numbers from 1 of both sides; ``source_words``, ``target_words``: one more than the greatest number.
    ``bounds``: for a pair, factors [i, j] on the prior where a caller knows which positions belong together, or None.
    Time and memory grow with the sum over pairs of source length × target length.
    """
    keys, groups, priors = _cells(pairs, target_words, bounds)
    table_keys, cells = np.unique(keys, return_inverse=True)
    sources = table_keys // target_words
    values: Floats = np.ones(len(table_keys))
    for _ in range(rounds):
        share = values[cells] * priors
        share /= np.bincount(groups, weights=share)[groups]
        counts: Floats = np.bincount(cells, weights=share, minlength=len(table_keys)).astype(np.float64)
        totals: Floats = np.bincount(sources, weights=counts + SPARSE, minlength=source_words).astype(np.float64)
        values = np.exp(digamma(counts + SPARSE) - digamma(totals[sources]))
    return WordTable(target_words, table_keys, values)


def _cells(
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]], width: int, bounds: Sequence[Floats | None] | None
) -> tuple[Ints, Ints, Floats]:
    """Of every cell: its key in the table, the number of its target position over all pairs, its prior."""
    keys: list[Ints] = []
    groups: list[Ints] = []
    priors: list[Floats] = []
    first = 0
    for number, (source, target) in enumerate(pairs):
        m, n = len(source), len(target)
        if not m or not n:
            continue
        left = np.concatenate(([NULL], np.asarray(source, dtype=np.int64)))
        prior = np.vstack((np.full((1, n), NULL_SHARE), diagonal(m, n)))
        bound = bounds[number] if bounds is not None else None
        if bound is not None:
            prior[1:] *= bound
        keys.append((left[:, None] * width + np.asarray(target, dtype=np.int64)[None, :]).ravel())
        groups.append(np.broadcast_to(np.arange(first, first + n), (m + 1, n)).ravel())
        priors.append(prior.ravel())
        first += n
    if not keys:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    return np.concatenate(keys), np.concatenate(groups), np.concatenate(priors)


def digamma(x: Floats) -> Floats:
    """The digamma function, by its asymptotic series after a shift by 6 (error below 1e-9)."""
    shift = np.zeros_like(x)
    for step in range(6):
        shift -= 1.0 / (x + step)
    z = 1.0 / (x + 6.0) ** 2
    series: Floats = shift + np.log(x + 6.0) - 0.5 / (x + 6.0) - z * (1 / 12 - z * (1 / 120 - z / 252))
    return series
