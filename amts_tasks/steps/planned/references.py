"""The references of the held-out documents: which of their blocks a translation may be measured by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from amts_tasks.align import Bead, align_blocks
from amts_tasks.errors import BookError
from amts_tasks.steps.align import manifest_of, origin_of
from amts_tasks.steps.extract import texts_of
from amts_tasks.steps.run import Run
from amts_tasks.sync.manifest import State
from amts_tasks.text import ParsedDocument, parse


@dataclass(frozen=True, slots=True)
class Reference:
    """One held-out document."""

    path: str
    source: ParsedDocument
    """What the reference was made from."""
    text: ParsedDocument
    beads: tuple[Bead, ...]
    """Between both, without those whose reference is machine text that nobody has approved."""
    machine: int
    """How many beads are left out for that."""


def references(run: Run, resolved: dict[str, Any]) -> tuple[Reference, ...]:
    """The references of all held-out documents; BookError, before anything is paid, where one has nothing to score."""
    return run.remembered(resolved, "references", lambda: tuple(_read(run, resolved)))


def _read(run: Run, resolved: dict[str, Any]) -> Iterator[Reference]:
    held, manifest = texts_of(run, resolved).held, manifest_of(run, resolved)
    for path in run.settings.held_out:
        source, text = (parse(one, path) for one in held[path])
        beads = align_blocks(source, text, run.source, run.target)
        origin = origin_of(run, path)
        kept = beads
        # The reference of a reversed pair is the book itself; in a book made by machine all is machine text.
        if not run.settings.reverse and origin != "machine":
            standings = manifest.standings(path, text, origin)
            # A text that stands there twice, once by a human, is a human's.
            human = {one.target for one in manifest.documents.get(path, ()) if one.state is not State.machine}
            machine_text = {
                index
                for index, standing in enumerate(standings)
                if standing.state is State.machine
                and text.blocks[index].texts
                and not (standing.record and standing.record.target in human)
            }
            kept = tuple(bead for bead in beads if machine_text.isdisjoint(bead.target))
        if not any(
            any(source.blocks[index].texts for index in bead.source)
            and any(text.blocks[index].texts for index in bead.target)
            for bead in kept
        ):
            machine = "all of the translation is machine text that nobody has approved"
            raise BookError(
                f"{run.config.path}: pairs.{run.pair}.held_out: {path}: "
                f"{machine if len(kept) < len(beads) else 'nothing of the translation aligns with its source'}; "
                "there is nothing to score by: have it corrected by somebody, or take it off the list"
            )
        yield Reference(path, source, text, tuple(kept), len(beads) - len(kept))
