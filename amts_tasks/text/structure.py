"""Whether a translated document still has the structure of the one it was made from."""

from __future__ import annotations

import re
from collections import Counter

from amts_tasks.counts import counted
from amts_tasks.text import html, listings, notebook
from amts_tasks.text.blocks import Block, Form, Kind, ParsedDocument
from amts_tasks.text.segments import Segment

_DEFINITION = re.compile(r"^[ >]{0,6}\[([^\[\]\n]{1,999})\]:\s*+\S", re.MULTILINE)
_BRACKETED = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\](?!\(|:|\[[^\]])", re.DOTALL)
_UNDERLINED = re.compile(r"\n[ \t>]*[-=]+[ \t\r]*\n?\Z")
_NO_ESCAPES = frozenset((Kind.html, Kind.front_matter))


def same_structure(document: ParsedDocument, rendered: ParsedDocument) -> str | None:
    """None, or the first difference in words, for a document and a translation rendered from it."""
    difference = first_difference(document, rendered)
    return None if difference is None else difference[1]


def first_difference(document: ParsedDocument, rendered: ParsedDocument) -> tuple[int, str] | None:
    """The index of the first block that differs, and in what; None where nothing does.

    Compared are kind, level, tab, labels and number of texts of each block, all it has outside of its texts, and for
    each text the multiset of placeholders and of pairs of tags, and of the labels in brackets that are defined links.
    Escapes are left out: a translation may need more.
    """
    labels = frozenset(_definitions(document.text)) if "]:" in document.text else frozenset[str]()
    for ours, theirs in zip(document.blocks, rendered.blocks, strict=False):
        reason = _difference(ours, theirs) or (_links(ours, theirs, labels) if labels else None)
        if reason:
            return ours.index, f"line {ours.line}: {reason}"
    if len(document.blocks) != len(rendered.blocks):
        shorter = min(len(document.blocks), len(rendered.blocks))
        return max(shorter - 1, 0), f"{counted(len(document.blocks), 'block')} became {len(rendered.blocks)}"
    return None


def gains_a_pipe(block: Block, text: str) -> bool:
    """Whether a block is an underlined heading and its new text has a pipe, which it had not.

    To some readers that is the head of a table, even if the pipe is escaped.
    """
    return block.kind is Kind.heading and "|" in text and "|" not in block.text and bool(_UNDERLINED.search(text))


def _difference(ours: Block, theirs: Block) -> str | None:
    if ours.text == theirs.text and ours.kind == theirs.kind:
        return None if ours.tab == theirs.tab else f"tab {ours.tab} became {theirs.tab}"
    if (ours.kind, ours.level) != (theirs.kind, theirs.level):
        return f"{ours.kind} of level {ours.level} became {theirs.kind} of level {theirs.level}"
    if (ours.tab, ours.labels) != (theirs.tab, theirs.labels):
        return f"tab and labels {ours.tab}, {ours.labels} became {theirs.tab}, {theirs.labels}"
    if [text.kind for text in ours.texts] != [text.kind for text in theirs.texts]:
        return f"{counted(len(ours.texts), 'text')} of a {ours.kind} became {len(theirs.texts)}"
    if ours.kind is Kind.code and ours.texts and not listings.alike(ours, theirs):
        return "the code changed outside of its comments and docstrings"
    if _frame(ours) != _frame(theirs):
        return f"a {ours.kind} changed outside of its texts"
    if gains_a_pipe(ours, theirs.text):
        return "a pipe was gained in an underlined heading"
    for mine, other in zip(ours.texts, theirs.texts, strict=True):
        if mine.source != other.source and _inventory(mine.source, ours.form) != _inventory(other.source, theirs.form):
            return f"placeholders or tags of a {mine.kind} differ"
        # A backslash escapes nothing there.
        if (
            ours.form is Form.markdown
            and ours.kind in _NO_ESCAPES
            and other.source.count("\\") > mine.source.count("\\")
        ):
            return f"an escape was gained in {ours.kind}"
    if ours.form is Form.notebook:
        # The blocks within the cell, which its texts alone do not tell.
        within = first_difference(notebook.inner(ours), notebook.inner(theirs))
        return within[1] if within else None
    return None


def _links(ours: Block, theirs: Block, labels: frozenset[str]) -> str | None:
    """In what the definitions of links differ, or the texts in brackets that are a link because one defines it."""
    if ours.text == theirs.text:
        return None
    if Counter(_definitions(ours.text)) != Counter(_definitions(theirs.text)):
        return "the definition of a link changed"
    for mine, other in zip(ours.texts, theirs.texts, strict=True):
        if _named(mine.source, labels) != _named(other.source, labels):
            return f"a {mine.kind} has another text in brackets than the link it names"
    return None


def _definitions(text: str) -> list[str]:
    return [_label(match[1]) for match in _DEFINITION.finditer(text)]


def _named(source: str, labels: frozenset[str]) -> Counter[str]:
    found = Counter(_label(match[1]) for match in _BRACKETED.finditer(source))
    return Counter({label: count for label, count in found.items() if label in labels})


def _label(text: str) -> str:
    return " ".join(text.casefold().split())


def _frame(block: Block) -> list[str]:
    if block.form is Form.notebook:
        return list(notebook.frame(block)) if block.texts else [block.text]
    if block.form is Form.html:
        return html.frame(block)
    parts: list[str] = []
    position = block.start
    for text in block.texts:
        parts.append(block.text[position - block.start : text.spans[0][0] - block.start])
        position = text.spans[-1][1]
    parts.append(block.text[position - block.start :])
    return parts


def _inventory(source: str, form: Form) -> Counter[tuple[str, ...]]:
    counted = inventory(source)
    if form is Form.html:
        # What is an escape in Markdown: a translation may need more.
        for reference in ("&lt;", "&amp;", "&quot;", "&#39;"):
            del counted[reference, "entity"]
    return counted


def inventory(source: str | Segment) -> Counter[tuple[str, ...]]:
    """The multiset of a text's placeholders, white space collapsed, and of its pairs of tags."""
    segment = Segment.of(source) if isinstance(source, str) else source
    counted: Counter[tuple[str, ...]] = Counter(
        (" ".join(placeholder.text.split()), placeholder.kind)
        for placeholder in segment.placeholders
        if placeholder.kind != "escape"
    )
    counted.update(("", *(" ".join(end.split()) for end in pair)) for pair in segment.pairs)
    return counted
