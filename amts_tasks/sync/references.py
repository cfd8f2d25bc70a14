"""References and labels of a book: which point nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from amts_tasks.text import Kind, ParsedDocument, parse

_REFERENCE = re.compile(r":(?P<role>numref|eqref|ref):(?P<ticks>`+)(?P<name>[^`\n]+)(?P=ticks)")
_UNREAD = frozenset({Kind.code, Kind.comment, Kind.front_matter})


@dataclass(frozen=True, slots=True, order=True)
class Dangling:
    """A reference whose label no document of the book defines."""

    path: str
    line: int
    """1-based."""
    role: str
    """numref, eqref or ref."""
    name: str


def dangling(texts_by_path: Mapping[str, str | ParsedDocument]) -> list[Dangling]:
    """The references of a book that do not resolve, by path and line; code and comments are not read.

    Give it the whole book: a label may stand in any document.
    """
    documents = {
        path: text if isinstance(text, ParsedDocument) else parse(text, path) for path, text in texts_by_path.items()
    }
    labels = {label for document in documents.values() for block in document.blocks for label in block.labels}
    found = []
    for path, document in documents.items():
        for block in document.blocks:
            if block.kind in _UNREAD:
                continue
            for reference in _REFERENCE.finditer(block.text):
                if reference["name"].strip() not in labels:
                    line = block.line + block.text.count("\n", 0, reference.start())
                    found.append(Dangling(path, line, reference["role"], reference["name"].strip()))
    return sorted(found)


def broken(before: Mapping[str, str | ParsedDocument], after: Mapping[str, str | ParsedDocument]) -> list[Dangling]:
    """The references that dangle in the book after a change and did not before it, in that document or at all."""
    known = {(one.path, one.name) for one in dangling(before)}
    return [one for one in dangling(after) if (one.path, one.name) not in known]
