"""Jupyter notebooks (nbformat 3 and 4): the Markdown of their cells is translated, every other byte stays.

A block is a cell, or what stands before, between and after the cells' lists; what separates two cells is a blank one.
The texts of a cell are those of its Markdown. A cell that gets a new text keeps its layout: a list of lines stays one,
characters are escaped as the file escapes them, lines that did not change keep their bytes.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from amts_tasks.errors import Fault, TextError
from amts_tasks.text import json_tree, markdown
from amts_tasks.text.blocks import Block, Form, Kind, ParsedDocument
from amts_tasks.text.json_tree import Span
from amts_tasks.text.leaves import CODE_TAB
from amts_tasks.text.remarks import replaced
from amts_tasks.text.render import render as render_markdown

_MARKDOWN = "text/markdown"
_UNSENDABLE = re.compile("[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff]")
"""Characters that HTML cannot carry: a cell with one of them is left alone."""
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\(/)|[^\\]|\\.")
_ASCII_ESCAPED = "</>&'="
"""What some writers escape for the sake of HTML."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: where it stands, and where its source does."""

    span: Span
    kind: str
    """markdown, code, raw, heading …, as the notebook calls it."""
    source: Span | None
    """The value, a string or a list of strings; None where the cell has none."""
    markdown: bool
    """Whether its source is Markdown."""
    extra: str
    """Its attachments, as written: with the source all that a reader of Markdown sees."""


def parse(text: str, path: str = "") -> ParsedDocument:
    """The notebook's blocks; TextError with the line where it is no JSON or no notebook."""
    blocks: list[Block] = []
    position = line = 0

    def add(kind: Kind, stop: int, **more: Any) -> None:
        nonlocal position, line
        content = text[position:stop]
        if content or kind is not Kind.blank:
            parts = {"level": 0, "tab": None, "labels": (), "texts": (), **more}
            made = Block(len(blocks), kind, position, stop, line + 1, content, form=Form.notebook, **parts)
            blocks.append(made)
        line += content.count("\n")
        position = stop

    lists = _lists(text, path)
    frame = _frame(text, lists)
    for cells in lists:
        if not cells:
            continue
        lead = len(text[: cells[0].span[0]].rstrip())
        if lead > position:
            add(Kind.front_matter, lead, core=frame)
        for cell in cells:
            add(Kind.blank, cell.span[0])
            add(**_said(text, cell))
    tail = position + len(text[position:]) - len(text[position:].lstrip())
    if blocks:
        add(Kind.blank, tail)
    add(Kind.front_matter, len(text), core=frame)
    return ParsedDocument(path, text, tuple(blocks), Form.notebook)


def of_cell(text: str) -> ParsedDocument:
    """One cell as a document of a single block; a document without blocks where the text is no cell."""
    cell = _cell(text)
    if cell is None:
        return ParsedDocument("", text, (), Form.notebook)
    said = {"level": 0, "tab": None, "labels": (), "texts": (), **_said(text, cell)}
    del said["stop"]
    return ParsedDocument(
        "", text, (Block(0, start=0, end=len(text), line=1, text=text, form=Form.notebook, **said),), Form.notebook
    )


def inner(block: Block) -> ParsedDocument:
    """The Markdown of a cell as a document; an empty one for any other block."""
    cell = _cell(block.text)
    return _markdown(_source(block.text, cell)) if cell is not None and cell.markdown else ParsedDocument("", "", ())


def render(document: ParsedDocument, replacements: Mapping[tuple[int, int], str]) -> str:
    """The notebook with the texts of (block index, text index) replaced by new inline Markdown."""
    changed: dict[int, dict[int, str]] = {}
    for (block, text), new in replacements.items():
        if new != document.blocks[block].texts[text].source:
            changed.setdefault(block, {})[text] = new
    if not changed:
        return document.text
    style = _style(document.text)
    return "".join(
        _rewritten(block, changed[block.index], style) if block.index in changed else block.text
        for block in document.blocks
    )


def source(block: Block) -> str:
    """The source of the cell that a block is; empty where it is none."""
    cell = _cell(block.text)
    return _source(block.text, cell) if cell is not None else ""


def place(block: Block) -> Span:
    """Where the source of a cell stands in the document; no character of it where there is none."""
    cell = _cell(block.text)
    begin, end = cell.source if cell is not None and cell.source is not None else (0, 0)
    return block.start + begin, block.start + end


def frame(block: Block) -> tuple[str, str]:
    """What stands before and after a cell's source."""
    cell = _cell(block.text)
    if cell is None or cell.source is None:
        return block.text, ""
    return block.text[: cell.source[0]], block.text[cell.source[1] :]


