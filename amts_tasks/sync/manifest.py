"""The manifest of a pair: where every block of the translation came from, and whether a human has seen it.

One JSON file a pair, in storage; one line a block. A block is found again by the digest of its text, so an edit in the
translation's repository shows as a block the manifest does not know: that is human text from then on.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from amts_tasks.align.beads import Bead
from amts_tasks.errors import InputError
from amts_tasks.sync.identity import content, digest
from amts_tasks.text import ParsedDocument, normalise

FORMAT = "amts-manifest"
VERSION = 2
"""2 has what a text replaced (`Record.replaced`); 1 is read as a manifest in which nothing did."""


class State(StrEnum):
    """What is known of the reader a block of the translation has had."""

    machine = "machine"
    """No human is known to have read it."""
    approved = "approved"
    """A human said by an explicit act that it is good."""
    human = "human"
    """A human wrote or changed it."""

    @property
    def rank(self) -> int:
        """The greater, the more a human vouches for it."""
        return ("machine", "approved", "human").index(self.value)


def declared(origin: str) -> State:
    """The state of a block of which nothing is recorded, from the origin its translation declares."""
    return State.machine if origin == "machine" else State.human


@dataclass(frozen=True, slots=True)
class Replaced:
    """The source and the translation that stood in a block's place, for who reviews it; the texts of their blocks."""

    source: tuple[str, ...]
    """Inline Markdown; so is the target."""
    target: tuple[str, ...]

    def text(self, number: int, many: int, source: str) -> tuple[str, str]:
        """What one of the `many` texts of the block was: source and target; two empty ones where that is not certain.

        `source` is its source text now: in a block of several texts one that stands there unchanged is known by it.
        """
        if many == 1:
            return "\n".join(self.source), "\n".join(self.target)
        if len(self.source) != len(self.target):
            return "", ""
        same = [place for place, text in enumerate(self.source) if normalise(text) == normalise(source)]
        if len(same) == 1:
            number = same[0]
        elif len(self.source) != many:
            return "", ""
        return self.source[number], self.target[number]


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one block of the translation."""

    target: str
    """Digest of the block's text."""
    state: State
    provenance: str
    """What the last run did with it (see `item.Provenance`); `found` at first contact."""
    source: str = ""
    """Digest of the source blocks it translates; empty where it has none."""
    revision: str = ""
    """The source revision it was last found to agree with."""
    when: str = ""
    """Logical time of the run that made it, ISO 8601."""
    by: str = ""
    """Who made it: `amts`, `translation` for what was there at first contact, a name for an approval."""
    service: str = ""
    """Key of the service that made a machine text."""
    left: str = ""
    """Why the text is behind its source (a refused answer, say); such a block counts as changed in the next run."""
    replaced: Replaced | None = None
    """What stood there when somebody last vouched for it, or before anything did; None where nothing stood there, or
    a human has read the text since. Of a text that is behind: what it was made from, and itself."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a block of the translation stands when a plan is made."""

    state: State
    edited: bool = False
    """A human changed the block since AMTS wrote or saw it."""
    left: str = ""
    """Why it is known to be behind its source; empty when it is not."""
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The records of a pair by document path, in order of the document's blocks (blank ones left out)."""

    pair: str
    documents: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)

    def standings(self, path: str, target: ParsedDocument, origin: str) -> tuple[Standing, ...]:
        """The standing of every block of a translated document, by block index.

        A document without records stands as its declared origin (human, post-edited, machine) says. In a document with
        records a block that none of them describes was edited by a human.
        """
        records = self.documents.get(path)
        first = Standing(declared(origin))
        if records is None:
            return (first,) * len(target.blocks)
        by_digest: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            by_digest[record.target].append(record)
        seen: Counter[str] = Counter()
        standings = [first] * len(target.blocks)
        for index in content(target):
            name = digest(target.blocks[index].essence)
            known = by_digest.get(name)
            if known:
                record = known[min(seen[name], len(known) - 1)]
                seen[name] += 1
                standings[index] = Standing(record.state, False, record.left, record)
            else:
                standings[index] = Standing(State.human, edited=True)
        return tuple(standings)

    def merge(self, documents: Mapping[str, Sequence[Record] | None]) -> Manifest:
        """This manifest with the given documents' records put in; None takes a document out."""
        merged = {path: records for path, records in self.documents.items() if documents.get(path, ()) is not None}
        merged.update((path, tuple(records)) for path, records in documents.items() if records is not None)
        return replace(self, documents=merged)


