"""Translations that hold their source in comments: taken apart for the pipeline, and put together again.

`cleared` gives the two texts such a document holds, as if they had stood in two files; `woven` is its inverse for a
document that was merged: every chunk of source stands in a comment before its translation. A comment whose source did
not change keeps its bytes; so does everything around it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING

from amts_tasks.align.beads import Bead
from amts_tasks.align.interleaved import align_interleaved, chunk, hidden, unwoven
from amts_tasks.align.vectors import Vectors
from amts_tasks.errors import Fault, TextError
from amts_tasks.sync.document.plan import DocumentPlan
from amts_tasks.sync.item import Item
from amts_tasks.sync.merged.merge import Merged, Piece
from amts_tasks.text import Block, Kind, ParsedDocument, normalise, parse

if TYPE_CHECKING:
    from amts_tasks.languages import Profile


@dataclass(frozen=True, slots=True)
class Comment:
    """A chunk of the source, as it stands in the document."""

    at: int
    """The character of the cleared text before which it stands."""
    text: str
    """The comment and the blank lines after it."""
    keys: tuple[str, ...]
    """The source's blocks in it that have text to translate, white space made alike."""
    tight: bool = False
    """Whether it stands right below a paragraph, or below such a comment: then it comes before the blank lines, which
    are not its own."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """A document without the source in it, and that source."""

    source: str
    target: str
    comments: tuple[Comment, ...]
    """In order."""


def cleared(text: str, path: str = "") -> Cleared:
    """The document taken apart; one without such comments has an empty source.

    TextError where a comment stands between two lines of text: without it they would be one paragraph.
    """
    document = parse(text, path)
    parts: list[str] = []
    comments: list[Comment] = []
    at = 0
    taken = below = False
    for block in document.blocks:
        said = chunk(block)
        keys = _keys(parse(said, path).blocks) if said is not None else ()
        if keys:
            comments.append(Comment(at, block.text, keys, tight=below))
        elif taken and not below and block.kind is Kind.blank:
            comments[-1] = replace(comments[-1], text=comments[-1].text + block.text)
        else:
            parts.append(block.text)
            at += len(block.text)
            below = block.kind is not Kind.blank
        taken = bool(keys)
    target = "".join(parts)
    if not comments:
        return Cleared("", target, ())
    whole = [
        b for b in document.blocks if b.kind is not Kind.blank and not (b.kind is Kind.comment and _taken(b, path))
    ]
    left = [block for block in parse(target, path).blocks if block.kind is not Kind.blank]
    for before, after in zip(whole, left, strict=False):
        if normalise(before.text) != normalise(after.text):
            line = text[: before.start].count("\n") + 1
            found = "a comment with source text between two lines of text"
            raise TextError(Fault(path, line, "", found, "a blank line before or after it"))
    return Cleared(unwoven(text, path).source.text, target, tuple(comments))


def woven(plan: DocumentPlan, merged: Merged, old: str | None) -> str:
    """The merged document with its source in comments; `old` is the document as it stood, comments and all.

    A block of source that is new gets a comment of its own (so do the items of a list, together); inside a chunk it
    joins the chunk's.
    """
    before = cleared(old, plan.old_path or plan.path) if old is not None else Cleared("", "", ())
    parts: list[str] = []
    at = 0
    waiting: list[tuple[str, Comment | None]] = []

    def put(end: int) -> None:
        nonlocal at
        start = _place(merged.text, end, waiting[0][1])
        parts.extend((merged.text[at:start], *(comment for comment, _ in waiting)))
        waiting.clear()
        at = start

    for number, group in _groups(_entries(plan, merged, before), plan.source):
        said = [entry.item.index for entry in group if entry.said]
        known = before.comments[number] if number is not None else None
        if said:
            waiting.append((_comment(plan.source, said, known), known))
        # A chunk that nobody has translated stands before what follows.
        piece = next((entry.piece for entry in group if entry.piece is not None), None)
        if piece is not None and waiting:
            put(piece.start)
    if waiting:
        put(len(merged.text))
    return "".join([*parts, merged.text[at:]])


def rewoven(old: str, target: str, path: str = "") -> str:
    """The document with another translation of the same blocks, as a reviewer leaves it, and the same comments."""
    before = cleared(old, path)
    here, there = (
        [block.start for block in parse(side, path).blocks if block.kind is not Kind.blank]
        for side in (before.target, target)
    )
    parts: list[str] = []
    at = 0
    for comment in before.comments:
        place = bisect_right(here, comment.at - 1)
        start = _place(target, there[place] if place < len(there) else len(target), comment)
        parts += [target[at:start], comment.text]
        at = start
    return "".join([*parts, target[at:]])


def _place(text: str, start: int, comment: Comment | None) -> int:
    """Where a comment goes whose translation starts there."""
    if comment is None or not comment.tight:
        return start
    return min(start, len(text[:start].rstrip()) + 1)


@dataclass(frozen=True, slots=True)
class _Entry:
    item: Item
    piece: Piece | None
    chunk: int | None
    """Number of the old comment that it belongs to; None for what is new, or stood before any."""
    said: bool
    """Whether it has a block of the source with text to translate."""


def _entries(plan: DocumentPlan, merged: Merged, before: Cleared) -> list[_Entry]:
    pieces = {(piece.item.block, piece.item.target_blocks): piece for piece in merged.pieces}
    starts = [comment.at for comment in before.comments]
    blocks = plan.target.blocks if plan.target is not None else ()
    known = _known(plan.source, before.comments)
    found: list[_Entry] = []
    for item in plan.items:
        piece = pieces.get((item.block, item.target_blocks))
        said = item.block is not None and _says(plan.source.blocks[item.block])
        number: int | None = None
        if item.target_blocks:
            number = bisect_right(starts, blocks[min(item.target_blocks)].start) - 1
        elif item.block is not None:
            number = known.get(item.block)
        number = None if number is not None and number < 0 else number
        if piece is not None or said:
            # What nobody translated stays above the translations of what came after it.
            later = (place for place, one in enumerate(found) if (one.chunk or 0) > (number or 0))
            place = next(later, len(found)) if piece is None and number is not None else len(found)
            found.insert(place, _Entry(item, piece, number, said))
    return _filled(found)


def _known(source: ParsedDocument, comments: Sequence[Comment]) -> dict[int, int]:
    """Which comment holds a block of the source as it is."""
    old = [(number, key) for number, comment in enumerate(comments) for key in comment.keys]
    new = [(block.index, normalise(block.text)) for block in source.blocks if _says(block)]
    matcher = SequenceMatcher(None, [key for _, key in old], [key for _, key in new], autojunk=False)
    return {new[j + k][0]: old[i + k][0] for i, j, size in matcher.get_matching_blocks() for k in range(size)}


def _filled(entries: list[_Entry]) -> list[_Entry]:
    """What is new between two blocks of one chunk belongs to it."""
    filled = list(entries)
    for place, entry in enumerate(entries):
        if entry.chunk is None and entry.said:
            before = next((one.chunk for one in reversed(filled[:place]) if one.said), None)
            after = next((one.chunk for one in entries[place + 1 :] if one.said and one.chunk is not None), None)
            if before is not None and before == after:
                filled[place] = _Entry(entry.item, entry.piece, before, said=True)
    return filled


def _groups(entries: Sequence[_Entry], source: ParsedDocument) -> Iterator[tuple[int | None, list[_Entry]]]:
    """Runs of one chunk; what is new stands alone, but for items of one list."""
    for number, run in groupby(entries, key=lambda entry: entry.chunk):
        if number is not None:
            yield number, list(run)
            continue
        group: list[_Entry] = []
        for entry in run:
            if group and not (_listed(entry, source) and _listed(group[-1], source)):
                yield None, group
                group = []
            group.append(entry)
        yield None, group


def _listed(entry: _Entry, source: ParsedDocument) -> bool:
    return entry.said and source.blocks[entry.item.index].kind in {Kind.list_item, Kind.table_row}


def _comment(source: ParsedDocument, said: Sequence[int], old: Comment | None) -> str:
    """The comment that holds these blocks of the source: as it was where they are the same, else made anew."""
    blocks = [source.blocks[index] for index in sorted(said)]
    if old is not None and _keys(blocks) == old.keys:
        return old.text
    first, last = blocks[0].index, blocks[-1].index
    between = [block for block in source.blocks[first : last + 1] if _says(block)]
    if len(between) == len(blocks):
        body = source.text[blocks[0].start : blocks[-1].end]
    else:
        body = "\n\n".join(block.text.strip("\n") for block in blocks)
    after = old.text[len(old.text.rstrip()) :] if old is not None else "\n\n"
    return f"<!--\n{hidden(body.strip(chr(10)))}\n-->{after}"


def _keys(blocks: Sequence[Block]) -> tuple[str, ...]:
    return tuple(normalise(block.text) for block in blocks if _says(block))


def _says(block: Block) -> bool:
    """Whether there is something to translate in it; nothing is in the rule below a table's head."""
    return any(any(map(str.isalnum, text.source)) for text in block.texts)


