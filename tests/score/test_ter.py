"""TER's edits against sacrebleu's own count, which it must equal."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.lib_ter import translation_edit_rate

from amts_tasks.score.ter import FastTER, edits

SENTENCE = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog", "near", "the", "old", "bank"]

words = st.lists(st.sampled_from("abcdef"), max_size=24)


@given(words, words)
@settings(max_examples=300, deadline=None)
def test_equals_sacrebleu_on_any_words(hypothesis: list[str], reference: list[str]) -> None:
    assert edits(hypothesis, reference) == translation_edit_rate(hypothesis, reference)[0]


@given(st.permutations(SENTENCE))
@settings(max_examples=100, deadline=None)
def test_equals_sacrebleu_on_shuffled_words(shuffled: list[str]) -> None:
    assert edits(shuffled, SENTENCE) == translation_edit_rate(shuffled, SENTENCE)[0]


@pytest.mark.parametrize("seed", range(12))
def test_equals_sacrebleu_on_long_segments_of_few_characters(seed: int) -> None:
    """Where the beam cuts, phrases are at their longest and the limit of 1000 shifts ends the search."""
    draw = random.Random(seed)
    alphabet = "abcdefghijklmnopqrstuvwxyz"[: draw.choice([2, 6, 26])]
    reference = [draw.choice(alphabet) for _ in range(draw.randrange(40, 150))]
    hypothesis = list(reference)
    for _ in range(draw.randrange(1, 4)):
        start = draw.randrange(len(hypothesis) - 12)
        phrase = [hypothesis.pop(start) for _ in range(draw.randrange(1, 12))]
        there = draw.randrange(len(hypothesis))
        hypothesis[there:there] = phrase
    hypothesis = hypothesis[: draw.choice([len(hypothesis), len(hypothesis) // 3])]
    assert edits(hypothesis, reference) == translation_edit_rate(hypothesis, reference)[0]


def test_nothing_against_something() -> None:
    assert edits([], []) == 0
    assert edits(["a"], []) == 1
    assert edits([], ["a", "b"]) == 2


def test_a_moved_phrase_is_one_edit() -> None:
    assert edits(list("cdab"), list("abcd")) == 1


def test_takes_one_reference_only() -> None:
    with pytest.raises(ValueError, match="unpack"):
        FastTER().corpus_score(["a"], [["a"], ["b"]])
