"""``publish``: a branch for each chapter in the translation's repository, the manifest, and the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from amts_tasks import names
from amts_tasks.books import commit, open_book
from amts_tasks.errors import AmtsError, PublishError
from amts_tasks.steps.align import beads_of, latest_manifest, manifest_of, origin_of, parsed
from amts_tasks.steps.extract import Texts, texts_of
from amts_tasks.steps.inference import inferred_of
from amts_tasks.steps.plan import book_plan
from amts_tasks.steps.resolve import hold
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import Shelf, shelf
from amts_tasks.steps.things import Both, company, things
from amts_tasks.sync import BookPlan, Manifest, Merged, deliver, merge_document
from amts_tasks.sync.manifest import Record, rebuild
from amts_tasks.sync.manifest import write as write_manifest
from amts_tasks.sync.publish import ChangeSet, Tree, change_sets
from amts_tasks.sync.queue import Waiting, changes, chapter_of, words
from amts_tasks.sync.records import Making, updated
from amts_tasks.sync.references import dangling
from amts_tasks.sync.whole import Rewritten, withheld
from amts_tasks.text import parse
from amts_tasks.translate.service import Service

AUTHOR = "AMTS <amts@localhost>"


@dataclass(frozen=True, slots=True)
class Published:
    """One chapter's branch."""

    chapter: str
    branch: str
    commit: str
    files: int


def publish(run: Run, resolved: dict[str, Any]) -> dict[str, Any]:
    """Commits the branches, keeps the manifest and the run's state, writes the report; returns its address.

    Nothing is committed by a dry run, by a pair that is evaluation only, or when a later source is published already:
    the report says so. PublishError when a branch could not be written; the other branches are, and the next run does
    the rest.
    """
    hold(run)
    branches: list[Published] = []
    refused: list[str] = []
    references: list[str] = []
    why_not = _why_not(run, resolved)
    if why_not is None:
        branches, refused, references = _commit(run, resolved)
    waiting = book_plan(run, resolved).waiting
    report = _report(run, resolved, why_not, branches, refused, references, waiting)
    key = run.key(resolved, "publish", "publish.txt")
    run.storage.put(key, report.encode())
    run.show("publish", report.rstrip("\n"))
    if refused:
        raise PublishError("; ".join(refused))
    # What a run of the past saw is not what the next one is to compare itself with.
    if not resolved["dry_run"] and not resolved["past"]:
        _note_done(run, resolved)
    return {
        "branches": {one.branch: one.commit for one in branches},
        "not_published": why_not,
        "report": run.storage.address(key),
    }


def _why_not(run: Run, resolved: dict[str, Any]) -> str | None:
    if resolved["dry_run"]:
        return "a dry run: nothing was sent or committed"
    if run.settings.reverse:
        return "evaluation only: its target is the book's own language, so nothing is committed"
    if resolved["past"]:
        return "a later source is published already: nothing is committed"
    return None


def _commit(run: Run, resolved: dict[str, Any]) -> tuple[list[Published], list[str], list[str]]:
    texts = texts_of(run, resolved)
    plan = book_plan(run, resolved)
    delivered = deliver(plan, run.storage.get_json(run.key(resolved, "download", "answers.json")))
    merged = {one.path: merge_document(one, delivered[one.path]) for one in plan.documents}
    translation = run.settings.translation
    revision = open_book(translation.place, run.folder).revision(revision=resolved["target"])
    found = shelf(run, revision, resolved["ours"])
    both = things(run, resolved, found)
    open_ends = _withheld(texts, plan, merged, both)
    merged = {path: _given_up(one, texts, open_ends.get(path)) for path, one in merged.items()}
    job = run.storage.get_json(run.key(resolved, "download", "job.json"))
    review = run.storage.get_json(run.key(resolved, "download", "review.json"))
    tree = Tree(parsed(texts.base), translation.origin_suffix if translation.layout == "origin" else None)
    sets = change_sets(
        plan,
        merged,
        tree,
        service=_service(run, job),
        refused={one["unit"]: "; ".join(one["reasons"]) for one in review["refused"]},
    )
    # Before any branch: machine text that stands on a branch and not in the manifest would pass for a human's.
    _keep_manifest(run, resolved, plan, merged)
    branches: list[Published] = []
    refused: list[str] = []
    for one in sets:
        documents = [parse(data.decode(), path) for path, data in one.files.items() if data and path in merged]
        try:
            base = _base(run, resolved, found, one.chapter)
            beside = company(both, documents, found, base, run.settings.translation.place.root)
            made = _branch(run, resolved, found, replace(one, files={**one.files, **beside}))
        except AmtsError as error:
            refused.append(str(error))
            continue
        _keep_published(run, resolved, one, merged, made.commit if made else _base(run, resolved, found, one.chapter))
        if made is not None:
            branches.append(made)
    return branches, refused, [f"{path}: {why}" for path, why in sorted(open_ends.items())]


def _base(run: Run, resolved: dict[str, Any], found: Shelf, chapter: str) -> str:
    """The commit that a chapter's branch goes on from: its tip, or the default branch's."""
    return str(resolved["ours"].get(names.branch(run.pair, chapter), found.main))


def _branch(run: Run, resolved: dict[str, Any], found: Shelf, change: ChangeSet) -> Published | None:
    name = names.branch(run.pair, change.chapter)
    base = _base(run, resolved, found, change.chapter)
    # The source's date, not the clock's: the same run gives the same commit, so a second try finds the first one's.
    when = datetime.fromisoformat(resolved["source_at"])
    root = run.settings.translation.place.root
    made = commit(found.repository, name, base, change.files, change.message, AUTHOR, when, root=root)
    if made is None:
        return None
    return Published(change.chapter, name, made, len(change.files))


