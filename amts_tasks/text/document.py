"""Documents of every form: by the path's suffix a notebook, HTML, or Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from amts_tasks.text import html, markdown, notebook
from amts_tasks.text.blocks import Block, Form, Kind, ParsedDocument
from amts_tasks.text.render import render as render_markdown

SUFFIXES = {
    ".md": Form.markdown,
    ".mdx": Form.markdown,
    ".markdown": Form.markdown,
    ".ipynb": Form.notebook,
    ".html": Form.html,
    ".htm": Form.html,
}
"""The suffixes of documents, in small letters; what has none of them is read as Markdown."""

MARK = "\ufeff"
"""The byte order mark with which some editors begin a file: none of its text."""


def form_of(path: str) -> Form:
    """How the document at a path is written."""
    return SUFFIXES.get(PurePosixPath(path).suffix.lower(), Form.markdown)


def parse(text: str, path: str = "") -> ParsedDocument:
    """The document's blocks, read as the suffix of its path says; without one as Markdown.

    Any text at all is Markdown, and HTML; TextError with the line where a notebook is no JSON, or JSON no notebook.
    """
    form = form_of(path)
    if form is Form.notebook:
        return notebook.parse(text, path)
    if form is Form.html:
        return html.parse(text, path)
    if text.startswith(MARK):
        return _behind_mark(markdown.parse(text.removeprefix(MARK), path))
    return markdown.parse(text, path)


def _behind_mark(document: ParsedDocument) -> ParsedDocument:
    """The document with a byte order mark before it, which is a blank block: the first line begins behind it."""
    mark = Block(0, Kind.blank, 0, len(MARK), 1, MARK, level=0, tab=None, labels=(), texts=())
    blocks = [
        replace(
            block,
            index=block.index + 1,
            start=block.start + len(MARK),
            end=block.end + len(MARK),
            texts=tuple(
                replace(text, spans=tuple((begin + len(MARK), end + len(MARK)) for begin, end in text.spans))
                for text in block.texts
            ),
        )
        for block in document.blocks
    ]
    return ParsedDocument(document.path, MARK + document.text, (mark, *blocks))


def render(document: ParsedDocument, replacements: Mapping[tuple[int, int], str]) -> str:
    """The document's text with the texts of (block index, text index) replaced by new inline Markdown.

    Every other byte stays, and so do the bytes of a text whose replacement is its source.
    """
    if document.form is Form.notebook:
        return notebook.render(document, replacements)
    if document.form is Form.html:
        return html.render(document, replacements)
    return render_markdown(document, replacements)
