from __future__ import annotations

import re

import lxml.html

from amts_tasks.align.documents import align_documents
from amts_tasks.align.review import review
from amts_tasks.align.view import page
from amts_tasks.languages import default_profile
from amts_tasks.text import parse

EN, ZH = default_profile("en"), default_profile("zh")
SOURCE = """# Title <b>&amp;

The value of `f(1)` is <script>alert("x")</script> and $a<b$.

This paragraph was left as it is in English by everybody.

Only here: `g(2)`.
"""
TARGET = """# 标题 <b>&amp;

`f(1)`的值是<script>alert("x")</script>和$a<b$。

This paragraph was left as it is in English by everybody.
"""


def made() -> str:
    sides = {"a.md": parse(SOURCE, "a.md")}, {"a.md": parse(TARGET, "a.md")}
    alignments = align_documents(*sides, EN, ZH)
    return page('a "quoted" <title>', alignments, review(alignments, "sentence", EN, ZH), EN, ZH)


def test_every_block_stands_in_a_row_and_nothing_of_the_texts_is_markup() -> None:
    tree = lxml.html.document_fromstring(made())
    rows = tree.xpath("//div[starts-with(@class, 'row')]")
    assert len(rows) == 4
    assert "<script>alert" in rows[1].text_content()
    assert len(tree.xpath("//script")) == 1
    assert tree.xpath("//title")[0].text == 'a "quoted" <title>'
    assert [cell.get("lang") for cell in rows[1].xpath("./div[@lang]")] == ["en", "zh"]


def test_a_refused_pair_says_why_and_a_block_without_a_partner_is_told_apart() -> None:
    text = made()
    assert "refused: untranslated (1)" in text
    assert len(re.findall(r'data-is="[^"]*rejected', text)) == 1
    assert len(re.findall(r'data-is="none"', text)) == 1
    buttons = re.findall(r'<button data-show="(\w+)"[^>]*>([^<]+)<', text)
    assert ("all", "all (4)") in buttons
    assert ("rejected", "refused (1)") in buttons


def test_it_needs_no_network_and_is_the_same_each_time() -> None:
    text = made()
    assert text == made()
    assert not re.search(r"(?:src|href)=|https?://|@import|url\(", text)
    assert "default-src 'none'" in text
