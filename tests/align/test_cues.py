"""Each kind of evidence against its plain definition."""

from __future__ import annotations

import numpy as np
import pytest

from amts_tasks.align.anchors import evidence, tokens
from amts_tasks.align.cues import Anchors, Lengths, Meanings, groups
from amts_tasks.align.length import SPREAD, VARIANCE, LengthModel
from amts_tasks.align.wording import learnt, words
from amts_tasks.lexicon import train

SOURCE = ["The loss is 3.5 with `f`.", "Nothing here.", "See NumPy and 12 of `g`.", "A short one: 7!"]
TARGET = ["La pérdida es 3.5 con `f`.", "Véase NumPy y 12 de `g`.", "Nada aquí; 7."]


def test_groups_are_joined_from_the_end() -> None:
    singles = np.array([[0], [1], [10], [100]], np.float32)  # one row of lead for groups of two
    assert [found.ravel().tolist() for found in groups(singles, 2, np.add)] == [[1, 10, 100], [1, 11, 110]]


def test_lengths_as_the_length_model_has_them() -> None:
    here, there = [10, 200, 33, 5], [12, 90, 140]
    model = LengthModel(0.9)
    cue = Lengths(here, there, model.ratio, VARIANCE, SPREAD)
    for a, b in ((1, 1), (2, 1), (1, 3)):
        gain = cue.gain((0, 5), (0, 4), a, b)
        for i in range(a, 5):
            for j in range(b, 4):
                cost = model.cost(sum(here[i - a : i]), sum(there[j - b : j]))
                if cost < 15:
                    assert -gain[i, j] == pytest.approx(cost, abs=0.02)
                else:
                    assert -gain[i, j] > 14.9


def test_anchors_as_the_evidence_has_them() -> None:
    shared = evidence([tokens(text) for text in SOURCE], [tokens(text) for text in TARGET])
    gains = Anchors(shared).gains((0, 5), (0, 4), 3, 2)
    for a, b in ((1, 1), (2, 2), (3, 1)):
        found = gains(a, b)
        for i in range(a, 5):
            for j in range(b, 4):
                left = frozenset[str]().union(*shared.source[i - a : i])
                right = frozenset[str]().union(*shared.target[j - b : j])
                assert found[i, j] == pytest.approx(shared.gain(left, right), abs=1e-4)


def test_words_that_came_together_speak_for_a_bead() -> None:
    source = [words(text, "en") for text in ("the red door", "the green door", "a red lamp", "a green lamp")]
    target = [words(text, "de") for text in ("die rote Tür", "die grüne Tür", "eine rote Lampe", "eine grüne Lampe")]
    cue = learnt([(range(k, k + 1), range(k, k + 1)) for k in range(4)], source, target, 0.2)
    single = cue.gains((1, 5), (1, 5), 1, 1)(1, 1)
    assert (single.argmax(axis=1) == np.arange(4)).all()
    # A group is judged by all its words: both sentences together suit both translations best.
    double = cue.gains((1, 5), (1, 5), 2, 2)(2, 2)
    assert double[1, 1] == double[1, 1:].max()


def test_meaning_is_one_for_the_same_and_about_nothing_for_the_usual() -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(40, 64)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    cue = Meanings(rows, rows, lambda sums: sums / np.linalg.norm(sums, axis=1, keepdims=True).clip(1e-9), (rows, rows))
    near = cue.gains((1, 41), (1, 41), 2, 2)
    assert np.diag(near(1, 1)) == pytest.approx(np.ones(40), abs=1e-5)
    assert np.abs(near(1, 1)[~np.eye(40, dtype=bool)]).mean() < 0.2
    assert near(2, 2)[7, 7] == pytest.approx(1, abs=1e-5)


def test_a_sentence_at_the_edge_of_a_group_that_takes_from_its_nearness_is_charged() -> None:
    rng = np.random.default_rng(6)
    rows = rng.normal(size=(2, 9, 64)).astype(np.float32)

    def unit(
        sums: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return np.asarray(sums / np.linalg.norm(sums, axis=-1, keepdims=True).clip(1e-9), np.float32)

    cue = Meanings(rows[0], rows[1], unit, (unit(rows[0]), unit(rows[1])))
    plain = cue.gains((0, 10), (0, 10), 3, 3)
    # Whole or by rectangles: the groups that end one sentence earlier are known at the edge of each.
    for ends, others in (((0, 10), (0, 10)), ((4, 8), (5, 10)), ((1, 4), (1, 9))):
        charged = cue.gains(ends, others, 3, 3, 2.0)
        for a, b in ((1, 1), (2, 1), (1, 3), (3, 2), (3, 3)):
            found = charged(a, b)
            for i in range(max(a, ends[0]), ends[1]):
                for j in range(max(b, others[0]), others[1]):
                    own = plain(a, b)[i, j]
                    fewer = [plain(a - 1, b)[k, j] for k in (i, i - 1) if a > 1]
                    fewer += [plain(a, b - 1)[i, k] for k in (j, j - 1) if b > 1]
                    expected = own - 2 * max(0, *(near - own for near in fewer), 0)
                    assert found[i - ends[0], j - others[0]] == pytest.approx(expected, abs=1e-4)


def test_a_block_of_the_table_is_its_grid() -> None:
    table = train([([1, 2], [1, 3]), ([2, 3], [2, 3]), ([4], [1])], 6, 5)
    source, target = np.array([0, 2, 4, 5]), np.array([1, 3, 4])
    assert table.block(source, target) == pytest.approx(table.grid(source.tolist(), target.tolist()))
    assert table.block(source, np.zeros(0, np.int64)).shape == (4, 0)


def test_words_are_learnt_from_no_more_than_so_many_beads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amts_tasks.align.wording.TAUGHT", 4)
    source = [["red"], ["door"], ["lamp"]] * 4
    target = [["rot"], ["tür"], ["licht"]] * 4
    beads = [(range(k, k + 1), range(k, k + 1)) for k in range(12)]
    cue = learnt(beads, source, target, 0.2)
    # Of twelve beads every third is read, and these are all of one word; the others say nothing.
    assert cue.gains((1, 4), (1, 4), 1, 1)(1, 1)[1:, 1:].tolist() == [[0, 0], [0, 0]]
    assert len(cue.forward.keys) <= 2
