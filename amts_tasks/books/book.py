"""A book, wherever it lies: revisions, and the documents of one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from amts_tasks.books.history import Version
from amts_tasks.books.lineage import Lineage
from amts_tasks.books.settling import Young
from amts_tasks.config import Follow
from amts_tasks.errors import Fault

MOST_BYTES = 20_000_000
"""A document larger than this is set aside (bytes): the service takes 20 MB, and no chapter comes near."""


NEWEST = Follow()
"""The commits of the default branch, however young."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a book."""

    path: str
    """Relative to the book's root, with forward slashes."""
    text: str
    """As it stands in the file, a byte order mark and every line break included."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a book."""

    id: str
    """40 hex digits of a commit, or 64 of the sha256 of a folder."""
    committed_at: datetime
    """The committer's date, in UTC; 1970-01-01 for a folder, which has none that a copy of it would keep."""
    subject: str
    """The first line of the commit's message."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The documents of one revision."""

    revision: Revision
    documents: tuple[Document, ...]
    """Sorted by path; an empty document is one too."""
    faults: tuple[Fault, ...] = ()
    """One for each document that was set aside, and why; ``file`` is its path in the book."""


class Book(Protocol):
    """A book that can be read at a revision."""

    def revision(self, as_of: datetime | None = None, revision: str | None = None, follow: Follow = NEWEST) -> Revision:
        """The revision of that name, else the last one of what is followed before ``as_of`` (None: the newest).

        A name is a commit's id (whole, or at least 7 digits of it), a tag or a branch. Raises BookError for an unknown
        one, or when there is none before that instant.
        """

    def snapshot(
        self, revision: Revision, documents: Sequence[str] = ("**/*.md",), exclude: Sequence[str] = ()
    ) -> Snapshot:
        """The documents that match ``documents`` and not ``exclude``; raises BookError when the revision cannot be
        read."""

    def changed(self, a: Revision, b: Revision) -> tuple[str, ...]:
        """The paths that are not the same in two revisions, sorted; raises BookError when one cannot be read."""

    def files(self, revision: Revision) -> tuple[str, ...]:
        """The paths of all files, sorted; links and submodules are none. Raises BookError like ``snapshot``."""

    def read(self, revision: Revision, path: str) -> bytes:
        """One file, of any kind; raises BookError when it is not there, or is a link."""

    def history(self, revision: Revision) -> Mapping[str, tuple[Version, ...]]:
        """The versions of every file up to a revision, by path, oldest first; BookError like ``snapshot``."""

    def lineage(self, revision: Revision) -> Lineage:
        """The documents up to a revision, each through its renames; BookError like ``snapshot``."""

    def young(self, revision: Revision, as_of: datetime | None, follow: Follow) -> tuple[Young, ...]:
        """What is newer than the revision that counts as of an instant (None: now) and does not count yet, oldest
        first: commits that have to settle, or wait for a tag. BookError like ``snapshot``."""

    def contents(self, versions: Collection[Version]) -> Mapping[str, bytes]:
        """The contents of versions of ``history``, by their blob; BookError when one cannot be read."""


def document(path: str, raw: bytes) -> Document | Fault:
    """The document made of a file's bytes, or the fault for which it is set aside."""
    if len(raw) > MOST_BYTES:
        return Fault(path, 0, "", f"{len(raw)} bytes", f"a document of at most {MOST_BYTES} bytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Fault(path, line, "", f"byte 0x{raw[error.start]:02x}, which is not UTF-8", "a document in UTF-8")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return Fault(path, line, "", "a NUL character", "a document of text")
    return Document(path, text)


def path_fault(path: str) -> Fault | None:
    """The fault for which a document of that path is set aside, if there is one."""
    if "\ufffd" in path or re.search(r"[\udc80-\udcff]", path):
        return Fault(path.encode("utf-8", "replace").decode(), 0, "", "a path that is not UTF-8", "a path in UTF-8")
    if re.search(r"[\x00-\x1f\x7f\\]", path):
        return Fault(path, 0, "", "a backslash or control character in the path", "a plain path")
    if path.startswith("/") or {"", ".", ".."} & set(path.split("/")):
        return Fault(path, 0, "", "a path that leaves the book", "a path below the book's root")
    return None