def with_ids(cells: Sequence[str], wanted: bool) -> list[str]:
    """The texts of blocks with cells in which no id stands twice and, where ids are wanted, none is missing.

    Since nbformat 4.5 every cell has one of its own. A new one is made of what the cell says.
    """
    taken: set[str] = set()
    made: list[str] = []
    for number, text in enumerate(cells):
        cell = _cell(text)
        if cell is None:
            made.append(text)
            continue
        span = dict(json_tree.members(text, 0)).get("id")
        name = json_tree.decoded(text, span) if span is not None and text[span[0]] == '"' else ""
        if name in taken or (wanted and span is None):
            new = hashlib.sha256(f"{number} {_source(text, cell)}".encode("utf-8", "surrogatepass")).hexdigest()[:8]
            if span is not None:
                text = f'{text[: span[0]]}"{new}"{text[span[1] :]}'
            else:
                lead = text[1 : len(text) - len(text[1:].lstrip())]
                text = f'{{{lead}"id": "{new}",{text[1:]}'
            name = new
        taken |= {name} - {""}
        made.append(text)
    return made


def _lists(text: str, path: str) -> list[list[Cell]]:
    """The cells of the notebook, or of each worksheet of an old one."""
    found = json_tree.whole(text, path)
    if not isinstance(found, dict) or not isinstance(found.get("nbformat"), json_tree.Number):
        expected = "a notebook: an object with a number nbformat and a list cells"
        raise TextError(Fault(path, 1, "", "JSON that is no notebook", expected))
    if found["nbformat"] not in {"3", "4"}:
        expected = "3 or 4; convert it with jupyter nbconvert --to notebook"
        raise TextError(Fault(path, 1, "nbformat", found["nbformat"][:20], expected))
    last = dict(json_tree.members(text, json_tree.start(text)))
    if found["nbformat"] == "4":
        return [_cells(text, path, last.get("cells"), "cells")]
    sheets = _list(text, path, last.get("worksheets"), "worksheets")
    return [
        _cells(text, path, dict(json_tree.members(text, begin)).get("cells"), "worksheets.cells")
        for begin, _ in sheets
        if _is(text, path, begin, "{", "worksheets")
    ]


def _list(text: str, path: str, span: Span | None, name: str) -> list[Span]:
    if span is None:
        raise TextError(Fault(path, 1, name, "nothing", "a list"))
    _is(text, path, span[0], "[", name)
    return list(json_tree.items(text, span[0]))


def _cells(text: str, path: str, span: Span | None, name: str) -> list[Cell]:
    return [
        _read(text, path, item)
        for item in _list(text, path, span, name)
        if _is(text, path, item[0], "{", f"{name}, a cell")
    ]


def _is(text: str, path: str, at: int, mark: str, name: str) -> bool:
    if text[at] != mark:
        raise _fault(text, path, at, name, "a list" if mark == "[" else "an object")
    return True


def _fault(text: str, path: str, at: int, where: str, expected: str) -> TextError:
    """What is wrong with the value at a place."""
    found = text[at : min(json_tree.end(text, at), at + 40)].split("\n")[0]
    return TextError(Fault(path, text.count("\n", 0, at) + 1, where, found, expected))


def _read(text: str, path: str, span: Span) -> Cell:
    last = dict(json_tree.members(text, span[0]))
    kind = json_tree.decoded(text, last["cell_type"]) if text[last.get("cell_type", span)[0]] == '"' else ""
    if not kind:
        at = last.get("cell_type", span)[0]
        raise _fault(text, path, at, "a cell", 'a cell_type such as "markdown", "code" or "raw"')
    source = last.get("source", last.get("input"))
    if source is not None:
        strings = [source] if text[source[0]] == '"' else _strings(text, source)
        for one in strings:
            if text[one[0]] != '"':
                raise _fault(text, path, one[0], "a cell's source", "a string or a list of strings")
    extra = text[slice(*last["attachments"])] if "attachments" in last else ""
    written = kind in {"markdown", "heading"} or (kind == "raw" and _mime(text, last.get("metadata")) == _MARKDOWN)
    return Cell(span, kind, source, written and source is not None, extra)


def _strings(text: str, span: Span) -> list[Span]:
    return list(json_tree.items(text, span[0])) if text[span[0]] == "[" else [span]


def _mime(text: str, metadata: Span | None) -> str:
    if metadata is None or text[metadata[0]] != "{":
        return ""
    found = dict(json_tree.members(text, metadata[0]))
    for name in ("raw_mimetype", "format"):
        if name in found and text[found[name][0]] == '"':
            return json_tree.decoded(text, found[name])
    return ""


def _frame(text: str, lists: list[list[Cell]]) -> str:
    """All that stands outside of the cells: its pieces change together or not at all."""
    parts: list[str] = []
    position = 0
    for cells in lists:
        if cells:
            parts.append(text[position : cells[0].span[0]].strip())
            position = cells[-1].span[1]
    return "\n".join([*parts, text[position:].strip()])


def _source(text: str, cell: Cell) -> str:
    if cell.source is None:
        return ""
    parts = [cell.source] if text[cell.source[0]] == '"' else json_tree.items(text, cell.source[0])
    return "".join(json_tree.decoded(text, part) for part in parts)


@lru_cache(64)
def _markdown(source: str) -> ParsedDocument:
    return markdown.parse(source)


