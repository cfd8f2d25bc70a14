"""Since when documents are behind their source, as the book's history tells it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from amts_tasks.books import Book, open_book
from amts_tasks.books.history import Version
from amts_tasks.errors import TextError
from amts_tasks.steps.extract import texts_of
from amts_tasks.steps.found.inference import lineage_of
from amts_tasks.steps.run import Run
from amts_tasks.sync.freshness import moved_on
from amts_tasks.sync.identity import Identity
from amts_tasks.text import ParsedDocument, parse


def ages(run: Run, resolved: dict[str, Any], paths: Iterable[str]) -> dict[str, str]:
    """When the source of each document moved on from what its translation was made from, or first stood in the book
    (ISO 8601, by path); nothing of those whose history does not tell."""
    texts = texts_of(run, resolved)
    wanted = [path for path in paths if path in texts.source]
    if not wanted:
        return {}
    book = open_book(run.config.book.place, run.folder)
    lines = lineage_of(run, resolved, book, book.revision(revision=resolved["source"]))
    identity = Identity(run.target.own_links)
    former = {new: old for old, new in texts.gone.items() if new}
    found: dict[str, str] = {}
    for path in wanted:
        base = texts.base.get(former.get(path, path))
        made = lines.versions(path)
        if base is None:
            thread = lines.thread(path)
            when = thread.versions[0].committed_at.isoformat() if thread is not None else None
        else:
            # git's own name of these bytes: the version that the translation was made from, if it was one.
            blob = hashlib.sha1(b"blob %d\0" % len(base.encode()) + base.encode(), usedforsecurity=False).hexdigest()
            place = max((number for number, one in enumerate(made) if one.blob == blob), default=len(made))
            later = _texts(book, made[place + 1 :])
            when = moved_on(parse(base, path), parse(texts.source[path], path), later, identity)
        if when is not None:
            found[path] = when
    return found


def _texts(book: Book, versions: Sequence[Version]) -> Iterator[tuple[str, ParsedDocument]]:
    contents = book.contents(versions) if versions else {}
    for version in versions:
        try:
            read = parse(contents[version.blob].decode(), version.path)
        except (TextError, UnicodeDecodeError):
            continue  # nobody could read it then either
        yield version.committed_at.isoformat(), read
