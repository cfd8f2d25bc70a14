"""Differences by word and by character."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.sync.told.word_diff import word_diff


def written(old: str, new: str, *, characters: bool = False) -> tuple[str, str]:
    sides = word_diff(old, new, characters=characters)
    return tuple("".join(f"[{text}]" if changed else text for text, changed in side) for side in sides)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("old", "new", "characters", "before", "after"),
    [
        ("the red ball", "the blue ball", False, "the [red] ball", "the [blue] ball"),
        ("a ball", "a ball", False, "a ball", "a ball"),
        ("", "all new", False, "", "[all new]"),
        ("write down the colour", "note the colour", False, "[write down] the colour", "[note] the colour"),
        ("rot", "röt", False, "[rot]", "[röt]"),
        ("记下球的颜色", "记住球的颜色", True, "记[下]球的颜色", "记[住]球的颜色"),
        ("用 numpy 计算", "用 torch 计算", True, "用 [numpy] 计算", "用 [torch] 计算"),
        ("값을 기록한다", "값을 기록했다", False, "값을 [기록한다]", "값을 [기록했다]"),
        ("a module,\nwe invoke", "a module, we\ninvoke", False, "a module,\nwe invoke", "a module, we\ninvoke"),
        ("in a  module,\nwe call", "in a\tmodule, call", False, "in a  module,\n[we ]call", "in a\tmodule, call"),
        ("the class (and it)", "the class(and it)", False, "the class[ ](and it)", "the class(and it)"),
    ],
)
def test_differences(old: str, new: str, characters: bool, before: str, after: str) -> None:
    assert written(old, new, characters=characters) == (before, after)


@given(st.text(max_size=60), st.text(max_size=60), st.booleans())
def test_the_spans_are_the_text(old: str, new: str, characters: bool) -> None:
    sides = word_diff(old, new, characters=characters)
    for side, text in zip(sides, (old, new), strict=True):
        assert "".join(piece for piece, _ in side) == text
        assert all(piece for piece, _ in side)
        assert all(a[1] != b[1] for a, b in pairwise(side))
    alike = [re.sub(r"\s+", " ", text) for text in (old, new)]
    assert (alike[0] == alike[1]) is not any(changed for side in sides for _, changed in side)
    kept = ["".join(piece for piece, changed in side if not changed) for side in sides]
    assert re.sub(r"\s+", " ", kept[0]) == re.sub(r"\s+", " ", kept[1]), "what is not marked is the same"


@given(st.lists(st.sampled_from(["we", "call", "it", "a", "模", "块", ",", "(", ")."]), max_size=12), st.data())
def test_lines_that_break_elsewhere_show_no_difference(words: list[str], data: st.DataObject) -> None:
    gaps = st.sampled_from([" ", "\n", "  ", "\n  ", "\t"])
    old, new = ("".join(word + data.draw(gaps) for word in words) for _ in range(2))
    for characters in (False, True):
        assert not any(changed for side in word_diff(old, new, characters=characters) for _, changed in side)


@pytest.mark.parametrize("words", [1_000, 20_000])
def test_a_long_text_costs_no_more_than_its_length(words: int) -> None:
    """By the longest common stretches it would take minutes."""
    began = time.process_time()
    before, after = word_diff(f"start {'a b ' * words}end", f"start {'b c ' * words}end")
    assert time.process_time() - began < 20
    assert before[0][0].startswith("start ")
    assert not after[0][1]
    assert before[-1][0].endswith("end")
    assert not before[-1][1]
