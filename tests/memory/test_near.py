from __future__ import annotations

from difflib import SequenceMatcher
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.memory.near import NearIndex, normalised

HELD = "The softmax function turns scores into probabilities that sum to one."


@pytest.mark.parametrize(
    ("text", "near"),
    [
        (HELD, True),
        ("the SOFTMAX function turns\nscores into probabilities that sum to one", True),
        ("The softmax function turns logits into probabilities that sum to one.", True),
        ("The softmax function turns scores into probabilities.", False),
        ("Dropout removes units at random while the network is being trained.", False),
        ("", False),
    ],
)
def test_near(text: str, near: bool) -> None:
    assert NearIndex([HELD, "Exercises"]).has(text) is near


@given(st.text("abcd ", min_size=1, max_size=60), st.text("abcd ", min_size=1, max_size=60))
def test_the_index_agrees_with_the_ratio_itself(one: str, other: str) -> None:
    index = NearIndex([one])
    a, b = normalised(one), normalised(other)
    ratio = SequenceMatcher(None, a, b, autojunk=False).ratio() if a and b else 0.0
    if index.has(other):
        assert ratio >= 0.9
    elif len({b[i : i + 4] for i in range(max(1, len(b) - 3))}) > 20:
        assert ratio < 0.9


def test_one_character_in_ten_changed_is_found() -> None:
    random = Random(1)
    text = "".join(random.choice("abcdefghijklmnop") for _ in range(200))
    changed = "".join("#" if i % 21 == 10 else letter for i, letter in enumerate(text)).replace("#", "é")
    assert NearIndex([text]).has(changed)


def test_a_ratio_of_one_asks_for_equality() -> None:
    index = NearIndex([HELD], near=1.0)
    assert index.has(HELD.upper())
    assert not index.has(HELD + " Now")
