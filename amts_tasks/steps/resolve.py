"""``resolve``: fixes the revisions of one run and takes the pair's lease."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from amts_tasks import names
from amts_tasks.books import Revision, open_book
from amts_tasks.books.landing import stood
from amts_tasks.books.open import note_landings
from amts_tasks.books.overlay import contains
from amts_tasks.errors import LeaseHeld
from amts_tasks.steps.found.recovery import keep, recover
from amts_tasks.steps.found.remote import Arrived, arrive
from amts_tasks.steps.found.reserved import reservations
from amts_tasks.steps.found.rewritten import insist_on_history
from amts_tasks.steps.found.settling import settling, settling_line
from amts_tasks.steps.kept.nights import note_nothing
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import Shelf, shelf


def resolve(run: Run, *, unchanged: bool = False) -> dict[str, Any] | None:
    """What the later steps go by, or None when nothing changed and nothing is forced (the lease is free again then).

    With ``unchanged`` it is told also where nothing changed.

    The book is taken as of ``run.instant`` (or at ``params.revision``), the translation as of now or of the same
    instant, as configured. LeaseHeld when another run of the pair is under way; InputError for a revision that is not
    there, and where a history was rewritten since the last run.
    """
    settings = run.settings
    hold(run)
    try:
        recovered = _recovered(run)
        published = run.storage.find_json(f"{run.home}published.json") or {}
        resolved = _revisions(run, published)
        resolved["recovered"] = recovered
        done = run.storage.find_json(f"{run.home}state.json") or {}
        resolved["force_number"] = done.get("force_number", 0) + (1 if run.params.force else 0)
        resolved["open_words"] = _open_words(run, resolved, done)
        resolved["past"] = not run.params.force and _is_past(resolved, done)
        insist_on_history(run, resolved, done)
        if not run.params.force and not unchanged and _same(resolved, done):
            run.say(
                f"{run.pair}: nothing changed since the last run: {settings.source} {resolved['source'][:12]} of "
                f"{resolved['source_at']}, {settings.target} {resolved['target'][:12]}; nothing to do"
            )
            for word in (note_nothing(run, resolved["source"]), settling_line(run, settling(run, resolved["source"]))):
                if word:
                    run.say(f"{run.pair}: {word}")
            release(run)
            return None
        # Fixed here: what this very run publishes must not change what a step made again finds.
        run.storage.put_json(run.key(resolved, "resolve", "published.json"), published)
        # A reversed pair publishes nothing: whose the text of its source is, the pair that wrote it knows.
        home = f"{run.config.book.name}/{settings.target}-{settings.source}/" if settings.reverse else run.home
        manifest = run.storage.find(f"{home}manifest.json")
        run.storage.put(run.key(resolved, "resolve", "manifest.json"), manifest or b"")
        run.storage.put_json(run.key(resolved, "resolve", "resolved.json"), resolved)
    except BaseException:
        release(run)
        raise
    run.say(
        f"{run.pair}: {settings.source} at {resolved['source'][:12]} ({resolved['source_at']}), "
        f"{settings.target} at {resolved['target'][:12]} ({resolved['target_at']})"
    )
    if resolved["ours"]:
        run.say(f"{run.pair}: with what waits on {', '.join(resolved['ours'])}")
    return resolved


def hold(run: Run) -> None:
    """Takes the pair's lease, or renews it; every step does. LeaseHeld when another run has it by now.

    So a step that is tried again after its run was over works under a lease too, and one that was away for longer than
    the lease lasts stops where another run has begun.
    """
    # An import and a job are waited for between two steps, each up to the timeout.
    hours = 2 * run.config.aws.job_timeout_hours + 1
    # A process that runs step after step need not renew it every second.
    renewed = run.memo.get(("", "lease"))
    if renewed is not None and run.clock() - renewed < timedelta(hours=hours / 10):
        return
    run.storage.take_lease(names.lease_key(run.config.book.name, run.pair), run.owner, run.clock(), hours)
    run.memo["", "lease"] = run.clock()


def release(run: Run) -> bool:
    """Frees the pair's lease if this run holds it; True when it did."""
    run.memo.pop(("", "lease"), None)
    try:
        return run.storage.release_lease(names.lease_key(run.config.book.name, run.pair), run.owner)
    except LeaseHeld:
        return False


def _recovered(run: Run) -> str:
    """What was done about a manifest that is missing; empty where nothing was, as at first contact.

    Before anything is read or learnt: without it the machine text that was merged would count as human.
    """
    pair = run.pair if not run.settings.reverse else f"{run.settings.target}-{run.settings.source}"
    if pair not in run.config.pairs:
        return ""
    writer = replace(run, pair=pair)
    if run.storage.find(f"{writer.home}manifest.json"):
        return ""
    translation = writer.settings.translation
    then = run.instant if translation.as_of == "date" else None
    made = recover(writer, open_book(translation.place, run.folder).revision(as_of=then, follow=translation.follow))
    if made is None:
        return ""
    keep(writer, made)
    told = f"no manifest was found in storage; {made.text}"
    run.say(told)
    return told


