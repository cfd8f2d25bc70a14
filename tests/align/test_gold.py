"""The scorer's counts, worked out by hand from the published scorer's definition."""

from __future__ import annotations

import pytest

from amts_tasks.align import GoldScore, read_beads, score_beads
from amts_tasks.errors import AlignmentError

GOLD = read_beads("[0]:[0]\n[1]:[1, 2]\n[2]:[]\n[3]:[3]\n")


def test_the_same_beads_are_perfect_and_the_order_is_no_matter() -> None:
    score = score_beads(reversed(GOLD), GOLD)
    assert (score.precision(), score.recall(), score.f1(), score.f1(lax=True)) == (1, 1, 1, 1)


def test_a_bead_with_one_pair_of_items_in_common_is_lax() -> None:
    found = read_beads("[0]:[0]\n[1]:[1]\n[]:[2]\n[2]:[]\n[3]:[3]\n")
    score = score_beads(found, GOLD)
    # Found: 0-0, 2-nothing and 3-3 are right; 1-1 is right laxly; nothing-2 is wrong.
    assert (score.found, score.found_strict, score.found_lax) == (5, 3, 4)
    # Of the three gold beads with both sides 0-0 and 3-3 are found, 1-1,2 laxly.
    assert (score.gold, score.gold_strict, score.gold_lax) == (3, 2, 3)
    assert score.f1() == pytest.approx(2 * (3 / 5) * (2 / 3) / (3 / 5 + 2 / 3))


def test_nothing_found_is_zero_and_no_error() -> None:
    score = score_beads([], GOLD)
    assert (score.precision(), score.recall(), score.f1()) == (0, 0, 0)


def test_texts_add_their_counts() -> None:
    one, other = score_beads(GOLD, GOLD), score_beads(read_beads("[0]:[1]\n"), GOLD)
    both = one + other
    assert (both.found, both.found_strict, both.gold, both.gold_strict) == (5, 4, 6, 3)
    assert GoldScore() + one == one


def test_by_block_consecutive_beads_within_one_block_are_one() -> None:
    gold = read_beads("[0, 1]:[0, 1]\n[2]:[2, 3]\n")
    blocks = ["a", "a", "b"], ["a", "a", "b", "b"]
    inside = read_beads("[0]:[0]\n[1]:[1]\n[2]:[2]\n[]:[3]\n")
    assert score_beads(inside, gold, *blocks).f1() == 1
    assert score_beads(inside, gold).found_strict == 0


def test_by_block_a_wrong_bead_within_the_block_hides_but_one_across_does_not() -> None:
    gold = read_beads("[0, 1]:[0]\n[2]:[1]\n")
    across = read_beads("[0]:[0]\n[1, 2]:[1]\n")
    score = score_beads(across, gold, ["a", "a", "b"], ["a", "b"])
    assert (score.found, score.found_strict, score.gold_strict) == (2, 0, 0)


def test_a_sentence_without_a_block_is_named() -> None:
    with pytest.raises(
        AlignmentError, match=r"bead \[3\]:\[3\] has no block: there are 3 source and 4 target block ids"
    ):
        score_beads(GOLD, GOLD, ["a", "b", "c"], ["a", "b", "b", "c"])
