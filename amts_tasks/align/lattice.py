"""The cheapest monotone path through two sequences, inside a corridor around the waypoints that are sure."""

from __future__ import annotations

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
WIDEST = 240
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


def cheapest(
    n: int, m: int, moves: Sequence[Move], cost: Cost, rows: Sequence[tuple[int, int]]
) -> list[tuple[int, int, int, int, float]]:
    """The beads of the cheapest path as (source start, source end, target start, target end, cost), in order.

    `moves` in order of preference among equals. The single moves (1, 0) and (0, 1) must always be allowed by `cost`.
    """
    best: list[dict[int, tuple[float, int, int, float]]] = []
    for i in range(n + 1):
        row: dict[int, tuple[float, int, int, float]] = {}
        best.append(row)
        first, last = rows[i]
        reach = [(a, b, best[i - a]) for a, b in moves if a <= i and a]
        within = [b for a, b in moves if not a]
        for j in range(first, last + 1):
            if i == 0 and j == 0:
                row[0] = (0.0, 0, 0, 0.0)
                continue
            least: tuple[float, int, int, float] | None = None
            for a, b, before in reach:
                came = before.get(j - b)
                if came is None:
                    continue
                price = cost(i - a, i, j - b, j)
                if price is not None and (least is None or came[0] + price < least[0]):
                    least = (came[0] + price, a, b, price)
            for b in within:
                came = row.get(j - b)
                if came is None:
                    continue
                price = cost(i, i, j - b, j)
                if price is not None and (least is None or came[0] + price < least[0]):
                    least = (came[0] + price, 0, b, price)
            if least is not None:
                row[j] = least
    beads = []
    i, j = n, m
    while i or j:
        _, a, b, price = best[i][j]
        beads.append((i - a, i, j - b, j, price))
        i, j = i - a, j - b
    return beads[::-1]
