"""The translation of a pair as its maintainers will have it: its default branch with our open branches over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from amts_tasks.books import Branch, Revision, head, open_branches, translation_repository
from amts_tasks.books.book import Document, document
from amts_tasks.books.overlay import Overlay, overlay
from amts_tasks.books.repository import blobs
from amts_tasks.config import DOCUMENTS, matches
from amts_tasks.errors import Fault
from amts_tasks.steps.run import Run


@dataclass(frozen=True, slots=True)
class Shelf:
    """The repository that ``publish`` commits to, and what our open branches there change."""

    repository: Path
    main: str
    """Id of the commit that the branches begin from."""
    ours: Overlay


def shelf(run: Run, revision: Revision, ours: Mapping[str, str] | None = None) -> Shelf:
    """The translation's repository at a revision of its default branch; the repository is made or fetched first.

    ``ours`` are the tips of our open branches by name, where they were looked up before; else they are as of now.
    """
    place = run.settings.translation.place
    language = run.settings.translation.language
    pushed = bool(run.settings.translation.push.remote)
    repository = translation_repository(
        place, revision, run.folder, f"{run.config.book.name}-{language}", ours=not pushed
    )
    main = revision.id if place.kind == "git" else head(repository)
    if ours is None:
        branches = open_branches(repository, f"amts/{run.pair}/")
    else:
        branches = tuple(Branch(name, tip, merged=False) for name, tip in sorted(ours.items()))
    return Shelf(repository, main, overlay(repository, main, branches, f"amts/{run.pair}/"))


def laid_over(run: Run, found: Shelf, documents: dict[str, Document]) -> tuple[dict[str, Document], tuple[Fault, ...]]:
    """The documents with our open branches laid over them, and the faults of those that are set aside."""
    root = run.settings.translation.place.root
    prefix = f"{root}/" if root else ""
    contents = blobs(found.repository, sorted(set(found.ours.written.values())))
    laid = dict(documents)
    faults: list[Fault] = []
    for whole, blob in sorted(found.ours.written.items()):
        path = whole.removeprefix(prefix)
        if not whole.startswith(prefix) or not matches(path, DOCUMENTS):
            continue
        made = document(path, contents[blob])
        if isinstance(made, Fault):
            faults.append(made)
        else:
            laid[path] = made
    for whole in found.ours.deleted:
        laid.pop(whole.removeprefix(prefix), None)
    for whole, branch in sorted(found.ours.conflicts.items()):
        path = whole.removeprefix(prefix)
        laid.pop(path, None)
        faults.append(
            Fault(
                path,
                0,
                "",
                f"changes on {branch} and other changes on the default branch",
                f"one of them: merge the branch, or delete it in {found.repository}; the document is left alone "
                "until then",
            )
        )
    return laid, tuple(faults)
