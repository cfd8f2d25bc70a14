"""Markdown as blocks, texts and segments, and back again byte for byte.

    document → blocks → texts → segments → (translate) → replacements → document

``parse`` cuts a document into blocks of whole lines, some of which have texts; ``Segment.of`` shows a text as a
translator sees it; ``render`` puts translations back; ``same_structure`` tells whether the result still means the same
to a reader of Markdown.
"""

from amts_tasks.text.blocks import Block, Kind, ParsedDocument, Text
from amts_tasks.text.markdown import parse
from amts_tasks.text.render import render
from amts_tasks.text.segments import Placeholder, Segment, Tag, Token, normalise
from amts_tasks.text.sentences import split
from amts_tasks.text.structure import same_structure

__all__ = [
    "Block",
    "Kind",
    "ParsedDocument",
    "Placeholder",
    "Segment",
    "Tag",
    "Text",
    "Token",
    "normalise",
    "parse",
    "render",
    "same_structure",
    "split",
]
