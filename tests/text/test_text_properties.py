"""What holds for any text at all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amts_tasks.languages import default_profile
from amts_tasks.text import Placeholder, Segment, Tag, normalise, parse, render, same_structure, segments, split

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from text_growth import FRAMED, WORST

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
    *[
        "```{note} T\n",
        "\n```\n",
        ":::tip T\n",
        ":::\n",
        ":a: b\n",
        '!!! note "T"\n    ',
        "[^n]: ",
        "\n:   d\n",
        "> [!NOTE]\n",
        "- [ ] ",
        "*[A]: b\n",
        "[r]: /u 't'\n",
        "{% raw %}",
        "{% endraw %}\n",
        "{{< a >}}\n",
        "{: .x}\n",
        "import a from 'b'\n",
        "<Tabs a={1}>\n",
        "</Tabs>\n",
        "{/* c */}\n",
        "<div>\n",
        "</div>\n",
        "<pre>",
        "</pre>",
        '<p title="t">',
        "<code>",
        "</code>",
        "\\[a=b\\]",
        "\\begin{a}",
        "\\end{a}\n",
        "---\ntitle: t\n---\n",
        "+++\n",
        "(t)=\n",
        "% c\n",
        ":wave:",
        "a@b.co",
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
@example("[.)][]", "en")
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


@pytest.mark.parametrize("name", [*WORST, *FRAMED])
def test_steps_grow_with_the_text_and_no_faster(name: str) -> None:
    """Calls are counted, not seconds: twice the text takes about twice the calls. Seconds are in benchmarks."""

    def calls(length: int) -> int:
        start, piece, end = FRAMED.get(name) or ("", WORST[name], "")
        text = start + (piece * length)[:length] + end
        counted = 0

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal counted
            counted += event in {"call", "c_call"}

        segments._known.cache_clear()
        sys.setprofile(count)
        try:
            for block in parse(text).blocks:
                for run in block.texts:
                    Segment.of(run.source)
        finally:
            sys.setprofile(None)
        return counted

    assert calls(8000) < 2.6 * calls(4000) + 500
