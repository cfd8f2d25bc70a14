"""One test document cut into scored segments: what the service made of the English, beside what a human made of it.

The reference is a translation of another hand, so its paragraphs need not be the source's. Blocks of source and
reference are tied by the block alignment alone; the hypothesis follows the source's cuts and is never looked at, so
that no choice can favour it. The whole reference counts: beads of several blocks make one segment, and a block that
has no counterpart joins the segment beside it, on either side. (A filter here would score only what aligns well,
which is what translates well.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from amts_tasks.align import Bead
from amts_tasks.text import Kind, ParsedDocument, Segment, normalise


@dataclass(frozen=True, slots=True)
class Group:
    """One scored segment."""

    source: tuple[int, ...]
    """Indices of the source document's blocks, ascending; never empty."""
    reference: tuple[int, ...]
    """Indices of the reference document's blocks, ascending; never empty."""
    hypothesis: str
    reference_text: str
    """Both in Markdown, on one line."""
    hypothesis_plain: str
    reference_plain: str
    """Both without protected spans: code, math, references, links and marks."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The scored segments of one document, and what became of the rest."""

    path: str
    groups: tuple[Group, ...]
    letters: int
    """Letters of the reference's prose in the scored segments."""
    letters_total: int
    """Letters of all of the reference's prose."""
    joined: int
    """Prose blocks of either side without a counterpart, scored with a neighbour."""
    unpaired: int
    """Prose blocks of either side that are in no segment: those of a document of which nothing aligns."""
    missing: tuple[str, ...]
    """Units with letters that have no hypothesis, such as those whose answer was refused; their source text stands in,
    as it does in the published book."""

    @property
    def share(self) -> float:
        """The scored share, 0-1: letters of reference prose in scored segments."""
        return self.letters / self.letters_total if self.letters_total else 0.0


def cut(
    source: ParsedDocument, reference: ParsedDocument, beads: Sequence[Bead], hypotheses: Mapping[str, str | None]
) -> Cut:
    """The scored segments of a document.

    ``source`` is the text the reference was made from, ``beads`` the alignment of both in its order
    (``align_blocks``), ``hypotheses`` the inline Markdown of each unit by its id ``path#block.text``, path being the
    source document's. Blocks without a letter outside of protected spans (numbers, formulas) are no prose and are
    left out on both sides.
    """
    prose = _prose(source), _prose(reference)
    found = [
        _Part(tuple(i for i in bead.source if i in prose[0]), tuple(i for i in bead.target if i in prose[1]))
        for bead in beads
    ]
    joined = _joined([part for part in found if part.source or part.reference], source, reference)
    missing: list[str] = []
    groups: list[Group] = []
    for part in joined:
        theirs = [text.source for index in part.reference for text in reference.blocks[index].texts]
        ours: list[str] = []
        for index in part.source:
            for text in source.blocks[index].texts:
                unit = f"{source.path}#{index}.{text.index}"
                hypothesis = hypotheses.get(unit)
                if hypothesis is None and Segment.of(text.source).translatable:
                    missing.append(unit)
                ours.append(text.source if hypothesis is None else hypothesis)
        groups.append(Group(part.source, part.reference, _line(ours), _line(theirs), _plain(ours), _plain(theirs)))
    scored = {i for part in joined for i in part.source}, {i for part in joined for i in part.reference}
    return Cut(
        path=source.path,
        groups=tuple(groups),
        letters=sum(prose[1][index] for index in scored[1]),
        letters_total=sum(prose[1].values()),
        joined=sum(len(part.source) + len(part.reference) for part in found if not part.whole) if joined else 0,
        unpaired=len(prose[0].keys() - scored[0]) + len(prose[1].keys() - scored[1]),
        missing=tuple(missing),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Prose blocks that stand together; whole when both sides have one."""

    source: tuple[int, ...] = ()
    reference: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        return bool(self.source and self.reference)

    def __add__(self, after: _Part) -> _Part:
        return _Part(self.source + after.source, self.reference + after.reference)


def _joined(parts: Sequence[_Part], source: ParsedDocument, reference: ParsedDocument) -> list[_Part]:
    """The whole parts, each with the parts beside it that have only one side; nothing if none is whole."""

    def heading(part: _Part, end: int) -> bool:
        document, indices = (source, part.source) if part.source else (reference, part.reference)
        return document.blocks[indices[end]].kind == Kind.heading

    done: list[_Part] = []
    waiting = _Part()
    for number, part in enumerate(parts):
        if part.whole:
            done.append(waiting + part)
            waiting = _Part()
            continue
        following = next((other for other in parts[number + 1 :] if other.whole), None)
        # To the text before it, but what stands under a heading belongs to what follows there.
        forward = not done or heading(part, 0) or heading(done[-1], -1)
        if waiting != _Part() or (following is not None and forward and not (done and heading(following, 0))):
            waiting += part
        elif done:
            done[-1] += part
        else:
            waiting += part
    return done


def _prose(document: ParsedDocument) -> dict[int, int]:
    """The letters of each block that has some outside of protected spans, by the block's index."""
    letters = {block.index: sum(Segment.of(text.source).letters for text in block.texts) for block in document.blocks}
    return {index: count for index, count in letters.items() if count}


def _line(texts: Iterable[str]) -> str:
    return normalise(" ".join(texts))


def _plain(texts: Iterable[str]) -> str:
    return _line(Segment.of(text).plain for text in texts)
