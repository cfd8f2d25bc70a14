"""The manifest's records that travel with a branch, for people to read; and what they are good for once it is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from amts_tasks.sync.manifest import Manifest, Record, State
from amts_tasks.sync.queue import chapter_of


def of_chapter(manifest: Manifest, chapter: str) -> Manifest:
    """The records of a chapter's documents alone: so that branches of two chapters never change the same file."""
    chosen = {path: records for path, records in manifest.documents.items() if chapter_of(path) == chapter}
    return Manifest(manifest.pair, chosen)


def helped(manifest: Manifest, files: Sequence[Manifest]) -> Manifest:
    """A manifest made again from history, with what the files of branches know of the same text; the first counts.

    Whoever may commit may change such a file, so it is never believed where it says more of a text than history does:
    it makes nothing human or approved. That a text is the machine's it may say, and history alone would not know after
    a merge that was squashed; and from which source it came, and why it is behind it.
    """
    known: dict[tuple[str, str], Record] = {}
    for one in files:
        for path, records in one.documents.items():
            for record in records:
                known.setdefault((path, record.target), record)

    def told(path: str, record: Record) -> Record:
        said = known.get((path, record.target))
        if said is None:
            return record
        lower = record.state is State.human and said.state is State.machine
        return replace(
            record,
            state=State.machine if lower else record.state,
            by="amts" if lower else record.by,
            source=record.source or said.source,
            revision=record.revision or said.revision,
            when=record.when or said.when,
            service=record.service or (said.service if lower or record.state is State.machine else ""),
            left=record.left or said.left,
        )

    return manifest.merge({path: [told(path, one) for one in rows] for path, rows in manifest.documents.items()})
