"""The tokens of HTML: they cover the text, and a browser's parser sees the same tags."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.text.markup import pieces

BITS = st.lists(
    st.sampled_from([
        "<p>",
        "</p>",
        "<br/>",
        '<a href="x>y">',
        "<img alt='a b' src=z>",
        "text ",
        "<",
        ">",
        "&amp;",
        "<!-- c -->",
        "<script>",
        "</script>",
        "a<b",
        "<![CDATA[",
        "]]>",
        "<?php ?>",
        '"',
        "=",
        "/",
        "<td\n nowrap>",
        "<!-->",
    ]),
    max_size=30,
).map("".join)


@given(st.one_of(BITS, st.text()))
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(text[piece.start : piece.end] for piece in pieces(text)) == text


class Witness(HTMLParser):
    """The standard library's parser, as a list of tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.seen: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(("open", tag))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(("close", tag))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(("open", tag))


@pytest.mark.parametrize(
    "text",
    [
        "<p class=x data-y='a > b'>One <b>two</b> three<br/>four</p>",
        '<ul><li>a<li>b</ul><img alt="1 > 0" src=p.png><a href=x/>y</a>',
        "<!DOCTYPE html><html><head><title>a < b</title></head><body>c < d & e</body></html>",
        "<script>if (a < b) { '<p>' }</script><p>x",
        "<td\n  nowrap\n  colspan = 2 >z</td>",
    ],
)
def test_the_tags_are_those_the_standard_library_sees(text: str) -> None:
    witness = Witness()
    witness.feed(text)
    witness.close()
    assert [(piece.kind, piece.name) for piece in pieces(text) if piece.kind in {"open", "close"}] == witness.seen


def test_values_are_found_whatever_their_quotes() -> None:
    text = '<img alt="a b" title=\'c\' src=d.png hidden data-x = "">'
    (piece,) = pieces(text)
    assert [(one.name, text[one.start : one.end], one.quote) for one in piece.attributes] == [
        ("alt", "a b", '"'),
        ("title", "c", "'"),
        ("src", "d.png", ""),
        ("hidden", "", ""),
        ("data-x", "", '"'),
    ]
    assert piece.value(text, "alt") == "a b"
    assert piece.value(text, "href") is None
