"""A book in a folder: the files as they lie there, which is the only revision it has.

Its id is the sha256 over paths and contents. Its date is always 1970-01-01: modification times change with every copy,
and the same files must give the same run.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from amts_tasks.books.book import NEWEST, Document, Revision, Snapshot, document, path_fault
from amts_tasks.books.history import Version
from amts_tasks.books.lineage import Lineage, Thread
from amts_tasks.books.settling import Young
from amts_tasks.config import Follow, matches
from amts_tasks.errors import BookError, Fault

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FolderBook:
    """A book in a folder. Files and folders whose names begin with a dot are none of the book's."""

    def __init__(self, location: str, root: str) -> None:
        self.location = Path(location)
        self.folder = self.location / root
        self._digests: dict[str, str] = {}
        self._others: dict[str, str] = {}
        self._current = ""

    def revision(self, as_of: datetime | None = None, revision: str | None = None, follow: Follow = NEWEST) -> Revision:
        """The folder as it is now; ``as_of`` and ``follow`` say nothing of a folder. BookError for any other
        ``revision``."""
        self._look()
        lines = "".join(f"{digest}  {path}\n" for path, digest in self._digests.items())
        current = self._current = hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()
        if revision is not None and not (len(revision) >= 7 and current.startswith(revision)):
            raise BookError(
                f"{self.folder}: found the revision {revision!r}; expected {current[:12]}, which the folder holds now:"
                " it keeps no others, name none or use a git repository"
            )
        return Revision(current, EPOCH, f"the folder {self.folder.name}")

    def snapshot(
        self, revision: Revision, documents: Sequence[str] = ("**/*.md",), exclude: Sequence[str] = ()
    ) -> Snapshot:
        """See Book.snapshot; raises BookError when the folder has changed since ``revision``."""
        self._holding(revision)
        faults = [
            Fault(path, 0, "", kind, "a file")
            for path, kind in self._others.items()
            if kind.endswith("folder") or matches(path, documents, exclude)
        ]
        found: list[Document] = []
        for path in self._digests:
            if matches(path, documents, exclude):
                read = path_fault(path) or document(path, self._read(path))
                if isinstance(read, Document):
                    found.append(read)
                else:
                    faults.append(read)
        return Snapshot(revision, tuple(found), tuple(sorted(faults, key=lambda fault: fault.file)))

    def changed(self, a: Revision, b: Revision) -> tuple[str, ...]:
        """Nothing for the present revision twice; raises BookError for any other, which the folder does not keep."""
        self._holding(a)
        self._holding(b)
        return ()

    def read(self, revision: Revision, path: str) -> bytes:
        """See Book.read."""
        self._holding(revision)
        if path not in self._digests:
            found = self._others.get(path)
            what = f"found {found}; expected a file" if found else "no such file"
            raise BookError(f"{self.folder / path}: {what}")
        return self._read(path)

    def history(self, revision: Revision) -> Mapping[str, tuple[Version, ...]]:
        """The files as they are, one version each: a folder keeps no others. The blob is the path."""
        self._holding(revision)
        return {path: (Version(revision.id, EPOCH, path, path),) for path in self._digests}

    def lineage(self, revision: Revision) -> Lineage:
        """The files as they are: a folder knows of no renames."""
        return Lineage(tuple(Thread((path,), made) for path, made in self.history(revision).items()))

    def young(self, revision: Revision, as_of: datetime | None, follow: Follow) -> tuple[Young, ...]:
        """None: what lies in a folder counts."""
        return ()

    def contents(self, versions: Collection[Version]) -> Mapping[str, bytes]:
        """See Book.contents."""
        return {version.blob: self._read(version.blob) for version in versions}

    def files(self, revision: Revision) -> tuple[str, ...]:
        """The paths of all files, sorted."""
        self._holding(revision)
        return tuple(self._digests)

    def _holding(self, revision: Revision) -> None:
        if revision.id != self._current:
            self.revision(revision=revision.id)

    def _read(self, path: str) -> bytes:
        try:
            raw = (self.folder / path).read_bytes()
        except OSError as error:
            raise BookError(f"{self.folder / path}: {error.strerror}; make it readable, or move it away") from error
        if hashlib.sha256(raw).hexdigest() != self._digests.setdefault(path, hashlib.sha256(raw).hexdigest()):
            raise BookError(f"{self.folder / path}: changed while the book was read; start the run again")
        return raw

    def _look(self) -> None:
        """Digests of all files, and what is no file, by path."""
        if not self.folder.is_dir():
            raise BookError(f"{self.folder}: no such folder; make it, or correct `location` and `root`")
        if not self.folder.resolve().is_relative_to(self.location.resolve()):
            raise BookError(f"{self.folder}: leads out of {self.location}; correct `root`")
        self._digests = {}
        others: dict[str, str] = {}
        for at, folders, names in os.walk(self.folder, onerror=_refuse):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in (*folders, *names):
                if name.startswith("."):
                    continue
                path = (Path(at) / name).relative_to(self.folder).as_posix()
                mode = (Path(at) / name).lstat().st_mode
                if stat.S_ISLNK(mode):
                    others[path] = "a symbolic link to a folder" if name in folders else "a symbolic link"
                elif stat.S_ISREG(mode):
                    self._read(path)
                elif not stat.S_ISDIR(mode):
                    others[path] = "a device, pipe or socket"
        self._digests = dict(sorted(self._digests.items()))
        self._others = dict(sorted(others.items()))


def _refuse(error: OSError) -> None:
    raise BookError(f"{error.filename}: {error.strerror}; make it readable, or move it away") from error
