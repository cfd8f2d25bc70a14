"""The merged text of a document: its plan and what came back, put together, and checked before anybody sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from amts_tasks.errors import InputError
from amts_tasks.sync.document.plan import DocumentPlan
from amts_tasks.sync.identity import opens_tab, span
from amts_tasks.sync.item import Item, Provenance, Within
from amts_tasks.sync.manifest import State
from amts_tasks.sync.merged.assembly import alike, broken, fitted
from amts_tasks.sync.merged.joints import between, ended, line_end
from amts_tasks.text import Block, Form, Kind, ParsedDocument, parse, render
from amts_tasks.text.flanking import beside
from amts_tasks.text.listings import unfit
from amts_tasks.text.notebook import attachments, inner, of_cell, with_source

_BEGINS = re.compile(r"^(?:[ \t]*\d{1,9}(?=[.)](?:[ \t]|$))|[ \t]*(?=(?:[-+*>]|#{1,6})[ \t]))", re.MULTILINE)
_ROUNDS = 4
"""How often a missing blank line is put in before the merge is given up."""


@dataclass(frozen=True, slots=True)
class Left:
    """A block that is not what the plan wanted it to be, for the review list."""

    document: str
    block: int
    """Index in the new source."""
    text: str
    """The source's text."""
    reason: str
    shows: str
    """`old` when the old translation stays, `source` when the source's text stands in the translation."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the merged text that one item gave."""

    start: int
    """Zero-based character of the merged text."""
    end: int
    """Exclusive; the blank lines after the piece are not in it."""
    item: Item
    left: str = ""
    """Why it is behind its source."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The result for one document."""

    path: str
    text: str
    pieces: tuple[Piece, ...]
    """In order; items without text are not among them."""
    left: tuple[Left, ...]
    damaged: str | None = None
    """Why the merge was given up: `text` is the old translation (empty when there is none), not to be published."""

    @property
    def provenance(self) -> tuple[dict[str, Any], ...]:
        """One row a piece, for `provenance.json`: span in the merged text, where it came from, what it replaced."""
        return tuple(
            {
                "span": [piece.start, piece.end],
                "provenance": str(piece.item.provenance),
                "block": piece.item.block,
                "state": str(piece.item.state),
                **({"replaces": str(piece.item.replaces)} if piece.item.replaces else {}),
                **({"edited": True} if piece.item.edited else {}),
                **({"reason": piece.item.reason} if piece.item.reason else {}),
                **({"left": piece.left} if piece.left else {}),
            }
            for piece in self.pieces
        )


def merge_document(plan: DocumentPlan, sent: Mapping[tuple[int, ...], str]) -> Merged:
    """The new text of a document; `sent` holds the accepted inline Markdown for what the plan wanted.

    Its keys are (block, text), and (block, text, part) for a sentence of a text.

    A text that is missing from `sent` was refused: its block shows the old translation, or the source where there is
    none, and is listed. The same happens to a block that would not be read back as one block of the source's kind.
    Raises InputError when `sent` holds a text the plan never asked for.
    """
    asked = {(item.block, *place) for item in plan.items for place in item.asked}
    foreign = sorted(key for key in sent if key not in asked)
    if foreign:
        raise InputError(
            f"{plan.path}: found a translation of block, text and part {foreign[0]}; expected only what was sent"
        )
    rendered, refused, silent = _rendered(plan, sent)
    settled = _settled(plan, rendered, refused)
    joints = between(plan, [(item, bool(text)) for item, text in settled])
    shown, joints = fitted(plan, [(item, text) for item, text in settled if text], joints)
    # What comes from the source, or from another document, ends its lines as this translation does.
    end = line_end(plan.target)
    shown, joints = [(item, ended(text, end)) for item, text in shown], [ended(joint, end) for joint in joints]
    lines = plan.source.form is Form.markdown
    for _ in range(_ROUNDS):
        text, pieces = _joined(shown, joints, refused, (end or "\n") if lines else "")
        damaged = broken(plan, text)
        if damaged:
            return _given_up(plan, damaged)
        torn = _torn(text, pieces, plan.path)
        if not torn or not lines:
            break
        for number in torn:
            joints[number] += end or "\n"
    damaged = "two blocks run into one another" if torn else _unbalanced(plan, text)
    if damaged:
        return _given_up(plan, damaged)
    shows = {
        item.block: "source" if text and not item.target_blocks else "old"
        for item, text in settled
        if item.block is not None
    }
    left = tuple(
        Left(
            plan.path,
            block,
            plan.source.blocks[block].text,
            reason,
            "source" if block in silent else shows[block],
        )
        for block, reason in sorted((silent | refused).items())
    )
    return Merged(plan.path, text, pieces, left)