def _taken(block: Block, path: str) -> bool:
    said = chunk(block)
    return said is not None and bool(_keys(parse(said, path).blocks))


def beads_between(
    text: str, path: str, source_profile: Profile, target_profile: Profile, vectors: Vectors | None = None
) -> tuple[Bead, ...]:
    """The beads between the two texts of `cleared`: none leaves its comment. Every block that is not blank once."""
    before = cleared(text, path)
    whole = unwoven(text, path)
    target = parse(before.target, path)
    left = [b.index for b in whole.target.blocks if b.kind is not Kind.blank and not _taken(b, path)]
    index = dict(zip(left, (b.index for b in target.blocks if b.kind is not Kind.blank), strict=True))
    beads = [
        replace(bead, target=tuple(index[one] for one in bead.target))
        for bead in align_interleaved(whole, source_profile, target_profile, vectors)
        if bead.source or all(one in index for one in bead.target)
    ]
    found: list[Bead] = []
    rest = sorted(set(index.values()) - {one for bead in beads for one in bead.target})
    for bead in beads:
        while rest and bead.target and rest[0] < bead.target[0]:
            found.append(Bead((), (rest.pop(0),), 0.0, "omission"))
        found.append(bead)
    return (*found, *(Bead((), (one,), 0.0, "omission") for one in rest))
