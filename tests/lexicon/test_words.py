"""Words by language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.lexicon import capital, cut, fold


def joined(words):
    return "".join((" " if word.spaced else "") + word.text for word in words)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Don't re-use 1,000.5 GPUs.", "en", ["Don't", "re", "-", "use", "1,000.5", "GPUs", "."]),
        ("我们学习word2vec。", "zh", ["我们", "学习", "word2", "vec", "。"]),
        ("深層学習", "ja", ["深", "層", "学", "習"]),
        ("a\ue000b", "en", ["a", "\ue000", "b"]),
        ("wait... -- now", "en", ["wait", "...", "--", "now"]),
    ],
)
def test_cut(text, language, words):
    assert [word.text for word in cut(text, language)] == words


LETTERS = st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" \ue000\ue801")


@given(st.text(LETTERS, max_size=60), st.sampled_from(["en", "zh", "ja", "tr", "th"]))
def test_joined_they_give_the_text(text, language):
    assert joined(cut(text, language)).strip() == " ".join(text.split())


def test_turkish_letters():
    assert fold("IŞIK İyi", "tr") == "ışık iyi"
    assert capital("iyi", "tr") == "İyi"
    assert (fold("I", "en"), capital("iyi", "en")) == ("i", "Iyi")


def test_letters_of_a_script_without_spaces_end_a_word():
    assert [word.text for word in cut("预训练GloVe送入GPU上", "zh")] == ["预", "训练", "GloVe", "送入", "GPU", "上"]
