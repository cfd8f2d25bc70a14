"""Markdown, notebooks and HTML as blocks, texts and segments, and back again byte for byte.

    document → blocks → texts → segments → (translate) → replacements → document

``parse`` cuts a document into blocks (whole lines of Markdown, cells of a notebook, elements of HTML), some of which
have texts; a text is inline Markdown, whatever its document is written in. ``spoken`` makes
texts of the comments and docstrings in code too. ``Segment.of`` shows it as a translator sees
it; ``render`` puts translations back; ``same_structure`` tells whether the result still means the same to a reader.
"""

from amts_tasks.text.blocks import Block, Form, Kind, ParsedDocument, Text
from amts_tasks.text.document import parse, render
from amts_tasks.text.listings import kinds_of, spoken
from amts_tasks.text.segments import Placeholder, Segment, Tag, Token, normalise
from amts_tasks.text.sentences import split
from amts_tasks.text.structure import same_structure

__all__ = [
    "Block",
    "Form",
    "Kind",
    "ParsedDocument",
    "Placeholder",
    "Segment",
    "Tag",
    "Text",
    "Token",
    "kinds_of",
    "normalise",
    "parse",
    "render",
    "same_structure",
    "split",
    "spoken",
]