@lru_cache(64)
def _cell(text: str) -> Cell | None:
    """The cell that a block's text is; None where it is the frame or what separates cells."""
    if not text.startswith("{"):
        return None
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    try:
        return _read(text, "", (0, len(text)))
    except TextError:
        return None


def _said(text: str, cell: Cell) -> dict[str, Any]:
    """A cell's block, but for its place."""
    source = _source(text, cell)
    said: dict[str, Any] = {"stop": cell.span[1], "core": "\n".join((source, cell.extra)) if cell.extra else source}
    if cell.kind == "code":
        mark = CODE_TAB.search(source)
        return said | {"kind": Kind.code, "tab": mark[1].strip() if mark else None}
    if cell.source is None or not cell.markdown or _UNSENDABLE.search(source):
        return said | {"kind": Kind.directive}
    place = cell.source
    document = _markdown(source)
    content = [block for block in document.blocks if block.kind is not Kind.blank]
    texts = tuple(
        replace(one, index=index, spans=(place,), continuation=None)
        for index, one in enumerate(one for block in content for one in block.texts)
    )
    alone = content[0] if len(content) == 1 else None
    kind = alone.kind if alone is not None else Kind.paragraph
    if kind in {Kind.code, Kind.tab_mark, Kind.front_matter}:
        kind = Kind.directive
    return said | {
        "kind": kind if content else Kind.directive,
        "level": alone.level if alone is not None else 0,
        "labels": tuple(label for block in content for label in block.labels),
        "texts": texts,
    }


def _rewritten(block: Block, new: Mapping[int, str], style: _Style) -> str:
    cell = _cell(block.text)
    if cell is None or cell.source is None:
        return block.text
    if block.kind is Kind.code:
        said, _ = replaced(_source(block.text, cell), {text.kind for text in block.texts}, new)
    else:
        document = inner(block)
        places = [(one.index, text.index) for one in document.blocks for text in one.texts]
        said = render_markdown(document, {places[index]: text for index, text in new.items()})
    begin, end = cell.source
    written = _written(block.text, cell.source, said, style)
    return block.text[:begin] + written + block.text[end:]


def _written(text: str, span: Span, source: str, style: _Style) -> str:
    """A cell's source as JSON, in the layout of the one it replaces."""
    if text[span[0]] == '"':
        return style.string(source)
    old = list(json_tree.items(text, span[0]))
    known = {json_tree.decoded(text, one): text[slice(*one)] for one in old}
    lead = text[span[0] + 1 : old[0][0]] if old else ""
    gaps = [text[a[1] : b[0]] for a, b in itertools.pairwise(old)]
    gap = gaps[0] if gaps else f",{lead}" if lead.strip(" ") else ", "
    tail = text[old[-1][1] : span[1] - 1] if old else text[span[0] + 1 : span[1] - 1]
    lines = list(_lines(source))
    same = len(lines) == len(old)
    strings = [known.get(line) or style.string(line) for line in lines]
    joined = "".join(
        string + ((gaps[number] if same else gap) if number + 1 < len(strings) else "")
        for number, string in enumerate(strings)
    )
    return f"[{lead}{joined}{tail}]"


def _lines(source: str) -> Iterator[str]:
    position = 0
    while position < len(source):
        after = source.find("\n", position) + 1 or len(source)
        yield source[position:after]
        position = after


@dataclass(frozen=True, slots=True)
class _Style:
    """How a file writes its strings."""

    ascii: bool
    """Whether everything else is escaped."""
    upper: bool
    """Whether the digits of escapes are capital letters."""
    escaped: tuple[tuple[str, str], ...]
    """ASCII characters that need no escape and get one, and which."""

    def string(self, text: str) -> str:
        """The text as a JSON string."""
        written = json.dumps(text, ensure_ascii=self.ascii)
        if self.upper and self.ascii:
            written = re.sub(
                r"\\u[0-9a-f]{4}|\\.",
                lambda found: "\\u" + found[0][2:].upper() if len(found[0]) > 2 else found[0],
                written,
            )
        for character, escape in self.escaped:
            written = written.replace(character, escape)
        return written


@lru_cache(8)
def _style(text: str) -> _Style:
    escapes = re.findall(r"\\(?:u[0-9a-fA-F]{4}|.)", text, re.DOTALL)
    codes = {one for one in escapes if one[1] == "u"}
    letters = "".join(one[2:] for one in codes)
    escaped: list[tuple[str, str]] = []
    strings = "".join(re.findall(r'"(?:[^"\\]++|\\.)*+"', text))
    for character in _ASCII_ESCAPED:
        forms = [one for one in codes if int(one[2:], 16) == ord(character)]
        if character == "/":
            forms += ["\\/"] if "\\/" in escapes else []
        if forms and not re.search(rf"(?<!\\){re.escape(character)}", strings):
            escaped.append((character, min(forms)))
    return _Style(
        ascii=text.removeprefix("\ufeff").isascii() and any(int(one[2:], 16) > 0x7F for one in codes),
        upper=bool(re.search("[A-F]", letters)) and not re.search("[a-f]", letters),
        escaped=tuple(escaped),
    )
