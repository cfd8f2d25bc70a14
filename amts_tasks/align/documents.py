"""The documents of two books → alignments: by their paths first, then whatever is left over, wherever it stands now.

Chapters are renamed, split and merged, and sections move between them. So blocks that no document of the same path
has are looked for in all others: by labels, code, formulas and protected spans that stand once on either side, and by
meaning, where two blocks are each other's nearest in the whole book. Two documents with enough such blocks in common
are aligned as far as they are left over; fewer give single pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from threadpoolctl import threadpool_limits

from amts_tasks.align.beads import Bead
from amts_tasks.align.blocks import align_blocks, align_features, sentences_of
from amts_tasks.align.features import PROSE, Features, features
from amts_tasks.align.meaning import Vectors, joined, strangers
from amts_tasks.align.moves import SHORTEST
from amts_tasks.text import ParsedDocument

if TYPE_CHECKING:
    from amts_tasks.languages import Profile

ELSEWHERE = "elsewhere"
"""What the method of a bead begins with whose target stands in a document of another path: `elsewhere@PATH+label`."""
FEW = 3
"""Blocks known in common from which on what is left of two documents is aligned."""
SHARE = 0.3
"""Or so great a share of what is left of the smaller one."""
MARGIN = 0.2
"""Least margin of two blocks that are each other's nearest by meaning."""
LONG = 40
"""Characters from which on a text is known by its meaning."""
CERTAIN = 0.9
"""Least confidence of a single block that went to another document."""
MOST = 20_000
"""Blocks of a side that are compared by meaning, the first of them."""

