"""Blocks of Python code whose comments and docstrings are texts: fences of Markdown, code cells of notebooks.

``spoken`` gives a document in which they are; without it code has no texts. Every byte that is not in one of them comes
back as it is, and Python sees the same code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from amts_tasks.languages import Profile
from amts_tasks.text import fences, notebook
from amts_tasks.text.blocks import Block, Form, Kind, ParsedDocument, Text
from amts_tasks.text.remarks import alike as same_remarks
from amts_tasks.text.remarks import remarks
from amts_tasks.text.replacement import replaced


def kinds_of(profile: Profile) -> frozenset[Kind]:
    """What of code a language's profile has translated."""
    asked = ((profile.in_code.comments, Kind.code_comment), (profile.in_code.docstrings, Kind.docstring))
    return frozenset(kind for wanted, kind in asked if wanted)


def spoken(document: ParsedDocument, kinds: Collection[Kind]) -> ParsedDocument:
    """The document with texts of these kinds (of ``remarks.KINDS``) in its Python code; the same one for no kind."""
    if not kinds or (document.form is Form.notebook and not _is_python(document.text)):
        return document
    blocks = tuple(_with_texts(block, kinds) if block.kind is Kind.code else block for block in document.blocks)
    return replace(document, blocks=blocks)


def unfit(block: Block, new: Mapping[int, str]) -> frozenset[int]:
    """The texts of a block of code, by index, that cannot be put into it without changing the code."""
    code = _code(block)
    return replaced(code, _kinds(block), new)[1] if code is not None else frozenset(new)


def alike(block: Block, other: Block) -> bool:
    """Whether two blocks of code differ in nothing but their texts."""
    ours, theirs = _code(block), _code(other)
    if ours is None or theirs is None:
        return block.text == other.text
    return same_remarks(ours, theirs, _kinds(block))


def _kinds(block: Block) -> frozenset[Kind]:
    return frozenset(text.kind for text in block.texts)


def _code(block: Block) -> str | None:
    if block.form is Form.notebook:
        return notebook.source(block)
    body = fences.body(block.text)
    return body.code if body is not None else None


def _with_texts(block: Block, kinds: Collection[Kind]) -> Block:
    if block.form is Form.notebook:
        code, place = notebook.source(block), notebook.place(block)
        found = remarks(code, kinds)
        texts = tuple(Text(index, one.kind, (place,), one.source, None) for index, one in enumerate(found))
        return replace(block, texts=texts)
    body = fences.body(block.text)
    if body is None:
        return block
    starts = [block.start + body.start]
    for line in block.text[body.start : body.end].split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    texts = tuple(
        Text(
            index,
            one.kind,
            tuple((starts[n] + body.cut[n] + begin, starts[n] + body.cut[n] + end) for n, begin, end in one.spans),
            one.source,
            one.continuation,
        )
        for index, one in enumerate(remarks(body.code, kinds))
    )
    return replace(block, texts=texts)


def _is_python(text: str) -> bool:
    """Whether a notebook says that its code is Python."""
    found = json.loads(text.removeprefix("\ufeff"))
    metadata = found.get("metadata") if isinstance(found, dict) else None
    if not isinstance(metadata, dict):
        return False
    said = [
        section[key]
        for name, key in (("language_info", "name"), ("kernelspec", "language"), ("kernelspec", "name"))
        for section in [metadata.get(name)]
        if isinstance(section, dict) and isinstance(section.get(key), str)
    ]
    # `conda_pytorch_p36` names a kernel and no language: the file says it elsewhere or not at all.
    return bool(said) and re.fullmatch(r"i?python\d*", said[0], re.IGNORECASE) is not None
