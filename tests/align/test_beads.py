from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.align import Bead, read_beads, write_beads
from amts_tasks.errors import AlignmentError

indices = st.lists(st.integers(0, 10**6), max_size=4, unique=True).map(lambda found: tuple(sorted(found)))


def test_the_exchange_form() -> None:
    beads = [Bead((0,), (0, 1), 0.25), Bead((3,), (), 6.0), Bead((), (2,), -1e-9)]
    assert write_beads(beads) == "[0]:[0, 1]:0.250000\n[3]:[]:6.000000\n[]:[2]:0.000000\n"


@given(st.lists(st.builds(Bead, indices, indices, st.integers(-999, 999).map(lambda cost: cost / 4))))
def test_beads_read_back_as_written(beads: list[Bead]) -> None:
    read = read_beads(write_beads(beads))
    assert [(bead.source, bead.target, bead.score) for bead in read] == [
        (bead.source, bead.target, bead.score) for bead in beads
    ]


def test_gold_files_have_no_cost() -> None:
    assert [(bead.source, bead.target) for bead in read_beads("[0,1]:[0]\n\n[2]:[]\n")] == [((0, 1), (0,)), ((2,), ())]


@pytest.mark.parametrize("line", ["0:1", "[0]:[a]", "[0]", "[0]:[1]:x", "[0]:[1]:1:2"])
def test_a_line_of_another_form_is_named(line: str) -> None:
    with pytest.raises(AlignmentError, match=r"gold\.txt:2: found .*expected a bead such as"):
        read_beads(f"[0]:[0]\n{line}\n", "gold.txt")
