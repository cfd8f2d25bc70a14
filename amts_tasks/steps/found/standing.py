"""Whose text the translation is made of as it stands now, with our open branches laid over it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from amts_tasks.books import Document, open_book
from amts_tasks.config import DOCUMENTS
from amts_tasks.errors import TextError
from amts_tasks.steps.layout import split_origins, taken_apart
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import laid_over, shelf
from amts_tasks.sync.identity import to_translate
from amts_tasks.sync.manifest import Manifest
from amts_tasks.text import ParsedDocument, parse


def by_document(run: Run, manifest: Manifest) -> list[dict[str, Any]]:
    """The states of the blocks with text in them, by document that the manifest knows, and the source revisions that
    they agree with.

    The manifest remembers also what was replaced, and blocks in which nothing can be read or approved; neither counts.
    A document on which a branch and the default branch differ is shown as on the default branch.
    """
    rows = []
    for path, document in sorted(_documents(run).items()):
        if path not in manifest.documents:
            continue
        standings = manifest.standings(path, document, run.origin(path))
        read = [standings[block.index] for block in document.blocks if to_translate(block)]
        states = Counter(str(one.state) for one in read)
        revisions = sorted({one.record.revision for one in read if one.record is not None and one.record.revision})
        counts = {state: states[state] for state in ("human", "approved", "machine")}
        rows.append({
            "document": path, **counts, "behind": sum(bool(one.left) for one in read), "revisions": revisions
        })  # fmt: skip
    return rows


def _documents(run: Run) -> dict[str, ParsedDocument]:
    translation = run.settings.translation
    book = open_book(translation.place, run.folder)
    revision = book.revision(follow=translation.follow)
    found = shelf(run, revision)
    main = {one.path: one for one in book.snapshot(revision, DOCUMENTS).documents}
    laid, _ = laid_over(run, found, main)
    root = f"{translation.place.root}/" if translation.place.root else ""
    conflicts = {path.removeprefix(root) for path in found.ours.conflicts}
    both = {**laid, **{path: one for path, one in main.items() if path in conflicts}}
    parsed = {path: _parsed(path, text) for path, text in _texts(run, both).items()}
    return {path: document for path, document in parsed.items() if document is not None}


def _texts(run: Run, documents: dict[str, Document]) -> dict[str, str]:
    translation = run.settings.translation
    if translation.layout == "origin":
        return split_origins(documents.values(), translation.origin_suffix)[0]
    if translation.layout == "interleaved":
        return taken_apart(documents.values(), translation.suffix)[0]
    return {path: one.text for path, one in documents.items()}


def _parsed(path: str, text: str) -> ParsedDocument | None:
    try:
        return parse(text, path)
    except TextError:
        return None
