"""The book-wide index: which text of the translation belongs to a block of the source, wherever it stood."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amts_tasks.align.beads import Bead
from amts_tasks.sync.document.code import altered, is_cell, listing
from amts_tasks.sync.identity import Identity, span
from amts_tasks.sync.manifest import Standing, State
from amts_tasks.text import Block, Form, Kind, ParsedDocument, normalise

_STRUCTURE = frozenset({Kind.tab_mark, Kind.label, Kind.comment, Kind.front_matter, Kind.html})
"""Kinds whose translation is never taken from elsewhere where they have no text: the source's own bytes say all."""


@dataclass(frozen=True, slots=True)
class Known:
    """Aligned documents to look things up in."""

    path: str
    base: ParsedDocument
    target: ParsedDocument
    beads: Sequence[Bead]
    standings: Sequence[Standing]


@dataclass(frozen=True, slots=True)
class Found:
    """A translation of one or more consecutive source blocks."""

    keys: tuple[str, ...]
    text: str
    """The bytes of the target's blocks."""
    path: str
    state: State
    target_blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FoundText:
    """A translation of one text of a block, whose block was not found as a whole."""

    text: str
    state: State


class BookIndex:
    """Looks up blocks and texts of the base by identity; built once for a book.

    Where a source text was translated in more than one way, the same document's translation wins, then the most
    frequent, then the one a human vouches for most, then the first by path.
    """

    def __init__(self, documents: Sequence[Known], identity: Identity) -> None:
        self._blocks: dict[tuple[Form, str], list[Found]] = defaultdict(list)
        self._texts: dict[tuple[str, str], list[tuple[str, FoundText]]] = defaultdict(list)
        self._cells: dict[str, dict[str, Found]] = defaultdict(dict)
        self._identity = identity
        for known in sorted(documents, key=lambda known: known.path):
            for bead in known.beads:
                if bead.source and bead.target and not any(known.standings[t].left for t in bead.target):
                    self._enter(known, bead)

    def block(self, keys: Sequence[str], path: str, form: Form = Form.markdown) -> Found | None:
        """The translation of the block whose key stands first, or of a run of blocks that begins with it.

        `form` is the one of the document it is for: a cell of a notebook may say what a paragraph of Markdown says.
        """
        founds = [f for f in self._blocks.get((form, keys[0]), ()) if tuple(keys[: len(f.keys)]) == f.keys]
        if self._identity.own(keys[0]):
            founds = [found for found in founds if found.path == path]
        if not founds:
            return None
        times = Counter(found.text for found in founds)
        return min(
            founds,
            key=lambda f: (-len(f.keys), f.path != path, -times[f.text], -f.state.rank, f.path, f.target_blocks),
        )

    def text(self, kind: str, source: str, path: str) -> FoundText | None:
        """The translation of one text (inline Markdown) of a block of the given kind of text."""
        founds = self._texts.get((kind, normalise(source)), ())
        times = Counter(found.text for _, found in founds)
        best = min(
            founds, key=lambda f: (f[0] != path, -times[f[1].text], -f[1].state.rank, f[0], f[1].text), default=None
        )
        return best[1] if best else None

    def cells(self, keys: Sequence[str]) -> Mapping[str, Found] | None:
        """The translated cells of a whole tab by key, when one single document has all of them; the first by path."""
        for _, cells in sorted(self._cells.items()):
            if all(key in cells for key in keys):
                return {key: cells[key] for key in keys}
        return None

    def _enter(self, known: Known, bead: Bead) -> None:
        sources = [known.base.blocks[index] for index in bead.source]
        targets = [known.target.blocks[index] for index in bead.target]
        if any(block.kind in _STRUCTURE and not block.texts for block in sources):
            return
        keys = tuple(self._identity.key(block) for block in sources)
        state = min((known.standings[index].state for index in bead.target), key=lambda state: state.rank)
        found = Found(keys, span(known.target, bead.target), known.path, state, bead.target)
        if any(block.kind is Kind.code for block in sources):
            if len(sources) == 1 and len(targets) == 1 and is_cell(sources[0]):
                self._cells[known.path].setdefault(keys[0], found)
            if len(sources) == len(targets) == 1:
                self._enter_remarks(known.path, sources[0], targets[0], state)
            return
        # A translation of another kind (a list made of a paragraph) is good at its place and nowhere else.
        if (sources[0].kind, sources[0].level) != (targets[0].kind, targets[0].level):
            return
        if len(sources) == 1 and len(targets) > 1 and len({block.kind for block in targets}) > 1:
            return
        self._blocks[targets[0].form, keys[0]].append(found)
        if len(sources) == len(targets) == 1 and len(sources[0].texts) == len(targets[0].texts):
            for ours, theirs in zip(sources[0].texts, targets[0].texts, strict=True):
                if ours.kind == theirs.kind and not self._identity.own(keys[0]):
                    text = FoundText(theirs.source, state)
                    self._texts[str(ours.kind), normalise(ours.source)].append((known.path, text))

    def _enter_remarks(self, path: str, ours: Block, theirs: Block, state: State) -> None:
        """The comments and docstrings of a translated cell; one left in the source's language tells nothing."""
        if [text.kind for text in ours.texts] != [text.kind for text in theirs.texts]:
            return
        if ours.texts and not altered(listing(ours), listing(theirs)):
            for mine, other in zip(ours.texts, theirs.texts, strict=True):
                if normalise(mine.source) != normalise(other.source):
                    self._texts[str(mine.kind), normalise(mine.source)].append((path, FoundText(other.source, state)))
