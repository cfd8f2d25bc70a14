"""Segments as HTML and back, and documents inside of the service's limit."""

from __future__ import annotations

import html.parser
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amts_tasks.text import Segment
from amts_tasks.translate.exchange import Unit, documents, inner_html, one_line, read
from amts_tasks.translate.returned import from_inner_html

LIMIT = settings(max_examples=300, deadline=None)
PIECES = st.sampled_from([
    *"ab <>&中\n\"'",
    *[
        "$x<y$",
        "`a&b`",
        "**",
        "*",
        "~~",
        "[",
        "](u)",
        "![",
        "  \n",
        "&lt;",
        "&amp;lt;",
        "<b>",
        "</p>",
        '<p id="a#0.0">',
        ":ref:`a`",
    ],
])
MARKDOWN = st.lists(PIECES, max_size=30).map("".join)


class Strict(html.parser.HTMLParser):
    """Fails on an element that is not ours or not nested."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "i", "a", "s", "u", "span", "br"}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("The **loss** $l$", 'The <b>loss</b> <span translate="no">$l$</span>'),
        ("1 < 2 & 3 > `<b>`", '1 &lt; 2 &amp; 3 &gt; <span translate="no">`&lt;b&gt;`</span>'),
        ("[a](b) and [c](d)", '<a id="1">a</a> and <a id="2">c</a>'),
        ("*a* **b**", "<i>a</i> <b>b</b>"),
        ("*a* _b_ *c*", '<i id="1">a</i> <i id="2">b</i> <i id="3">c</i>'),
        ("one\ntwo  \nthree", "one two<br>three"),
        ("  a ", "a"),
    ],
)
def test_inner_html(markdown: str, expected: str) -> None:
    assert inner_html(Segment.of(markdown)) == expected


@given(MARKDOWN)
@LIMIT
def test_inner_html_is_well_formed_and_whole(markdown: str) -> None:
    segment = Segment.of(markdown)
    parser = Strict()
    parser.feed(inner_html(segment))
    parser.close()
    assert not parser.open
    shown = "".join(token for token in segment.tokens if isinstance(token, str))
    kept = "".join(placeholder.text for placeholder in segment.placeholders if placeholder.kind != "break")
    assert sorted("".join(parser.text.split())) == sorted("".join((shown + kept).split()))


@given(MARKDOWN)
@LIMIT
def test_what_comes_back_as_it_went_is_whole(markdown: str) -> None:
    segment = Segment.of(markdown)
    returned = from_inner_html(inner_html(segment), segment)
    assert returned.faults == ()
    assert Segment(returned.tokens).placeholders == segment.placeholders
    assert Segment(returned.tokens).pairs == segment.pairs


@given(st.lists(MARKDOWN, max_size=8), st.integers(200, 800))
@LIMIT
def test_documents_hold_every_unit_once_and_stay_within_the_limit(texts: list[str], limit: int) -> None:
    units = [Unit(f'a "b"&<c>.md#{number}.0', Segment.of(text)) for number, text in enumerate(texts)]
    made = documents(units, "en", limit)
    assert [unit for document in made for unit in document.units] == units
    assert [document.name for document in made] == [f"{number:04}.html" for number in range(1, len(made) + 1)]
    found: dict[str, str] = {}
    for document in made:
        assert len(document.html.encode()) <= limit or len(document.units) == 1
        found |= read(document.html)
    assert found == {unit.id: inner_html(unit.segment) for unit in units}


def test_a_document_is_html_of_its_language() -> None:
    (document,) = documents([Unit("a.md#0.0", Segment.of("One"))], "zh-TW")
    assert document.html == (
        '<!DOCTYPE html>\n<html lang="zh-TW">\n<head><meta charset="utf-8"></head>\n<body>\n'
        '<p id="a.md#0.0">One</p>\n</body>\n</html>\n'
    )


def test_read_takes_what_a_service_may_have_rewritten() -> None:
    html_back = '<P class=x ID=\'a&amp;b\'>Uno</P>\n<p id="c">dos\n</p ><p id="d">tres<p id="e">cuatro</p>'
    assert read(html_back) == {"a&b": "Uno", "c": "dos\n", "e": "cuatro"}


def test_read_believes_no_unit_that_stands_there_twice() -> None:
    assert read('<p id="a">one</p><p id="b">two</p><p id="a">three</p>') == {"b": "two"}


SEGMENT = Segment.of("A **b** $c$ [d](e) and `f`")
REST = ' <a id="2">d</a> <span translate="no">`f`</span>'


@pytest.mark.parametrize(
    ("back", "fault"),
    [
        ("A <b>b</b>" + REST, "placeholder lost: '$c$'"),
        (
            'A <b>b</b> <span translate="no">$c$</span> x <span translate="no">$c$</span>' + REST,
            "placeholder doubled: '$c$'",
        ),
        ('A <b>b</b> <span translate="no">:c:`d`</span>' + REST, "placeholder altered: ':c:`d`'"),
        ('<b>A <a id="2">b</b> c</a>', "tags crossed: a closing b that closes nothing"),
        ("<b>A", "tag lost: b is not closed"),
        ("A", "tag lost: b"),
        ("<b>A</b><b>B</b>", "tag doubled: b"),
        ("<i>A</i>", "tag doubled: i"),
        ('<a id="7">A</a>', "tag doubled: a"),
        ("A<br>B", "placeholder doubled: a line break was gained"),
        ('<span translate="no">$d', "placeholder altered: '$d' is not closed"),
        ('<span translate="no"><b>$c$</b></span>', "placeholder altered: '<b>$c$</b>' is not closed"),
    ],
)
def test_faults(back: str, fault: str) -> None:
    assert fault in {str(found) for found in from_inner_html(back, SEGMENT).faults}


@pytest.mark.parametrize(
    ("source", "back", "markdown"),
    [
        ("a $1000$", 'a <span translate="no">$1,000$</span>', "a $1000$"),
        ("a $1000$", 'a <span translate="no">＄１０００＄</span>', "a $1000$"),
        ("a `b_c`", 'a <span translate="no">` B _ C `</span>', "a `b_c`"),
        ("a :numref:`b`", 'a <span translate="no">：Numref： `b`</span>', "a :numref:`b`"),
        (r"a $\text{loss}_i$", 'a <span translate="no">$\\text{perte}_i$</span>', r"a $\text{loss}_i$"),
        ("&lt; a", '<span translate="no">&lt;</span> a', "&lt; a"),
        ("&lt; a", '<span translate="no">&amp;amp;lt;</span> a', "&lt; a"),
        ("a $b$ c", "a $b$ c", "a $b$ c"),
        ("a $b$ c", 'a <span translate="no">$b$ c', "a $b$ c"),
        ("a $b$ c", 'a <span translate="no">$b$</span> <span translate="no">$b$</span> c', "a $b$  c"),
        ("*a **b***", "<i>a <b>b</i></b>", "*a **b***"),
        ("**a**", "<b><b>a</b></b>", "**a**"),
        ("**a**", "<b>a</b></b>", "**a**"),
        ("a **b**.", "a <b>b.", "a **b**."),
        ("[a](b)", "<a>a</a>", "[a](b)"),
        ("[a](b) *c* _d_", '< a id = "1">a</ a > <i id=2>c</i> <i id=3>d</i>', "[a](b) *c* _d_"),
    ],
)
def test_what_is_certain_is_put_right(source: str, back: str, markdown: str) -> None:
    returned = from_inner_html(back, Segment.of(source))
    assert returned.faults == ()
    assert Segment(returned.tokens).source == markdown


@pytest.mark.parametrize(
    ("source", "back"),
    [
        ("$x$ $X$ a", '<span translate="no">＄x＄</span> <span translate="no">＄X＄</span> a'),
        ("$a$ $b$ c", '<span translate="no">$a1$</span> <span translate="no">$b1$</span> c'),
        ("$a$ b", '<span translate="no">`q`</span> b'),
        ("*a* **b**", "<i>a <b>c</i> d</b>"),
        ("**a** b", "<b>a b"),
        ("12 [a](b) [c](d)", "12 <a>a</a> <a>c</a>"),
    ],
)
def test_what_is_not_certain_is_a_fault(source: str, back: str) -> None:
    assert from_inner_html(back, Segment.of(source)).faults


def test_markup_may_move() -> None:
    back = '<span translate=no>`f`</span> <a id=2>D</a> y <SPAN translate="no"> $c$\n</SPAN> <b>B</b> a'
    returned = from_inner_html(back, SEGMENT)
    assert returned.faults == ()
    assert Segment(returned.tokens).source == "`f` [D](e) y $c$ **B** a"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one \t\r\n two", "one two"),
        ("a\n\nb", "a  b"),
        ("波 \n 很长", "波很长"),
        ("波\nlong", "波 long"),
        ("\n", " "),
        (" a ", " a "),
    ],
)
def test_line_feeds_mean_a_space_but_in_chinese_nothing(text: str, line: str) -> None:
    assert one_line(text) == line


def test_many_spaces_on_a_line_are_no_burden() -> None:
    begun = time.process_time()
    assert one_line("a" + " " * 300_000 + "b\nc").endswith("b c")
    assert time.process_time() - begun < 5
