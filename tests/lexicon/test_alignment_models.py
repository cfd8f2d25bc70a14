"""IBM Model 1 and the links drawn from it."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.lexicon import NULL, best, both, train
from amts_tasks.lexicon.model1 import diagonal


@pytest.fixture(scope="module")
def pairs():
    choice = random.Random(3)
    sources = [[choice.randint(1, 9) for _ in range(choice.randint(2, 6))] for _ in range(200)]
    return [(source, [word + 10 for word in source]) for source in sources]


def test_it_finds_the_dictionary_behind_the_pairs(pairs):
    table = train(pairs, 10, 20)
    for word in range(1, 10):
        row = table.grid([word], range(20))[0]
        assert row.argmax() == word + 10
        assert row[word + 10] > 0.9
    assert table.probability(1, 11) == table.grid([1], [11])[0, 0]
    assert table.probability(1, 1) == 0.0


def test_best_links_follow_the_words_and_the_diagonal(pairs):
    table = train(pairs, 10, 20)
    assert best(table, [1, 2, 3], [13, 11, 12]) == [(2, 0), (0, 1), (1, 2)]
    assert best(table, [4, 4, 4], [14, 14, 14]) == [(0, 0), (1, 1), (2, 2)]
    assert best(table, [], [1]) == []


def test_a_bound_keeps_positions_to_themselves(pairs):
    table = train(pairs, 10, 20)
    bound = np.array([[1e-6, 1.0], [1.0, 1e-6]])
    assert best(table, [4, 4], [14, 14], bound) == [(1, 0), (0, 1)]


def test_same_pairs_same_table(pairs):
    one, two = train(pairs, 10, 20), train(pairs, 10, 20)
    assert (one.values == two.values).all()


def test_nothing_to_learn():
    table = train([], 1, 1)
    assert len(table.keys) == 0


@given(st.integers(1, 30), st.integers(1, 30))
def test_the_diagonal_is_a_distribution(rows, columns):
    prior = diagonal(rows, columns)
    assert prior.shape == (rows, columns)
    assert np.allclose(prior.sum(axis=0), 0.92)
    assert NULL == 0


def test_both_directions():
    forward, backward = [(0, 0), (1, 1), (2, 1)], [(0, 0), (1, 1), (3, 3)]
    assert both(forward, backward, 4, 4) == [(0, 0), (1, 1), (2, 1), (3, 3)]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12),
)
def test_links_lie_between_intersection_and_union(forward, backward):
    links = set(both(forward, backward, 6, 6))
    assert set(forward) & set(backward) <= links <= set(forward) | set(backward)
