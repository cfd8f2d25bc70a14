"""What holds for any text at all."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amts_tasks.languages import default_profile
from amts_tasks.text import Placeholder, Segment, Tag, normalise, parse, render, same_structure, segments, split

PIECES = st.sampled_from([
    *"ab 中。.,!#>-+*_~`$|:[](){}<>&\\\n\t=1",
    *[
        "**",
        "$$",
        "```",
        "~~",
        "[**",
        "**]",
        "(**",
        "**)",
        "  \n",
        "\r\n",
        "\n\n",
        "    ",
        "\n> ",
        "\n- ",
        "\n1. ",
        "\n|a|b|\n|-|-|\n",
    ],
    *[
        ":label:`a`",
        ":numref:`b`",
        ":begin_tab:`c`\n",
        ":end_tab:\n",
        "![x](y)",
        "](z)",
        "&lt;",
        "<b>",
        "<!--",
        "-->",
        "\n---\n",
    ],
    *[
        "http://a.b/(",
        "www.",
        "{{",
        "}}",
        "[^n]",
        "{ref}`r`",
        "\\(",
        "**a**",
        "\u2028",
        "\x0b",
        "\x00",
        "\u00a0",
        "😀",
        "e\u0301",
    ],
])
MARKDOWN = st.lists(PIECES, max_size=60).map("".join)
ANY = st.one_of(MARKDOWN, st.text(max_size=200))
LIMIT = settings(max_examples=400, deadline=None)


@given(ANY)
@LIMIT
def test_blocks_cover_the_text_line_by_line(text: str) -> None:
    document = parse(text)
    assert "".join(block.text for block in document.blocks) == text
    position = 0
    for number, block in enumerate(document.blocks):
        assert (block.index, block.start) == (number, position)
        assert block.text == text[block.start : block.end]
        assert block.text.endswith("\n") or block.end == len(text)
        assert block.line == text.count("\n", 0, block.start) + 1
        position = block.end


@given(ANY)
@LIMIT
def test_texts_are_parts_of_their_block(text: str) -> None:
    for block in parse(text).blocks:
        last = block.start
        for index, run in enumerate(block.texts):
            assert run.index == index
            assert run.source == "\n".join(text[begin:end] for begin, end in run.spans)
            assert run.source.strip()
            for begin, end in run.spans:
                assert last <= begin <= end <= block.end
                assert "\n" not in text[begin:end]
                last = end


@given(ANY)
@LIMIT
def test_rendering_what_was_parsed_changes_nothing(text: str) -> None:
    document = parse(text)
    same = {(block.index, run.index): run.source for block in document.blocks for run in block.texts}
    assert render(document, same) == text
    assert same_structure(document, parse(text)) is None


@given(ANY)
@LIMIT
def test_a_segment_is_its_source(source: str) -> None:
    segment = Segment.of(source)
    assert segment.source == source
    assert all(token for token in segment.tokens if isinstance(token, str))


@given(ANY)
@LIMIT
def test_tags_are_paired_and_nested(source: str) -> None:
    stack: list[Tag] = []
    for tag in Segment.of(source).tags:
        if tag.open:
            assert all(tag.id != other.id for other in stack)
            stack.append(tag)
        else:
            opened = stack.pop()
            assert (opened.name, opened.id) == (tag.name, tag.id)
    assert not stack


@given(ANY, st.sampled_from(["en", "zh", "es", "tr", "ja", "xx"]))
@LIMIT
def test_sentences_cover_the_text_and_cut_nothing(text: str, language: str) -> None:
    spans = split(text, default_profile(language))
    assert "".join(text[begin:end] for begin, end in spans) == text
    assert all(begin < end for begin, end in spans)
    edges = {begin for begin, _ in spans}
    position = 0
    for token in Segment.of(text).tokens:
        length = len(token if isinstance(token, str) else token.text)
        if isinstance(token, Tag) or (isinstance(token, Placeholder) and token.kind != "break"):
            assert not edges & set(range(position + 1, position + length))
        position += length


@given(ANY)
@LIMIT
def test_normalise_is_settled(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


WORST = {
    "brackets": "[",
    "closed brackets": "[]",
    "link starts": "[a](",
    "images": "![",
    "stars": "*a ",
    "stars and words": "a**b",
    "underscores": "_a",
    "mixed marks": "*a_b~~c",
    "backticks": "`` ` ",
    "growing backticks": "`a``b```c",
    "dollars": "$a ",
    "double dollars": "$$ a ",
    "display math lines": "$$\na\n\n",
    "quotes": "> ",
    "lists": "- ",
    "nested lists": "- a\n  ",
    "list lines": "- a\n",
    "fences": "```a\n",
    "quoted fences": "> ```a\n",
    "comments": "<!-- a ",
    "comment lines": "<!--\n",
    "tags": '<a b="',
    "raw markup": "<script>\n",
    "entities": "&a",
    "roles": ":a:`",
    "colons": ":a",
    "addresses": "http://a",
    "closing parentheses": "http://a" + ")" * 50,
    "tables": "a|b\n-|-\n",
    "table rows": "|`a|$b",
    "braces": "{{a {%",
    "definitions": "[a]: b\n",
    "indented": "    a\n\n",
    "blank lines": "\n",
    "spaces": " ",
    "escapes": "\\",
    "front matter": "---\n",
    "tabs": "\t",
    "prose": "The wave is long. ",
    "slide marks": "[**a",
    "closed slide marks": "a**](b",
}


FRAMED = {
    "spaces in a heading": ("# a", " ", "b"),
    "marks in a heading": ("# a", " #", "b"),
    "points after a formula": ("$$x$$", ".", "a"),
    "spaces after a formula": ("$$x$$", " ", "a"),
    "spaces in markup": ("<a", " ", "\n"),
    "spaces after markup": ("<a>", " ", "x"),
    "lists that might be a rule": ("", "- ", "x"),
    "lists that end in a rule": ("", "* ", "x" + "* " * 20),
    "spaces below a table's head": ("a|b\n-|-", " ", "x"),
}
"""What only a certain start and end make slow."""


@pytest.mark.parametrize("name", [*WORST, *FRAMED])
def test_time_is_linear(name: str) -> None:
    start, piece, end = FRAMED.get(name) or ("", WORST[name], "")

    def seconds(length: int) -> float:
        text = start + (piece * length)[:length] + end
        best = float("inf")
        for _ in range(3):
            # Neither segments that are remembered nor the garbage of other tests count.
            segments._known.cache_clear()
            gc.collect()
            gc.disable()
            try:
                begun = time.process_time()
                for block in parse(text).blocks:
                    for run in block.texts:
                        Segment.of(run.source)
                best = min(best, time.process_time() - begun)
            finally:
                gc.enable()
        return best

    # Ten times the text; quadratic would be a hundred times the time. Less than five milliseconds is noise.
    assert seconds(100_000) < 30 * max(seconds(10_000), 0.005)
