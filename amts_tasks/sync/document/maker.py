"""Makes the items of a plan: what becomes of one block, given what the rest of the book knows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from amts_tasks.sync.document.cells import Cells
from amts_tasks.sync.document.code import is_cell
from amts_tasks.sync.document.index import BookIndex, Found
from amts_tasks.sync.document.patches import Elsewhere, Patches
from amts_tasks.sync.document.recalled import Question, Recall
from amts_tasks.sync.identity import Identity, billed, span, to_translate
from amts_tasks.sync.item import Item, Provenance
from amts_tasks.sync.manifest import Standing, State
from amts_tasks.sync.sentence.patch import Languages, Part
from amts_tasks.sync.sentence.slides import PLACED
from amts_tasks.sync.sentence.swap import swapped
from amts_tasks.text import Block, Kind, ParsedDocument, Text, normalise


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a document's plan asks of the rest of the book."""

    index: BookIndex
    identity: Identity
    recall: Recall
    """What a human made of a text before, where today's translation has it nowhere."""
    bought: Callable[[str], str | None]
    """The translation bought earlier for a text (exact inline Markdown), under the same data, settings and service."""
    patches: Patches | None
    """Brings texts up to date sentence by sentence; None: a text that changed is sent whole."""
    languages: Languages | None
    """None as for `patches`: then a cell of a notebook is looked at as a whole."""
    elsewhere: Callable[[str, str], bool]
    """Given a path and a key: whether another document of the new source holds the block with that key."""


@dataclass(frozen=True, slots=True)
class Before:
    """The block that a reworded one was, and the one block that translates it."""

    source: Block
    target: Block
    state: State

    def text(self, block: Block, text: Text) -> tuple[str, str] | None:
        """What a text of the reworded block was, and its translation; None where the three are not built alike."""
        shapes = [[one.kind for one in side.texts] for side in (self.source, self.target, block)]
        if shapes[0] != shapes[1]:
            return None
        same = [one for one in self.source.texts if normalise(one.source) == normalise(text.source)]
        if len(same) == 1 and same[0].kind == text.kind:
            return same[0].source, self.target.texts[same[0].index].source
        if shapes[0] != shapes[2]:
            return None
        return self.source.texts[text.index].source, self.target.texts[text.index].source


@dataclass(frozen=True, slots=True)
class Answer:
    """Where the translation of one text comes from."""

    provenance: Provenance
    text: str | None = None
    """Inline Markdown; None where something has to be sent first."""
    state: State = State.machine
    parts: tuple[Part, ...] = ()
    reason: str = ""

    @property
    def wanted(self) -> bool:
        """Whether some of its parts have to be sent."""
        return any(part.wanted for part in self.parts)


_STRONGEST = (
    Provenance.sent,
    Provenance.patched,
    Provenance.bought,
    Provenance.memory,
    Provenance.swapped,
    Provenance.moved,
)
"""What a block of several texts is called after: the first of these that one of them is."""


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
    around: Mapping[tuple[int, int], tuple[str, str]]
    """The texts before and after each text of the source, by (block, text)."""
    cells: Cells
    look: Lookup

    def fresh(
        self, index: int, replaced: tuple[int, ...], group: int | None = None, before: Before | None = None
    ) -> Item:
        """What becomes of a source block that is new or reworded; `replaced` are the target's blocks that go for it.

        `before` is given where one block of the translation translates just the block that this one was.
        """
        block = self.source.blocks[index]
        if is_cell(block):
            brought = self.cells.brought.get(index)
            if brought is not None:
                return self.brought(index, brought, replaced)
            if not to_translate(block):
                return self.literal(Provenance.code, index, replaced, group)
        if block.kind is Kind.code and to_translate(block):
            return self.spoken(index, replaced, group)
        found = self.look.index.block([self.keys[index]], self.path, block.form)
        if found is not None:
            return self.brought(index, found, replaced)
        texts = to_translate(block)
        if not texts:
            return self.literal(Provenance.source, index, replaced, group)
        answers = [(text.index, self._answer(block, text, before)) for text in texts]
        kinds = [answer.provenance for _, answer in answers]
        provenance = next(kind for kind in _STRONGEST if kind in kinds)
        states = [answer.state for _, answer in answers]
        return Item(
            provenance,
            index,
            None,
            target_blocks=replaced,
            known=tuple((number, answer.text) for number, answer in answers if answer.text is not None),
            wanted=tuple(number for number, answer in answers if answer.provenance is Provenance.sent),
            patches=tuple((number, answer.parts) for number, answer in answers if answer.parts),
            group=group,
            state=min(states, key=lambda state: state.rank),
            edited=self._edited(replaced),
            replaces=self._state(replaced, best=True),
            reason=next((answer.reason for _, answer in answers if answer.reason), ""),
            characters=self._characters(index),
        )

    def _answer(self, block: Block, text: Text, before: Before | None) -> Answer:
        """The translation of one text: the one it had, with placeholders or sentences changed, or one found."""
        was = before.text(block, text) if before is not None else None
        state = before.state if before is not None else State.human
        if was is not None and normalise(was[0]) == normalise(text.source):
            return Answer(Provenance.moved, was[1], state)
        if was is not None:
            made = swapped(was[0], text.source, was[1], self.look.identity.patterns)
            if made is not None:
                return Answer(Provenance.swapped, made, state)
            marked = self.look.patches.remarked(was, text.source) if self.look.patches is not None else None
            if marked is not None:
                return Answer(Provenance.swapped, marked.text, state, reason="" if marked.certain else PLACED)
        ours = self.look.index.text(str(text.kind), text.source, self.path)
        if ours is not None:
            return Answer(Provenance.moved, ours.text, ours.state)
        patched = self._patched(was, text.source, state)
        # What a human wrote here stays, sentence by sentence, whatever stood here before it.
        if patched is None or was is None or state is State.machine:
            recalled = self.look.recall(Question(text.source, self.path, self.around[block.index, text.index]))
            if recalled is not None:
                reason = recalled.reason(self.path)
                return Answer(Provenance.memory, recalled.text, recalled.state, reason=reason)
        bought = self.look.bought(text.source)
        # What a human wrote is worth a sentence; of machine text the whole that is paid for is as good.
        if bought is not None and (patched is None or (patched.wanted and state is State.machine)):
            return Answer(Provenance.bought, bought)
        if patched is not None:
            return patched
        return Answer(Provenance.sent)

    def _patched(self, was: tuple[str, str] | None, source: str, state: State) -> Answer | None:
        if self.look.patches is None:
            return None
        made = self.look.patches.parts(was, source, self.path, Elsewhere(self.look.recall, self.look.bought))
        if made is None:
            return None
        parts, least = made
        reason = next((part.reason for part in parts if part.reason), "")
        return Answer(Provenance.patched, None, min(state, least, key=lambda one: one.rank), parts, reason)

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

    def spoken(self, index: int, replaced: tuple[int, ...], group: int | None) -> Item:
        """The source's code with its comments and docstrings translated: known ones at once, others when they come.

        A cell's tab follows the source whatever becomes of them: one that is refused stays in the source's language.
        """
        known: list[tuple[int, str]] = []
        wanted: list[int] = []
        for text in to_translate(self.source.blocks[index]):
            ours = self.look.index.text(str(text.kind), text.source, self.path)
            told = ours.text if ours is not None else self.look.bought(text.source)
            if told is None:
                wanted.append(text.index)
            else:
                known.append((text.index, told))
        return replace(
            self.literal(Provenance.code, index, replaced, group), text=None, known=tuple(known), wanted=tuple(wanted)
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
