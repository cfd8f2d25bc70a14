"""When two blocks are the same block, and what a block costs to translate."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from amts_tasks.text import Block, Kind, ParsedDocument, Segment, Tag, Text, normalise

_LINK_TARGET = re.compile(r"(?<=\]\()[^()\s]+(?=\))")
_QUOTED = re.compile(r"\n[ \t]*(?:>[ \t]?)+")
"""The mark of a quotation's further lines: where its lines break is white space."""
_OWN = "\0own"


@dataclass(frozen=True, slots=True)
class Identity:
    """Tells whether a block changed; white space, Unicode form and the translation's own links do not count."""

    own_links: tuple[str, ...] = ()
    """Regular expressions of link targets that belong to the translation (the target profile's `own_links`)."""
    patterns: tuple[re.Pattern[str], ...] = field(init=False)
    """The same, compiled."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "patterns", tuple(re.compile(pattern) for pattern in self.own_links))

    def key(self, block: Block) -> str:
        """Kind, level and normalised text; code keeps its inner white space, which means something there."""
        if block.kind is Kind.code:
            text = "\n".join(line.rstrip() for line in block.essence.rstrip("\n").split("\n"))
        else:
            essence = _QUOTED.sub("\n", block.essence) if block.kind is Kind.quote else block.essence
            text = normalise(self._masked(essence))
            if _OWN in text:
                # Without its address a thread's link looks alike in every tab.
                text += f" {block.tab}"
        return f"{block.kind}\x1f{block.level}\x1f{text}"

    def keys(self, document: ParsedDocument) -> dict[int, str]:
        """The keys of a document's blocks that are not blank, by index; the end of a tab carries the tab's name."""
        keys: dict[int, str] = {}
        opened = ""
        for index in content(document):
            block = document.blocks[index]
            keys[index] = self.key(block)
            if block.kind is Kind.tab_mark:
                if opens_tab(block):
                    opened = keys[index]
                else:
                    keys[index] += opened
        return keys

    def own(self, key: str) -> bool:
        """Whether the key's block holds a link of the translation's own: such a block belongs to one document only."""
        return _OWN in key

    def _masked(self, text: str) -> str:
        if not self.patterns:
            return text
        return _LINK_TARGET.sub(
            lambda found: _OWN if any(pattern.search(found[0]) for pattern in self.patterns) else found[0], text
        )


def digest(*texts: str) -> str:
    """Thirty-two hex digits (SHA-256, cut) of normalised texts: what the manifest writes for a block."""
    joined = "\0".join(normalise(text) for text in texts)
    return hashlib.sha256(joined.encode()).hexdigest()[:32]


def content(document: ParsedDocument) -> tuple[int, ...]:
    """The indices of the blocks that are not blank, in reading order: the sequence that beads speak of."""
    return tuple(block.index for block in document.blocks if block.kind is not Kind.blank)


def opens_tab(block: Block) -> bool:
    """Whether a tab mark opens a tab; else it closes one."""
    return ":begin_tab:" in block.text


def to_translate(block: Block) -> tuple[Text, ...]:
    """The texts of a block that hold at least one letter outside placeholders; the others are never sent."""
    return tuple(text for text in block.texts if Segment.of(text.source).translatable)


def billed(text: str) -> int:
    """Characters (not bytes) the service bills for a text, given as inline Markdown.

    In a text/html document the service bills the text and not the markup. A placeholder travels as an element with
    `translate="no"`: its tags are markup, but what stands between them is text, and untranslatable symbols are billed
    too. So words and placeholders count, paired tags (bold, links with their addresses) do not.
    """
    return sum(
        len(token) if isinstance(token, str) else len(token.text)
        for token in Segment.of(text).tokens
        if not isinstance(token, Tag)
    )


def billed_block(block: Block) -> int:
    """Characters the service would bill for all texts of a block that need translating."""
    return sum(billed(text.source) for text in to_translate(block))


def span(document: ParsedDocument, blocks: Sequence[int]) -> str:
    """The bytes of a run of blocks, the blank ones between them included; empty for no block."""
    if not blocks:
        return ""
    return document.text[document.blocks[blocks[0]].start : document.blocks[blocks[-1]].end]
