"""Histories that were rewritten since the last run: told before anything is read, and nothing is published.

What was published rests on commits that are gone. A run that took the new history for the next night's would take a
dropped commit's changes back, or hold what the old history and the new one both changed for a conflict of people.
"""

from __future__ import annotations

from typing import Any

from amts_tasks.books import open_book
from amts_tasks.books.followed import fork_of, is_followed
from amts_tasks.config import Follow
from amts_tasks.errors import BookError
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import shelf


def insist_on_history(run: Run, resolved: dict[str, Any], done: dict[str, Any]) -> None:
    """BookError where the history of the book or of the translation was rewritten since the run that left ``done``.

    Notes in ``resolved`` which revision was ``followed``, for the next run to compare itself with, and whether a new
    history of the book is ``accepted``. A dry run reads nothing into the new history and may look at it.
    """
    resolved["followed"], resolved["accepted"] = None, False
    if run.settings.reverse:
        return
    _book(run, resolved, done)
    _translation(run, resolved, done)


def _book(run: Run, resolved: dict[str, Any], done: dict[str, Any]) -> None:
    place, follow = run.config.book.place, run.config.book.follow
    known, source = done.get("followed"), resolved["source"]
    resolved["followed"] = source
    if run.params.revision and not is_followed(place, run.folder, source, follow):
        resolved["followed"] = known  # somebody's own choice, which says nothing of what is followed
    if known is None or is_followed(place, run.folder, known, follow):
        return
    if run.params.revision or run.params.force:
        resolved["accepted"] = resolved["followed"] != known
        return
    if resolved["past"] and open_book(place, run.folder).revision(follow=follow).id != source:
        resolved["followed"] = known
        return
    what = (
        f"{place.location}: the revision {known[:12]} of the last run is no longer in {_named(follow)}, and this run's "
        f"is {source[:12]}: the book's history was rewritten, or something else is followed now"
    )
    if run.params.dry_run:
        resolved["told"].append(what)
        return
    raise BookError(
        f"{run.pair}: {what}. Nothing was sent or published. If the new history is right, run the pair once with "
        "--force (Force in Airflow's form): what differs is translated as it is there, on the open branches too, and "
        "bought again; else put the old history back. --dry-run shows what would be done"
    )


def _translation(run: Run, resolved: dict[str, Any], done: dict[str, Any]) -> None:
    """A branch of ours that began in commits which the translation no longer has is no conflict of people."""
    translation = run.settings.translation
    known = done.get("target")
    if known is None or not resolved["ours"]:
        return
    revision = open_book(translation.place, run.folder).revision(revision=resolved["target"])
    repository = shelf(run, revision, resolved).repository
    begun = {name: fork_of(repository, known, tip) for name, tip in resolved["ours"].items()}
    lost = {
        name: fork
        for name, fork in begun.items()
        if fork is not None and not is_followed(translation.place, run.folder, fork, translation.follow)
    }
    if not lost:
        return
    listed = ", ".join(f"{name} (from {fork[:12]})" for name, fork in sorted(lost.items()))
    there = f" and in {translation.push.remote}" if translation.push.remote else ""
    raise BookError(
        f"{translation.place.location}: the translation's history was rewritten: {_named(translation.follow)} no "
        f"longer has the commits that open branches of ours begin from: {listed}. Nothing was sent or published. "
        f"Delete them in {repository}{there} (what they hold was bought and is published again), or rebase them onto "
        "the new history if somebody worked on them"
    )


def _named(follow: Follow) -> str:
    if follow.kind == "tags":
        return f"any branch or tag (followed are tags like {follow.name})"
    return "the default branch" if follow.name == "HEAD" else f"branch {follow.name}"
