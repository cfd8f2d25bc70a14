"""What a notebook or an HTML page needs beside blocks in order: commas, ids, tags that close.

Markdown needs none of it: there the lines between two blocks are all there is (see ``joints``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from amts_tasks.errors import TextError
from amts_tasks.sync.document.plan import DocumentPlan
from amts_tasks.sync.item import Item, Provenance
from amts_tasks.text import Block, Form, Kind, ParsedDocument, parse
from amts_tasks.text.html import nested
from amts_tasks.text.listings import alike as same_code
from amts_tasks.text.notebook import has_ids, inner, of_cell, with_ids
from amts_tasks.text.page_language import in_language, page_language
from amts_tasks.text.structure import gains_a_pipe

_MINOR = re.compile(r'"nbformat_minor"\s*:\s*(\d+)')
_IDS = 5
"""The minor version of nbformat 4 since which cells have ids."""
_STANDING = frozenset((Provenance.kept, Provenance.target_only, Provenance.stale))
_CODE = re.compile(r"[A-Za-z0-9-]+")
"""What a language is written in: it needs no quote marks."""


def alike(block: Block, text: str) -> bool:
    """Whether a block's new text is read as one block like it, taken by itself."""
    if block.kind is Kind.code and block.texts and not same_code(block, replace(block, text=text)):
        return False
    if gains_a_pipe(block, text):
        return False
    path = "a.html" if block.form is Form.html else ""
    if block.form is Form.notebook and block.kind is not Kind.code:
        return _cell(block.text) == _cell(text)
    return _built(parse(_outdented(text), path)) == _built(parse(_outdented(block.text), path))


def _cell(text: str) -> list[list[tuple[Kind, int, int]]]:
    """How a cell is built, and the blocks within it; what a human wrote may have other placeholders than its source."""
    cell = of_cell(text)
    return [_built(cell), *(_built(inner(block)) for block in cell.blocks)]


def _outdented(text: str) -> str:
    """The lines without what their first one is indented by: an item within a list is no code, taken by itself."""
    lead = text[: len(text) - len(text.lstrip(" \t"))]
    return "".join(line.removeprefix(lead) for line in text.splitlines(keepends=True)) if lead else text


def _built(document: ParsedDocument) -> list[tuple[Kind, int, int]]:
    return [(one.kind, one.level, len(one.texts)) for one in document.blocks if one.kind is not Kind.blank]


def fitted(
    plan: DocumentPlan, shown: Sequence[tuple[Item, str]], joints: Sequence[str]
) -> tuple[list[tuple[Item, str]], list[str]]:
    """The texts of a document in order and what stands between them, as its form needs it.

    Between two cells of a notebook stands one comma, elsewhere none; a cell brought from another document, or doubled,
    gets an id of its own. A new page says that it is in the language it was translated into.
    """
    if plan.source.form is Form.html:
        return _in_its_language(plan, shown), list(joints)
    if plan.source.form is not Form.notebook or not shown:
        return list(shown), list(joints)
    frames = [_is_frame(plan, item) for item, _ in shown]
    fixed = [joints[0].replace(",", "")]
    for before, after, joint in zip(frames, frames[1:], joints[1:], strict=False):
        bare = joint.replace(",", "")
        fixed.append(bare if before or after else f",{bare}")
    fixed.append(joints[-1].replace(",", ""))
    minor = [int(match[1][:9]) for _, text in shown for match in _MINOR.finditer(text)]
    texts = with_ids([text for _, text in shown], bool(minor) and minor[-1] >= _IDS, _standing(shown, frames))
    return [(item, text) for (item, _), text in zip(shown, texts, strict=True)], fixed


def _standing(shown: Sequence[tuple[Item, str]], frames: Sequence[bool]) -> frozenset[int]:
    """The numbers of the cells that stay as they are: the translation's own.

    Where the source's frame replaced its own, those without an id get one if it asks for that.
    """
    stay = [item.provenance in _STANDING for item, _ in shown]
    framed = all(stays for stays, frame in zip(stay, frames, strict=True) if frame)
    return frozenset(number for number, (_, text) in enumerate(shown) if stay[number] and (framed or has_ids(text)))


def broken(plan: DocumentPlan, text: str) -> str | None:
    """Why a merged text is no document of its form any more; None where it is one."""
    form = plan.source.form
    if form is Form.notebook:
        try:
            parse(text, plan.path)
        except TextError as error:
            return f"the notebook would be none: {error}"
    elif form is Form.html:
        before = [document.text for document in (plan.source, plan.target) if document is not None]
        if all(map(nested, before)) and not nested(text):
            return "an element would be opened or closed once too often"
    return None


def _in_its_language(plan: DocumentPlan, shown: Sequence[tuple[Item, str]]) -> list[tuple[Item, str]]:
    """The texts of a page, the language on its ``html`` element being the one of the text.

    What a translation that is there already says stays, also where the source's tag replaces its own. Where only parts
    were to be in the book's language, or nothing was translated, the source's stays.
    """
    said = page_language(plan.source.text)
    if plan.languages is None or said is None or _primary(said) != _primary(plan.languages[0]):
        return list(shown)
    code = plan.languages[1] if plan.target is None else page_language(plan.target.text)
    same = plan.target is None and all(
        item.block is not None and text == plan.source.blocks[item.block].text for item, text in shown
    )
    if code is None or same or not _CODE.fullmatch(code):
        return list(shown)
    return [
        (item, text if item.provenance in _STANDING or "<html" not in text.lower() else in_language(text, said, code))
        for item, text in shown
    ]


def _primary(code: str) -> str:
    return code.strip().lower().partition("-")[0]


def _is_frame(plan: DocumentPlan, item: Item) -> bool:
    if item.block is not None:
        return plan.source.blocks[item.block].kind is Kind.front_matter
    blocks = plan.target.blocks if plan.target is not None else ()
    return any(blocks[index].kind is Kind.front_matter for index in item.target_blocks)
