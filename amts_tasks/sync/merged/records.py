"""The manifest's records of a merged document: what its blocks are from now on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from amts_tasks.sync.document.plan import DocumentPlan
from amts_tasks.sync.identity import content, digest
from amts_tasks.sync.item import Item, Provenance
from amts_tasks.sync.manifest import Manifest, Record, Replaced, Standing, State
from amts_tasks.sync.merged.changes import Former
from amts_tasks.sync.merged.merge import Merged, Piece
from amts_tasks.text import parse

Elsewhere = Mapping[tuple[str, State], Record]
"""Records of the whole book by digest and state, of texts that are not behind their source."""
NOTHING = Former()
"""Of a document of which nobody knows what it was made from."""
_STANDING = frozenset({Provenance.kept, Provenance.target_only, Provenance.stale})


@dataclass(frozen=True, slots=True)
class Making:
    """What made a run's texts, for the manifest."""

    revision: str
    """The source revision of the run."""
    when: str
    """The run's logical time, ISO 8601."""
    service: str
    """Key of the service that answered."""


def records(
    plan: DocumentPlan,
    merged: Merged,
    standings: Sequence[Standing],
    making: Making,
    former: Former = NOTHING,
    elsewhere: Elsewhere | None = None,
) -> tuple[Record, ...]:
    """A record for every block of the merged text that is not blank.

    What stayed keeps who made it and when, and is noted to agree with the new revision; a human's edit becomes `human`.
    A new text that is the very one which stood in its place keeps its state too: who vouched for it there still does.
    `standings` has one a block of the old translation. Not for a merge that was given up: its document's records stay
    as they are.
    """
    return tuple(_Recorder(plan, standings, making, former, elsewhere or {}).records(merged))


def updated(
    manifest: Manifest,
    plans: Mapping[str, DocumentPlan],
    merged: Mapping[str, Merged],
    origins: Mapping[str, str],
    making: Making,
    formers: Mapping[str, Former] | None = None,
) -> Manifest:
    """The manifest after a run: its merged documents' records put in, renamed ones' old ones taken out.

    `formers` holds by old path what the translated documents were made from; without it no record says what it
    replaced.
    """
    documents: dict[str, tuple[Record, ...] | None] = {}
    elsewhere = _elsewhere(manifest)
    for path, result in merged.items():
        plan = plans[path]
        if result.damaged:
            continue
        old = plan.old_path or path
        standings: tuple[Standing, ...] = ()
        if plan.target is not None:
            standings = manifest.standings(old, plan.target, origins.get(old, "human"))
        documents[path] = records(plan, result, standings, making, (formers or {}).get(old, NOTHING), elsewhere)
        if plan.renamed and plan.old_path:
            documents[plan.old_path] = None
    return manifest.merge(documents)


def _elsewhere(manifest: Manifest) -> Elsewhere:
    found: dict[tuple[str, State], Record] = {}
    for _, rows in sorted(manifest.documents.items()):
        for row in rows:
            if not row.left:
                found.setdefault((row.target, row.state), row)
    return found


