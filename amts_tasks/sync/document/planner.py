"""Makes the items of a document's plan: a three-way look at base, new source and translation, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from amts_tasks.align.beads import Bead
from amts_tasks.sync.document import alone
from amts_tasks.sync.document.agree import agree
from amts_tasks.sync.document.cells import judge
from amts_tasks.sync.document.code import for_tabs, is_cell, tabs
from amts_tasks.sync.document.follow import Trail, follow
from amts_tasks.sync.document.index import Known
from amts_tasks.sync.document.maker import Before, Lookup, Maker
from amts_tasks.sync.document.recalled import contexts
from amts_tasks.sync.document.slots import Slots
from amts_tasks.sync.document.within import is_prose, known_within, of_cell
from amts_tasks.sync.identity import opens_tab
from amts_tasks.sync.item import Item, Provenance, Within
from amts_tasks.sync.manifest import Standing, State
from amts_tasks.sync.sentence.patch import SURE
from amts_tasks.text import Block, Kind, ParsedDocument
from amts_tasks.text.notebook import inner

_GROWING = frozenset({Kind.list_item, Kind.table_row})
"""Kinds of which several make up one thing."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The three texts of a document and what ties them."""

    base: ParsedDocument | None
    source: ParsedDocument
    target: ParsedDocument | None
    beads: Sequence[Bead] = ()
    """Between base and target; between source and target where the base is unknown."""
    standings: Sequence[Standing] = ()
    """One a block of the target."""


