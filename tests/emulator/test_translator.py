"""Exact matches, sentences and terms, before any engine is asked."""

from __future__ import annotations

import pytest

from amts_tasks.emulator import inline, sentences
from amts_tasks.emulator.engines import Term
from amts_tasks.emulator.engines.echo import EchoEngine
from amts_tasks.emulator.memory import Memory
from amts_tasks.emulator.parallel_file import ParallelFile
from amts_tasks.emulator.translator import Translator


def memory(*rows: tuple[str, str]) -> Memory:
    return Memory.of(ParallelFile("en", ("zh",), {source: {"zh": target} for source, target in rows}), "zh")


def shown(inner: str, *rows: tuple[str, str], terms: tuple[Term, ...] = ()) -> str:
    segment = inline.parse(inner)
    translator = Translator(EchoEngine(), "en", "zh", memory(*rows), terms)
    return inline.put_back(translator.translate([segment])[0], segment)


NO = '<span translate="no">{}</span>'.format


def test_a_whole_segment_comes_from_the_parallel_data():
    assert shown("Hello  world.", ("Hello world.", "你好。")) == "你好。"


def test_spans_are_swapped_and_keep_their_order_by_content():
    row = (f"{NO('$a$')} of {NO('$b$')}.", f"{NO('$b$')}的{NO('$a$')}。")
    assert shown(f"{NO('$x$')} of {NO('$y$')}.", row) == f"{NO('$y$')}的{NO('$x$')}。"


def test_tags_are_where_the_translator_put_them():
    row = ("A <b>big</b> <i>thing</i>.", "<i>东西</i><b>大</b>。")
    assert shown("A <b>big</b> <i>thing</i>.", row) == "<i>东西</i><b>大</b>。"


def test_a_row_that_lost_a_span_or_a_tag_is_no_exact_match():
    assert shown(f"See {NO('`x`')}.", (f"See {NO('`x`')}.", "看。")) == f"See {NO('`x`')}."
    assert shown("A <b>b</b>.", ("A <b>b</b>.", "甲乙。")) == "A <b>b</b>."


def test_known_sentences_of_an_unknown_paragraph():
    rows = (("Yes. No.", "是。否。"), ("Maybe not.", "也许不。"))
    assert shown("No. Something else. Maybe not.", *rows) == "否。Something else.也许不。"


def test_terms_are_exact_words_and_case():
    terms = (Term("learning rate", "学习率"), Term("rate", "率"))
    assert shown("The learning rate, not rates or Rate: rate.", terms=terms) == "The 学习率, not rates or Rate: 率."


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("See e.g. Figure 1. Then i.e. that.", ["See e.g. Figure 1.", "Then i.e. that."]),
        ("版本 1.2 好。是的！", ["版本 1.2 好。", "是的！"]),
        ("\ue800One. Two.\uec00 Three.", ["\ue800One. Two.\uec00", "Three."]),
        ("no end", ["no end"]),
    ],
)
def test_sentences_join_to_the_text(text, parts):
    cut = sentences.split(text)
    assert "".join(part + space for part, space in cut) == text
    assert [part for part, _ in cut] == parts