def _given_up(plan: DocumentPlan, reason: str) -> Merged:
    return Merged(plan.path, plan.target.text if plan.target else "", (), (), reason)


def _rendered(
    plan: DocumentPlan, sent: Mapping[tuple[int, ...], str]
) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    """The text of the source blocks that are rendered, why others cannot be, whole groups at a time, and why there are
    comments in the source's language in cells that are."""
    rendered: dict[int, str] = {}
    refused: dict[int, str] = {}
    silent: dict[int, str] = {}
    for item in plan.items:
        if item.text is not None or item.block is None:
            continue
        block = plan.source.blocks[item.block]
        if item.provenance is Provenance.code:
            # The other cells of its tab are the source's: it is too, with or without its comments.
            texts = dict(item.known)
            texts |= {text: sent[item.block, text] for text in item.wanted if (item.block, text) in sent}
            left_out = unfit(block, texts)
            rendered[item.block] = _block(
                plan.source, block, {text: new for text, new in texts.items() if text not in left_out}
            )
            if not alike(block, rendered[item.block]):
                rendered[item.block] = block.text
                left_out = frozenset(texts)
            if left_out or len(texts) < len(item.known) + len(item.wanted):
                silent[item.block] = "a comment or docstring of it has no acceptable translation"
        elif any((item.block, *place) not in sent for place in item.asked):
            refused[item.block] = "no acceptable translation came back"
        elif item.within is not None:
            made = _within(plan, item, item.within, sent)
            if made is None:
                refused[item.block] = "the Markdown within the cell cannot be put together"
            else:
                rendered[item.block] = made
        else:
            texts = _texts(item, sent)
            rendered[item.block] = _block(plan.source, block, texts)
            if block.form is Form.markdown and not alike(block, rendered[item.block]):
                # A sentence that begins "3. " is a list at the start of a line only, where it did not stand before.
                rendered[item.block] = _block(plan.source, block, {n: _escaped(text) for n, text in texts.items()})
            if not alike(block, rendered[item.block]):
                refused[item.block] = "the translation changes the structure of the text"
    fallen = {item.group for item in plan.items if item.block in refused and item.group is not None}
    for item in plan.items:
        if item.group in fallen and item.block is not None:
            refused.setdefault(item.block, "the block it shares a translation with was refused")
    return rendered, refused, silent


def _within(plan: DocumentPlan, item: Item, within: Within, sent: Mapping[tuple[int, ...], str]) -> str | None:
    """A cell of a notebook whose Markdown is merged block by block; None where that cannot be shown whole."""
    block = plan.source.blocks[item.index]
    places = [(one.index, text.index) for one in within.source.blocks for text in one.texts]
    came = {(*places[text], *part): new for (index, text, *part), new in sent.items() if index == item.index}
    merged = merge_document(DocumentPlan("", "", within.source, within.target, within.items, based=True), came)
    said = merged.text
    if not within.source.text.endswith("\n") and not within.target.text.endswith("\n"):
        # A block that was not the last one where it comes from.
        said = said.removesuffix("\n")
    text = with_source(plan.source, block, said)
    if plan.target is not None and len(item.target_blocks) == 1:
        theirs = plan.target.blocks[item.target_blocks[0]]
        if attachments(theirs) == attachments(block):
            text = with_source(plan.target, theirs, said)
    cells = of_cell(text).blocks
    whole = len(cells) == 1 and cells[0].kind is not Kind.code and inner(cells[0]).text == said
    return text if whole and not merged.damaged and not merged.left else None


