"""The cells of a notebook (nbformat 3 and 4): where they stand in the file, and where their sources do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from amts_tasks.errors import Fault, TextError
from amts_tasks.text import json_tree
from amts_tasks.text.json_tree import Span

_MARKDOWN = "text/markdown"


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


def cell_lists(text: str, path: str) -> list[list[Cell]]:
    """The cells of the notebook, or of each worksheet of an old one; TextError with the line where it is none."""
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


def cell_source(text: str, cell: Cell) -> str:
    """What a cell says; empty where it has no source."""
    if cell.source is None:
        return ""
    parts = [cell.source] if text[cell.source[0]] == '"' else json_tree.items(text, cell.source[0])
    return "".join(json_tree.decoded(text, part) for part in parts)


@lru_cache(64)
def single_cell(text: str) -> Cell | None:
    """The cell that a text is, with places in that text; None where it is none."""
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
