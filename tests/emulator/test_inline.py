"""Inline HTML to masked text and back."""

from __future__ import annotations

from collections import Counter

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.emulator import Switches, documents, inline
from amts_tasks.emulator.engines.engine import FIRST_CLOSE, FIRST_FIXED, FIRST_OPEN

A, B = chr(FIRST_FIXED), chr(FIRST_FIXED + 1)
OPEN, CLOSE = chr(FIRST_OPEN), chr(FIRST_CLOSE)


def test_spans_tags_and_text():
    inner = 'The  value\n<span translate="no">$x &lt; y$</span> is <b>big &amp; bold</b><br>.'
    found = inline.parse(inner)
    assert found.text == f"The value {A} is {OPEN}big & bold{CLOSE}{B}."
    assert found.fixed == ('<span translate="no">$x &lt; y$</span>', "<br>")
    assert found.tags == (("<b>", "</b>"),)
    assert found.masked.fixed == ("$x < y$", "")
    assert inline.put_back(found.text, found) == inner.replace("  ", " ").replace("\n", " ")


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("a < b and b > c", "a < b and b > c"),
        ("<i translate=no>a <i>b</i> c</i> d", f"{A} d"),
        ("</b>a<b>", f"{A}a{B}"),
        ('<a id="1">x<b>y</a>z', f"{OPEN}x{A}y{CLOSE}z"),
        ("<!-- note -->a", f"{A}a"),
        ('<span title="a > b">c</span>', f"{OPEN}c{CLOSE}"),
    ],
)
def test_odd_markup(inner, text):
    found = inline.parse(inner)
    assert found.text == text
    assert inline.plain(inline.put_back(found.text, found)) == inline.plain(inner)


def test_what_an_engine_loses_doubles_or_crosses_is_mended():
    found = inline.parse('<b>one <i>two</i></b> <span translate="no">`x`</span>')
    opened, inner = chr(FIRST_OPEN), chr(FIRST_OPEN + 1)
    closed, inner_closed = chr(FIRST_CLOSE), chr(FIRST_CLOSE + 1)
    crossed = f"{opened}eins {inner}zwei{closed}{inner_closed} {A}{A}"
    assert inline.put_back(crossed, found) == '<b>eins <i>zwei</i></b> <span translate="no">`x`</span>'
    assert inline.put_back("nichts & mehr", found) == 'nichts &amp; mehr<b></b><i></i><span translate="no">`x`</span>'


PIECES = st.lists(
    st.sampled_from([
        "word",
        " ",
        "中",
        "&amp;",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<br/>",
        "<",
        '<span translate="no">$<b>x$</span>',
    ]),
    max_size=20,
).map("".join)
MARKUP = regex.compile(r"<span[^>]*>.*?</span>|</?[a-z]+/?>")


@given(PIECES, st.randoms(use_true_random=False))
def test_no_markup_is_ever_lost(inner, random):
    found = inline.parse(inner)
    whole = inline.put_back(found.text, found)
    assert Counter(MARKUP.findall(whole)) == Counter(MARKUP.findall(inner))
    shuffled = list(found.text)
    random.shuffle(shuffled)
    again = inline.put_back("".join(shuffled), found)
    assert Counter(MARKUP.findall(again)) == Counter(MARKUP.findall(inner))


def test_a_document_keeps_all_that_is_not_text():
    text = (
        '<!DOCTYPE html>\n<html lang="en"><head><title>One</title><style>p {}</style></head><body>\n'
        '<p id="a">Two <b>three</b>.</p>\n<pre translate="no">x = 1</pre><ul><li>Four<li>5</ul>\n</body></html> tail\n'
    )
    document = documents.of_html(text)
    assert [segment.text for segment in document.segments] == ["One", f"Two {OPEN}three{CLOSE}.", "Four", "5"]
    assert document.render([segment.text for segment in document.segments]) == text
    assert documents.billed(document) == len("One" + "Two three." + "Four" + "5")
    assert documents.of_html("<p>outside</p>").segments == ()
    assert [segment.text for segment in documents.of_html("<p>in</p>", fragment=True).segments] == ["in"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "Invalid utf-8"),
        (b"a" * 1_000_001, "1,000,000 characters"),
        (b"a" * (20 * 1024**2 + 1), "20,971,520 bytes"),
        ("中 ".encode() * 300_000, "1,048,576 bytes"),
    ],
)
def test_quotas_of_a_document(content, said):
    with pytest.raises(documents.DocumentError, match=said):
        documents.read(content, "text/plain", Switches())
