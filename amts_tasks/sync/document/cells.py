"""Decides, for each tab of a document, whether its cells stay the translation's or follow the new source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amts_tasks.align.beads import Bead
from amts_tasks.sync.document.code import SHARED, altered, coupled, is_cell, listing, tabs
from amts_tasks.sync.document.follow import Trail
from amts_tasks.sync.document.index import BookIndex, Found
from amts_tasks.text import ParsedDocument


@dataclass(frozen=True, slots=True)
class Cells:
    """The verdict on a document's cells."""

    kept: frozenset[int]
    """Cells of the new source (block indices) whose translation stays."""
    brought: Mapping[int, Found]
    """Cells whose whole tab was found, translated, in another document."""
    changed: bool
    """Whether a tab that the base had follows the new source."""
    followed: frozenset[str]
    """The named tabs whose cells are the new source's; not what stands in all tabs, or in a book without tabs."""


def judge(
    base: ParsedDocument,
    source: ParsedDocument,
    target: ParsedDocument,
    beads: Sequence[Bead],
    trail: Trail,
    index: BookIndex,
    keys: Mapping[int, str],
    *,
    unknown: bool,
) -> Cells:
    """The cells to keep: all of a group of tabs (`code.coupled`), or none if one was changed, added, moved or gone.

    Where the base is unknown a group stays as soon as the translation has a cell of it.
    """
    olds = {block.index: tabs(block) for block in base.blocks if is_cell(block)}
    news = {block.index: tabs(block) for block in source.blocks if is_cell(block)}
    translated = {bead.source[0]: bead.target for bead in beads if len(bead.source) == 1 and bead.source[0] in olds}
    names = [
        olds[old]
        for old, ours in translated.items()
        if len(ours) != 1 or altered(listing(base.blocks[old]), listing(target.blocks[ours[0]]))
        if ours
    ]
    groups = coupled([*olds.values(), *news.values()], names)
    old_groups, new_groups = _by_group(olds, groups), _by_group(news, groups)
    kept: set[int] = set()
    brought: dict[int, Found] = {}
    changed = False
    for group, cells in sorted(new_groups.items()):
        before = old_groups.get(group, [])
        if unknown:
            same = any(translated.get(old) for old in before)
        else:
            same = bool(before) and [trail.same.get(old) for old in before] == cells
        if same:
            kept.update(cells)
        elif not olds and (found := index.cells([keys[cell] for cell in cells])):
            brought.update((cell, found[keys[cell]]) for cell in cells)
        changed = changed or (bool(before) and not same and not unknown)
    changed = changed or any(group not in new_groups for group in old_groups)
    followed = {name for cell, label in news.items() if cell not in kept for name in label} - {SHARED, ""}
    return Cells(frozenset(kept), brought, changed, frozenset(followed))


def _by_group(cells: Mapping[int, tuple[str, ...]], groups: Mapping[tuple[str, ...], int]) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = defaultdict(list)
    for block, label in cells.items():
        grouped[groups[label]].append(block)
    return grouped
