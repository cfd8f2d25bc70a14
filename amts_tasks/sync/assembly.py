"""What a notebook or an HTML page needs beside blocks in order: commas, ids, tags that close.

Markdown needs none of it: there the lines between two blocks are all there is (see ``joints``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from amts_tasks.errors import TextError
from amts_tasks.sync.item import Item
from amts_tasks.sync.plan import DocumentPlan
from amts_tasks.text import Block, Form, Kind, parse
from amts_tasks.text.html import nested
from amts_tasks.text.listings import alike as same_code
from amts_tasks.text.notebook import of_cell, with_ids
from amts_tasks.text.structure import first_difference

_MINOR = re.compile(r'"nbformat_minor"\s*:\s*(\d+)')
_IDS = 5
"""The minor version of nbformat 4 since which cells have ids."""


def alike(block: Block, text: str) -> bool:
    """Whether a block's new text is read as one block like it, taken by itself."""
    if block.kind is Kind.code and block.texts and not same_code(block, replace(block, text=text)):
        return False
    if block.form is Form.notebook and block.kind is not Kind.code:
        return first_difference(of_cell(block.text), of_cell(text)) is None
    path = "a.html" if block.form is Form.html else ""
    found, before = (
        [(one.kind, one.level, len(one.texts)) for one in parse(side, path).blocks if one.kind is not Kind.blank]
        for side in (text, block.text)
    )
    return found == before


def fitted(
    plan: DocumentPlan, shown: Sequence[tuple[Item, str]], joints: Sequence[str]
) -> tuple[list[tuple[Item, str]], list[str]]:
    """The texts of a document in order and what stands between them, as its form needs it.

    Between two cells of a notebook stands one comma, elsewhere none; a cell brought from another document, or doubled,
    gets an id of its own.
    """
    if plan.source.form is not Form.notebook or not shown:
        return list(shown), list(joints)
    frames = [_is_frame(plan, item) for item, _ in shown]
    fixed = [joints[0].replace(",", "")]
    for before, after, joint in zip(frames, frames[1:], joints[1:], strict=False):
        bare = joint.replace(",", "")
        fixed.append(bare if before or after else f",{bare}")
    fixed.append(joints[-1].replace(",", ""))
    minor = [int(match[1][:9]) for _, text in shown for match in _MINOR.finditer(text)]
    texts = with_ids([text for _, text in shown], bool(minor) and minor[-1] >= _IDS)
    return [(item, text) for (item, _), text in zip(shown, texts, strict=True)], fixed


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


def _is_frame(plan: DocumentPlan, item: Item) -> bool:
    if item.block is not None:
        return plan.source.blocks[item.block].kind is Kind.front_matter
    blocks = plan.target.blocks if plan.target is not None else ()
    return any(blocks[index].kind is Kind.front_matter for index in item.target_blocks)
