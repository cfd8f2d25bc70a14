"""HTML documents: their texts, and a tree that stays, with lxml as the witness of it."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as lxml_html

from amts_tasks.text import Form, ParsedDocument, Segment, parse, render, same_structure

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>Urns &amp; Balls</title>
<meta name="description" content="What an urn &quot;holds&quot;"><meta name="generator" content="By hand">
<style>p { color: red }</style><script>if (a < b) { c("<p>no</p>") }</script></head>
<body>
<!-- a word aside --><!--[if IE]><p>Old</p><![endif]-->
<h1 id="top">Drawing <em>many</em> balls</h1>
<p>First 5 < 6 &amp; 2*3*4 with <code>a*b</code>, $x_1$, \\(y\\) and
   <img src=urn.png alt='A "big" urn' title=Urn><br/>a line.
<p class=lead>AT&T says [this](x) in a_snake_case. <b>Bold <i>and slanted</i></b>&nbsp;end
<ul><li>One<li>Two <a href="u" title="A tip">link</a><ul><li>Sub</ul></ul>
<dl><dt>Term<dd>Meaning</dl>
<table><caption>Draws</caption><tr><th>Red<td>White<tr><td>one<td>two</table>
<figure><img src=f.png alt="A figure"><figcaption>Its words</figcaption></figure>
<pre>kept <b>whole</b></pre><div translate="no"><p>Kept</p></div><p lang=fr>Bonjour
<p>Here is <span class="notranslate">kept</span> and <kbd>Ctrl</kbd>.
<input placeholder="Your name"><textarea placeholder="no">no</textarea><button aria-label="Send it">Send</button>
<svg><text>no</text></svg><math><mi>no</mi></math>
</body>
</html>
"""
TEXTS = [
    "Urns &amp; Balls",
    "What an urn &quot;holds&quot;",
    "Drawing <em>many</em> balls",
    'A "big" urn',
    "Urn",
    "One",
    'Two <a href="u" title="…">link</a>',
    "A tip",
    "Sub",
    "Term",
    "Meaning",
    "Draws",
    "Red",
    "White",
    "one",
    "two",
    "A figure",
    "Its words",
    "Your name",
    "Send",
    "Send it",
]


def swapped(document: ParsedDocument) -> str:
    """The document with the case of every letter changed that a translator is shown."""
    return render(
        document,
        {
            (block.index, text.index): "".join(
                token.swapcase() if isinstance(token, str) else token.text for token in Segment.of(text.source).tokens
            )
            for block in document.blocks
            for text in block.texts
        },
    )


def tree(text: str) -> list[tuple[object, ...]]:
    """What lxml sees of a page, but for the case of texts and of what a reader is shown of attributes."""
    shown = {"alt", "title", "aria-label", "placeholder", "content"}
    seen: list[tuple[object, ...]] = []
    for element in lxml_html.document_fromstring(text).iter():
        attributes = {k: v.upper() if k in shown else v for k, v in element.attrib.items()}
        name = element.tag if isinstance(element.tag, str) else "comment"
        seen.append((
            name,
            attributes,
            *("".join((part or "").upper().split()) for part in (element.text, element.tail)),
        ))
    return seen


def test_the_texts_of_a_page() -> None:
    document = parse(PAGE, "a.html")
    assert document.form is Form.html
    found = [text.source for block in document.blocks for text in block.texts]
    assert [text for text in TEXTS if text not in found] == []
    whole = "\n".join(found)
    for kept in ("no", "Kept", "Bonjour", "Old", "By hand", "whole", "aside"):
        assert kept not in found
        assert f">{kept}<" not in whole
    assert "".join(block.text for block in document.blocks) == PAGE
    assert render(document, {(b.index, t.index): t.source for b in document.blocks for t in b.texts}) == PAGE


def test_lxml_sees_the_same_tree_when_every_letter_changed_its_case() -> None:
    document = parse(PAGE, "a.html")
    result = swapped(document)
    assert result != PAGE
    assert tree(result) == tree(PAGE)
    assert same_structure(document, parse(result, "a.html")) is None
    for kept in ("<code>a*b</code>", "$x_1$", "\\(y\\)", "src=urn.png", "<kbd>Ctrl</kbd>", "&nbsp;", "<p>Old</p>"):
        assert kept in result
    assert "2*3*4" in result
    assert "A_SNAKE_CASE" in result
    assert "[THIS](X)" in result


