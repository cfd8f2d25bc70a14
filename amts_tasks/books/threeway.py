"""A file that a branch of ours and the default branch both changed, merged as git merges it, where that is safe.

git merges line by line. That a sentence of the one side and a sentence of the other meet in a paragraph is no conflict
for it; here it is: nobody has read that paragraph, and whoever reads only what he wrote would vouch for all of it.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from amts_tasks.books.branches import file_at
from amts_tasks.books.repository import GitError, blobs, git

_PARAGRAPHS = re.compile(rb"\n[ \t]*\r?\n")


def merged(repository: Path, start: str, path: str, ours: str | None, theirs: str | None) -> str | None:
    """The id of the blob that has the changes of both sides since the commit ``start``; None where they conflict.

    They do where they changed the same lines, or the same stretch between two blank lines, where one side deleted the
    file, where it is new on both, and where it is no text. The blob is written to the repository; no branch is moved.
    """
    base = file_at(repository, start, path)
    if ours is None or theirs is None or base is None:
        return None
    read = blobs(repository, [ours, theirs])
    with tempfile.TemporaryDirectory(prefix="amts-merge-") as folder:
        files = [Path(folder) / name for name in ("ours", "base", "theirs")]
        for file, data in zip(files, (read[ours], base, read[theirs]), strict=True):
            file.write_bytes(data)
        try:
            both = git(repository, "merge-file", "-p", "--quiet", *map(str, files))
        except GitError:
            return None
    if not _paragraphs(both) <= _paragraphs(read[ours]) | _paragraphs(read[theirs]):
        return None
    return git(repository, "hash-object", "-w", "-t", "blob", "--no-filters", "--stdin", stdin=both).decode().strip()


def _paragraphs(data: bytes) -> set[bytes]:
    return {part.strip() for part in _PARAGRAPHS.split(data)}
