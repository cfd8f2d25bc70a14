"""The cheapest monotone paths through many pairs of sequences at once, each within a band around where it is expected.

The texts' sentences are numbered through, text after text, and so are the rows of the search: a text of n source
sentences has n + 1 rows, one for each number of sentences behind. A row's columns are numbers of target sentences
behind, counted through as well. So whatever is computed for the cells is computed for all texts in one go, and only the
search itself goes row by row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from amts_tasks.align.lattice import Move, Step

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Range = tuple[int, int]
"""Half-open range of rows."""
Pricing = Callable[[int, int], Floats]
"""A range of rows → (moves, rows, columns): what the bead costs that ends in a cell; infinite where there is none."""
AREA = 16_384
"""Cells of the rectangles in which costs are computed: what is made for one stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Band:
    """The cells that are searched."""

    starts: tuple[tuple[int, int, int], ...]
    """Of each text: first row, first source sentence, first target sentence; and one more for the end of all."""
    source: Ints
    """Of each row: source sentences behind, over all texts."""
    behind: Ints
    """Of each row: source sentences of its own text behind."""
    first: Ints
    """Of each row: first column, target sentences behind over all texts."""
    last: Ints
    """Of each row: last column, included."""
    low: Ints
    """Of each row: the first target sentence of its text."""

    @classmethod
    def of(cls, sizes: Sequence[tuple[int, int]], corridors: Sequence[Sequence[tuple[int, int]]]) -> Band:
        """The band of texts of these (source, target) numbers of sentences, with the columns of each one's rows."""
        starts = [(0, 0, 0)]
        for n, m in sizes:
            row, i, j = starts[-1]
            starts.append((row + n + 1, i + n, j + m))
        behind = [np.arange(n + 1) for n, _ in sizes]
        low = [np.full(n + 1, starts[k][2]) for k, (n, _) in enumerate(sizes)]
        source = [starts[k][1] + rows for k, rows in enumerate(behind)]
        columns = np.array([cell for rows in corridors for cell in rows], dtype=np.int64).reshape(-1, 2)
        lows = np.concatenate(low) if low else np.zeros(0, np.int64)
        return cls(
            tuple(starts),
            np.concatenate(source) if source else np.zeros(0, np.int64),
            np.concatenate(behind) if behind else np.zeros(0, np.int64),
            columns[:, 0] + lows,
            columns[:, 1] + lows,
            lows,
        )

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return int((self.last - self.first).max(initial=0)) + 1

    @property
    def cells(self) -> int:
        """How many cells are looked at."""
        return int((self.last - self.first + 1).sum())

    def slices(self) -> Iterator[Range]:
        """Ranges of rows whose cells lie in a rectangle of bounded area, all rows in order."""
        start, left, right = 0, 0, 0
        for row, (first, last) in enumerate(zip(self.first.tolist(), self.last.tolist(), strict=True)):
            wider = (min(left, first), max(right, last + 1)) if row > start else (first, last + 1)
            if row > start and (row - start + 1) * (wider[1] - wider[0]) > AREA:
                yield start, row
                start, wider = row, (first, last + 1)
            left, right = wider
        if start < len(self.first):
            yield start, len(self.first)


