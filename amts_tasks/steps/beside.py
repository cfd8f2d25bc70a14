"""The manifest's files in the translation's repository, where the configuration asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from amts_tasks.books.branches import files_at
from amts_tasks.books.repository import blobs
from amts_tasks.errors import InputError
from amts_tasks.steps.run import Run
from amts_tasks.sync.lineage.beside import of_chapter
from amts_tasks.sync.manifest import Manifest, read, write


def manifest_file(run: Run, manifest: Manifest, chapter: str) -> dict[str, bytes]:
    """The file of a chapter for its branch, by its path from the book's root; none where nobody asked for it."""
    folder = run.settings.translation.manifest
    return {f"{folder}/{chapter}.json": write(of_chapter(manifest, chapter))} if folder else {}


def manifest_files(run: Run, repository: Path, commits: Sequence[str]) -> list[Manifest]:
    """The manifests in such files of some commits, in their order; one that cannot be read, or is of another pair, is
    named and left alone: people can change them."""
    translation = run.settings.translation
    if not translation.manifest:
        return []
    root = "/".join(part for part in (translation.place.root, translation.manifest) if part)
    found: dict[str, Manifest | None] = {}
    for commit in commits:
        files = {path: blob for path, blob in files_at(repository, commit, root).items() if path.endswith(".json")}
        contents = blobs(repository, [blob for blob in files.values() if blob not in found])
        for path, blob in sorted(files.items()):
            if blob in contents:
                found[blob] = _read(run, contents[blob], f"{root}/{path}@{commit[:12]}")
    return [one for one in found.values() if one is not None]


def _read(run: Run, data: bytes, name: str) -> Manifest | None:
    try:
        one = read(data, name)
    except InputError as error:
        run.say(f"{error}; it is left alone")
        return None
    return one if one.pair == run.pair else None
