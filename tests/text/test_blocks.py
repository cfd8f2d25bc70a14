"""Blocks by hand: fields the golden outlines do not show."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from amts_tasks.text import Kind, parse, render, same_structure

LIST = "- one\n  two\n\n> three\n> four\n"


def test_windows_line_ends_stay_outside_of_the_texts() -> None:
    document = parse("# One\r\nTwo\r\nthree\r\n\r\n- four\r\n")
    assert [block.kind for block in document.blocks] == ["heading", "paragraph", "blank", "list_item"]
    assert [run.source for block in document.blocks for run in block.texts] == ["One", "Two\nthree", "four"]
    assert render(document, {(1, 0): "Deux\ntrois\nquatre"}) == "# One\r\nDeux\r\ntrois\r\nquatre\r\n\r\n- four\r\n"


def test_only_line_feeds_end_lines() -> None:
    blocks = parse("one\u2028two\x0bthree\x0cfour\x85five\n\nsix").blocks
    assert [block.line for block in blocks] == [1, 2, 3]


def test_further_lines_get_the_prefix_of_their_containers() -> None:
    document = parse(LIST)
    assert render(document, {(0, 0): "a\nb\nc", (2, 0): "d\ne\nf"}) == "- a\n  b\n  c\n\n> d\n> e\n> f\n"
    assert render(document, {(0, 0): "a", (2, 0): "d"}) == "- a\n\n> d\n"


def test_as_many_lines_keep_what_stands_between_them() -> None:
    document = parse("* one\n lazy\n")
    assert render(document, {(0, 0): "a\nb"}) == "* a\n b\n"


def test_headings_and_cells_have_one_line() -> None:
    document = parse("# One\n\n|a|b|\n|-|-|\n")
    assert render(document, {(0, 0): "One\n two", (2, 1): "c\nd"}) == "# One two\n\n|a|c d|\n|-|-|\n"


def test_the_spans_of_a_caption_are_its_own() -> None:
    text = "![One\ntwo](three.png){width=40%}\n"
    (block,) = parse(text).blocks
    assert [text[begin:end] for begin, end in block.texts[0].spans] == ["One", "two"]
    assert render(parse(text), {(0, 0): "uno dos"}) == "![uno dos](three.png){width=40%}\n"


@pytest.mark.parametrize(
    ("translation", "difference"),
    [
        ("A $x$ is `y`.", None),
        ("`y` is $x$,\nbut only just.", None),
        (r"A \$ price, $x$ and `y`", None),
        ("A $z$ is `y`.", "placeholders"),
        ("A $x$ is y.", "placeholders"),
        ("A $x$ is *`y`*.", "placeholders"),
        ("A $x$\n\nis `y`.", "line 1"),
        ("A $x$\n- is `y`.", "line 1"),
        ("# A $x$ is `y`.", "became"),
    ],
)
def test_same_structure(translation: str, difference: str | None) -> None:
    document = parse("The $x$ is `y`.\n\nNext.\n")
    found = same_structure(document, parse(render(document, {(0, 0): translation})))
    assert (found is None) if difference is None else (found is not None and difference in found)


def test_same_structure_looks_outside_of_texts() -> None:
    assert same_structure(parse("[a]: b\n\n- x\n"), parse("[a]: c\n\n- x\n")) is not None
    assert same_structure(parse("- x\n"), parse("* y\n")) == "line 1: a list_item changed outside of its texts"
    assert same_structure(parse("x\n"), parse("x\n\ny\n")) is not None


COMMON = """\
# One

Two
three

```python
# four

five
```

- six

      seven
- eight
  nine

    ten

> eleven

    twelve

1. thirteen

   ~~~
   fourteen
   ~~~

| a | b |
|---|---|
| c | d |

fifteen
===
"""


def test_code_headings_and_paragraphs_stand_where_markdown_it_finds_them() -> None:
    ours = {
        (block.line - 1, block.kind)
        for block in parse(COMMON).blocks
        if block.kind in {Kind.code, Kind.heading, Kind.paragraph, Kind.list_item, Kind.quote}
    }
    names = {"fence": "code", "code_block": "code", "heading_open": "heading", "paragraph_open": "paragraph"}
    theirs = {
        (token.map[0], names[token.type])
        for token in MarkdownIt("commonmark").enable("table").parse(COMMON)
        if token.map and token.type in names
    }
    plain = {(line, "paragraph" if kind in {"list_item", "quote"} else kind) for line, kind in ours}
    assert plain == theirs


def test_a_document_of_nothing() -> None:
    assert parse("").blocks == ()
    assert [block.kind for block in parse("\n \n").blocks] == ["blank"]


def test_depth_has_no_limit() -> None:
    deep = "".join("  " * depth + "- x\n" for depth in range(300))
    document = parse(deep)
    assert [block.level for block in document.blocks] == list(range(1, 301))
