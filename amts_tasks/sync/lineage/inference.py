"""Which version of its source a translation was made from, where nobody wrote it down.

What needs no translation tells: code, formulas, labels, references, images, numbers, and how many headings, paragraphs
and list items there are. A version of the source is the likelier the fewer of those marks it has more or less often
than the translation; only marks in which two versions differ can tell them apart. Where they differ in prose alone
nothing can, and the newest of them is taken: a base that is too new leaves a text behind its source, and it is listed;
one that is too old would send what a human has long translated.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from amts_tasks.sync.identity import Identity, content
from amts_tasks.text import Block, Kind, ParsedDocument, Segment, Tag

SURE = 0.9
"""From this confidence on a version is told from another one."""
LEAST_FIT = 0.5
"""Share of a version's marks below which the translation is taken for one of something else."""
_COMMENT = re.compile(r"(?:^|\s)#(?!@).*$")
_NUMBER = re.compile(r"\d+")

_FENCES = ("```", "~~~")
_SOLID = frozenset({"label", "code", "raw", "mark"})
"""Kinds of marks that no translator makes up. Cells, paragraphs, emphasis and figures are added and dropped by hand."""

Marks = Counter[tuple[Hashable, ...]]
"""What a translation keeps as it is, kind first, and how often it stands in a document."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """The version a translation is taken to have been made from."""

    chosen: int
    """Index of the version."""
    confidence: float
    """From 0 to 1: 0.5 where another version is as likely, 1 where nothing speaks for any other."""
    runner_up: int | None
    """Index of the likeliest other version; None where there is no other."""
    plausible: tuple[int, ...]
    """Indices of all versions that cannot be ruled out, the chosen one among them, in order."""
    doubtful: tuple[int, ...]
    """Indices of the chosen version's blocks that do not stand alike in all of those."""
    fit: float
    """Share of the chosen version's marks that the translation has."""

    @property
    def known(self) -> bool:
        """Whether the translation can be one of that document at all; else it is left to a human."""
        return self.fit >= LEAST_FIT


def marks(document: ParsedDocument, identity: Identity) -> Marks:
    """The marks of a document: comments in code, and the translation's own links, are none."""
    found: Marks = Counter()
    for index in content(document):
        found.update(_marks(document.blocks[index], identity))
    return found


def _marks(block: Block, identity: Identity) -> Marks:
    found: Marks = Counter()
    found["kind", block.kind.value, block.level] += 1
    found.update(("label", label) for label in block.labels)
    if block.kind is Kind.code:
        lines = (_COMMENT.sub("", line).strip() for line in block.essence.split("\n"))
        found.update(("fence" if line.startswith(_FENCES) else "code", line) for line in lines if line)
    elif not block.texts and not identity.own(identity.key(block)):
        found["raw", "".join(block.essence.split())] += 1
    for text in block.texts:
        for token in Segment.of(text.source).tokens:
            if isinstance(token, str):
                found.update(("number", number) for number in _NUMBER.findall(token))
            elif not any(pattern.search(token.text) for pattern in identity.patterns):
                # A tag with an address is the link's; emphasis comes and goes.
                sort = "tag" if isinstance(token, Tag) and "(" not in token.text else "mark"
                found[sort, "".join(token.text.split())] += 1
    return found