def _revisions(run: Run, published: dict[str, Any]) -> dict[str, Any]:
    config, settings = run.config, run.settings
    translation = settings.translation
    cache = run.folder
    book = open_book(config.book.place, cache)
    book_revision = (
        book.revision(revision=run.params.revision, follow=config.book.follow)
        if run.params.revision
        else book.revision(as_of=run.instant, follow=config.book.follow)
    )
    then = run.instant if translation.as_of == "date" else None
    translated = open_book(translation.place, cache).revision(as_of=then, follow=translation.follow)
    ours: dict[str, str] = {}
    starts: dict[str, str] = {}
    landed: dict[str, str] = {}
    taken: list[str] = []
    stands: list[str] = []
    arrived = Arrived()
    if not settings.reverse:
        arrived = arrive(run, translated, book_revision)
        found = shelf(run, translated)
        ours, starts, landed = found.ours.tips, found.ours.starts, found.ours.landed
        note_landings(found.repository, found.main, landed)
        commits = sorted({record["commit"] for record in published.values()})
        tips = [found.main, *ours.values(), *landed.values()]
        taken = [commit for commit in commits if any(contains(found.repository, tip, commit) for tip in tips)]
        if translation.layout in {"revision", "inferred"}:
            stands = _stood(found, translation.place.root, published, taken)
    base = None
    if translation.layout == "revision":
        base = book.revision(revision=translation.source_revision, follow=config.book.follow)
    # A reversed pair reads the translation as its source and the text that it was made from as its target.
    source, target = (translated, base or translated) if settings.reverse else (book_revision, translated)
    reserved, expired = reservations(run)
    # Open branches of ours are part of the translation: with others it is another revision of it.
    shown = names.digest([target.id, ours]) if ours else target.id
    return {
        "pair": run.pair,
        "prefix": names.run_prefix(config.book.name, run.pair, source.id, shown),
        "source": source.id,
        "source_at": _stamp(source),
        "target": target.id,
        "target_at": _stamp(target),
        "ours": ours,
        "starts": starts,
        "landed": landed,
        "taken": taken,
        "stood": stands,
        "base": base.id if base else None,
        "instant": run.instant.isoformat(),
        "settings": _settings(run),
        "reserved": reserved,
        "expired": expired,
        "aside": dict(sorted(arrived.aside.items())),
        "touched": dict(sorted(arrived.touched.items())),
        "told": arrived.told,
        "evaluate": run.params.evaluate,
        "dry_run": run.params.dry_run,
        "service": run.service.key,
    }


def _stood(found: Shelf, root: str, published: dict[str, Any], taken: list[str]) -> list[str]:
    """The documents that the translation has taken over as we wrote them, though not with our commits."""
    prefix = f"{root}/" if root else ""
    written: dict[str, list[str]] = {}
    for path, record in published.items():
        if record["commit"] not in taken:
            written.setdefault(record["commit"], []).append(prefix + path)
    every = (stood(found.repository, found.main, commit, paths) for commit, paths in sorted(written.items()))
    return sorted(path.removeprefix(prefix) for paths in every for path in paths)


def _stamp(revision: Revision) -> str:
    return revision.committed_at.isoformat()


def _settings(run: Run) -> str:
    """A digest of everything besides the texts that changes what a run does."""
    settings = run.settings
    return names.digest({
        "pair": repr(settings),
        "source": repr(run.source),
        "target": repr(run.target),
        "granularity": run.granularity,
        "customised": run.customised,
        "documents": list(run.params.documents),
    })[:16]


def _same(resolved: dict[str, Any], done: dict[str, Any]) -> bool:
    # A state of before branches were pushed has none of what was found at the remote.
    if any(
        resolved[name] != done.get(name, {} if name in {"aside", "touched"} else None)
        for name in ("source", "target", "ours", "settings", "service", "reserved", "aside", "touched")
    ):
        return False
    if any(done.get(name) for name in ("missing", "reviewed", "short", "unfinished")):
        return False
    return bool(done.get("evaluated")) or not resolved["evaluate"]


def _open_words(run: Run, resolved: dict[str, Any], done: dict[str, Any]) -> dict[str, int]:
    """The words to read on each branch that is still open, by chapter; 0 on one that AMTS has not counted, and on one
    whose text the default branch has taken over since then, up to what somebody added."""
    counted: dict[str, int] = done.get("open_words", {})
    before = done.get("starts", {})
    chapters = {names.branch(run.pair, chapter): chapter for chapter in counted}
    found = {}
    for name in resolved["ours"]:
        chapter = chapters.get(name, name.removeprefix(f"amts/{run.pair}/"))
        start = resolved["starts"].get(name)
        found[chapter] = 0 if start is not None and start != before.get(name) else counted.get(chapter, 0)
    return dict(sorted(found.items()))


def _is_past(resolved: dict[str, Any], done: dict[str, Any]) -> bool:
    """Whether a later source than this run's has been published: backfills must not push the present back."""
    if "published_at" not in done:
        return False
    return datetime.fromisoformat(resolved["source_at"]) < datetime.fromisoformat(done["published_at"])