def _keep_manifest(run: Run, resolved: dict[str, Any], plan: BookPlan, merged: dict[str, Merged]) -> None:
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
    new = updated(found, {one.path: one for one in plan.documents}, merged, origins, making)
    data = write_manifest(_with_old(new, old, latest_manifest(run)))
    run.storage.put(f"{run.home}manifest.json", data)


def _keep_published(
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


def _withheld(texts: Texts, plan: BookPlan, merged: dict[str, Merged], both: Both) -> dict[str, str]:
    """The documents with which the book would point at something that is not there, and what."""
    rewritten = {
        one.path: Rewritten(parse(result.text, one.path), one.old_path if one.renamed else None)
        for one in plan.documents
        for result in [merged[one.path]]
        if not result.damaged and (one.target is None or one.renamed or result.text != one.target.text)
    }
    # What the source itself leaves open, or has in documents that are not this pair's, is no fault of the merge.
    excused = {(one.path, one.name) for one in dangling(parsed(texts.source), both.source)}
    return withheld(parsed(texts.target), rewritten, both.target, both.after, excused)


def _given_up(merged: Merged, texts: Texts, why: str | None) -> Merged:
    if why is None:
        return merged
    return Merged(merged.path, texts.target.get(merged.path, ""), (), (), f"withheld: {why}")


def _service(run: Run, job: dict[str, Any]) -> str:
    service = Service.of(run.translate, run.config.aws.role_arn)
    said = f" ({job['message']})" if job.get("message") else ""
    return f"{service.endpoint} {service.region}{said}"


def _report(
    run: Run,
    resolved: dict[str, Any],
    why_not: str | None,
    branches: list[Published],
    refused: list[str],
    references: list[str],
    waiting: Sequence[Waiting] = (),
) -> str:
    lines = [
        f"{run.pair}, {run.source.name} to {run.target.name}: source {resolved['source'][:12]}, "
        f"translation {resolved['target'][:12]}"
    ]
    if why_not:
        lines.append(why_not)
    elif not branches:
        why = "all that changes waits" if waiting else "nothing of the translation changes"
        lines.append(f"no branch: {why}")
    else:
        translation = run.settings.translation
        repository = _repository(run)
        lines.append(f"branches to review in {repository} (of {translation.place.location}):")
        width = max(len(one.branch) for one in branches)
        lines += [f"  {one.branch:<{width}}  {one.commit[:12]}  {one.files} files" for one in branches]
        lines.append(f"to read one: git -C {repository} show {branches[0].branch}")
    lines += [f"not published: {reason}" for reason in refused]
    if waiting:
        lines.append(f"{len(waiting)} documents wait for a later run:")
        lines += [f"  {one.document}: {one.reason}" for one in waiting[:20]]
        lines += [f"  and {len(waiting) - 20} more, see the plan"] if len(waiting) > 20 else []
    if references:
        lines.append(f"{len(references)} documents are withheld, since the book would point at what is not there:")
        lines += [f"  {reference}" for reference in references[:20]]
    if not resolved["dry_run"]:
        job = run.storage.get_json(run.key(resolved, "download", "job.json"))
        if job:
            lines.append(f"job {job['id']}: {job['characters']:,} characters translated")
            lines += [f"  not translated: {line}" for line in job["missing"]]
        review = run.storage.get_json(run.key(resolved, "download", "review.json"))
        for title, rows in (
            (
                "refused answers (the old text stays)",
                [f"{one['unit']}: {'; '.join(one['reasons'])}" for one in review["refused"]],
            ),
            ("documents not rebuilt", [f"{one['document']}: {one['reason']}" for one in review["damaged"]]),
            ("for a human to look at", _counted(f"{one['document']}: {one['reason']}" for one in review["look"])),
        ):
            if rows:
                lines.append(f"{len(rows)} {title}:")
                lines += [f"  {row}" for row in rows[:20]]
                more = run.storage.uri(run.key(resolved, "download", "review.json"))
                lines += [f"  and {len(rows) - 20} more in {more}"] if len(rows) > 20 else []
    return "\n".join(lines) + "\n"


def _counted(rows: Iterable[str]) -> list[str]:
    """The rows, each once, with its number where it came more than once."""
    return [f"{row} ({count} times)" if count > 1 else row for row, count in Counter(rows).items()]


def _repository(run: Run) -> Path:
    return run.folder / "repos" / f"{run.config.book.name}-{run.settings.translation.language}.git"


def _note_done(run: Run, resolved: dict[str, Any]) -> None:
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
    stamps = [resolved["source_at"], *([before["published_at"]] if "published_at" in before else [])]
    run.storage.put_json(
        key,
        {
            **{
                name: resolved[name]
                for name in ("source", "source_at", "target", "settings", "service", "force_number", "reserved")
            },
            "ours": ours,
            "evaluated": resolved["evaluate"],
            # Sent and not answered: the next run sends it again, though nothing else changed.
            "missing": job.get("missing", []),
            # Words to read on each branch, and whether something waits for money alone: the next run has its own.
            "open_words": open_words,
            "short": any(one.cause == "budget" for one in plan.waiting),
            "published_at": max(stamps, key=datetime.fromisoformat),
        },
    )
