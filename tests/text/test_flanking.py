"""Emphasis stays emphasis when a sentence is put between others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from amts_tasks.text.flanking import beside


@pytest.mark.parametrize(
    ("before", "text", "after", "expected"),
    [
        # Without a space after it the closing mark stands between punctuation and a letter: it closes nothing.
        ("", "我们*只教一半。*", "其余自学。", "我们*只教一半*。"),
        ("", "我们*只教一半。*", "", "我们*只教一半。*"),
        ("", "**Note.**", " It ends.", "**Note.**"),
        ("好", "*“适时”*的一课。", "下一课", "“*适时*”的一课。"),
        ("", "没有强调。", "其余自学。", "没有强调。"),
    ],
)
def test_a_mark_that_a_neighbour_would_break_is_mended(before: str, text: str, after: str, expected: str) -> None:
    assert beside(before, text, after) == expected


WORDS = st.sampled_from(["一课", "word", "。", "“", "”", ".", " ", "（", "）", "$x$"])


@given(st.lists(WORDS, min_size=1, max_size=4).map("".join), st.lists(WORDS, max_size=2).map("".join))
def test_what_is_emphasis_alone_is_emphasis_beside_a_letter(inside: str, tail: str) -> None:
    commonmark = MarkdownIt()
    text = f"一*{inside}*{tail}"

    def emphasised(words: str) -> int:
        return commonmark.render(words).count("<em>")

    made = beside("", text, "下")
    if "$" not in text and emphasised(text) == 1:
        assert emphasised(made + "下") == 1