def _escaped(text: str) -> str:
    """The text without anything that begins a list, a heading or a quotation at the start of a line."""
    return _BEGINS.sub(lambda found: f"{found[0]}\\", text)


def _texts(item: Item, sent: Mapping[tuple[int, ...], str]) -> dict[int, str]:
    """The translations of a block's texts by index."""
    texts = dict(item.known) | {text: sent[item.index, text] for text in item.wanted}
    for text, parts in item.patches:
        texts[text] = _assembled([
            (sent[item.index, text, number] if part.wanted else part.text, part.gap, part.wanted)
            for number, part in enumerate(parts)
        ])
    return texts


def _assembled(parts: Sequence[tuple[str, str, bool]]) -> str:
    """Sentences joined: text, the white space after it, and whether it is new and may be fitted to its neighbours."""
    made = ""
    for number, (text, gap, fresh) in enumerate(parts):
        if fresh:
            # Emphasis that ends the sentence is read otherwise where a letter follows without a space.
            text = beside(made, text, gap + (parts[number + 1][0] if number + 1 < len(parts) else ""))
        made += text + gap
    return made


def _block(document: ParsedDocument, block: Block, texts: Mapping[int, str]) -> str:
    whole = render(document, {(block.index, text): new for text, new in texts.items()})
    return whole[block.start : len(whole) - (len(document.text) - block.end)]


def _settled(plan: DocumentPlan, rendered: Mapping[int, str], refused: Mapping[int, str]) -> list[tuple[Item, str]]:
    """Each item with its text. What was refused shows the old translation (once for its group), else the source."""
    replaced = {item.group for item in plan.items if item.group is not None and item.target_blocks}
    settled = []
    for item in plan.items:
        if item.block is not None and item.block in refused:
            state = item.replaces or State.machine
            if plan.target is not None and item.target_blocks:
                text = span(plan.target, item.target_blocks)
            else:
                text = "" if item.group in replaced else plan.source.blocks[item.block].text
            settled.append((replace(item, state=state), text))
        elif item.block is not None and item.text is None:
            settled.append((item, rendered[item.block]))
        else:
            settled.append((item, item.text or ""))
    return settled


def _joined(
    shown: Sequence[tuple[Item, str]], joints: Sequence[str], refused: Mapping[int, str], end: str
) -> tuple[str, tuple[Piece, ...]]:
    """The text and its pieces; `end` is what a line without an end gets, except the last one of all."""
    parts: list[str] = []
    pieces: list[Piece] = []
    position = 0
    for number, (item, text) in enumerate(shown):
        parts.append(joints[number])
        position += len(joints[number])
        last = number == len(shown) - 1
        whole = text if last or text.endswith("\n") else text + end
        left = refused.get(item.block, "") if item.block is not None else ""
        pieces.append(Piece(position, position + len(whole), item, left))
        parts.append(whole)
        position += len(whole)
    return "".join([*parts, joints[-1]]), tuple(pieces)


def _torn(text: str, pieces: Sequence[Piece], path: str) -> list[int]:
    """Numbers of the pieces that do not begin a block of the merged text: what stands before swallowed their start."""
    starts = {block.start for block in parse(text, path).blocks if block.kind is not Kind.blank}
    return [number for number, piece in enumerate(pieces) if piece.start not in starts]


def _unbalanced(plan: DocumentPlan, text: str) -> str | None:
    before = [document for document in (plan.source, plan.target) if document is not None]
    if all(map(_balanced, before)) and not _balanced(parse(text, plan.path)):
        return "a tab is opened or closed once too often"
    return None


def _balanced(document: ParsedDocument) -> bool:
    opened = 0
    for block in document.blocks:
        if block.kind is Kind.tab_mark:
            opened += 1 if opens_tab(block) else -1
            if opened not in {0, 1}:
                return False
    return opened == 0
