"""Word alignments of a pair: the best links of a table in each direction, and what both directions say together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from amts_tasks.lexicon.model1 import NULL, NULL_SHARE, Floats, WordTable, diagonal

Link = tuple[int, int]
"""(source position, target position), 0-based."""
_AROUND = ((-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))


def best(table: WordTable, source: Sequence[int], target: Sequence[int], bound: Floats | None = None) -> list[Link]:
    """For each target position the likeliest source position, unless it is the null word."""
    if not source or not target:
        return []
    scores = table.grid(source, target) * diagonal(len(source), len(target))
    if bound is not None:
        scores = scores * bound
    nothing = table.grid([NULL], target)[0] * NULL_SHARE
    rows = scores.argmax(axis=0)
    return [
        (int(row), column)
        for column, row in enumerate(rows)
        if scores[row, column] > 0 and scores[row, column] >= nothing[column]
    ]


def both(forward: Sequence[Link], backward: Sequence[Link], rows: int, columns: int) -> list[Link]:
    """The links both directions have, grown by neighbours either has (grow-diag-final-and, Koehn et al. 2003).

    ``forward`` and ``backward`` are (source, target) links of ``rows`` × ``columns`` positions; sorted links come back.
    """
    union = set(forward) | set(backward)
    links = set(forward) & set(backward)
    source_used = np.zeros(rows, bool)
    target_used = np.zeros(columns, bool)
    for i, j in links:
        source_used[i] = target_used[j] = True
    frontier = sorted(links)
    while frontier:
        grown: list[Link] = []
        for i, j in frontier:
            for down, right in _AROUND:
                new = (i + down, j + right)
                if new in union and new not in links and not (source_used[new[0]] and target_used[new[1]]):
                    links.add(new)
                    source_used[new[0]] = target_used[new[1]] = True
                    grown.append(new)
        frontier = grown
    for direction in (forward, backward):
        for i, j in direction:
            if not source_used[i] and not target_used[j]:
                links.add((i, j))
                source_used[i] = target_used[j] = True
    return sorted(links)
