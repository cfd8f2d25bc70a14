"""What both books have beside their documents, and what of it a branch has to bring along: images, bibliographies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from amts_tasks.books import Book, Revision, file_at, open_book
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import Shelf
from amts_tasks.sync.whole.bibliography import entries, merged
from amts_tasks.sync.whole.needs import Things, needs
from amts_tasks.text import ParsedDocument


@dataclass(frozen=True, slots=True)
class Both:
    """The things of both books, and of the translation with all that could be brought along."""

    source: Things
    target: Things
    after: Things
    book: Book
    revision: Revision
    """Of the source."""


def things(run: Run, resolved: dict[str, Any], found: Shelf) -> Both:
    """The files and bibliographies of the source, and of the translation with our open branches over it."""
    book = open_book(run.config.book.place, run.folder)
    revision = book.revision(revision=resolved["source"])
    source = _of(book, revision)
    translation = open_book(run.settings.translation.place, run.folder)
    main = _of(translation, translation.revision(revision=resolved["target"]))
    root = run.settings.translation.place.root
    written = {path.removeprefix(f"{root}/" if root else "") for path in found.ours.written}
    waiting = {
        path: text
        for path in written
        if path.endswith(".bib")
        for text in [_bibliography(found, resolved, root, path)]
        if text is not None
    }
    target = Things(main.files | written, {**main.bibliographies, **waiting})
    together = dict(target.bibliographies)
    for path, text in source.bibliographies.items():
        together[path] = merged(together.get(path, ""), text, entries(text))
    # A toc entry wants a document, and those are not brought along: only images are.
    images = {path for path in source.files if PurePosixPath(path).suffix.lower() not in NO_IMAGES}
    return Both(source, target, Things(target.files | images, together), book, revision)


def company(both: Both, documents: Iterable[ParsedDocument], found: Shelf, base: str, root: str) -> Mapping[str, bytes]:
    """The files a branch that goes on from ``base`` has to bring along for these documents, by path.

    Images that the translation has not; bibliographies with the entries cited, nothing of the translation's own taken
    out. A translation's own image of the same name stays.
    """
    files: dict[str, bytes] = {}
    cited: set[str] = set()
    for document in documents:
        for need in needs(document):
            if need.role == "image" and need.name not in both.target.files and need.name in both.source.files:
                files[need.name] = both.book.read(both.revision, need.name)
            elif need.role.startswith("cite") and need.name not in both.target.keys:
                cited.add(need.name)
    for path, text in both.source.bibliographies.items() if cited else ():
        raw = file_at(found.repository, base, f"{root}/{path}" if root else path)
        ours = raw.decode("utf-8", "surrogateescape") if raw is not None else ""
        more = merged(ours, text, cited)
        if more != ours:
            files[path] = more.encode("utf-8", "surrogateescape")
    return files


NO_IMAGES = frozenset({".md", ".ipynb", ".html", ".htm", ".rst"})
"""Suffixes of documents, which are not brought along."""


def _of(book: Book, revision: Revision) -> Things:
    files = book.files(revision)
    return Things(
        frozenset(files),
        {path: book.read(revision, path).decode("utf-8", "surrogateescape") for path in files if path.endswith(".bib")},
    )


def _bibliography(found: Shelf, resolved: dict[str, Any], root: str, path: str) -> str | None:
    """A bibliography with what all our open branches have put into it."""
    texts = [
        raw.decode("utf-8", "surrogateescape")
        for tip in found.ours.tips.values()
        for raw in [file_at(found.repository, tip, f"{root}/{path}" if root else path)]
        if raw is not None
    ]
    whole = ""
    for text in texts:
        whole = merged(whole, text, entries(text)) if whole else text
    return whole or None
