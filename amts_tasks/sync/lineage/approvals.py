"""Acts of approval, kept apart from the manifest: what a lost one cannot learn from the history of the translation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from amts_tasks.errors import InputError
from amts_tasks.sync.identity import content, digest
from amts_tasks.sync.manifest import Manifest, Record, State
from amts_tasks.text import ParsedDocument, normalise

FORMAT = "amts-approvals"
VERSION = 1
_LEAST = 8
"""Characters from which an approved text is known again in another document: a short heading is anybody's."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One block of a translation that somebody said is good."""

    document: str
    """Path of its source document."""
    target: str
    """Digest of the block's text."""
    source: str
    """Digest of the source blocks it translates; empty where it has none."""


@dataclass(frozen=True, slots=True)
class Act:
    """What one person said at one time."""

    by: str
    """`Name <mail>`, as they or the trailer of their commit say."""
    when: str
    """ISO 8601."""
    how: str
    """approve, import or trailer."""
    blocks: tuple[Approval, ...]

    def as_json(self, pair: str) -> dict[str, Any]:
        """What storage keeps of it."""
        rows = [asdict(one) for one in self.blocks]
        return {
            **{"format": FORMAT, "version": VERSION, "pair": pair},
            **{"by": self.by, "when": self.when, "how": self.how, "blocks": rows},
        }


def read(found: Any, name: str) -> Act:
    """The act of `Act.as_json`'s form; InputError for another form, and for one that a newer AMTS wrote."""
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError(
            f'{name}: found no "format": "{FORMAT}"; expected an approval written by AMTS, or no such file'
        )
    if found.get("version") != VERSION:
        raise InputError(
            f"{name}: found version {found.get('version')!r}; this AMTS knows version {VERSION}: update it"
        )
    try:
        blocks = tuple(
            Approval(str(row["document"]), str(row["target"]), str(row["source"])) for row in found["blocks"]
        )
        return Act(str(found["by"]), str(found["when"]), str(found["how"]), blocks)
    except (KeyError, TypeError) as error:
        raise InputError(f"{name}: found an approval this AMTS cannot read ({error}); expected a whole one") from error


def approved_again(manifest: Manifest, now: Mapping[str, ParsedDocument], acts: Sequence[Act]) -> Manifest:
    """The manifest with what was approved, of the text that still is what was approved, byte for byte but for white
    space.

    Of machine text alone: what a human wrote needs no approval. A text counts in its document, and in another one where
    it stands now and its own document has it no more. `now` holds the documents that stand. Pure.
    """
    said: dict[tuple[str, str], Record] = {}
    for act in sorted(acts, key=lambda act: act.when):
        for one in act.blocks:
            said[one.document, one.target] = Record(
                one.target, State.approved, "rebuilt", source=one.source, when=act.when, by=act.by
            )
    standing = {
        path: {
            digest(one.essence): normalise(one.essence) for one in map(document.blocks.__getitem__, content(document))
        }
        for path, document in now.items()
    }
    gone = {name: record for (path, name), record in said.items() if name not in standing.get(path, {})}

    def lifted(path: str, record: Record) -> Record:
        act = said.get((path, record.target))
        if act is None and len(standing.get(path, {}).get(record.target, "")) >= _LEAST:
            act = gone.get(record.target)
        if act is None or record.state is not State.machine:
            return record
        return replace(record, state=State.approved, by=act.by, when=act.when, source=record.source or act.source)

    documents = {path: [lifted(path, one) for one in records] for path, records in manifest.documents.items()}
    return manifest.merge(documents)
