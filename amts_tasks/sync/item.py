"""An entry of a document's plan: what becomes of a block of the new source, or of one that only the translation has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from amts_tasks.sync.manifest import State
from amts_tasks.sync.sentence.patch import Part
from amts_tasks.text import ParsedDocument


class Provenance(StrEnum):
    """Where the text of a block of the result comes from."""

    kept = "kept"
    """The source is unchanged: the translation's bytes stay."""
    moved = "moved"
    """The source is unchanged but stood elsewhere in the book: the translation's bytes come along."""
    swapped = "swapped"
    """Only placeholders changed: the translation's words with the new ones."""
    patched = "patched"
    """Some sentences changed: the translation keeps the others, and those alone are sent."""
    memory = "memory"
    """The translation no longer has it, or never had, but a human translated the same text before."""
    bought = "bought"
    """The service translated the same text before, under the same settings."""
    sent = "sent"
    """To be translated by the service."""
    code = "code"
    """A cell of a tab that follows the new source."""
    source = "source"
    """Nothing to translate in it: the new source's bytes."""
    target_only = "target_only"
    """Only the translation has it: stays."""
    stale = "stale"
    """Stays although what it belonged to changed or went: to be reviewed."""
    deleted = "deleted"
    """The source block is gone and takes its translation with it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A block's part of the plan. Items stand in the order of the result."""

    provenance: Provenance
    block: int | None
    """Index of the block in the new source; None where only the translation has it, and for deleted ones."""
    text: str | None
    """The bytes to put in; None where they are rendered from the source block with `known` and what comes back.
    Empty for a block that the translation leaves out, or whose text is in the item of its `group`'s first block."""
    target_blocks: tuple[int, ...] = ()
    """The blocks of the translation that are kept, or replaced, here (indices in the old translation)."""
    known: tuple[tuple[int, str], ...] = ()
    """(text index, inline Markdown) of texts that need not be sent."""
    wanted: tuple[int, ...] = ()
    """Indices of the block's texts that have to be sent."""
    patches: tuple[tuple[int, tuple[Part, ...]], ...] = ()
    """(text index, parts) of texts that keep some of their sentences."""
    group: int | None = None
    """First source block of those that share `target_blocks`, where a refusal concerns all of them."""
    state: State = State.machine
    """State of the text put in, or of the text deleted."""
    edited: bool = False
    """A human changed the translation's blocks here since AMTS saw them."""
    replaces: State | None = None
    """State of the text that this item replaces."""
    reason: str = ""
    """Why a human should look at it; empty when there is no need."""
    characters: int = 0
    """What the service would bill for the whole block (see `identity.billed`)."""
    within: Within | None = None
    """Of a notebook's cell: what becomes of each block of its Markdown. `wanted` and `patches` are those of all."""

    @property
    def asked(self) -> tuple[tuple[int, ...], ...]:
        """What has to be sent: (text) for whole texts, (text, part) for a sentence of one."""
        parts = ((text, number) for text, parts in self.patches for number, part in enumerate(parts) if part.wanted)
        return (*((text,) for text in self.wanted), *parts)

    @property
    def index(self) -> int:
        """The index of its block in the new source, where it is known to have one; LookupError otherwise."""
        if self.block is None:
            raise LookupError(f"a {self.provenance} item has no block in the source")
        return self.block


@dataclass(frozen=True, slots=True)
class Within:
    """A cell of a notebook as a document: its Markdown in the new source and in the translation, and the plan."""

    source: ParsedDocument
    target: ParsedDocument
    items: tuple[Item, ...]
    """In the order of the result."""
