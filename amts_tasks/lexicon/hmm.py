"""Word alignment by a hidden Markov model: a word's neighbours tell where its translation stands.

Vogel, Ney and Tillmann (1996): for each target position a source position is passed through, the step from one to the
next depends on its width alone. Trained by Baum and Welch's EM on from Model 1's table. A target word comes from the
null word with a fixed share, and the path goes through its position all the same: a departure from Och and Ney (2003),
who double the states. Everything is NumPy over batches of pairs of about one length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from amts_tasks.lexicon.model1 import NULL, SPARSE, Floats, Ints, WordTable, digamma

NULL_SHARE = 0.1
"""Share of target positions that come from nothing."""
FARTHEST = 8
"""Steps wider than this are one class, shared evenly by its widths."""
BATCH_CELLS = 200_000
"""Cells (pair × target position × source position) worked on at once."""

Pair = tuple[Sequence[int], Sequence[int]]


@dataclass(slots=True)
class _Batch:
    numbers: list[int]
    """Which pairs."""
    cells: Ints
    """[pair, target, source] → place in the table; a place that holds 0 where a side ends."""
    nulls: Ints
    """[pair, target] → place of the null word's entry."""
    rows: Ints
    """Source lengths."""
    columns: Ints
    """Target lengths."""
    factors: Floats | None
    """[pair, target, source], where a caller knows which positions belong together."""


