"""Word alignment by a hidden Markov model."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from amts_tasks.lexicon import train
from amts_tasks.lexicon.hmm import Hmm

SENTENCE = st.lists(st.integers(1, 6), min_size=0, max_size=9)


@given(st.lists(st.tuples(SENTENCE, SENTENCE), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_target_word_comes_from_one_place_at_most(pairs):
    table = train(pairs, 7, 7, 2)
    model = Hmm(pairs, table)
    if not any(left and right for left, right in pairs):
        return
    model.train(2)
    found = model.posteriors()
    for (left, right), shares in zip(pairs, found, strict=False):
        if left and right:
            assert shares.shape == (len(left), len(right))
            assert (shares >= 0).all()
            assert (shares.sum(axis=0) <= 1 + 1e-9).all()


def test_neighbours_tell_which_of_two_alike_is_meant():
    """The article stands twice; each goes with its own noun."""
    rng = np.random.default_rng(3)
    pairs = []
    for _ in range(60):
        one, other = rng.choice(np.arange(2, 8), 2, replace=False).tolist()
        pairs.append(([1, one, 8, 1, other], [1, one, 8, 1, other]))
    model = Hmm(pairs, train(pairs, 9, 9, 3))
    model.train(3)
    for shares in model.posteriors():
        assert shares.argmax(axis=0).tolist() == [0, 1, 2, 3, 4]


def test_positions_known_to_belong_together_do():
    pairs = [([1, 2, 3], [4, 5, 6])] * 4
    bound = np.full((3, 3), 1e-6)
    bound[0, 2] = bound[1, 1] = bound[2, 0] = 1.0
    model = Hmm(pairs, train(pairs, 7, 7, 3, bounds=[bound] * 4), [bound] * 4)
    model.train(2)
    assert [shares.argmax(axis=0).tolist() for shares in model.posteriors()] == [[2, 1, 0]] * 4
