"""Every pair with its context, what was measured of it, and whether it was accepted: for people, and for artefacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from amts_tasks.align.documents import Alignment
from amts_tasks.align.filters import Measures, accept, measured, value
from amts_tasks.align.pairs import Granularity, Pair, Placed, cut, paragraph_pairs
from amts_tasks.align.vectors import Vectors
from amts_tasks.text import Kind, ParsedDocument

if TYPE_CHECKING:
    from amts_tasks.languages import FilterLimits, Profile


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A pair and all that is known of it."""

    pair: Pair
    target_document: str
    """Path of the target document."""
    section: tuple[str, ...]
    """The headings above it in the source, the outermost first."""
    before: str
    """The pair's neighbours in the source document: the source text of the pair before it; "" for the first."""
    after: str
    measures: Measures
    reason: str | None
    """Why it is refused; None where it is accepted."""

    @property
    def value(self) -> float | None:
        """The measure by which it was refused."""
        return None if self.reason is None else value(self.reason, self.measures)

    def as_dict(self) -> dict[str, Any]:
        """A flat row: the pair, its context, its measures, the reason."""
        return {
            **asdict(self.pair),
            "target_document": self.target_document,
            "section": list(self.section),
            "before": self.before,
            "after": self.after,
            "measures": asdict(self.measures),
            "reason": self.reason,
            "value": self.value,
        }


def review(
    alignments: Sequence[Alignment],
    granularity: Granularity,
    source_profile: Profile,
    target_profile: Profile,
    vectors: Vectors | None = None,
    limits: FilterLimits | None = None,
) -> tuple[Reviewed, ...]:
    """All pairs of the alignments, in their order and that of the source; duplicates are counted over all of them."""
    placed: list[Placed] = []
    owners: list[Alignment] = []
    for alignment in alignments:
        more = paragraph_pairs(alignment.source, alignment.target, alignment.beads, source_profile, target_profile)
        placed += more
        owners += [alignment] * len(more)
    found: list[tuple[Pair, Alignment]] = []
    if granularity == "paragraph":
        found = [(one.pair, owner) for one, owner in zip(placed, owners, strict=True)]
    else:
        for owner, pieces in zip(owners, cut(placed, source_profile, target_profile, vectors), strict=True):
            found += [(pair, owner) for pair in pieces]
    sections = {alignment.source.path: _sections(alignment.source) for alignment in alignments}
    numbers = measured([pair for pair, _ in found], source_profile, target_profile)
    reviewed = []
    for place, ((pair, owner), measures) in enumerate(zip(found, numbers, strict=True)):
        before, after = (
            found[other][0].source if 0 <= other < len(found) and found[other][1] is owner else ""
            for other in (place - 1, place + 1)
        )
        reason = accept(measures, source_profile, target_profile, limits)
        section = _above(sections[owner.source.path], pair.source_start)
        reviewed.append(Reviewed(pair, owner.target.path, section, before, after, measures, reason))
    return tuple(reviewed)


def coverage(alignments: Sequence[Alignment], reviewed: Sequence[Reviewed]) -> dict[str, int]:
    """How much of the source is covered, in blocks of prose that have letters in them.

    `prose`: all of them, of the documents aligned by path; `paired`: those in a bead with two sides; `accepted`: those
    of which an accepted pair (or the repetition of one) holds a part.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for one in reviewed:
        if one.reason in {None, "duplicate"}:
            spans.setdefault(one.pair.document, []).append((one.pair.source_start, one.pair.source_end))
    count = {"prose": 0, "paired": 0, "accepted": 0}
    paired: dict[str, set[int]] = {}
    for alignment in alignments:
        inside = {index for bead in alignment.beads if bead.target for index in bead.source}
        paired.setdefault(alignment.source.path, set()).update(inside)
    for path, document in {one.source.path: one.source for one in alignments if one.found == "path"}.items():
        for block in document.blocks:
            if not any(any(map(str.isalpha, text.source)) for text in block.texts):
                continue
            count["prose"] += 1
            count["paired"] += block.index in paired[path]
            count["accepted"] += any(a < block.end and b > block.start for a, b in spans.get(path, ()))
    return count


def reasons(reviewed: Sequence[Reviewed]) -> dict[str, int]:
    """How many were refused for each reason, most first."""
    count: dict[str, int] = {}
    for one in reviewed:
        if one.reason is not None:
            count[one.reason] = count.get(one.reason, 0) + 1
    return dict(sorted(count.items(), key=lambda item: (-item[1], item[0])))


def _sections(document: ParsedDocument) -> list[tuple[int, tuple[str, ...]]]:
    """From which character on one stands below which headings."""
    path: list[tuple[int, str]] = []
    found: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for block in document.blocks:
        if block.kind is Kind.heading and block.texts:
            path = [(level, title) for level, title in path if level < block.level]
            path.append((block.level, " ".join(block.texts[0].source.split())))
            found.append((block.end, tuple(title for _, title in path)))
    return found


def _above(sections: Sequence[tuple[int, tuple[str, ...]]], position: int) -> tuple[str, ...]:
    return next(titles for start, titles in reversed(sections) if start <= position)
