"""Blocks that only the translation has: which of them may belong to what changed, and which would double something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from amts_tasks.align.beads import Bead
from amts_tasks.sync.item import Item, Provenance
from amts_tasks.text import Kind, ParsedDocument

_PROSE = frozenset({Kind.heading, Kind.label, Kind.list_item, Kind.paragraph, Kind.quote})
"""Kinds that a translation may have made of one another: a list of a paragraph, say."""


def suspects(beads: Sequence[Bead], same: Callable[[int], bool], target: ParsedDocument) -> frozenset[int]:
    """Numbers of target-only beads that may be part of a translation that is replaced.

    The aligner may have missed that such a block belongs to a changed source block which it left without translation,
    or gave only the block before or after; then the old text would stand beside the new one. ``same`` tells of a base
    block whether it stays.
    """
    found: set[int] = set()
    run: list[int] = []
    before: Bead | None = None
    for number, bead in enumerate([*beads, None]):
        if bead is not None and not (bead.source and bead.target):
            run.append(number)
            continue
        ours = [other for other in run if beads[other].target]
        changed = [side for side in (before, bead) if side is not None and not all(map(same, side.source))]
        kinds = _kin((index for side in changed for index in side.target), target)
        if any(not same(index) for other in run for index in beads[other].source):
            found.update(ours)
        found.update(other for other in ours if kinds & _kin(beads[other].target, target))
        run, before = [], bead
    return frozenset(found)


def labelled_once(items: Sequence[Item], source: ParsedDocument, target: ParsedDocument) -> Iterator[Item]:
    """The items without labels of the translation alone that stand elsewhere in the result too."""
    defined = {label for item in items if item.block is not None for label in _labels(item, source, target)}
    for item in items:
        blocks = [target.blocks[index] for index in item.target_blocks]
        mere = item.block is None and item.text and all(block.kind is Kind.label for block in blocks)
        if mere and {label for block in blocks for label in block.labels} <= defined:
            reason = "a label that only the translation had here, and the source has elsewhere now: taken out"
            yield replace(item, provenance=Provenance.deleted, text="", reason=reason)
        else:
            yield item


def _labels(item: Item, source: ParsedDocument, target: ParsedDocument) -> Iterable[str]:
    if item.text == "" or item.block is None:
        return ()
    if item.provenance is Provenance.kept:
        return [label for index in item.target_blocks for label in target.blocks[index].labels]
    return source.blocks[item.block].labels


def _kin(blocks: Iterable[int], target: ParsedDocument) -> frozenset[Kind]:
    """The kinds of blocks, all kinds of prose as one."""
    kinds = {target.blocks[index].kind for index in blocks}
    return frozenset(Kind.paragraph if kind in _PROSE else kind for kind in kinds)
