"""What awaits a human's eye in a translation, text by text; and what becomes of it when a human has said something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from amts_tasks.align.beads import Bead
from amts_tasks.sync.identity import content, digest
from amts_tasks.sync.manifest import Manifest, Record, Standing, State, declared
from amts_tasks.text import Kind, ParsedDocument, Segment, normalise, parse, render

MACHINE = "machine text that nobody has approved"


@dataclass(frozen=True, slots=True)
class Reviewable:
    """One text of a translation, and the text it was made from."""

    id: str
    """`path#digest`: the same while neither source nor translation changes, wherever in its document it stands."""
    document: str
    block: int
    """Index in the translated document; so is `text` in the block."""
    text: int
    source: str
    """Inline Markdown; several texts joined where the alignment has several on that side. Empty where none is known."""
    target: str
    state: State
    reason: str
    """Why it awaits review; empty where it does not."""
    old_source: str = ""
    """What the source was when the text that stood there before was made; empty where nothing stood there, or where it
    is not known. So is `old_target`, that text; not what stands there now."""
    old_target: str = ""
    based: bool = True
    """False where nobody knows what its document was made from; else a text without source is the translation's own."""
    previous: str = ""
    following: str = ""


def reviewables(
    path: str, base: ParsedDocument | None, target: ParsedDocument, beads: Sequence[Bead], standings: Sequence[Standing]
) -> tuple[Reviewable, ...]:
    """All texts of a translated document with a letter in them, in its order; those with a `reason` await review."""
    behind: dict[int, Bead] = {index: bead for bead in beads if bead.source for index in bead.target}
    found: list[Reviewable] = []
    seen: Counter[str] = Counter()
    for block in target.blocks:
        standing = standings[block.index]
        bead = behind.get(block.index)
        sources = [] if base is None or bead is None else [base.blocks[index] for index in bead.source]
        single = len(sources) == 1 and bead is not None and len(bead.target) == 1
        for text in block.texts:
            if not Segment.of(text.source).translatable:
                continue
            if single and len(sources[0].texts) == len(block.texts):
                source = sources[0].texts[text.index].source
            else:
                source = "\n".join(one.source for other in sources for one in other.texts)
            name = f"{path}#{digest(source, text.source)[:12]}"
            seen[name] += 1
            if seen[name] > 1:
                name += f"-{seen[name]}"
            old = _old(standing, text.index, len(block.texts), source)
            if tuple(map(normalise, old)) == (normalise(source), normalise(text.source)):
                old = "", ""
            reason, based = _reason(standing), base is not None
            found.append(
                Reviewable(
                    name, path, block.index, text.index, source, text.source, standing.state, reason, *old, based
                )
            )
    around = ["", *(one.source for one in found), ""]
    return tuple(replace(one, previous=around[place], following=around[place + 2]) for place, one in enumerate(found))


def _old(standing: Standing, number: int, many: int, source: str) -> tuple[str, str]:
    replaced = standing.record.replaced if standing.record is not None else None
    return replaced.text(number, many, source) if replaced is not None else ("", "")


def _reason(standing: Standing) -> str:
    if standing.left:
        return standing.left
    if standing.record is not None and standing.record.provenance == "stale" and not standing.edited:
        return "stays, but what it belonged to changed"
    return MACHINE if standing.state is State.machine else ""


@dataclass(frozen=True, slots=True)
class StaleCode:
    """A block of code that stays although what stood beside it changed, or that is behind its source."""

    id: str
    document: str
    block: int
    text: str
    reason: str


def stale_code(path: str, target: ParsedDocument, standings: Sequence[Standing]) -> tuple[StaleCode, ...]:
    """The code to look at in a translated document, where no text of it can be reviewed by itself; in its order."""
    return tuple(
        StaleCode(f"{path}#{digest(block.essence)[:12]}", path, block.index, block.text.strip("\n"), reason)
        for block in target.blocks
        if block.kind is Kind.code and not any(Segment.of(text.source).translatable for text in block.texts)
        for reason in [_reason(standings[block.index])]
        if reason and reason != MACHINE
    )


@dataclass(frozen=True, slots=True)
class Edited:
    """A translated document with a reviewer's texts in it."""

    text: str
    faults: Mapping[tuple[int, int], str]
    """(block, text) → why its new text was not put in."""


def edited(document: ParsedDocument, texts: Mapping[tuple[int, int], str]) -> Edited:
    """The document with new texts; one that would change the document's structure is left out, and told."""
    if _reads_back(document, texts):
        return Edited(render(document, texts), {})
    faults: dict[tuple[int, int], str] = {}
    taken: dict[tuple[int, int], str] = {}
    # One of them is at fault: each is tried beside those that went well.
    for place, new in sorted(texts.items()):
        if _reads_back(document, {**taken, place: new}):
            taken[place] = new
        else:
            faults[place] = "it would change the document's structure (another block begins or ends in it)"
    return Edited(render(document, taken), faults)


def _reads_back(document: ParsedDocument, texts: Mapping[tuple[int, int], str]) -> bool:
    """Whether the document with the texts has the same blocks, and the texts where they were put."""
    made = parse(render(document, texts), document.path)
    shapes = [
        [(one.kind, one.level, one.tab, one.labels, len(one.texts)) for one in side.blocks] for side in (document, made)
    ]
    return shapes[0] == shapes[1] and all(
        normalise(made.blocks[block].texts[text].source) == normalise(new) for (block, text), new in texts.items()
    )


def vouched(
    manifest: Manifest,
    document: ParsedDocument,
    standings: Sequence[Standing],
    new: ParsedDocument,
    states: Mapping[int, State],
    *,
    origin: str,
    when: str,
    by: str,
) -> Manifest:
    """The manifest once a human has vouched for blocks of a document: `states` by block index.

    `new` is the document with the human's texts in it, block by block the same. A block whose text is new gets a record
    of its own, and what was there keeps its record: until the merge both may stand in a book. A block that is human
    already stays so.
    """
    path = document.path
    records = manifest.documents.get(path)
    if records is None:
        first = Record("", declared(origin), "found", when=when, by="translation")
        records = tuple(replace(first, target=digest(document.blocks[i].essence)) for i in content(document))
    known = {record.target: place for place, record in enumerate(records)}
    made = list(records)
    for index, state in sorted(states.items()):
        standing = standings[index]
        old = standing.record or Record("", standing.state, "found", by="translation")
        name = digest(new.blocks[index].essence)
        if state.rank < standing.state.rank:
            state = standing.state
        record = replace(old, target=name, state=state, when=when, by=by, left="")
        if state is State.human:
            record = replace(record, service="")
        if state is not State.machine:
            record = replace(record, replaced=None)
        if name in known:
            # The same text may stand in the document twice: whoever vouches for one vouches for its words.
            made = [record if one.target == name else one for one in made]
        else:
            known[name] = len(made)
            made.append(record)
    return manifest.merge({path: tuple(made)})