@pytest.mark.parametrize(
    ("page", "new", "result"),
    [
        ("<p>x</p>", 'a < b & c > "d"', '<p>a &lt; b & c > "d"</p>'),
        ("<p>x</p>", "\\<b\\> \\&lt; AT\\&T", "<p>&lt;b> &amp;lt; AT&amp;T</p>"),
        ('<img alt="x">', 'say "a" & b', '<img alt="say &quot;a&quot; & b">'),
        ("<img alt='x'>", "it's", "<img alt='it&#39;s'>"),
        ("<img alt=x>", "y", "<img alt=y>"),
        ("<img alt=x>", "two words", '<img alt="two words">'),
        ("<p>a\n   b</p>", "c\nd", "<p>c\nd</p>"),
    ],
)
def test_a_new_text_is_escaped_for_where_it_goes(page: str, new: str, result: str) -> None:
    document = parse(page, "a.html")
    (key,) = [(block.index, text.index) for block in document.blocks for text in block.texts]
    assert render(document, {key: new}) == result


def test_an_attribute_within_a_text_is_replaced_with_it() -> None:
    document = parse('<p>See <img alt="one" src=a> and <a title="two" href=b>that</a>.</p>', "a.html")
    (block,) = document.blocks
    assert [text.source for text in block.texts][1:] == ["one", "two"]
    new = '<a title="…" href=b>jene</a> und <img alt="…" src=a> sehen'
    result = render(document, {(0, 0): new, (0, 1): "eins", (0, 2): "zwei"})
    assert result == '<p><a title="zwei" href=b>jene</a> und <img alt="eins" src=a> sehen</p>'


BITS = st.lists(
    st.sampled_from([
        "<p>", "</p>", "<div>", "</div>", "<li>", "<ul>", "</ul>", "<b>", "</b>", "<code>", "</code>", "<td>",
        "</table>", "<pre>", "</pre>", '<img alt="words" src=x>', "<img alt=word>", "<br>", "words ", "a*b*", "`",
        "&amp;", "& ", "&copy ", "<", ">", "[a](b)", "\\(z\\)", "<!-- c -->", "<title>", "</title>", "{% x %}", "_",
        "<table>", "$x$ ", "\n  ",
        '<span translate="no">', "</span>", "<p lang=fr>", '<html lang="en">', "<a @b='c'>", "</a>", "\0", "\\",
    ]),
    max_size=40,
).map("".join)  # fmt: skip


@given(st.one_of(BITS, st.text()))
def test_any_text_is_a_page_and_comes_back(text: str) -> None:
    document = parse(text, "a.html")
    assert "".join(block.text for block in document.blocks) == text
    assert render(document, {(b.index, t.index): t.source for b in document.blocks for t in b.texts}) == text
    for block in document.blocks:
        assert block.line == text.count("\n", 0, block.start) + 1


@given(BITS)
@example("<title><title>\\<p>")
@example("<title><title>`<p>`")
@example("\\<`{% x %}`")
def test_any_page_keeps_its_tags_when_its_letters_change(text: str) -> None:
    """The tags and what is kept are the same ones in the same places."""
    document = parse(text, "a.html")
    again = parse(swapped(document), "a.html")
    assert same_structure(document, again) is None


@pytest.mark.parametrize(
    "unit",
    ["<", "<p>", "<b>", "</b>", "<div>", "<li>", "<ul><li>", "<td>", "&", "<a href='", "<code>", "<!--", "<p x="],
)
def test_nested_and_repeated_a_great_many_times(unit: str) -> None:
    small, large = unit * 2_000, unit * 20_000
    begun = time.process_time()
    parse(small, "a.html")
    middle = time.process_time()
    document = parse(large, "a.html")
    assert "".join(block.text for block in document.blocks) == large
    assert time.process_time() - middle < 40 * (middle - begun) + 1.0


def test_lxml_reads_what_is_nested_deep() -> None:
    text = "<div>" * 1_000 + "<p>Words" + "</div>" * 1_000
    (found,) = [text for block in parse(text, "a.html").blocks for text in block.texts]
    assert found.source == "Words"
