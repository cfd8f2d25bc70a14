"""What a document consists of: contiguous blocks of whole lines, and in them the texts a translator is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a block, or a text in it, is."""

    # With texts in them.
    heading = "heading"
    paragraph = "paragraph"
    list_item = "list_item"
    table_row = "table_row"
    caption = "caption"
    quote = "quote"
    image = "image"
    # Only of texts.
    table_cell = "table_cell"
    code_comment = "code_comment"
    docstring = "docstring"
    # Never translated.
    code = "code"
    math = "math"
    directive = "directive"
    html = "html"
    comment = "comment"
    front_matter = "front_matter"
    blank = "blank"
    label = "label"
    tab_mark = "tab_mark"


class Form(StrEnum):
    """How a document is written."""

    markdown = "markdown"
    notebook = "notebook"
    html = "html"


@dataclass(frozen=True, slots=True)
class Text:
    """A run of inline Markdown that is translated as one; everything of the block outside of it is kept as it is."""

    index: int
    """Zero-based, in its block."""
    kind: Kind
    """heading, paragraph, list_item, quote, caption (of a table or an image) or table_cell."""
    spans: tuple[tuple[int, int], ...]
    """Zero-based, half-open character ranges of the document, one a line; prefixes of containers are left out.

    In a notebook or HTML one range, which may hold other texts too: the source of the cell, or a run of text and tags.
    """
    source: str
    """The spans joined by a line feed; in a notebook or HTML what they say, as inline Markdown."""
    continuation: str | None
    """What a further line has to begin with to stay in the same containers; None where there can be only one line."""
    attribute: str | None = None
    """For the value of an attribute of HTML its quote mark, which may be empty; None for all other texts."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of one kind, a notebook's cell, or an element of HTML. The texts of all, joined, are the document."""

    index: int
    kind: Kind
    start: int
    """Zero-based character in the document; in Markdown always the start of a line."""
    end: int
    """Exclusive; after the line's feed."""
    line: int
    """1-based number of the first line."""
    text: str
    level: int
    """1-6 for a heading, the depth of lists for what stands in one, else 0."""
    tab: str | None
    """The framework tab it stands in, such as "pytorch" or "pytorch, mxnet"; for code also from its own tab mark."""
    labels: tuple[str, ...]
    """Names that :label: and :eqlabel: define here."""
    texts: tuple[Text, ...]
    form: Form = Form.markdown
    """Of its document."""
    core: str | None = None
    """What it says where that is less than its text: a cell's source without its outputs, id and metadata."""

    @property
    def essence(self) -> str:
        """By what a block is known again: its core, else its text."""
        return self.text if self.core is None else self.core


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document and its blocks, which cover it without gap or overlap."""

    path: str
    text: str
    blocks: tuple[Block, ...]
    form: Form = Form.markdown
