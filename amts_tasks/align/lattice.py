"""The cheapest monotone path through two sequences, inside a corridor around the waypoints that are sure."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise

Move = tuple[int, int]
"""How many source and how many target items a bead takes."""
Cost = Callable[[int, int, int, int], float | None]
"""(source start, source end, target start, target end), half-open → cost, or None where the bead is not allowed."""

FULL = 80
"""Sequences up to this product's root are searched whole; it costs less than to look for waypoints."""
MARGIN = 24
"""Items a path may stray from the line between two waypoints, beside a tenth of the distance between them."""
WIDEST = 100
"""The corridor's half width has this bound, so that time grows linearly even without any waypoint."""


def unique_waypoints(source: Sequence[Hashable], target: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Positions of equal keys that occur once on either side, the longest ascending chain of them.

    Keys of None are nobody's. O(n log n): patience sorting, as in patience diff.
    """
    first: dict[Hashable, int] = {}
    twice = set()
    for j, key in enumerate(target):
        if key is not None and first.setdefault(key, j) != j:
            twice.add(key)
    seen: dict[Hashable, int] = {}
    for i, key in enumerate(source):
        if key is not None and seen.setdefault(key, i) != i:
            twice.add(key)
    pairs = sorted((i, first[key]) for key, i in seen.items() if key in first and key not in twice)
    return longest_chain(pairs)


def longest_chain(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest sub-sequence of `pairs` that ascends in both numbers; `pairs` ascend in the first already."""
    tails: list[int] = []
    at: list[int] = []
    back: list[int | None] = []
    for index, (_, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        back.append(at[place - 1] if place else None)
        if place == len(tails):
            tails.append(j)
            at.append(index)
        else:
            tails[place] = j
            at[place] = index
    chain = []
    here = at[-1] if at else None
    while here is not None:
        chain.append(pairs[here])
        here = back[here]
    return chain[::-1]


def corridor(n: int, m: int, waypoints: Sequence[tuple[int, int]], margin: int = MARGIN) -> list[tuple[int, int]]:
    """For each of the n + 1 rows the first and last column to be searched, always connected from (0, 0) to (n, m).

    A waypoint is believed to within a margin, not absolutely: one that is wrong widens nothing and hides little.
    """
    if n * m <= FULL * FULL:
        return [(0, m)] * (n + 1)
    stops = [(0, 0), *(point for point in waypoints if 0 < point[0] < n and 0 < point[1] < m), (n, m)]
    low, high = [m] * (n + 1), [0] * (n + 1)
    for (i, j), (i2, j2) in pairwise(stops):
        width = min(WIDEST, margin + (abs((i2 - i) - (j2 - j)) + max(i2 - i, j2 - j) // 10))
        # Where a long insertion lies between two waypoints, the path may turn at either end of it.
        for row in range(i, i2 + 1):
            middle = j + (j2 - j) * (row - i) / (i2 - i) if i2 > i else j
            low[row] = min(low[row], int(middle) - width)
            high[row] = max(high[row], int(middle) + width + 1)
    low[0] = 0
    high[n] = m
    rows: list[tuple[int, int]] = []
    for row in range(n + 1):
        first, last = max(0, min(low[row], m)), min(m, max(high[row], 0))
        if rows:
            # Neighbouring rows must share a column; steep places (few rows, many columns) would tear the corridor.
            last = max(last, rows[-1][0])
            first = min(first, rows[-1][1])
        rows.append((first, last))
    return rows


Step = tuple[int, int, int, int, float]
"""(source start, source end, target start, target end, cost) of a bead."""


class Lattice:
    """All beads within the corridor, each priced once.

    `moves` in order of preference among equals. The single moves (1, 0) and (0, 1) must be allowed everywhere.
    """

    def __init__(self, n: int, m: int, moves: Sequence[Move], cost: Cost, rows: Sequence[tuple[int, int]]) -> None:
        self.end = (n, m)
        self.cells: list[dict[int, list[tuple[int, int, float]]]] = []
        """Row → column → the moves that lead there, with their costs."""
        for i in range(n + 1):
            reach = [(a, b, rows[i - a]) for a, b in moves if a <= i]
            row: dict[int, list[tuple[int, int, float]]] = {}
            for j in range(rows[i][0], rows[i][1] + 1):
                edges = []
                for a, b, (first, last) in reach:
                    if first <= j - b <= last:
                        price = cost(i - a, i, j - b, j)
                        if price is not None:
                            edges.append((a, b, price))
                row[j] = edges
            self.cells.append(row)

    def cheapest(self) -> list[Step]:
        """The beads of the cheapest path, in order."""
        best: list[dict[int, tuple[float, int, int, float]]] = []
        for i, cells in enumerate(self.cells):
            row: dict[int, tuple[float, int, int, float]] = {}
            best.append(row)
            for j, edges in cells.items():
                if not i and not j:
                    row[0] = (0.0, 0, 0, 0.0)
                    continue
                least: tuple[float, int, int, float] | None = None
                for a, b, price in edges:
                    came = best[i - a].get(j - b)
                    if came is not None and (least is None or came[0] + price < least[0]):
                        least = (came[0] + price, a, b, price)
                if least is not None:
                    row[j] = least
        steps = []
        i, j = self.end
        while i or j:
            _, a, b, price = best[i][j]
            steps.append((i - a, i, j - b, j, price))
            i, j = i - a, j - b
        return steps[::-1]

    def shares(self, steps: Sequence[Step], temperature: float) -> list[float]:
        """What share (0–1) of all paths, each weighed by exp(-cost / temperature), goes through each of these beads."""
        forth: list[dict[int, float]] = []
        for i, cells in enumerate(self.cells):
            row: dict[int, float] = {}
            forth.append(row)
            for j, edges in cells.items():
                terms = [forth[i - a][j - b] - price / temperature for a, b, price in edges if j - b in forth[i - a]]
                if terms or not (i or j):
                    row[j] = _log_sum(terms) if terms else 0.0
        back: list[dict[int, list[float]]] = [{} for _ in self.cells]
        back[self.end[0]][self.end[1]] = [0.0]
        after: list[dict[int, float]] = [{} for _ in self.cells]
        for i in range(self.end[0], -1, -1):
            for j in sorted(forth[i], reverse=True):
                terms = back[i].get(j, [])
                if not terms:
                    continue
                here = after[i][j] = _log_sum(terms)
                for a, b, price in self.cells[i][j]:
                    back[i - a].setdefault(j - b, []).append(here - price / temperature)
        whole = forth[self.end[0]][self.end[1]]
        return [
            min(1.0, math.exp(forth[i][j] + after[i2][j2] - cost / temperature - whole)) for i, i2, j, j2, cost in steps
        ]


def _log_sum(terms: Sequence[float]) -> float:
    if len(terms) == 1:
        return terms[0]
    top = max(terms)
    return top + math.log(math.fsum(math.exp(term - top) for term in terms))