Found = Literal["path", "elsewhere"]
Key = tuple[str, int]
"""A document and a block of it."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """A source document, a target document, and what of them belongs together."""

    source: ParsedDocument
    target: ParsedDocument
    beads: tuple[Bead, ...]
    """Of `path` all blocks, moved ones in the order of the source; of `elsewhere` only what pairs."""
    found: Found


def align_documents(
    sources: Mapping[str, ParsedDocument],
    targets: Mapping[str, ParsedDocument],
    source_profile: Profile,
    target_profile: Profile,
    vectors: Vectors | None = None,
    made_from: Mapping[str, str] | None = None,
    known: Sequence[Alignment] = (),
) -> tuple[Alignment, ...]:
    """The alignments of two books, by path of the target; first those of documents that belong together by layout.

    `made_from` gives the source path of a target path, where it is not the same; `known` are alignments that need not
    be made again. No block is in two beads that have both sides, over all alignments.
    """
    done = {alignment.target.path: alignment for alignment in known}
    found = list(known)
    for path, target in sorted(targets.items()):
        source = sources.get((made_from or {}).get(path, path))
        if source is not None and path not in done:
            beads = align_blocks(source, target, source_profile, target_profile, vectors, moves=True)
            found.append(Alignment(source, target, beads, "path"))
    left, right = _Rest(sources, source_profile), _Rest(targets, target_profile)
    for alignment in found:
        for bead in alignment.beads:
            if bead.source and bead.target:
                left.take(alignment.source.path, bead.source)
                right.take(alignment.target.path, bead.target)
    return (*found, *_elsewhere(left, right, vectors))


class _Rest:
    """The blocks of a book that nothing pairs with yet."""

    def __init__(self, documents: Mapping[str, ParsedDocument], profile: Profile) -> None:
        self.documents = documents
        self.profile = profile
        self.whole = {path: features(document) for path, document in sorted(documents.items())}
        self.items = {path: list(items) for path, items in self.whole.items()}

    def take(self, path: str, indices: Collection[int]) -> None:
        gone = set(indices)
        if path in self.items:
            self.items[path] = [item for item in self.items[path] if item.index not in gone]

    def side(self, path: str) -> tuple[ParsedDocument, list[Features], Profile]:
        return self.documents[path], self.items[path], self.profile

    def keyed(self) -> dict[Hashable, list[Key]]:
        found: defaultdict[Hashable, list[Key]] = defaultdict(list)
        for path, items in self.items.items():
            for item in items:
                key = _key(item)
                if key is not None:
                    found[key].append((path, item.index))
        return found

    def prose(self) -> list[Key]:
        return [
            (path, item.index)
            for path, items in self.items.items()
            for item in items
            if item.kind in PROSE and item.size >= LONG * self.profile.expected_ratio
        ][:MOST]


def _key(item: Features) -> Hashable:
    """What knows a block in a whole book."""
    if item.labels or len(str(item.key)) >= 3 * SHORTEST:
        return item.key
    return item.text if item.kind not in PROSE and len(item.text) >= 2 * SHORTEST else None


def _elsewhere(left: _Rest, right: _Rest, vectors: Vectors | None) -> list[Alignment]:
    common: defaultdict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    here, there = left.keyed(), right.keyed()
    for key, places in here.items():
        others = there.get(key, [])
        if len(places) == len(others) == 1:
            common[places[0][0], others[0][0]].add((places[0][1], others[0][1]))
    for (path, i), (other, j) in _nearest(left, right, vectors):
        common[path, other].add((i, j))
    found = []
    votes = Counter({paths: len(blocks) for paths, blocks in common.items()})
    for (path, other), count in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        one, two = left.side(path), right.side(other)
        smaller = min(len(one[1]), len(two[1]))
        if not smaller:
            continue
        together = count >= FEW or count >= SHARE * smaller
        beads = [bead for bead in align_features(one, two, vectors) if bead.source and bead.target]
        blocks = common[path, other]
        kept = [
            replace(bead, method=f"{ELSEWHERE}@{other}+{bead.method}")
            for bead in beads
            if (together and bead.quality >= 0.5 and (bead.method != "order" or bead.quality >= CERTAIN))
            or (bead.quality >= CERTAIN and any((i, j) in blocks for i in bead.source for j in bead.target))
        ]
        for bead in kept:
            left.take(path, bead.source)
            right.take(other, bead.target)
        if kept:
            found.append(Alignment(one[0], two[0], tuple(kept), "elsewhere"))
    return sorted(found, key=lambda alignment: (alignment.target.path, alignment.source.path))


def _nearest(left: _Rest, right: _Rest, vectors: Vectors | None) -> list[tuple[Key, Key]]:
    """Prose of two documents that is each other's nearest by meaning in all that is left."""
    here, there = left.prose(), right.prose()
    if vectors is None or not here or not there:
        return []
    with threadpool_limits(1, "blas"):
        rows = [_rows(side, keys, vectors) for side, keys in ((left, here), (right, there))]
        best = np.zeros(len(here), np.int64)
        near = np.full(len(here), -2.0, np.float32)
        back = np.full(len(there), -1, np.int64)
        top = np.full(len(there), -2.0, np.float32)
        for start in range(0, len(here), 512):
            cosines = rows[0][start : start + 512] @ rows[1].T
            best[start : start + 512] = cosines.argmax(axis=1)
            near[start : start + 512] = cosines.max(axis=1)
            nearer = cosines.max(axis=0) > top
            back[nearer] = cosines.argmax(axis=0)[nearer] + start
            top = np.maximum(top, cosines.max(axis=0))
        levels = strangers(rows[0], rows[1]), strangers(rows[1], rows[0])
    return [
        (here[i], there[int(j)])
        for i, j in enumerate(best)
        if back[j] == i and near[i] - (levels[0][i] + levels[1][j]) / 2 >= MARGIN
    ]


def _rows(side: _Rest, keys: Sequence[Key], vectors: Vectors) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    by_path: defaultdict[str, set[int]] = defaultdict(set)
    for path, index in keys:
        by_path[path].add(index)
    blocks = []
    for path, indices in by_path.items():
        items = [item for item in side.items[path] if item.index in indices]
        blocks += sentences_of(side.documents[path], items, side.profile)
    return joined(blocks, vectors, 1)[0]
