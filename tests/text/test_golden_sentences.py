"""Sentences in every language of a profile: our own cases, and what holds for any text at all."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.languages import load_profiles
from amts_tasks.text import Segment, split

ROOT = Path(__file__).parents[2]
PROFILES = load_profiles(ROOT / "config" / "languages")
FOLDER = ROOT / "tests" / "golden" / "sentences"
CASES = {
    path.stem: [line.split("‖") for line in path.read_text("utf-8").split("\n")[2:] if line]
    for path in sorted(FOLDER.glob("*.md"))
}
WRONG = {
    "The loss $L = \\sum_i l_i.$ ",
    "The U.S. ",
    "The bound is tight.[1] ",
    "遅かった……",
    "『本を読む。』という題です。",
    "2024. 5. 1. 에 나왔습니다. ",
    "“它会停吗？”她问道。",
    "天色已晚……",
}
"""The first sentences of the cases that are not cut right, so that a change for better or worse shows."""


def test_every_profile_has_cases() -> None:
    assert set(CASES) == set(PROFILES)
    assert all(len(cases) >= 25 for cases in CASES.values())


@pytest.mark.parametrize("language", CASES)
def test_golden_sentences(language: str) -> None:
    wrong = set()
    for parts in CASES[language]:
        text = "".join(parts)
        if [text[begin:end] for begin, end in split(text, PROFILES[language])] != parts:
            wrong.add(parts[0])
    assert wrong == {first for first in WRONG if any(parts[0] == first for parts in CASES[language])}


PIECES = st.lists(
    st.sampled_from([
        "One. ",
        "two? ",
        "三。",
        "「四。」",
        "と",
        "$x. Y$",
        "`a. B`",
        "**",
        "*",
        "[",
        "](b. C)",
        "(See. ",
        ") ",
        "…",
        "\n",
    ])
    | st.text(max_size=5),
    max_size=20,
).map("".join)


@pytest.mark.parametrize("language", sorted(PROFILES))
@given(text=PIECES)
def test_the_spans_cover_any_text_and_cut_no_placeholder(language: str, text: str) -> None:
    spans = split(text, PROFILES[language])
    assert "".join(text[begin:end] for begin, end in spans) == text
    assert all(one[1] == other[0] for one, other in pairwise(spans))
    ends = {end for _, end in spans}
    at = 0
    for token in Segment.of(text).tokens:
        length = len(token if isinstance(token, str) else token.text)
        if not isinstance(token, str):
            assert ends.isdisjoint(range(at + 1, at + length))
        at += length


@pytest.mark.parametrize("unit", ["One. ", "(a. ", "…", "。", "「。」", "1. ", '."', "$x$. ", ") ", "e.g. "])
def test_time_is_linear_in_the_length(unit: str) -> None:
    small, large = unit * 2_000, unit * 20_000
    split(small, PROFILES["en"])
    begun = time.process_time()
    split(small, PROFILES["en"])
    middle = time.process_time()
    split(large, PROFILES["en"])
    assert time.process_time() - middle < 40 * (middle - begun) + 1.0
