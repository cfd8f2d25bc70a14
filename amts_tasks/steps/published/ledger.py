"""What a run leaves behind for the next one: the manifest, what was published, what it compares itself with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from amts_tasks import names
from amts_tasks.books import open_book
from amts_tasks.steps.align import beads_of, latest_manifest, manifest_of, origin_of, parsed
from amts_tasks.steps.extract import texts_of
from amts_tasks.steps.found.inference import inferred_of
from amts_tasks.steps.plan import book_plan
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import shelf
from amts_tasks.sync import BookPlan, Manifest, Merged
from amts_tasks.sync.manifest import Record, rebuild
from amts_tasks.sync.manifest import write as write_manifest
from amts_tasks.sync.merged.changes import Change, Former
from amts_tasks.sync.merged.records import Making, updated
from amts_tasks.sync.publish import ChangeSet
from amts_tasks.sync.queue import changes, chapter_of, words
from amts_tasks.sync.told.body import remainder
from amts_tasks.text import normalise

_MOST_ROWS = 2_000
"""Changed sentences that are remembered of a branch; the newest count."""


def keep_manifest(run: Run, resolved: dict[str, Any], plan: BookPlan, merged: dict[str, Merged]) -> Manifest:
    """The manifest with what this run makes, and with what it replaces: until a merge both may stand in a book."""
    texts = texts_of(run, resolved)
    found = manifest_of(run, resolved)
    revisions = {row["document"]: row["revision"] for row in inferred_of(run, resolved) if row["known"]}
    at_first = {path: document for path, document in parsed(texts.target).items() if path not in found.documents}
    first = rebuild(
        run.pair,
        parsed(texts.base),
        at_first,
        beads_of(run, resolved),
        lambda path: origin_of(run, path),
        lambda path: resolved["base"] or revisions.get(path, ""),
        resolved["instant"],
    )
    old = found.merge(first.documents)
    origins = {path: origin_of(run, path) for path in merged}
    making = Making(resolved["source"], resolved["instant"], run.service.key)
    new = updated(found, {one.path: one for one in plan.documents}, merged, origins, making, formers(run, resolved))
    whole = _with_old(new, old, latest_manifest(run))
    run.storage.put(f"{run.home}manifest.json", write_manifest(whole))
    return whole


def formers(run: Run, resolved: dict[str, Any]) -> dict[str, Former]:
    """What each translated document was made from, and how the two hang together, by the path it stands at."""
    bases, beads = parsed(texts_of(run, resolved).base), beads_of(run, resolved)
    return {path: Former(base, beads.get(path, ())) for path, base in bases.items()}


def keep_published(
    run: Run, resolved: dict[str, Any], change: ChangeSet, merged: dict[str, Merged], commit_id: str
) -> None:
    """What each document of a branch was made from, for translations that keep no copy of it."""
    key = f"{run.home}published.json"
    published = run.storage.find_json(key) or {}
    for path, data in change.files.items():
        if data is None:
            published.pop(path, None)
        elif path in merged:
            published[path] = {
                "target": names.digest(data.decode()),
                "source_revision": resolved["source"],
                "commit": commit_id,
            }
    run.storage.put_json(key, published)


def earlier_changes(
    run: Run, resolved: dict[str, Any], change: ChangeSet, merged: Mapping[str, Merged]
) -> tuple[Change, ...]:
    """The changes that earlier runs made on a chapter's open branch and that still stand there; this run's are noted.

    A branch that is not open any more begins anew.
    """
    key = f"{run.home}open/{names.branch(run.pair, change.chapter).rpartition('/')[2]}.json"
    is_open = names.branch(run.pair, change.chapter) in resolved["ours"]
    before = (run.storage.find_json(key) or []) if is_open else []
    # A step that is made again finds what it noted itself.
    before = [one for one in before if one["run"] != resolved["prefix"]]
    rows = [row for one in before for row in one["changes"]]
    now = [asdict(one) for one in change.told.changes][-_MOST_ROWS:]
    if len(rows) + len(now) > _MOST_ROWS:
        before = [{"run": "", "changes": rows[-(_MOST_ROWS - len(now)) :] if len(now) < _MOST_ROWS else []}]
    run.storage.put_json(key, [*before, {"run": resolved["prefix"], "changes": now}])
    texts = texts_of(run, resolved).target
    stand: dict[str, str] = {}
    found = []
    for row in rows:
        path = row["document"]
        if path not in stand:
            stand[path] = normalise(merged[path].text if path in merged else texts.get(path, ""))
        if row["new_target"] and normalise(row["new_target"]) in stand[path]:
            found.append(Change(**row))
    return tuple(found)


def forget_landed(run: Run, resolved: dict[str, Any]) -> None:
    """Of the branches of which the default branch has taken over a part, what is noted of that part goes: the changed
    sentences, and the text of their request where that was written before."""
    texts = texts_of(run, resolved)
    told = (run.storage.find_json(f"{run.home}state.json") or {}).get("starts", {})
    for branch, start in resolved.get("starts", {}).items():
        name = f"{run.home}open/{branch.rpartition('/')[2]}"
        main: dict[str, str] = {}
        kept = []
        for one in run.storage.find_json(f"{name}.json") or []:
            rows = []
            for row in one["changes"]:
                path = row["document"]
                if path not in main:
                    main[path] = normalise(texts.merged.get(path, ("", texts.target.get(path, "")))[1])
                if normalise(row["new_target"]) not in main[path]:
                    rows.append(row)
            kept.append({**one, "changes": rows})
        run.storage.put_json(f"{name}.json", kept)
        if told.get(branch) != start:
            run.storage.put(f"{name}.md", remainder().encode())


def _with_old(new: Manifest, *olds: Manifest) -> Manifest:
    """The new records, and after them those of text that may still stand on the default branch or another one."""
    # Of a renamed document too: its old path stands on the default branch until the merge.
    gone = {path: () for old in olds for path in old.documents if path not in new.documents}
    documents: dict[str, tuple[Record, ...]] = {}
    for path, records in {**new.documents, **gone}.items():
        known = {record.target for record in records}
        kept = list(records)
        for old in olds:
            more = [one for one in old.documents.get(path, ()) if one.target not in known]
            known |= {one.target for one in more}
            kept += more
        documents[path] = tuple(kept)
    return new.merge(documents)


def note_done(run: Run, resolved: dict[str, Any], unfinished: list[str]) -> None:
    """What the next run compares itself with."""
    ours: dict[str, str] = {}
    if not run.settings.reverse:
        book = open_book(run.settings.translation.place, run.folder)
        ours = shelf(run, book.revision(revision=resolved["target"])).ours.tips
    job = run.storage.get_json(run.key(resolved, "download", "job.json"))
    plan = book_plan(run, resolved)
    open_words = dict(resolved["open_words"])
    for document in plan.documents:
        if changes(document):
            chapter = chapter_of(document.path)
            open_words[chapter] = open_words.get(chapter, 0) + words(document)
    key = f"{run.home}state.json"
    before = run.storage.find_json(key) or {}
    # A history that was taken as it is anew begins a new present, which may be older than what was dropped.
    older = [] if resolved["accepted"] or "published_at" not in before else [before["published_at"]]
    stamps = [resolved["source_at"], *older]
    run.storage.put_json(
        key,
        {
            **{
                name: resolved[name]
                for name in (
                    "source",
                    "source_at",
                    "followed",
                    "target",
                    "settings",
                    "service",
                    "force_number",
                    "reserved",
                    "aside",
                    "touched",
                )
            },
            "ours": ours,
            "starts": resolved.get("starts", {}),
            "evaluated": resolved["evaluate"],
            # Sent and not answered: the next run sends it again, though nothing else changed.
            "missing": job.get("missing", []),
            "unfinished": unfinished,
            # Words to read on each branch, and whether something waits for money alone: the next run has its own.
            "open_words": open_words,
            "short": any(one.cause == "budget" for one in plan.waiting),
            "published_at": max(stamps, key=datetime.fromisoformat),
        },
    )
