"""What awaits a human in a pair's translation, as it is now; and the files it goes out in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from amts_tasks.errors import InputError
from amts_tasks.memory import po, tmx, xliff
from amts_tasks.memory.carried import Carried, Format, Head
from amts_tasks.steps.align import align, beads_of, latest_manifest, origin_of
from amts_tasks.steps.extract import extract, set_aside, texts_of
from amts_tasks.steps.resolve import release, resolve
from amts_tasks.steps.run import Run
from amts_tasks.sync.manifest import Manifest, Standing
from amts_tasks.sync.review import Reviewable, StaleCode, reviewables, stale_code
from amts_tasks.text import ParsedDocument, Segment, parse
from amts_tasks.translate.exchange import inner_html


@dataclass(slots=True)
class Desk:
    """The translation as it is now, every text of it with its state."""

    run: Run
    resolved: dict[str, Any]
    manifest: Manifest
    documents: dict[str, ParsedDocument]
    standings: dict[str, tuple[Standing, ...]]
    texts: tuple[Reviewable, ...]
    code: tuple[StaleCode, ...] = ()
    """Cells of code to look at: no text of them can be approved, so they stand on the page for the eye alone."""
    aside: tuple[str, ...] = ()
    """Why documents are not among them: one line each, which begins with the path."""

    @property
    def waiting(self) -> tuple[Reviewable, ...]:
        """The texts that await review, in the order of the book."""
        return tuple(one for one in self.texts if one.reason)

    @property
    def head(self) -> Head:
        """What a file of this pair says of itself."""
        about = {"book": self.run.config.book.name, "pair": self.run.pair, "revision": self.resolved["source"]}
        settings = self.run.settings
        return Head(settings.source, settings.target, tuple(sorted(about.items())))


@contextmanager
def desk(run: Run) -> Iterator[Desk]:
    """The pair's texts, looked up now, under its lease. InputError for a pair that is evaluation only."""
    if run.settings.reverse:
        raise InputError(f"{run.pair}: its target is the book's own language; nothing of it is translated or reviewed")
    try:
        resolved = resolve(run, unchanged=True)
        assert resolved is not None  # noqa: S101  # `unchanged` tells it always
        extract(run, resolved)
        align(run, resolved)
        manifest = latest_manifest(run)
        texts, beads = texts_of(run, resolved), beads_of(run, resolved)
        documents = {path: parse(text, path) for path, text in sorted(texts.target.items())}
        standings = {path: manifest.standings(path, one, origin_of(run, path)) for path, one in documents.items()}
        found: list[Reviewable] = []
        code: list[StaleCode] = []
        for path, document in documents.items():
            base = parse(texts.base[path], path) if path in texts.base else None
            found += reviewables(path, base, document, beads.get(path, ()), standings[path])
            code += stale_code(path, document, standings[path])
        aside = set_aside(run, resolved)
        yield Desk(run, resolved, manifest, documents, standings, tuple(found), tuple(code), aside)
    finally:
        release(run)


def exported(run: Run, form: Format) -> tuple[bytes, int]:
    """A file of what awaits review, and how many texts that are."""
    with desk(run) as found:
        rows = [_carried(one) for one in found.waiting]
        file = io.BytesIO()
        if form == "po":
            count = po.write(file, [row for row in rows if row.source.strip()], found.head, inline)
        elif form == "tmx":
            count = tmx.write(file, rows, found.head)
        else:
            count = xliff.write(file, rows, found.head, version="1.2" if form == "xliff12" else "2.0")
        return file.getvalue(), count


def inline(text: str) -> str:
    return inner_html(Segment.of(text))


def _carried(one: Reviewable) -> Carried:
    return Carried(
        one.source,
        one.target,
        id=one.id,
        document=one.document,
        state=str(one.state),
        # It awaits review: what the file says to be good when it comes back, a human has said.
        open=True,
        note=one.reason,
        former=one.old_source,
    )