class Search:
    """The cheapest path of each text of a band; `moves` must have (1, 0) and (0, 1), the earlier is preferred among
    equals, and `costs` gives those of a range of rows. One row after the other, all moves and columns of it at once."""

    def __init__(self, band: Band, moves: Sequence[Move], costs: Pricing) -> None:
        self.band, self.moves, self.costs = band, moves, costs
        self.width = band.width
        self.down = moves.index((0, 1))
        self.deep = max(a for a, _ in moves) + 1
        """So many rows are looked back upon, the row itself included."""

    def cheapest(self) -> list[list[Step]]:
        """The beads of the cheapest path of each text, numbered within the text."""
        band, moves, width = self.band, self.moves, self.width
        columns = np.arange(width)
        near = np.full((self.deep, 3 * width), np.inf)
        best = np.empty((len(band.first), width))
        came = np.empty((len(band.first), width), np.int8)
        tried = np.empty((len(moves), width))
        for start, end in band.slices():
            costs = self.costs(start, end)
            for row in range(start, end):
                tried.fill(np.inf)
                first, behind = int(band.first[row]), int(band.behind[row])
                for number, (a, b) in enumerate(moves):
                    if 0 < a <= behind:
                        off = width + first - b - int(band.first[row - a])
                        if 0 <= off <= 2 * width:
                            before = near[(row - a) % self.deep, off : off + width]
                            np.add(before, costs[number, row - start], out=tried[number])
                choice = tried.argmin(axis=0)
                here = tried[choice, columns]
                if not behind:
                    here[0] = 0.0
                # Along a row only single target sentences are left out, one after the other.
                alone = costs[self.down, row - start]
                walked = np.cumsum(np.where(np.isfinite(alone), alone, 0.0))
                reached = walked + np.minimum.accumulate(here - walked)
                left_out = reached < here - 1e-9
                here = np.where(left_out, reached, here)
                here[int(band.last[row]) - first + 1 :] = np.inf
                choice[left_out] = self.down
                near[row % self.deep, width : 2 * width] = best[row] = here
                came[row] = choice
        return [self._path(came, best, *ends) for ends in pairwise(band.starts)]

    def _path(
        self, came: NDArray[np.int8], best: Floats, start: tuple[int, int, int], end: tuple[int, int, int]
    ) -> list[Step]:
        row, i0, j0 = start
        first = self.band.first
        steps: list[Step] = []
        i, j = end[1] - i0, end[2] - j0
        while i or j:
            a, b = self.moves[int(came[row + i, j0 + j - first[row + i]])]
            before = best[row + i - a, j0 + j - b - first[row + i - a]]
            steps.append((i - a, i, j - b, j, float(best[row + i, j0 + j - first[row + i]] - before)))
            i, j = i - a, j - b
        return steps[::-1]

    def shares(self, paths: Sequence[Sequence[Step]], temperature: float) -> list[list[float]]:
        """What share (0–1) of all paths of its text, each weighed by exp(-cost / temperature), goes through each bead
        of these paths."""
        band = self.band
        forth, back = self._forth(temperature), self._back(temperature)
        found = []
        for (row, _, j0), (end, _, j1), path in zip(band.starts, band.starts[1:], paths, strict=False):
            whole = forth[end - 1, j1 - band.first[end - 1]]
            text = []
            for i, i2, j, j2, cost in path:
                before = forth[row + i, j0 + j - band.first[row + i]]
                after = back[row + i2, j0 + j2 - band.first[row + i2]]
                text.append(math.exp(min(0.0, before + after - cost / temperature - whole)))
            found.append(text)
        return found

    def _forth(self, temperature: float) -> Floats:
        """Of each cell, the logarithm of the weight of all ways to it from its text's beginning."""
        band, width = self.band, self.width
        near = np.full((self.deep, 3 * width), -np.inf)
        sums = np.empty((len(band.first), width))
        tried = np.empty((len(self.moves), width))
        for start, end in band.slices():
            gains = -self.costs(start, end) / temperature
            for row in range(start, end):
                tried.fill(-np.inf)
                first, behind = int(band.first[row]), int(band.behind[row])
                for number, (a, b) in enumerate(self.moves):
                    if 0 < a <= behind:
                        off = width + first - b - int(band.first[row - a])
                        if 0 <= off <= 2 * width:
                            before = near[(row - a) % self.deep, off : off + width]
                            np.add(before, gains[number, row - start], out=tried[number])
                here = _log_sum(tried)
                if not behind:
                    here[0] = 0.0
                here = _along(here, gains[self.down, row - start])
                here[int(band.last[row]) - first + 1 :] = -np.inf
                near[row % self.deep, width : 2 * width] = sums[row] = here
        return sums

    def _back(self, temperature: float) -> Floats:
        """The same from each cell to its text's end."""
        band, width = self.band, self.width
        onward = np.full((self.deep, len(self.moves), 3 * width), -np.inf)
        sums = np.empty((len(band.first), width))
        tried = np.empty((len(self.moves), width))
        lasts = {end - 1: goal for end, _, goal in band.starts[1:]}
        left = 0  # rows of this text still to come
        for start, end in reversed(list(band.slices())):
            gains = -self.costs(start, end) / temperature
            for row in range(end - 1, start - 1, -1):
                left = 0 if row in lasts else left + 1
                tried.fill(-np.inf)
                first = int(band.first[row])
                for number, (a, b) in enumerate(self.moves):
                    if 0 < a <= left:
                        off = width + first + b - int(band.first[row + a])
                        if 0 <= off <= 2 * width:
                            tried[number] = onward[(row + a) % self.deep, number, off : off + width]
                here = _log_sum(tried)
                if row in lasts:
                    here[lasts[row] - first] = 0.0
                # One goes on along the row at what leaving out the next target sentence gains.
                alone = gains[self.down, row - start]
                here = _along(here[::-1], np.append(alone[1:], -np.inf)[::-1])[::-1]
                here = np.where(np.arange(width) > int(band.last[row]) - first, -np.inf, here)
                sums[row] = here
                onward[row % self.deep, :, width : 2 * width] = gains[:, row - start] + here
        return sums


def _log_sum(terms: Floats) -> Floats:
    top = terms.max(axis=0)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        found: Floats = np.log(np.exp(terms - safe).sum(axis=0)) + safe
    return found


def _along(here: Floats, gains: Floats) -> Floats:
    """Sums where each cell may also be reached from the one before it, at its own gain."""
    finite = np.isfinite(gains)
    walked = np.cumsum(np.where(finite, gains, 0.0))
    found: Floats = walked + np.logaddexp.accumulate(here - walked)
    return found
