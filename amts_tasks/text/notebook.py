"""Jupyter notebooks (nbformat 3 and 4): the Markdown of their cells is translated, every other byte stays.

A block is a cell, or what stands before, between and after the cells' lists; what separates two cells is a blank one.
The texts of a cell are those of its Markdown. A cell that gets a new text keeps its layout: a list of lines stays one,
characters are escaped as the file escapes them, lines that did not change keep their bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from amts_tasks.text import json_tree, markdown
from amts_tasks.text.blocks import Block, Form, Kind, ParsedDocument
from amts_tasks.text.cells import Cell, cell_lists, cell_source, single_cell
from amts_tasks.text.json_style import Style, style_of, written
from amts_tasks.text.json_tree import Span
from amts_tasks.text.leaves import CODE_TAB
from amts_tasks.text.render import render as render_markdown
from amts_tasks.text.replacement import replaced

_UNSENDABLE = re.compile("[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff]")
"""Characters that HTML cannot carry: a cell with one of them is left alone."""
_COMMA = re.compile(r"\s*,\s*")


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

    lists = cell_lists(text, path)
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
    cell = single_cell(text)
    if cell is None:
        return ParsedDocument("", text, (), Form.notebook)
    said = {"level": 0, "tab": None, "labels": (), "texts": (), **_said(text, cell)}
    del said["stop"]
    return ParsedDocument(
        "", text, (Block(0, start=0, end=len(text), line=1, text=text, form=Form.notebook, **said),), Form.notebook
    )


def inner(block: Block) -> ParsedDocument:
    """The Markdown of a cell as a document; an empty one for any other block."""
    cell = single_cell(block.text)
    return (
        _markdown(cell_source(block.text, cell)) if cell is not None and cell.markdown else ParsedDocument("", "", ())
    )


def attachments(block: Block) -> str:
    """The attachments of a cell, as written; empty where it has none."""
    cell = single_cell(block.text)
    return cell.extra if cell is not None else ""


def render(document: ParsedDocument, replacements: Mapping[tuple[int, int], str]) -> str:
    """The notebook with the texts of (block index, text index) replaced by new inline Markdown."""
    changed: dict[int, dict[int, str]] = {}
    for (block, text), new in replacements.items():
        if new != document.blocks[block].texts[text].source:
            changed.setdefault(block, {})[text] = new
    if not changed:
        return document.text
    style = style_of(document.text)
    return "".join(
        _rewritten(block, changed[block.index], style) if block.index in changed else block.text
        for block in document.blocks
    )


def source(block: Block) -> str:
    """The source of the cell that a block is; empty where it is none."""
    cell = single_cell(block.text)
    return cell_source(block.text, cell) if cell is not None else ""


def place(block: Block) -> Span:
    """Where the source of a cell stands in the document; no character of it where there is none."""
    cell = single_cell(block.text)
    begin, end = cell.source if cell is not None and cell.source is not None else (0, 0)
    return block.start + begin, block.start + end


def frame(block: Block) -> tuple[str, str]:
    """What stands before and after a cell's source."""
    cell = single_cell(block.text)
    if cell is None or cell.source is None:
        return block.text, ""
    return block.text[: cell.source[0]], block.text[cell.source[1] :]


def has_ids(text: str) -> bool:
    """Whether each of the cells in the text of a block, or of several in a row, has an id."""
    return all(_id(text[begin:end])[0] for begin, end in _spans(text))


def with_ids(pieces: Sequence[str], wanted: bool, standing: Collection[int] = ()) -> list[str]:
    """The texts of blocks, or of several in a row, in which no id of a cell stands twice, none is missing where ids are
    wanted, and none is new where they are not.

    Since nbformat 4.5 every cell has one of its own; before, none may have one. A new one is made of what the cell
    says. The pieces of the numbers `standing` stay byte for byte: their ids are theirs before another's.
    """
    taken = {_id(text[slice(*span)])[0] for number in standing for text in [pieces[number]] for span in _spans(text)}
    made: list[str] = []
    for number, text in enumerate(pieces):
        position, parts = 0, []
        for begin, end in [] if number in standing else _spans(text):
            name, cell = _named(text[begin:end], f"{number}.{begin}", wanted or None if standing else wanted, taken)
            parts += [text[position:begin], cell]
            taken.add(name)
            position = end
        made.append("".join([*parts, text[position:]]))
    return made


