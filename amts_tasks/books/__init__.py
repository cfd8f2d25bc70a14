"""Books: a revision (or a date) → documents."""

from __future__ import annotations

from pathlib import Path

from amts_tasks.books.book import Book, Document, Revision, Snapshot
from amts_tasks.books.branches import commit, file_at, head
from amts_tasks.books.directory import FolderBook
from amts_tasks.books.git import GitBook
from amts_tasks.books.open import Branch, open_branches
from amts_tasks.books.translation import translation_repository
from amts_tasks.config import Place

__all__ = [
    "Book",
    "Branch",
    "Document",
    "Revision",
    "Snapshot",
    "commit",
    "file_at",
    "head",
    "open_book",
    "open_branches",
    "translation_repository",
]


def open_book(place: Place, cache: Path) -> Book:
    """The book at a place; nothing is read or fetched before it is asked for something. Mirrors are kept below
    ``cache``."""
    if place.kind == "folder":
        return FolderBook(place.location, place.root)
    return GitBook(place.location, place.root, cache.absolute())