def infer(
    versions: Sequence[ParsedDocument],
    target: ParsedDocument,
    identity: Identity,
    before: int | None = None,
    own: Collection[int] = (),
) -> Inferred:
    """The version of the source, of one or more in order of time, that a translation was made from.

    `before` is the version found at an earlier look: it stays while nothing rules it out, so that a corrected word in
    the translation does not move its base. `own` are the versions that stood at the translation's own path, where
    others stood at another one: who still has the old path is more likely not to have followed the source since.
    Pure; O(versions · marks). Raises ValueError without a version.
    """
    if not versions:
        raise ValueError("found no version of the source; expected one at least")
    theirs = marks(target, identity)
    each = [marks(version, identity) for version in versions]

    @cache
    def blocks(index: int) -> dict[str, Marks]:
        version = versions[index]
        return {key: _marks(version.blocks[place], identity) for place, key in identity.keys(version).items()}

    def surely(one: int, other: int) -> float:
        new = [found for key, found in blocks(other).items() if key not in blocks(one)]
        return _surely(each[one], each[other], theirs, new)

    best, plausible = _plausible(each, theirs, range(len(each)))
    likely = plausible
    if own:
        here, mine = _plausible(each, theirs, sorted(own))
        if surely(best, here) < SURE:
            likely, plausible = mine, tuple(sorted({*mine, *plausible}))
    chosen = before if before is not None and before in plausible else likely[-1]
    others = {index: _preference(each[chosen], one, theirs) for index, one in enumerate(each) if index != chosen}
    for index in range(chosen + 1, len(each)):
        # A paragraph that a translator left out, or a cell put in, makes a translation look like one of before it.
        if others[index] >= SURE:
            others[index] = min(others[index], surely(chosen, index))
    plausible = tuple(sorted({*plausible, *(index for index in others if index > chosen and others[index] < SURE)}))
    runner_up = min(others, key=lambda index: (others[index], -index)) if others else None
    shared = set.intersection(*(set(identity.keys(versions[index]).values()) for index in plausible))
    doubtful = tuple(index for index, key in identity.keys(versions[chosen]).items() if key not in shared)
    total = each[chosen].total()
    return Inferred(
        chosen=chosen,
        confidence=round(others[runner_up], 3) if runner_up is not None else 1.0,
        runner_up=runner_up,
        plausible=plausible,
        doubtful=doubtful,
        fit=round((each[chosen] & theirs).total() / total, 3) if total else 1.0,
    )


def _plausible(each: Sequence[Marks], target: Marks, among: Sequence[int]) -> tuple[int, tuple[int, ...]]:
    """Of some versions the nearest one, of those as near the newest; and all that it does not rule out."""
    first, every = each[among[0]], {mark for index in among for mark in each[index]}
    varying = {mark for mark in every if any(each[index][mark] != first[mark] for index in among)}
    distances = {index: sum(abs(each[index][mark] - target[mark]) for mark in varying) for index in among}
    best = min(among, key=lambda index: (distances[index], -index))
    return best, tuple(i for i in among if i == best or _preference(each[best], each[i], target) < SURE)


def _preference(one: Marks, other: Marks, target: Marks) -> float:
    """How sure it is that a translation was made from one version and not from another, 0 to 1.

    The lead in marks is measured against the marks that even the nearer one has wrong, as a deviation of a count.
    Where one version is nearer by a single mark and has none wrong that is 0.93; 0.5 is a draw.
    """
    differ = [mark for mark in one.keys() | other.keys() if one[mark] != other[mark]]
    here, there = (sum(abs(side[mark] - target[mark]) for mark in differ) for side in (one, other))
    return _sureness((there - here) / (math.sqrt(min(here, there)) + 0.5))


def _surely(one: Marks, other: Marks, target: Marks, new: Iterable[Marks]) -> float:
    """The same, by marks that no translator makes up, and where what the other version has and the translation lacks
    counts once a block (`new` has the marks of its blocks that the one version lacks): of a paragraph that somebody
    left out all marks are missing. A lead of one gives 0.82: unsure.
    """
    differ = [mark for mark in one.keys() | other.keys() if one[mark] != other[mark] and mark[0] in _SOLID]
    here = sum(abs(one[mark] - target[mark]) for mark in differ)
    missing = {mark for mark in differ if other[mark] > target[mark]}
    there = sum(max(0, target[mark] - other[mark]) for mark in differ) + sum(
        bool(missing & block.keys()) for block in new
    )
    return _sureness((there - here) / (math.sqrt(min(here, there)) + 1))


def _sureness(lead: float) -> float:
    return 1 - math.exp(-lead) / 2 if lead >= 0 else math.exp(lead) / 2
