"""What is within a cell of a notebook: its Markdown is a document of its own to the merge, block by block."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from amts_tasks.align import Bead, align_blocks
from amts_tasks.sync.document.index import Known
from amts_tasks.sync.identity import Identity, to_translate
from amts_tasks.sync.item import Item, Provenance, Within
from amts_tasks.sync.manifest import Standing
from amts_tasks.sync.sentence.patch import Languages, Part
from amts_tasks.text import Block, Form, Kind, ParsedDocument, parse
from amts_tasks.text.notebook import inner

_ORDER = (Provenance.patched, Provenance.bought, Provenance.swapped, Provenance.moved)
"""What a cell is called after whose blocks are not all kept, or all sent: the first of these that one of them is."""


def is_prose(block: Block) -> bool:
    """Whether the block is a cell of Markdown in which there is something to translate."""
    return block.form is Form.notebook and block.kind is not Kind.code and bool(block.texts)


def known_within(known: Known, bead: Bead, languages: Languages) -> Known | None:
    """A cell and its translation, of one cell or of several, as two aligned documents; None where that cannot be.

    All blocks of the translation stand as the cell does of which a human vouches least.
    """
    bases = [known.base.blocks[index] for index in bead.source]
    targets = [known.target.blocks[index] for index in bead.target]
    standings = [known.standings[index] for index in bead.target]
    if len(bases) != 1 or not targets or not all(map(is_prose, (*bases, *targets))) or any(s.left for s in standings):
        return None
    ours, theirs = inner(bases[0]), parse("\n\n".join(inner(cell).text.rstrip("\n") for cell in targets))
    if len(targets) == 1:
        theirs = inner(targets[0])
    beads = align_blocks(ours, theirs, languages.source, languages.target)
    standing = Standing(
        min((one.state for one in standings), key=lambda state: state.rank), any(one.edited for one in standings)
    )
    return Known(known.path, ours, theirs, beads, (standing,) * len(theirs.blocks))


def changed_cells(
    documents: Iterable[Known], sources: Iterable[ParsedDocument], identity: Identity, languages: Languages
) -> Iterator[Known]:
    """What is within the translated cells whose source the new book (`sources`) has nowhere."""
    stays = {key for document in sources if document.form is Form.notebook for key in identity.keys(document).values()}
    for known in documents:
        if known.base.form is Form.notebook:
            for bead in known.beads:
                if not any(identity.key(known.base.blocks[index]) in stays for index in bead.source):
                    found = known_within(known, bead, languages)
                    if found is not None:
                        yield found


def of_cell(item: Item, within: Within) -> Item:
    """The item of a cell whose Markdown becomes what `within` says; `item` is what it would be as a whole."""
    first: dict[int, int] = {}
    for block in within.source.blocks:
        first[block.index] = sum(len(one.texts) for one in within.source.blocks[: block.index])
    wanted: list[int] = []
    patches: list[tuple[int, tuple[Part, ...]]] = []
    for one in within.items:
        if one.block is not None:
            wanted += [first[one.block] + text for text in one.wanted]
            patches += [(first[one.block] + text, parts) for text, parts in one.patches]
    told = [one for one in within.items if one.block is not None and to_translate(within.source.blocks[one.block])]
    stays = [one for one in within.items if one.text and one.target_blocks]
    return replace(
        item,
        provenance=_called({one.provenance for one in told}, whole=not stays),
        known=(),
        wanted=tuple(wanted),
        patches=tuple(patches),
        state=min((one.state for one in (*told, *stays)), key=lambda state: state.rank, default=item.state),
        reason=next((one.reason for one in within.items if one.reason), ""),
        within=within,
    )


def _called(kinds: Collection[Provenance], *, whole: bool) -> Provenance:
    if Provenance.sent in kinds:
        return Provenance.sent if whole and kinds == {Provenance.sent} else Provenance.patched
    return next((kind for kind in _ORDER if kind in kinds), Provenance.swapped)
