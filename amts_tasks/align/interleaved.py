"""Documents that hold their own source: English in HTML comments, each before its translation.

<!--                      A comment of its own lines is a chunk of the source, but for banners (<!-- === … === -->).
# A Title                 The prose after it, up to the next chunk, is its translation. Code, formulas, labels and
-->                       whatever else is not translated stand there once and belong to both.

# Ein Titel
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from amts_tasks.align.beads import Bead
from amts_tasks.align.blocks import align_features
from amts_tasks.align.features import features
from amts_tasks.align.vectors import Vectors
from amts_tasks.text import Block, Kind, ParsedDocument, parse

if TYPE_CHECKING:
    from amts_tasks.languages import Profile

METHOD = "interleaved"
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_BEGIN, _END, _HIDDEN = "<!--", "-->", "--&gt;"
_BANNER = re.compile(r"\s*=.*|.*=\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Woven:
    """A document and the source in it."""

    source: ParsedDocument
    """The source, as a document of its own."""
    target: ParsedDocument
    """The document as it stands, comments and all."""
    chunks: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    """For each chunk the indices of its blocks in the source, and of what follows it in the target up to the next;
    both without blank blocks and comments. What stands before the first chunk is a chunk too."""


def unwoven(text: str, path: str = "") -> Woven:
    """The source and the translation in one document; linear in its length."""
    target = parse(text, path)
    pieces: list[tuple[str, bool]] = []
    groups: list[list[int]] = [[]]
    for block in target.blocks:
        said = chunk(block)
        if said is not None:
            groups.append([])
            pieces.append((said, True))
        elif block.kind not in {Kind.blank, Kind.comment}:
            groups[-1].append(block.index)
            # Prose before any chunk has no source; and what the chunk says itself is not said twice.
            if not block.texts and (len(groups) == 1 or block.text.strip() not in pieces_of(pieces)):
                pieces.append((block.text.strip("\n"), False))
    source, starts = _joined(pieces)
    document = parse(source, path)
    inside: list[list[int]] = [[] for _ in groups]
    number = 0
    for block in document.blocks:
        while number < len(starts) and block.start >= starts[number]:
            number += 1
        if block.kind is not Kind.blank:
            inside[number].append(block.index)
    return Woven(document, target, tuple((tuple(a), tuple(b)) for a, b in zip(inside, groups, strict=True)))


def pieces_of(pieces: Sequence[tuple[str, bool]]) -> str:
    """The text of the last chunk."""
    return next((text for text, chunk in reversed(pieces) if chunk), "")


def align_interleaved(
    woven: Woven, source_profile: Profile, target_profile: Profile, vectors: Vectors | None = None
) -> tuple[Bead, ...]:
    """The beads of an interleaved document: no bead leaves its chunk.

    Where a chunk has as many blocks with text on both sides they pair in order, and surely; else they are aligned.
    Shared blocks pair with themselves. Every block is covered once, but blank ones and comments.
    """
    here = {item.index: item for item in features(woven.source)}
    there = {item.index: item for item in features(woven.target)}
    found: list[Bead] = []
    for source, target in woven.chunks:
        found += _paired(woven, source, target) or align_features(
            (woven.source, [here[index] for index in source], source_profile),
            (woven.target, [there[index] for index in target], target_profile),
            vectors,
        )
    return tuple(replace(bead, method=METHOD) if bead.source and bead.target else bead for bead in found)


def _paired(woven: Woven, source: Sequence[int], target: Sequence[int]) -> list[Bead] | None:
    """The blocks one to one where their kinds are the same; None where they are not."""
    one, other = ([document.blocks[i] for i in side] for document, side in (
        (woven.source, source), (woven.target, target)
    ))  # fmt: skip
    if [block.kind for block in one] != [block.kind for block in other]:
        return None
    return [Bead((a.index,), (b.index,), 0.0, METHOD, 1.0) for a, b in zip(one, other, strict=True)]


def chunk(block: Block) -> str | None:
    """The source in a comment; None in a block that is none, or in a banner."""
    if block.kind is not Kind.comment:
        return None
    found = _COMMENT.fullmatch(block.text.strip())
    if found is None or not found[1].strip() or _BANNER.fullmatch(found[1].strip()):
        return None
    said = found[1].strip("\n").rstrip().replace(_HIDDEN, _END)
    # Where somebody forgot to end a comment it holds the begin of the next, and all that follows would be one.
    return said if said.count(_BEGIN) <= said.count(_END) else said.replace(_BEGIN, "")


def hidden(source: str) -> str:
    """The source as it may stand in a comment, which the end of another comment would end."""
    return source.replace(_END, _HIDDEN)


def _joined(pieces: Sequence[tuple[str, bool]]) -> tuple[str, list[int]]:
    """The source's text, and where each chunk of it starts (characters)."""
    starts: list[int] = []
    text = ""
    parts = []
    at = 0
    for piece, chunk in pieces:
        if chunk:
            starts.append(at)
        parts.append(piece + "\n\n")
        at += len(parts[-1])
    text = "".join(parts)
    return text, starts