class Planner:
    """Plans one document; `items` gives what becomes of each block, in the order of the result."""

    def __init__(self, path: str, versions: Versions, look: Lookup) -> None:
        nothing = ParsedDocument(path, "", ())
        self.path, self.look = path, look
        self.source, self.target = versions.source, versions.target or nothing
        self.unknown = versions.target is not None and versions.base is None
        self.base = versions.source if self.unknown else (versions.base if versions.target else None) or nothing
        self.beads = versions.beads if versions.target else ()
        self.standings = versions.standings
        self.keys = look.identity.keys(self.source)
        self.old_keys = look.identity.keys(self.base)
        self.trail = self._trail()
        self.cells = judge(
            self.base, self.source, self.target, self.beads, self.trail, look.index, self.keys, unknown=self.unknown
        )
        around = contexts(self.source)
        self.make = Maker(path, self.source, self.target, self.standings, self.keys, around, self.cells, look)
        self.slots = Slots(self.trail, list(self.old_keys))
        self.placed = self.slots.placed

    def items(self) -> tuple[Item, ...]:
        suspects = alone.suspects(self.beads, self._same, self.target)
        anchor = -1
        for number, bead in enumerate(self.beads):
            if not bead.source:
                self.slots.insert(anchor, self._target_only(bead, number in suspects))
                continue
            if all(map(self._same, bead.source)):
                self._keep(bead)
            elif self._doubtful(bead):
                self._keep_some(bead)
            else:
                self._replace(bead, anchor)
            # An omission amid what only the translation has does not tear that apart.
            if bead.target:
                anchor = max(bead.source)
        self._fill()
        ordered = list(self.slots.ordered(self.keys, self._turns, self._stood, self._grown().__contains__))
        agreed = tuple(agree(ordered, self._in_tab(self.source), self._in_tab(self.target)))
        return tuple(alone.labelled_once(agreed, self.source, self.target))

    def _in_tab(self, document: ParsedDocument) -> dict[int, str]:
        keys = self.look.identity.keys(document)
        return {index: f"{document.blocks[index].tab}\x1f{key}" for index, key in keys.items()}

    def _grown(self) -> frozenset[int]:
        """The source blocks that are new in a list or a table, below another block of it."""
        order = list(self.keys)
        return frozenset(
            index
            for above, index in pairwise(order)
            if self.source.blocks[index].kind in _GROWING
            and self.source.blocks[index].kind is self.source.blocks[above].kind
            and not self.placed[index].target_blocks
        )

    def _turns(self, item: Item) -> Sequence[int]:
        """By how much an item opens (1) and closes (-1) tabs."""
        if not item.text:
            return ()
        standing = item.provenance in {Provenance.kept, Provenance.target_only, Provenance.stale}
        blocks = (
            [self.target.blocks[index] for index in item.target_blocks]
            if standing
            else [self.source.blocks[index] for index in (item.block,) if index is not None]
        )
        return [1 if opens_tab(block) else -1 for block in blocks if block.kind is Kind.tab_mark]

    def _stood(self, item: Item) -> int | None:
        """How many tabs were open in the translation before the item's blocks; None where it has none of it."""
        if not item.target_blocks:
            return None
        before = self.target.blocks[: item.target_blocks[0]]
        return sum(1 if opens_tab(block) else -1 for block in before if block.kind is Kind.tab_mark)

    def _trail(self) -> Trail:
        if self.unknown:
            return Trail({index: index for index in self.old_keys}, {})
        trail = follow(list(self.old_keys.items()), list(self.keys.items()))
        behind = {
            index
            for bead in self.beads
            for index in bead.source
            if index in trail.same and any(self.standings[block].left for block in bead.target)
        }
        same = {old: new for old, new in trail.same.items() if old not in behind}
        return Trail(same, trail.reworded | {old: trail.same[old] for old in behind})

    def _same(self, old: int) -> bool:
        new = self.trail.same.get(old)
        return new is not None and (not is_cell(self.source.blocks[new]) or new in self.cells.kept)

    def _keep(self, bead: Bead) -> None:
        first, *others = [self.trail.same[index] for index in bead.source]
        missing = self.unknown and not bead.target
        if missing and first not in self.cells.kept:
            return  # Nothing says that the translation left it out on purpose: it is filled in.
        reason = "a new cell in a tab that is kept as it is" if missing else ""
        self.placed[first] = self.make.standing(Provenance.kept, first, bead.target, reason)
        for other in others:
            self.placed[other] = self.make.silent(Provenance.kept, other, first)

    def _replace(self, bead: Bead, anchor: int) -> None:
        """A bead of which something changed: a source block that lives on replaces the translation, else that goes."""
        heirs = [new for new in map(self.trail.new, bead.source) if new is not None]
        before = self._before(bead)
        for number, heir in enumerate(heirs):
            item = self.make.fresh(
                heir, () if number else bead.target, group=heirs[0] if len(heirs) > 1 else None, before=before
            )
            self.placed[heir] = self._within(item, bead) or item
        if heirs or not bead.target:
            return
        moved = all(
            key in self.keys.values() or self.look.elsewhere(self.path, key)
            for key in (self.old_keys[index] for index in bead.source)
        )
        edited = any(self.standings[block].edited for block in bead.target)
        left_over = self._left_over(bead) if edited and not moved else ""
        if left_over is not None:
            reason = "its sentences went elsewhere, but for some that a human may have changed" if left_over else ""
            item = self.make.standing(Provenance.deleted, None, bead.target, reason)
            self.slots.insert(anchor, item)
        else:
            reason = "its source was deleted, but a human changed it since"
            self.slots.insert(anchor, self.make.standing(Provenance.stale, None, bead.target, reason))

    def _doubtful(self, bead: Bead) -> bool:
        """Whether a translation of several blocks, some of them unchanged, may be one of those alone."""
        human = any(self.standings[block].state is not State.machine for block in bead.target)
        stay = [self.trail.same[index] for index in bead.source if self._same(index)]
        if len(bead.source) == 1 or not human or not stay or bead.quality >= SURE:
            return False
        # Where its sentences are told apart for certain, each block has its own.
        return any(self.make.fresh(index, bead.target).asked for index in stay)

    def _keep_some(self, bead: Bead) -> None:
        """Keeps what may translate the unchanged blocks alone, to be compared; the changed ones come after it."""
        reason = "it may translate what changed beside it too: compare them"
        stay = [self.trail.same[index] for index in bead.source if self._same(index)]
        self.placed[stay[0]] = self.make.standing(Provenance.kept, stay[0], bead.target, reason)
        for other in stay[1:]:
            self.placed[other] = self.make.silent(Provenance.kept, other, stay[0])
        for heir in (self.trail.new(index) for index in bead.source if not self._same(index)):
            if heir is not None:
                self.placed[heir] = self.make.fresh(heir, ())

    def _before(self, bead: Bead) -> Before | None:
        if len(bead.source) != 1 or len(bead.target) != 1 or self.standings[bead.target[0]].left:
            return None
        target = self.target.blocks[bead.target[0]]
        return Before(self.base.blocks[bead.source[0]], target, self.standings[target.index].state)

    def _within(self, item: Item, bead: Bead) -> Item | None:
        """A changed cell of a notebook, block by block; None where that cannot be said, or it was found as a whole."""
        cell = self.source.blocks[item.index]
        if item.text is not None or self.look.languages is None or not is_prose(cell):
            return None
        whole = Known(self.path, self.base, self.target, self.beads, self.standings)
        known = known_within(whole, bead, self.look.languages)
        if known is None:
            return None
        source = inner(cell)
        versions = Versions(known.base, source, known.target, known.beads, known.standings)
        return of_cell(item, Within(source, known.target, Planner(self.path, versions, self.look).items()))

    def _left_over(self, bead: Bead) -> str | None:
        """What of the translation of a block that is gone is not used again; None where all of it would be lost."""
        before = self._before(bead)
        if before is None or self.look.patches is None or len(before.source.texts) != len(before.target.texts):
            return None
        rests = [
            self.look.patches.left_over(ours.source, theirs.source, self.path)
            for ours, theirs in zip(before.source.texts, before.target.texts, strict=True)
        ]
        if not rests or None in rests:
            return None
        return "".join(rest or "" for rest in rests).strip()

    def _target_only(self, bead: Bead, suspect: bool) -> Item:
        blocks = [self.target.blocks[index] for index in bead.target]
        if all(map(is_cell, blocks)) and self.cells.followed & {name for block in blocks for name in tabs(block)}:
            return self._beside_followed(bead, blocks)
        in_tab = any(block.tab is not None or is_cell(block) or block.kind is Kind.tab_mark for block in blocks)
        reason = ""
        if in_tab and self._tabs_changed():
            reason = "a tab that only the translation has; its siblings changed"
        elif suspect:
            reason = "only the translation has it, but it may belong to a changed block beside it"
        return self.make.standing(Provenance.stale if reason else Provenance.target_only, None, bead.target, reason)

    def _beside_followed(self, bead: Bead, blocks: Sequence[Block]) -> Item:
        """A cell that only the translation has, in a tab whose cells are the source's: it goes, or stays for others.

        Old and new cells of one tab would be run one after another.
        """
        left = {name for block in blocks for name in tabs(block)} - self.cells.followed
        if not left or len(blocks) > 1:
            reason = "a cell that only the translation has, in a tab that follows the source: taken out"
            return self.make.standing(Provenance.deleted, None, bead.target, reason)
        reason = "a tab that only the translation has; the cell's other tabs follow the source"
        item = self.make.standing(Provenance.stale, None, bead.target, reason)
        return replace(item, text=for_tabs(blocks[0].text, left))

    def _tabs_changed(self) -> bool:
        same = set(self.trail.same.values())
        return self.cells.changed or any(
            block.tab is not None and not is_cell(block) and index not in same
            for index, block in ((index, self.source.blocks[index]) for index in self.keys)
        )

    def _fill(self) -> None:
        """The source blocks no bead has spoken for: new ones, and changed ones that the translation lacked."""
        order = list(self.keys)
        for place, index in enumerate(order):
            if index in self.placed:
                continue
            run = []
            for follower in order[place:]:
                if follower in self.placed:
                    break
                run.append(self.keys[follower])
            found = (
                None if is_cell(self.source.blocks[index]) else self.look.index.block(run, self.path, self.source.form)
            )
            if found is None:
                self.placed[index] = self.make.fresh(index, ())
                continue
            self.placed[index] = self.make.brought(index, found, ())
            for other in order[place + 1 : place + len(found.keys)]:
                self.placed[other] = self.make.silent(Provenance.moved, other, index)
