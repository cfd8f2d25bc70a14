"""Stops that got lost and stops that came twice: what has one answer is mended, once, and all else is left."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amts_tasks.languages import default_profile
from amts_tasks.text import Segment
from amts_tasks.translate.damage import Damage
from amts_tasks.translate.stops import mended

EN = default_profile("en")
SENTENCE = Segment.of("The urn is on the table.")
TEXTS = st.lists(
    st.sampled_from([
        "Word",
        "urn",
        " ",
        ".",
        ",",
        "。",
        "，",
        "、",
        "?",
        "!",
        "…",
        "`a`",
        "$x.$",
        "**",
        "*",
        "7",
        "球",
        "is",
        "(",
        ")",
    ]),
    max_size=14,
).map("".join)


def text(source: Segment, back: str, code: str) -> str:
    made = mended(source, Segment.of(back).tokens, EN, default_profile(code), [])
    return "".join(token if isinstance(token, str) else token.text for token in made)


@given(TEXTS, TEXTS, st.sampled_from(["tr", "zh", "ja", "ko", "es", "th"]))
@settings(max_examples=300, deadline=None)
def test_what_is_mended_stays(source: str, back: str, code: str) -> None:
    segment = Segment.of(source)
    once = mended(segment, Segment.of(back).tokens, EN, default_profile(code), [])
    repairs: list[Damage] = []
    assert mended(segment, once, EN, default_profile(code), repairs) == once
    assert not repairs


@given(TEXTS, st.sampled_from(["tr", "zh", "ja", "ko", "es", "th"]))
@settings(max_examples=200, deadline=None)
def test_what_the_source_has_stays(source: str, code: str) -> None:
    segment = Segment.of(source)
    assert mended(segment, segment.tokens, EN, default_profile(code), []) == list(segment.tokens)


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("tr", "."),
        ("ko", "."),
        ("ru", "."),
        ("ar", "."),
        ("zh", "。"),
        ("zh-TW", "。"),
        ("ja", "。"),
        ("th", ""),
        ("hi", ""),
    ],
)
def test_the_mark_is_the_languages(code: str, end: str) -> None:
    assert text(SENTENCE, "abc", code) == "abc" + end


@pytest.mark.parametrize(("code", "end"), [("tr", "?"), ("ja", "？"), ("el", ""), ("ar", "")])
def test_a_question_mark_is_added_where_it_is_certain(code: str, end: str) -> None:
    assert text(Segment.of("Is the urn on the table?"), "abc", code) == "abc" + end


@pytest.mark.parametrize(
    "source", ["The urns on the table", "Urns Inc.", "12.", "The urn is here (see above.)", "Urns ..."]
)
def test_only_a_sentence_gets_a_stop(source: str) -> None:
    assert text(Segment.of(source), "abc", "es") == "abc"


@pytest.mark.parametrize("back", ["abc:", "abc»", "abc …", "see https://a.b/c", "abc $x = 1.$", "abc ![d](e)"])
def test_only_a_word_is_followed_by_a_stop(back: str) -> None:
    assert text(SENTENCE, back, "es") == back


@pytest.mark.parametrize(
    "back", ["a... b.", "etc., b.", "../a b.", "a (,,) b.", "1..2 b.", "a,,,b.", ",,a“ b.", "a/../b."]
)
def test_what_may_be_right_is_left(back: str) -> None:
    assert text(SENTENCE, back, "es") == back


def test_what_the_source_has_twice_may_come_back_twice() -> None:
    assert text(Segment.of("Two dots.. and more are here."), "Dos puntos.. y más.", "es") == "Dos puntos.. y más."


def test_no_tag_is_emptied() -> None:
    assert text(Segment.of("The urn **,** is on the table."), "a,**,** b.", "es") == "a,**,** b."
