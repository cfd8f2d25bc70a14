"""The search over a band against the plain lattice, on costs drawn at random."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.align.band import Band, Search
from amts_tasks.align.lattice import Lattice, corridor

MOVES = ((1, 1), (1, 0), (0, 1), (2, 1), (1, 2), (3, 1), (2, 3))
sizes = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=4)


def whole(n: int, m: int) -> list[tuple[int, int]]:
    return [(0, m)] * (n + 1)


@given(sizes, st.integers(0, 9999))
def test_paths_and_shares_are_the_lattices(texts: list[tuple[int, int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    band = Band.of(texts, [whole(n, m) for n, m in texts])
    omission = float(rng.normal())
    costs = rng.normal(size=(len(MOVES), len(band.first), band.width))
    for number, (a, b) in enumerate(MOVES):
        if not a or not b:
            costs[number] = omission
        columns = band.first[:, None] + np.arange(band.width) - band.low[:, None]
        out = (band.behind[:, None] < a) | (columns < b) | (columns > (band.last - band.low)[:, None])
        costs[number][out] = np.inf
    search = Search(band, MOVES, lambda start, end: costs[:, start:end])
    paths = search.cheapest()
    for text, (n, m) in enumerate(texts):
        row = band.starts[text][0]

        def cost(i: int, i2: int, j: int, j2: int, row: int = row) -> float:
            return float(costs[MOVES.index((i2 - i, j2 - j)), row + i2, j2])

        lattice = Lattice(n, m, MOVES, cost, whole(n, m))
        expected = lattice.cheapest()
        assert [step[:4] for step in paths[text]] == [step[:4] for step in expected]
        assert [step[4] for step in paths[text]] == pytest.approx([step[4] for step in expected])
        shares = search.shares(paths, 1.5)[text]
        assert shares == pytest.approx(lattice.shares(expected, 1.5), abs=1e-9)


def test_the_cells_looked_at_grow_with_the_length_and_not_with_its_square() -> None:
    def cells(n: int) -> int:
        m = n - n // 50
        return Band.of([(n, m)], [corridor(n, m, ())]).cells

    # Without any waypoint; from where the corridor has its greatest width on, ten times the text is ten times the work.
    assert cells(20_000) < 12 * cells(2_000)
    book = [(150, 147)] * 20
    assert Band.of(book * 10, [corridor(*size, ()) for size in book * 10]).cells == 10 * sum(
        Band.of([size], [corridor(*size, ())]).cells for size in book
    )


def test_rectangles_are_bounded_and_cover_all_rows() -> None:
    texts = [(3, 900), (400, 380), (0, 5), (2, 2)]
    band = Band.of(texts, [corridor(n, m, ()) for n, m in texts])
    slices = list(band.slices())
    assert [row for start, end in slices for row in range(start, end)] == list(range(len(band.first)))
    for start, end in slices:
        width = band.last[start:end].max() - band.first[start:end].min() + 1
        assert end - start == 1 or (end - start) * width <= 16_384
