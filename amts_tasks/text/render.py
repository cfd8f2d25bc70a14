"""A document with some of its texts replaced; every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Mapping

from amts_tasks.text.blocks import Kind, ParsedDocument, Text
from amts_tasks.text.fences import rewritten

_NEWLINE = re.compile(r"\s*\n\s*")
_OPENED = re.compile(r"#[ \t]+$")
"""What stands before the text of a heading that number signs open; one that is underlined has none."""
_CLOSING = re.compile(r"(?:^|(?<=[ \t]))(?=#+[ \t]*$)")
"""Where number signs at the end of a text begin that would close such a heading, and be no part of it."""


def render(document: ParsedDocument, replacements: Mapping[tuple[int, int], str]) -> str:
    """The document's text with the texts of (block index, text index) replaced by new inline Markdown.

    A replacement equal to the text's source leaves its bytes alone. One of as many lines keeps what stands between
    them; else each further line gets the prefix of its containers. Where there can be only one line, line feeds become
    spaces. Number signs that would close a heading are escaped.
    """
    parts: list[str] = []
    position = 0
    in_code: dict[int, dict[int, str]] = {}
    for (block_index, text_index), new in replacements.items():
        if document.blocks[block_index].kind is Kind.code:
            in_code.setdefault(block_index, {})[text_index] = new
    for block_index, text_index in sorted(replacements):
        new = replacements[block_index, text_index]
        block = document.blocks[block_index]
        text = block.texts[text_index]
        if new == text.source:
            continue
        if block_index in in_code:
            if position <= block.start:
                parts += [document.text[position : block.start], rewritten(block, in_code[block_index])]
                position = block.end
            continue
        if block.kind is Kind.heading and _OPENED.search(document.text, block.start, text.spans[0][0]):
            new = _CLOSING.sub(r"\\", new)
        parts.append(document.text[position : text.spans[0][0]])
        parts.append(_placed(document, text, new))
        position = text.spans[-1][1]
    parts.append(document.text[position:])
    return "".join(parts)


def _placed(document: ParsedDocument, text: Text, new: str) -> str:
    if text.continuation is None:
        return _NEWLINE.sub(" ", new)
    lines = new.split("\n")
    if len(lines) == len(text.spans):
        gaps = [document.text[a[1] : b[0]] for a, b in zip(text.spans, text.spans[1:], strict=False)]
    else:
        block_end = document.text.find("\n", text.spans[0][1])
        feed = "\r\n" if block_end > 0 and document.text[block_end - 1] == "\r" else "\n"
        gaps = [feed + text.continuation] * (len(lines) - 1)
    return "".join(part for line, gap in zip(lines, [*gaps, ""], strict=True) for part in (line, gap))
