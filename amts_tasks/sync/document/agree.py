"""What both sides added: a block new in the source that the translation, running ahead of it, already has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import groupby

from amts_tasks.sync.item import Item, Provenance

_OURS = frozenset({Provenance.target_only, Provenance.stale})
_THEIRS = frozenset({
    Provenance.source,
    Provenance.sent,
    Provenance.bought,
    Provenance.memory,
    Provenance.code,
    Provenance.moved,
    Provenance.patched,
})
AHEAD = "the source has now what the translation had in this tab before it: compare them"


def agree(items: Sequence[Item], source: Mapping[int, str], target: Mapping[int, str]) -> Iterator[Item]:
    """The items with blocks that both sides added at one place (marks, labels, formulas, code) taken as one.

    Between two blocks that stand in both, what only the translation has and what is new in the source are compared by
    key, in order; equal ones become one kept block, and the rest stays between them. In a tab that both sides have,
    as many blocks of the same kinds between two equal ones are the new ones translated: they are kept, to be reviewed.
    """
    for added, group in groupby(items, key=_added):
        stretch = list(group)
        ours = [item for item in stretch if item.provenance in _OURS]
        theirs = [item for item in stretch if item.provenance not in _OURS]
        if not (added and ours and theirs):
            yield from stretch
            continue
        left = ["" if len(item.target_blocks) != 1 else target[item.target_blocks[0]] for item in ours]
        right = ["\0" if item.block is None else source[item.block] for item in theirs]
        opcodes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
        if not any(tag == "equal" for tag, *_ in opcodes):
            yield from stretch
            continue
        for tag, i1, i2, j1, j2 in opcodes:
            if tag == "equal":
                yield from (_one(a, b) for a, b in zip(ours[i1:i2], theirs[j1:j2], strict=True))
            elif (kinds := _kinds(left[i1:i2])) and kinds == _kinds(right[j1:j2]):
                yield from (replace(_one(a, b), reason=AHEAD) for a, b in zip(ours[i1:i2], theirs[j1:j2], strict=True))
            else:
                yield from ours[i1:i2]
                yield from theirs[j1:j2]


def _kinds(keys: Sequence[str]) -> list[list[str]]:
    """Tab, kind and level of blocks by their keys; empty when one of them stands in no tab."""
    kinds = [key.split("\x1f")[:3] for key in keys]
    return kinds if all(len(kind) == 3 and kind[0] != "None" for kind in kinds) else []


def _added(item: Item) -> bool:
    if item.provenance in _OURS:
        return True
    # A block that the translation left out shows nothing, and may be just what it has here.
    omitted = item.provenance is Provenance.kept and item.text == ""
    return (item.provenance in _THEIRS or omitted) and not item.target_blocks and item.group is None


def _one(ours: Item, theirs: Item) -> Item:
    return replace(ours, provenance=Provenance.kept, block=theirs.block, reason="", characters=theirs.characters)
