"""The manifest's records of a merged document: what its blocks are from now on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from amts_tasks.sync.document.plan import DocumentPlan
from amts_tasks.sync.identity import content, digest
from amts_tasks.sync.item import Item, Provenance
from amts_tasks.sync.manifest import Manifest, Record, Standing, State
from amts_tasks.sync.merged.merge import Merged, Piece
from amts_tasks.text import parse

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


def records(plan: DocumentPlan, merged: Merged, manifest: Manifest, origin: str, making: Making) -> tuple[Record, ...]:
    """A record for every block of the merged text that is not blank.

    What stayed keeps who made it and when, and is noted to agree with the new revision; a human's edit becomes `human`.
    Not for a merge that was given up: its document's records stay as they are.
    """
    old: tuple[Standing, ...] = ()
    if plan.target is not None:
        old = manifest.standings(plan.old_path or plan.path, plan.target, origin)
    sources = _sources(plan)
    document = parse(merged.text, merged.path)
    made: list[Record] = []
    place = 0
    seen: dict[int, int] = defaultdict(int)
    for index in content(document):
        block = document.blocks[index]
        while place + 1 < len(merged.pieces) and merged.pieces[place + 1].start <= block.start:
            place += 1
        piece = merged.pieces[place]
        record = _record(piece, seen[place], old, sources, making)
        made.append(replace(record, target=digest(block.essence)))
        seen[place] += 1
    return tuple(made)


def updated(
    manifest: Manifest,
    plans: Mapping[str, DocumentPlan],
    merged: Mapping[str, Merged],
    origins: Mapping[str, str],
    making: Making,
) -> Manifest:
    """The manifest after a run: its merged documents' records put in, renamed ones' old ones taken out."""
    documents: dict[str, tuple[Record, ...] | None] = {}
    for path, result in merged.items():
        plan = plans[path]
        if result.damaged:
            continue
        documents[path] = records(plan, result, manifest, origins.get(plan.old_path or path, "human"), making)
        if plan.renamed and plan.old_path:
            documents[plan.old_path] = None
    return manifest.merge(documents)


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


def _record(piece: Piece, number: int, old: tuple[Standing, ...], sources: Mapping[int, str], making: Making) -> Record:
    item = piece.item
    source = sources.get(item.block, "") if item.block is not None else ""
    provenance = str(item.provenance)
    if (item.provenance in _STANDING or piece.left) and number < len(item.target_blocks):
        standing = old[item.target_blocks[number]]
        before = standing.record or Record("", standing.state, provenance, when=making.when, by="translation")
        if piece.left:
            return replace(before, left=piece.left)
        agrees = {"source": source, "revision": making.revision} if source else {}
        return replace(before, state=standing.state, provenance=provenance, left="", **agrees)
    if item.provenance in {Provenance.moved, Provenance.memory} and item.state is not State.machine:
        return _new(item, source, making, by="translation")
    bought = item.provenance in {Provenance.sent, Provenance.bought}
    made = _new(item, source, making, by="amts", service=making.service if bought else "")
    return replace(made, left=piece.left)


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