class _Recorder:
    """Makes the records of one document."""

    def __init__(
        self,
        plan: DocumentPlan,
        standings: Sequence[Standing],
        making: Making,
        former: Former,
        elsewhere: Elsewhere,
    ) -> None:
        self.plan, self.making, self.former = plan, making, former
        self.old = standings
        self.elsewhere = elsewhere
        self.sources = _sources(plan)
        self.behind = {index: bead.source for bead in former.beads for index in bead.target}
        # Items of one group share the translation that they replace; one of them names it.
        self.shared = {
            one.group: one.target_blocks for one in plan.items if one.group is not None and one.target_blocks
        }

    def records(self, merged: Merged) -> Iterator[Record]:
        document = parse(merged.text, merged.path)
        place = 0
        seen: dict[int, int] = defaultdict(int)
        for index in content(document):
            block = document.blocks[index]
            while place + 1 < len(merged.pieces) and merged.pieces[place + 1].start <= block.start:
                place += 1
            yield self._record(merged.pieces[place], seen[place], digest(block.essence))
            seen[place] += 1

    def _record(self, piece: Piece, number: int, name: str) -> Record:
        item, making = piece.item, self.making
        source = self.sources.get(item.block, "") if item.block is not None else ""
        provenance = str(item.provenance)
        agrees: dict[str, Any] = {"source": source, "revision": making.revision} if source else {}
        if (item.provenance in _STANDING or piece.left) and number < len(item.target_blocks):
            place = item.target_blocks[number]
            before = self._before(place, provenance)
            if piece.left or item.provenance is Provenance.stale:
                before = replace(before, replaced=self._replaced(item))
            elif before.state is not State.machine:
                before = replace(before, replaced=None)
            if piece.left:
                return replace(before, target=name, left=piece.left)
            return replace(before, target=name, provenance=provenance, left="", **agrees)
        made = self._made(piece, source, name)
        same = [index for index in self._places(item) if self._digest(index) == name]
        kept = [one for one in (self._before(index, provenance) for index in same) if one.state is not State.machine]
        if kept:
            best = max(kept, key=lambda one: one.state.rank)
            if best.state.rank >= made.state.rank:
                return replace(best, target=name, provenance=provenance, left=piece.left, replaced=None, **agrees)
        if made.state is State.machine and made.replaced is None and number == 0:
            made = replace(made, replaced=self._replaced(item))
        return replace(made, target=name)

    def _made(self, piece: Piece, source: str, name: str) -> Record:
        item = piece.item
        known = self.elsewhere.get((name, item.state)) if item.provenance is Provenance.moved else None
        if known is not None:
            # Whoever made it, or vouched for it, did so where it stood before.
            facts: dict[str, Any] = {"source": source, "revision": self.making.revision} if source else {}
            return replace(known, provenance=str(item.provenance), left=piece.left, **facts)
        if item.provenance in {Provenance.moved, Provenance.memory} and item.state is not State.machine:
            return _new(item, source, self.making, by="translation")
        bought = item.provenance in {Provenance.sent, Provenance.bought}
        made = _new(item, source, self.making, by="amts", service=self.making.service if bought else "")
        return replace(made, left=piece.left)

    def _before(self, place: int, provenance: str) -> Record:
        """What was known of a block of the old translation, with the state in which it stood."""
        standing = self.old[place]
        known = standing.record or Record("", standing.state, provenance, when=self.making.when, by="translation")
        return replace(known, state=standing.state)

    def _places(self, item: Item) -> tuple[int, ...]:
        """The blocks of the old translation that an item replaces, or keeps."""
        return item.target_blocks or (self.shared.get(item.group, ()) if item.group is not None else ())

    def _digest(self, place: int) -> str:
        return digest(self.plan.target.blocks[place].essence) if self.plan.target is not None else ""

    def _replaced(self, item: Item) -> Replaced | None:
        """What an item replaces; of machine text that nobody read, and of text that is behind, what that replaced."""
        places = self._places(item)
        before = [self.old[place].record for place in places]
        told = {one.replaced for one in before if one is not None and (one.state is State.machine or one.left)} - {None}
        if told:
            return told.pop() if len(told) == 1 else None
        base, target = self.former.base, self.plan.target
        bases = sorted({index for place in places for index in self.behind.get(place, ())})
        if base is None or target is None or not bases:
            return None
        sides = ([base.blocks[index] for index in bases], [target.blocks[place] for place in places])
        source, old = (tuple(text.source for block in side for text in block.texts) for side in sides)
        return Replaced(source, old) if source and old else None


def _sources(plan: DocumentPlan) -> dict[int, str]:
    """The digest of the source blocks behind each item that has one, by its first block."""
    members: dict[int, list[int]] = defaultdict(list)
    for item in plan.items:
        if item.block is not None:
            silent = item.text == "" and item.group is not None
            members[item.group if silent and item.group is not None else item.block].append(item.block)
    return {
        first: digest(*(plan.source.blocks[block].essence for block in blocks)) for first, blocks in members.items()
    }


def _new(item: Item, source: str, making: Making, by: str, service: str = "") -> Record:
    return Record(
        target="",
        state=item.state,
        provenance=str(item.provenance),
        source=source,
        revision=making.revision,
        when=making.when,
        by=by,
        service=service,
    )