def behind(base: ParsedDocument | None, beads: Sequence[Bead]) -> dict[int, str]:
    """The digest of the source blocks behind each block of a translation that has any, by index; the beads are base to
    target."""
    made_from: dict[int, str] = {}
    for bead in beads if base is not None else ():
        if base is not None and bead.source:
            made_from.update(dict.fromkeys(bead.target, digest(*(base.blocks[i].essence for i in bead.source))))
    return made_from


def rebuild(
    pair: str,
    bases: Mapping[str, ParsedDocument],
    targets: Mapping[str, ParsedDocument],
    alignments: Mapping[str, Sequence[Bead]],
    origin_of: Callable[[str], str],
    revision_of: Callable[[str], str],
    when: str,
) -> Manifest:
    """The manifest of a translation without one: each block stands as its declared origin says, made from its base.

    `revision_of` gives the source revision of a path's base; empty where nobody knows it.
    """
    documents = {}
    for path, target in sorted(targets.items()):
        made_from = behind(bases.get(path), alignments.get(path, ()))
        state = declared(origin_of(path))
        documents[path] = tuple(
            Record(
                target=digest(target.blocks[index].essence),
                state=state,
                provenance="found",
                source=made_from.get(index, ""),
                revision=revision_of(path) if made_from.get(index) else "",
                when=when,
                by="translation",
            )
            for index in content(target)
        )
    return Manifest(pair, documents)


def write(manifest: Manifest) -> bytes:
    """The manifest as UTF-8 JSON: documents by path, one line a block, fields in a fixed order, empty ones left out."""
    lines = [f'{{\n"format": "{FORMAT}",\n"version": {VERSION},\n"pair": {json.dumps(manifest.pair)},\n"documents": {{']
    documents = []
    for path, records in sorted(manifest.documents.items()):
        rows = ",\n".join(f"  {_line(row)}" for row in records)
        documents.append(f"{json.dumps(path, ensure_ascii=False)}: [\n{rows}\n]" if rows else f"{json.dumps(path)}: []")
    return "\n".join([*lines, ",\n".join(documents), "}\n}\n"]).encode()


def _line(record: Record) -> str:
    return json.dumps({name: value for name, value in asdict(record).items() if value}, ensure_ascii=False)


def _record(row: Mapping[str, Any]) -> Record:
    facts = {**row, "state": State(row["state"])}
    if "replaced" in facts:
        sides = {side: tuple(map(str, texts)) for side, texts in facts["replaced"].items()}
        facts["replaced"] = Replaced(**sides)
    return Record(**facts)


def read(data: bytes, name: str = "manifest") -> Manifest:
    """The manifest of `write`'s form; raises InputError for another form, and for one that a newer AMTS wrote."""
    try:
        found: Any = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{name}: found no JSON ({error}); expected a manifest written by AMTS") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError(f'{name}: found no "format": "{FORMAT}"; expected a manifest written by AMTS')
    version = found.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version > VERSION or version < 1:
        raise InputError(
            f"{name}: found version {version!r}; this AMTS knows versions up to {VERSION}. Update AMTS, or remove the "
            "manifest to have it built anew from the books"
        )
    try:
        documents = {path: tuple(map(_record, rows)) for path, rows in found["documents"].items()}
        return Manifest(str(found["pair"]), documents)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{name}: found a record this AMTS cannot read ({error}); expected a whole manifest"
        ) from error
