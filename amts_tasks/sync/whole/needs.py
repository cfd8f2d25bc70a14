"""What a document needs beside itself for its book to be built: images, bibliography entries, documents of its toc."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote

from amts_tasks.sync.whole.bibliography import entries
from amts_tasks.text import Kind, ParsedDocument

_IMAGE = re.compile(r"!\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*(?:<(?P<angle>[^<>\n]*)>|(?P<bare>[^\s()<>]+))")
_TAG = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')", re.IGNORECASE)
_CITE = re.compile(r":(?P<role>cite[a-z]*):(?P<ticks>`+)(?P<keys>[^`]+)(?P=ticks)")
_TOC = re.compile(r"[ \t]*(?:`{3,}|~{3,})[ \t]*toc[ \t]*\n")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|//|/|#", re.IGNORECASE)
_SUFFIXES = ("", ".md", ".ipynb", ".rst", ".html")
_UNREAD = frozenset({Kind.comment, Kind.front_matter})


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a document needs."""

    role: str
    """image, toc, or the role of a citation (cite, citet, citep)."""
    name: str
    """A path from the book's root, or the key of a bibliography entry."""
    line: int
    """1-based."""


@dataclass(frozen=True, slots=True)
class Things:
    """What a book has beside its parsed documents."""

    files: frozenset[str] = frozenset()
    """Paths of all files, from the book's root."""
    bibliographies: Mapping[str, str] = field(default_factory=dict)
    """The BibTeX files by path."""

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all entries."""
        return frozenset(key for text in self.bibliographies.values() for key in entries(text))

    def has(self, need: Need) -> bool:
        """Whether the need is met. Citations of a book without any bibliography are nobody's concern."""
        if need.role == "toc":
            return any(need.name + suffix in self.files for suffix in _SUFFIXES)
        if need.role == "image":
            return need.name in self.files
        return not self.bibliographies or need.name in self.keys


def needs(document: ParsedDocument) -> Iterator[Need]:
    """What a document needs, in order; code, comments, addresses on the web and paths out of the book are not read."""
    folder = PurePosixPath(document.path).parent
    for block in document.blocks:
        if block.kind in _UNREAD:
            continue
        if _TOC.match(block.text):
            for number, words in enumerate(block.text.split("\n")):
                entry = words.strip()
                if entry and entry[0] not in "`~:#" and (path := _inside(folder, entry)):
                    yield Need("toc", path, block.line + number)
            continue
        if block.kind is Kind.code:
            continue
        for found in _IMAGE.finditer(block.text):
            if path := _inside(folder, found["angle"] or found["bare"] or ""):
                yield Need("image", path, block.line + block.text.count("\n", 0, found.start()))
        for found in _TAG.finditer(block.text):
            if path := _inside(folder, found["double"] or found["single"] or ""):
                yield Need("image", path, block.line + block.text.count("\n", 0, found.start()))
        for found in _CITE.finditer(block.text):
            line = block.line + block.text.count("\n", 0, found.start())
            yield from (Need(found["role"], key.strip(), line) for key in found["keys"].split(",") if key.strip())


def _inside(folder: PurePosixPath, target: str) -> str | None:
    """The path from the book's root that a relative address means; None for what is not a file of the book."""
    bare = unquote(re.split(r"[?#]", target, maxsplit=1)[0])
    if not bare or _ADDRESS.match(target):
        return None
    parts: list[str] = []
    for part in (folder / bare).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or None
