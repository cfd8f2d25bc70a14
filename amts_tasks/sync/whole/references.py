"""References of a book, to labels and to what it needs beside its documents: which point nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from amts_tasks.sync.whole.needs import Things, needs
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
    """numref, eqref or ref; image, toc, or a citation's."""
    name: str


def dangling(texts_by_path: Mapping[str, str | ParsedDocument], things: Things | None = None) -> list[Dangling]:
    """The references of a book that do not resolve, by path and line; code and comments are not read.

    Give it the whole book: a label may stand in any document. With `things`, what the book has beside its documents,
    images, citations and toc entries are looked at too.
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
    if things is not None:
        whole = Things(things.files | documents.keys(), things.bibliographies)
        keys = whole.keys
        for path, document in documents.items():
            for need in needs(document):
                met = need.name in keys or not whole.bibliographies if need.role.startswith("cite") else whole.has(need)
                if not met:
                    found.append(Dangling(path, need.line, need.role, need.name))
    return sorted(found)


def broken(
    before: Mapping[str, str | ParsedDocument],
    after: Mapping[str, str | ParsedDocument],
    things_before: Things | None = None,
    things_after: Things | None = None,
) -> list[Dangling]:
    """The references that dangle in the book after a change and did not before it, in that document or at all."""
    known = {(one.path, one.role, one.name) for one in dangling(before, things_before)}
    return [one for one in dangling(after, things_after) if (one.path, one.role, one.name) not in known]