class Hmm:
    """The model of one direction; ``train`` makes it better, ``posteriors`` asks it."""

    def __init__(self, pairs: Sequence[Pair], table: WordTable, bounds: Sequence[Floats | None] | None = None) -> None:
        self._table = table
        self._values = np.append(table.values, 0.0)
        self._jumps = np.exp(-0.5 * np.abs(np.arange(-FARTHEST, FARTHEST + 1) - 1.0))
        self._batches = list(self._cut(pairs, bounds))

    def train(self, rounds: int = 3) -> None:
        """So many rounds of EM."""
        size = len(self._table.keys)
        sources = self._table.keys // self._table.width
        for _ in range(rounds):
            counts = np.zeros(size + 1)
            jumps = np.zeros(2 * FARTHEST + 1)
            for batch in self._batches:
                word, null, steps = self._expect(batch, jumps_too=True)
                counts += np.bincount(batch.cells.ravel(), weights=word.ravel(), minlength=size + 1)
                counts += np.bincount(batch.nulls.ravel(), weights=null.ravel(), minlength=size + 1)
                jumps += steps
            kept: Floats = counts[:size] + SPARSE
            totals = np.bincount(sources, weights=kept).astype(np.float64)
            self._values = np.append(np.exp(digamma(kept) - digamma(totals[sources])), 0.0)
            self._jumps = (jumps + 0.5) / (jumps + 0.5).sum()
            self._jumps[[0, -1]] /= 4.0  # one class of several widths

    def posteriors(self) -> list[Floats]:
        """Of each pair, the probability [source, target] that the source position's word made the target's."""
        found: dict[int, Floats] = {}
        for batch in self._batches:
            word, _, _ = self._expect(batch, jumps_too=False)
            for place, number in enumerate(batch.numbers):
                found[number] = word[place, : batch.columns[place], : batch.rows[place]].T
        return [found.get(number, np.zeros((0, 0))) for number in range(max(found, default=-1) + 1)]

    def _expect(self, batch: _Batch, jumps_too: bool) -> tuple[Floats, Floats, Floats]:
        """Expected uses of each cell, of each null entry, and of each step."""
        steps = self._steps(batch.cells.shape[2])
        alive = np.arange(batch.cells.shape[2])[None, :] < batch.rows[:, None]
        scale = 1.0 / (alive.astype(np.float64) @ steps.T)  # rows of the step matrix sum to one over the alive
        said = self._values[batch.cells] * (1.0 - NULL_SHARE)
        if batch.factors is not None:
            said = said * batch.factors
        null = self._values[batch.nulls][:, :, None] * NULL_SHARE + 1e-12
        seen = (said + null) * alive[:, None, :]
        length = seen.shape[1]
        over = np.arange(length)[None, :] >= batch.columns[:, None]
        seen[over] = 1.0
        seen *= alive[:, None, :]
        ahead = np.empty_like(seen)
        sums = np.empty(seen.shape[:2])
        now = alive / batch.rows[:, None] * seen[:, 0]
        for column in range(length):
            if column:
                now = ((now * scale) @ steps) * seen[:, column]
            sums[:, column] = now.sum(axis=1)
            now = now / sums[:, column, None]
            ahead[:, column] = now
        back = np.empty_like(seen)
        back[:, -1] = 1.0
        for column in range(length - 1, 0, -1):
            after = back[:, column] * seen[:, column] / sums[:, column, None]
            back[:, column - 1] = (after @ steps.T) * scale
        states = ahead * back
        states[over] = 0.0
        states /= np.maximum(states.sum(axis=2, keepdims=True), 1e-300)
        share = states / np.maximum(seen, 1e-300)
        jumps = np.zeros(2 * FARTHEST + 1)
        if jumps_too and length > 1:
            left = (ahead * scale[:, None, :])[:, :-1].copy()
            left[over[:, 1:]] = 0.0
            right = (back * seen / sums[:, :, None])[:, 1:]
            width = steps.shape[0]
            used = (left.reshape(-1, width).T @ right.reshape(-1, width)) * steps
            offsets = np.clip(np.arange(width)[None, :] - np.arange(width)[:, None], -FARTHEST, FARTHEST) + FARTHEST
            jumps = np.bincount(offsets.ravel(), weights=used.ravel(), minlength=2 * FARTHEST + 1).astype(np.float64)
        return share * said, (share * null).sum(axis=2), jumps

    def _steps(self, width: int) -> Floats:
        offsets = np.clip(np.arange(width)[None, :] - np.arange(width)[:, None], -FARTHEST, FARTHEST) + FARTHEST
        return np.asarray(self._jumps[offsets])

    def _cut(self, pairs: Sequence[Pair], bounds: Sequence[Floats | None] | None) -> Iterator[_Batch]:
        """Pairs of about one source length together."""
        order = sorted(
            (number for number, (source, target) in enumerate(pairs) if source and target),
            key=lambda number: (-(-len(pairs[number][0]) // 4), len(pairs[number][1]), number),
        )
        held: list[int] = []
        for number in order:
            rows = max(len(pairs[other][0]) for other in (*held[-1:], number))
            full = (len(held) + 1) * -(-rows // 4) * 4 * len(pairs[number][1]) > BATCH_CELLS
            if held and (full or -(-len(pairs[held[0]][0]) // 4) != -(-len(pairs[number][0]) // 4)):
                yield self._batch(held, pairs, bounds)
                held = []
            held.append(number)
        if held:
            yield self._batch(held, pairs, bounds)

    def _batch(self, numbers: list[int], pairs: Sequence[Pair], bounds: Sequence[Floats | None] | None) -> _Batch:
        rows = np.array([len(pairs[number][0]) for number in numbers])
        columns = np.array([len(pairs[number][1]) for number in numbers])
        left = np.zeros((len(numbers), rows.max()), np.int64)
        right = np.zeros((len(numbers), columns.max()), np.int64)
        for place, number in enumerate(numbers):
            left[place, : rows[place]] = pairs[number][0]
            right[place, : columns[place]] = pairs[number][1]
        nowhere = len(self._table.keys)
        cells = self._places(left[:, None, :] * self._table.width + right[:, :, None])
        cells[(left == NULL)[:, None, :] | (right == NULL)[:, :, None] & np.ones(left.shape[1], bool)] = nowhere
        nulls = self._places(NULL * self._table.width + right)
        nulls[right == NULL] = nowhere
        factors = None
        if bounds is not None and any(bounds[number] is not None for number in numbers):
            factors = np.ones(cells.shape)
            for place, number in enumerate(numbers):
                bound = bounds[number]
                if bound is not None:
                    factors[place, : columns[place], : rows[place]] = bound.T
        return _Batch(numbers, cells, nulls, rows, columns, factors)

    def _places(self, keys: Ints) -> Ints:
        places = np.minimum(np.searchsorted(self._table.keys, keys), len(self._table.keys) - 1)
        return np.where(self._table.keys[places] == keys, places, len(self._table.keys))
