"""The translation of a pair as its maintainers will have it: its default branch with our open branches over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from amts_tasks.books import Revision, head, open_branches, translation_repository
from amts_tasks.books.book import Document, document
from amts_tasks.books.landing import joined
from amts_tasks.books.open import branch_at
from amts_tasks.books.overlay import Overlay, fork, overlay
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


def shelf(run: Run, revision: Revision, resolved: Mapping[str, Any] | None = None) -> Shelf:
    """The translation's repository at a revision of its default branch; the repository is made or fetched first.

    Our open branches are those that ``resolved`` names, where they were looked up before; else they are as of now.
    """
    place = run.settings.translation.place
    language = run.settings.translation.language
    pushed = bool(run.settings.translation.push.remote)
    repository = translation_repository(
        place, revision, run.folder, f"{run.config.book.name}-{language}", ours=not pushed
    )
    main = revision.id if place.kind == "git" else head(repository)
    prefix = f"amts/{run.pair}/"
    if resolved is None:
        return Shelf(repository, main, overlay(repository, main, open_branches(repository, prefix, main), prefix))
    found = (branch_at(repository, main, name, tip) for name, tip in sorted(resolved["ours"].items()))
    ours = overlay(repository, main, tuple(replace(one, merged=False) for one in found), prefix)
    return Shelf(repository, main, replace(ours, landed=dict(resolved.get("landed", {}))))


def going_on(found: Shelf, branch: str) -> str:
    """The commit that a branch of ours goes on from: its own last one, or the default branch's where it has none.

    Where the default branch has taken over text of the branch without its commits, or has changed a document that the
    branch changes, it goes on from both: what is there is not lost, can be pushed to without force, and does not
    conflict.
    """
    ours = found.ours
    tip = ours.tips.get(branch) or ours.landed.get(branch)
    if tip is None:
        return found.main
    start = ours.starts.get(branch) or ours.landed.get(branch)
    both = ours.both.get(branch, {})
    if branch in ours.conflicts.values() or (start is None and not both):
        return tip
    start = start or fork(found.repository, found.main, branch, tip)
    return joined(found.repository, found.main, start, tip, both)


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
