"""The sentences that a merge changed: what source and translation were, and what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from amts_tasks.align.beads import Bead
from amts_tasks.languages import Profile
from amts_tasks.sync.document.plan import DocumentPlan
from amts_tasks.sync.item import Item, Provenance
from amts_tasks.sync.merged.merge import Merged, Piece
from amts_tasks.sync.sentence.sentences import Sentence, sentences
from amts_tasks.text import Block, ParsedDocument, normalise, parse

_SHOWN = frozenset({
    Provenance.patched,
    Provenance.swapped,
    Provenance.memory,
    Provenance.bought,
    Provenance.sent,
    Provenance.deleted,
})


@dataclass(frozen=True, slots=True)
class Change:
    """One changed sentence, or a text that was changed as a whole; inline Markdown, empty where there is none."""

    document: str
    line: int
    """Of the block in the new translation, 1-based; 0 where nothing of it is left."""
    provenance: str
    """patched, swapped, memory, bought, sent, deleted or moved."""
    old_source: str
    new_source: str
    old_target: str
    new_target: str
    note: str = ""
    """Why the translation is not the new one; empty where it is."""
    to: str = ""
    """Where the text stands now, `path, line 12`, when it was moved; else empty."""


@dataclass(frozen=True, slots=True)
class Former:
    """What a translated document was made from, and how the two hang together."""

    base: ParsedDocument | None = None
    beads: Sequence[Bead] = ()
    """Between base and translation."""


Arrivals = Mapping[tuple[str, ...], tuple[str, int]]
"""Path and line (1-based) of the blocks that came along from elsewhere in the book, by their normalised texts."""


def arrivals(merged: Iterable[Merged]) -> Arrivals:
    """Where the text of a run's moved blocks stands now; the first place by path where it came to several."""
    found: dict[tuple[str, ...], tuple[str, int]] = {}
    for result in sorted(merged, key=lambda one: one.path):
        moved = [piece for piece in result.pieces if piece.item.provenance is Provenance.moved]
        if not moved:
            continue
        for block in parse(result.text, result.path).blocks:
            if block.texts and any(piece.start <= block.start < piece.end for piece in moved):
                found.setdefault(_said(block), (result.path, result.text.count("\n", 0, block.start) + 1))
    return found


def _said(block: Block) -> tuple[str, ...]:
    return tuple(normalise(text.source) for text in block.texts)


def changed_sentences(
    plan: DocumentPlan,
    merged: Merged,
    former: Former,
    source: Profile,
    target: Profile,
    arrived: Arrivals | None = None,
) -> tuple[Change, ...]:
    """The changes of a document in its order; () for a merge that was given up.

    A patched or swapped text is cut to the sentences that changed where as many changed on both sides; a text that was
    translated whole is shown whole, since no sentence of it is the old one. Code is not shown. A text that goes is told
    as moved where it is among what `arrived` elsewhere in the book.
    """
    if merged.damaged:
        return ()
    return tuple(_Finder(plan, merged, former, (source, target), arrived or {}).changes())


class _Finder:
    def __init__(
        self, plan: DocumentPlan, merged: Merged, former: Former, profiles: tuple[Profile, Profile], arrived: Arrivals
    ) -> None:
        self.plan, self.merged, self.former = plan, merged, former
        self.profiles, self.arrived = profiles, arrived
        self.new = parse(merged.text, merged.path)
        self.pieces = {piece.item.block: piece for piece in merged.pieces if piece.item.block is not None}
        self.behind = {index: bead.source for bead in former.beads for index in bead.target}

    def changes(self) -> Iterator[Change]:
        numbered = enumerate(self.plan.items)
        # Items of one group share the translation that they replace: they are looked at together.
        for _, members in groupby(numbered, lambda one: (one[1].group, None) if one[1].group is not None else one[0]):
            items = [item for _, item in members]
            if any(item.provenance in _SHOWN for item in items):
                yield from self._unit(items)

    def _unit(self, items: Sequence[Item]) -> Iterator[Change]:
        targets = sorted({index for item in items for index in item.target_blocks})
        bases = sorted({index for block in targets for index in self.behind.get(block, ())})
        base, old = self.former.base, self.plan.target
        blocks = [item.block for item in items if item.block is not None]
        pieces = [self.pieces[block] for block in blocks if block in self.pieces]
        sides = (
            _texts([base.blocks[index] for index in bases] if base is not None else []),
            _texts([self.plan.source.blocks[block] for block in blocks]),
            _texts([old.blocks[index] for index in targets] if old is not None else []),
            _texts([block for piece in pieces for block in self._blocks(piece)]),
        )
        counts = {len(side) for side in sides if side}
        if len(counts) > 1:
            # Which text answers to which is not known.
            sides = tuple(["\n".join(side)] if side else [] for side in sides)  # type: ignore[assignment]
        shown = [item.provenance for item in items if item.provenance in _SHOWN]
        line = self.merged.text.count("\n", 0, pieces[0].start) + 1 if pieces else 0
        note = next((piece.left for piece in pieces if piece.left), "")
        kind, to = str(shown[0]), ""
        if shown[0] is Provenance.deleted and (to := self._place(targets)):
            kind = str(Provenance.moved)
        for number in range(max(counts, default=0) if len(counts) == 1 else 1):
            four = [side[number] if side else "" for side in sides]
            for old_source, new_source, old_target, new_target in self._cut(shown[0], four):
                # Lines that only break elsewhere are nothing to read.
                was, now = map(normalise, (old_source, old_target)), map(normalise, (new_source, new_target))
                if tuple(was) != tuple(now):
                    yield Change(self.plan.path, line, kind, old_source, new_source, old_target, new_target, note, to)

    def _place(self, targets: Sequence[int]) -> str:
        """Where all the text of some blocks of the old translation came along to; empty where any of it is gone."""
        blocks = [self.plan.target.blocks[index] for index in targets] if self.plan.target is not None else []
        places = [self.arrived.get(_said(block)) for block in blocks if block.texts]
        if not places or None in places:
            return ""
        return "; ".join(dict.fromkeys(f"{place[0]}, line {place[1]}" for place in places if place is not None))

    def _blocks(self, piece: Piece) -> list[Block]:
        return [block for block in self.new.blocks if piece.start <= block.start < piece.end]

    def _cut(self, provenance: Provenance, four: Sequence[str]) -> Iterator[tuple[str, ...]]:
        if provenance not in {Provenance.patched, Provenance.swapped} or not all(four):
            yield tuple(four)
            return
        source, target = self.profiles
        ours = _groups(sentences(four[0], source), sentences(four[1], source))
        theirs = _groups(sentences(four[2], target), sentences(four[3], target))
        if ours and len(ours) == len(theirs):
            for was, now in zip(ours, theirs, strict=True):
                yield (*was, *now)
        else:
            yield tuple(four)


def _texts(blocks: Sequence[Block]) -> list[str]:
    return [text.source for block in blocks for text in block.texts]


def _groups(olds: Sequence[Sentence], news: Sequence[Sentence]) -> list[tuple[str, str]]:
    """The runs of sentences that differ, old and new."""
    keys = [[normalise(one.text) for one in side] for side in (olds, news)]
    codes = SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes()
    return [(_joined(olds[a:b]), _joined(news[c:d])) for kind, a, b, c, d in codes if kind != "equal"]


def _joined(some: Sequence[Sentence]) -> str:
    return "".join(one.text + one.gap for one in some).strip()
