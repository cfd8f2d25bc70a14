"""Documents of every form: by the path's suffix a notebook, HTML, or Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from amts_tasks.text import html, markdown, notebook
from amts_tasks.text.blocks import Form, ParsedDocument
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
    return html.parse(text, path) if form is Form.html else markdown.parse(text, path)


def render(document: ParsedDocument, replacements: Mapping[tuple[int, int], str]) -> str:
    """The document's text with the texts of (block index, text index) replaced by new inline Markdown.

    Every other byte stays, and so do the bytes of a text whose replacement is its source.
    """
    if document.form is Form.notebook:
        return notebook.render(document, replacements)
    if document.form is Form.html:
        return html.render(document, replacements)
    return render_markdown(document, replacements)
