"""The word links of parallel data: Model 1, then a hidden Markov model, both ways, put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from amts_tasks.lexicon import Link, both, train
from amts_tasks.lexicon.hmm import Hmm
from amts_tasks.lexicon.model1 import Floats

Row = tuple[Sequence[str], Sequence[str], Sequence[Link]]
"""Source words, target words, positions of the same placeholder."""
ROUNDS = 4, 3
"""Of Model 1, of the hidden Markov model."""
LEAST = 0.4
"""Least probability of a link in its own direction."""
STEM = 6
"""Letters by which words are aligned: forms of one word share what is known of them."""


def links(rows: Sequence[Row]) -> list[list[Link]]:
    """The links of each pair, sorted."""
    sources = _numbers((_stem(word) for word in left) for left, _, _ in rows)
    targets = _numbers((_stem(word) for word in right) for _, right, _ in rows)
    pairs = [([sources[_stem(w)] for w in left], [targets[_stem(w)] for w in right]) for left, right, _ in rows]
    bounds = [_bound(len(left), len(right), spans) for left, right, spans in rows]
    forward = _direction(pairs, len(sources) + 1, len(targets) + 1, bounds)
    turned = [(right, left) for left, right in pairs]
    backward = _direction(
        turned, len(targets) + 1, len(sources) + 1, [None if bound is None else bound.T for bound in bounds]
    )
    found = []
    for there, back in zip(forward, backward, strict=True):
        rows_, columns = there.shape
        found.append(both(_best(there), [(i, j) for j, i in _best(back)], rows_, columns))
    return found


def _direction(
    pairs: Sequence[tuple[list[int], list[int]]], source_words: int, target_words: int, bounds: list[Floats | None]
) -> list[Floats]:
    table = train(pairs, source_words, target_words, ROUNDS[0], bounds=bounds)
    model = Hmm(pairs, table, bounds)
    model.train(ROUNDS[1])
    return model.posteriors()


def _best(shares: Floats) -> list[Link]:
    """For each column the likeliest row, where it is likely enough."""
    rows = shares.argmax(axis=0)
    return [(int(row), column) for column, row in enumerate(rows) if shares[row, column] >= LEAST]


def _stem(word: str) -> str:
    return word[:STEM].lower() if word[:1].isalpha() else word


def _bound(rows: int, columns: int, spans: Sequence[Link]) -> Floats | None:
    """Factors that keep a fixed span to itself: its own on the other side, hardly anything else."""
    if not spans:
        return None
    bound = np.ones((rows, columns))
    for i, j in spans:
        bound[i, :] = bound[:, j] = 1e-6
    for i, j in spans:
        bound[i, j] = 1.0
    return bound


def _numbers(texts: Iterable[Iterable[str]]) -> dict[str, int]:
    words = sorted({word for text in texts for word in text})
    return {word: number for number, word in enumerate(words, 1)}
