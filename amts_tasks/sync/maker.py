"""Makes the items of a plan: what becomes of one block, given what the rest of the book knows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from amts_tasks.sync.cells import Cells
from amts_tasks.sync.code import is_cell
from amts_tasks.sync.identity import Identity, billed, span, to_translate
from amts_tasks.sync.index import BookIndex, Found
from amts_tasks.sync.item import Item, Provenance
from amts_tasks.sync.manifest import Standing, State
from amts_tasks.text import ParsedDocument


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a document's plan asks of the rest of the book."""

    index: BookIndex
    identity: Identity
    bought: Callable[[str], str | None]
    """The translation bought earlier for a text (exact inline Markdown), under the same data, settings and service."""
    elsewhere: Callable[[str, str], bool]
    """Given a path and a key: whether another document of the new source holds the block with that key."""


@dataclass(frozen=True, slots=True)
class Maker:
    """The items of one document."""

    path: str
    source: ParsedDocument
    target: ParsedDocument
    standings: Sequence[Standing]
    """One a block of the target."""
    keys: Mapping[int, str]
    """Of the source's blocks."""
    cells: Cells
    look: Lookup

    def fresh(self, index: int, replaced: tuple[int, ...], group: int | None = None) -> Item:
        """What becomes of a source block that is new or reworded; `replaced` are the target's blocks that go for it."""
        block = self.source.blocks[index]
        if is_cell(block):
            brought = self.cells.brought.get(index)
            if brought is None:
                return self.literal(Provenance.code, index, replaced, group)
            return self.brought(index, brought, replaced)
        found = self.look.index.block([self.keys[index]], self.path)
        if found is not None:
            return self.brought(index, found, replaced)
        texts = to_translate(block)
        if not texts:
            return self.literal(Provenance.source, index, replaced, group)
        known: dict[int, str] = {}
        states: list[State] = []
        for text in texts:
            ours = self.look.index.text(str(text.kind), text.source, self.path)
            bought = None if ours else self.look.bought(text.source)
            if ours is not None:
                known[text.index] = ours.text
                states.append(ours.state)
            elif bought is not None:
                known[text.index] = bought
        wanted = tuple(text.index for text in texts if text.index not in known)
        unsent = Provenance.moved if len(states) == len(texts) else Provenance.bought
        provenance = Provenance.sent if wanted else unsent
        return Item(
            provenance,
            index,
            None,
            target_blocks=replaced,
            known=tuple(sorted(known.items())),
            wanted=wanted,
            group=group,
            state=min(states, key=lambda state: state.rank) if provenance is Provenance.moved else State.machine,
            edited=self._edited(replaced),
            replaces=self._state(replaced, best=True),
            characters=self._characters(index),
        )

    def literal(self, provenance: Provenance, index: int, replaced: tuple[int, ...], group: int | None) -> Item:
        """The source block's own bytes."""
        return Item(
            provenance,
            index,
            self.source.blocks[index].text,
            target_blocks=replaced,
            group=group,
            edited=self._edited(replaced),
            replaces=self._state(replaced, best=True),
        )

    def brought(self, index: int, found: Found, replaced: tuple[int, ...]) -> Item:
        """A translation found elsewhere in the book."""
        return Item(
            Provenance.moved,
            index,
            found.text,
            target_blocks=replaced,
            state=found.state,
            edited=self._edited(replaced),
            replaces=self._state(replaced, best=True),
            characters=self._characters(index),
        )

    def standing(self, provenance: Provenance, index: int | None, blocks: tuple[int, ...], reason: str) -> Item:
        """Blocks of the translation that stay, or go."""
        return Item(
            provenance,
            index,
            "" if provenance is Provenance.deleted else span(self.target, blocks),
            target_blocks=blocks,
            state=self._state(blocks) or State.machine,
            edited=self._edited(blocks),
            reason=reason,
            characters=self._characters(index),
        )

    def silent(self, provenance: Provenance, index: int, group: int) -> Item:
        """A source block whose text is in the item of its group's first block."""
        return Item(provenance, index, "", group=group, characters=self._characters(index))

    def _characters(self, index: int | None) -> int:
        if index is None:
            return 0
        return sum(billed(text.source) for text in to_translate(self.source.blocks[index]))

    def _edited(self, blocks: Sequence[int]) -> bool:
        return any(self.standings[block].edited for block in blocks)

    def _state(self, blocks: Sequence[int], *, best: bool = False) -> State | None:
        states = sorted((self.standings[block].state for block in blocks), key=lambda state: state.rank)
        return states[-1 if best else 0] if states else None
