"""What stands between two blocks of a merged text: the translation's blank lines where possible, else the source's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from amts_tasks.sync.document.plan import DocumentPlan
from amts_tasks.sync.identity import content
from amts_tasks.sync.item import Item, Provenance
from amts_tasks.text import Form, ParsedDocument
from amts_tasks.text.document import MARK


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a piece stands among the contents of both texts: positions in the sequences without blank blocks."""

    source: tuple[int, int] | None
    target: tuple[int, int] | None
    untouched: bool
    """The piece is the translation's own text."""


def between(plan: DocumentPlan, items: Sequence[tuple[Item, bool]]) -> list[str]:
    """The blank lines before each item that shows a text (the flag), and after the last one.

    Neighbours in the translation stay as far apart as they were there, neighbours in the source as there; others get
    the distance the second had to what was before it, at least one blank line.
    """
    source = _Gaps(plan.source)
    target = _Gaps(plan.target) if plan.target is not None else None
    first = source if target is None else target
    places = _places(items, source, target)
    if not places:
        # Nothing but white space is left, or was ever there.
        return [(plan.target if plan.target is not None and not content(plan.target) else plan.source).text]
    joints = [first.mark + _edge(places[0], source, target, first=True)]
    joints += [_joint(a, b, source, target) for a, b in pairwise(places)]
    return [*joints, _edge(places[-1], source, target, first=False)]


def line_end(document: ParsedDocument | None) -> str | None:
    """How all lines of a document end; None where they end in different ways, or there is none."""
    text = document.text if document is not None else ""
    windows = text.count("\r\n")
    if not windows:
        return "\n" if "\n" in text else None
    return "\r\n" if windows == text.count("\n") else None


def ended(text: str, end: str | None) -> str:
    """The text with its lines ended in that way; as it is for None."""
    return text if end is None else text.replace("\r\n", "\n").replace("\n", end)


class _Gaps:
    """The blank text before each content block of a document, and after the last."""

    def __init__(self, document: ParsedDocument) -> None:
        indices = content(document)
        self.position = {index: position for position, index in enumerate(indices)}
        ends = [0, *(document.blocks[index].end for index in indices)]
        starts = [*(document.blocks[index].start for index in indices), len(document.text)]
        self.mark = MARK if document.text.startswith(MARK) and document.form is Form.markdown else ""
        """The byte order mark of the file: the merged one has it where the translation has."""
        starts[0] = max(starts[0], len(self.mark))
        ends[0] = len(self.mark)
        self.before = [document.text[end:start] for end, start in zip(ends, starts, strict=True)]

    @property
    def last(self) -> int:
        return len(self.before) - 2


def _places(items: Sequence[tuple[Item, bool]], source: _Gaps, target: _Gaps | None) -> list[_Place]:
    reach = {item.block: item.block for item, _ in items if item.block is not None}
    for item, shows in items:
        if not shows and item.block is not None and item.group in reach:
            reach[item.group] = item.block
    places = []
    for item, shows in items:
        if not shows:
            continue
        ours = theirs = None
        if item.block is not None:
            ours = (source.position[item.block], source.position[reach[item.block]])
        if item.target_blocks and target is not None:
            theirs = (target.position[item.target_blocks[0]], target.position[item.target_blocks[-1]])
        untouched = item.provenance in {Provenance.kept, Provenance.target_only, Provenance.stale}
        places.append(_Place(ours, theirs, untouched))
    return places


def _joint(a: _Place, b: _Place, source: _Gaps, target: _Gaps | None) -> str:
    original = source.before[b.source[0]] if a.source and b.source and a.source[1] + 1 == b.source[0] else None
    if a.target and b.target and target is not None and a.target[1] + 1 == b.target[0]:
        kept = target.before[b.target[0]]
        if kept or (a.untouched and b.untouched) or original is None:
            return kept
    if original is not None:
        return original
    own = target.before[b.target[0]] if b.target and target is not None and b.source is None else ""
    if b.source is not None:
        own = source.before[b.source[0]]
    return own or "\n"


def _edge(place: _Place, source: _Gaps, target: _Gaps | None, *, first: bool) -> str:
    side = 0 if first else 1
    for found, gaps in ((place.target, target), (place.source, source)):
        if found is not None and gaps is not None and found[side] == (0 if first else gaps.last):
            return gaps.before[0 if first else -1]
    return ""