def _named(text: str, place: str, wanted: bool | None, taken: Collection[str]) -> tuple[str, str]:
    """The id of a cell, and the cell with it: the one it has, or a new one. With None it has none afterwards."""
    name, span = _id(text)
    if wanted is None:
        return "", _without(text, "id", span) if span is not None else text
    if (name and name not in taken) or (span is None and not wanted):
        return name, text
    cell = single_cell(text)
    said = cell_source(text, cell) if cell is not None else ""
    new = hashlib.sha256(f"{place} {said}".encode("utf-8", "surrogatepass")).hexdigest()[:8]
    if span is not None:
        return new, f'{text[: span[0]]}"{new}"{text[span[1] :]}'
    lead = text[1 : len(text) - len(text[1:].lstrip())]
    return new, f'{{{lead}"id": "{new}",{text[1:]}'


def _spans(text: str) -> list[Span]:
    """Where the cells stand in the text of one or several blocks; none in what stands around the cells."""
    if single_cell(text) is not None:
        return [(0, len(text))]
    try:
        json.loads(f"[{text}]")
    except (ValueError, RecursionError):
        return []
    spans = [(begin - 1, end - 1) for begin, end in json_tree.items(f"[{text}]", 0)]
    return spans if all(single_cell(text[begin:end]) is not None for begin, end in spans) else []


def _id(text: str) -> tuple[str, Span | None]:
    span = dict(json_tree.members(text, 0)).get("id")
    return (json_tree.decoded(text, span) if span is not None and text[span[0]] == '"' else ""), span


def _without(text: str, name: str, span: Span) -> str:
    """An object without the member of that name, whose value is given."""
    begin = text.rfind(f'"{name}"', 0, span[0])
    after = _COMMA.match(text, span[1])
    if begin < 0:
        return text
    if after is not None:
        return text[:begin] + text[after.end() :]
    return text[:begin].rstrip().removesuffix(",") + text[span[1] :]


def _frame(text: str, lists: list[list[Cell]]) -> str:
    """All that stands outside of the cells: its pieces change together or not at all."""
    parts: list[str] = []
    position = 0
    for cells in lists:
        if cells:
            parts.append(text[position : cells[0].span[0]].strip())
            position = cells[-1].span[1]
    return "\n".join([*parts, text[position:].strip()])


@lru_cache(64)
def _markdown(source: str) -> ParsedDocument:
    return markdown.parse(source)


def _said(text: str, cell: Cell) -> dict[str, Any]:
    """A cell's block, but for its place."""
    source = cell_source(text, cell)
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


def with_source(document: ParsedDocument, block: Block, said: str) -> str:
    """A cell of a notebook with another source, in the layout of the cell and of the notebook."""
    cell = single_cell(block.text)
    if cell is None or cell.source is None:
        return block.text
    begin, end = cell.source
    return block.text[:begin] + written(block.text, cell.source, said, style_of(document.text)) + block.text[end:]


def _rewritten(block: Block, new: Mapping[int, str], style: Style) -> str:
    cell = single_cell(block.text)
    if cell is None or cell.source is None:
        return block.text
    if block.kind is Kind.code:
        said, _ = replaced(cell_source(block.text, cell), {text.kind for text in block.texts}, new)
    else:
        document = inner(block)
        places = [(one.index, text.index) for one in document.blocks for text in one.texts]
        said = render_markdown(document, {places[index]: text for index, text in new.items()})
    begin, end = cell.source
    return block.text[:begin] + written(block.text, cell.source, said, style) + block.text[end:]
