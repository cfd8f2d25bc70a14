"""Sentences, and what each field of the profile changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amts_tasks.languages import default_profile
from amts_tasks.text import split

ENGLISH = default_profile("en")
CHINESE = default_profile("zh")


def sentences(text: str, profile=ENGLISH) -> list[str]:
    return [text[begin:end] for begin, end in split(text, profile)]


@pytest.mark.parametrize(
    "parts",
    [
        ["One is $x. Y$ here. ", "Two is `a. B`."],
        ["See :numref:`sec.A`. ", "Then $y$ grows. ", "$z$ does not!"],
        ["It is **short.** ", "The *rest* is (not so) long."],
        ["[**We load it.**] ", "[Then](a. B) we wait."],
        ["It ends\nhere. ", "Another\none."],
        ["Is it 3.5 or 4? ", "Nobody knows."],
        ["  Led by spaces. ", "Trailed too. "],
    ],
)
def test_english(parts: list[str]) -> None:
    assert sentences("".join(parts)) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["我们在 :numref:`sec_a`中介绍它。", "它很好！", "是吗？"],
        ["令$x。y$为零。", "**重点。**", "其余的。"],
    ],
)
def test_chinese(parts: list[str]) -> None:
    assert sentences("".join(parts), CHINESE) == parts


def test_abbreviations_have_an_effect() -> None:
    text = "It is approx. Three of them. Done."
    assert sentences(text) == ["It is approx. ", "Three of them. ", "Done."]
    assert sentences(text, replace(ENGLISH, abbreviations=("approx.",))) == ["It is approx. Three of them. ", "Done."]


def test_terminators_have_an_effect() -> None:
    text = "Is it? It is. One; two."
    assert sentences(text) == ["Is it? ", "It is. ", "One; two."]
    assert sentences(text, replace(ENGLISH, terminators=".")) == ["Is it? It is. ", "One; two."]
    assert sentences(text, replace(ENGLISH, terminators=".?;")) == ["Is it? ", "It is. ", "One; ", "two."]


def test_the_sentence_language_has_an_effect() -> None:
    text = "Es war am 3. Mai kalt. Ende."
    assert sentences(text) == ["Es war am 3. ", "Mai kalt. ", "Ende."]
    assert sentences(text, replace(ENGLISH, sentence_language="de")) == ["Es war am 3. Mai kalt. ", "Ende."]


def test_no_text_no_sentence() -> None:
    assert split("", ENGLISH) == ()
