"""``publish``: a branch for each chapter in the translation's repository, the manifest, and the report."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

from amts_tasks import names
from amts_tasks.books import commit, open_book
from amts_tasks.books.branches import advance, tree_of, tree_with
from amts_tasks.books.build import build
from amts_tasks.books.patch import mail_patch
from amts_tasks.counts import counted
from amts_tasks.errors import AmtsError, PublishError
from amts_tasks.steps.align import parsed
from amts_tasks.steps.beside import manifest_file
from amts_tasks.steps.extract import Texts, set_aside, texts_of
from amts_tasks.steps.found.inference import inferred_of
from amts_tasks.steps.found.reserved import idle_reservations
from amts_tasks.steps.found.settling import settling_of, settling_table
from amts_tasks.steps.plan import book_plan
from amts_tasks.steps.planned.freshness import note_freshness
from amts_tasks.steps.published.images import newer_images
from amts_tasks.steps.published.ledger import (
    earlier_changes,
    forget_landed,
    formers,
    keep_manifest,
    keep_published,
    note_done,
)
from amts_tasks.steps.published.patches import keep_patches
from amts_tasks.steps.published.push import push
from amts_tasks.steps.published.report import LISTED, Outcome, Published, report
from amts_tasks.steps.published.reports import keep_report
from amts_tasks.steps.published.things import Both, company, things
from amts_tasks.steps.resolve import hold
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import Shelf, going_on, shelf
from amts_tasks.sync import BookPlan, Merged, deliver, merge_document
from amts_tasks.sync.merged.changes import Change, Former, arrivals, changed_sentences
from amts_tasks.sync.publish import ChangeSet, Tree, change_sets
from amts_tasks.sync.told.body import body
from amts_tasks.sync.told.message import About, Languages
from amts_tasks.sync.whole.references import dangling
from amts_tasks.sync.whole.whole import Rewritten, withheld
from amts_tasks.text import parse
from amts_tasks.translate.service import Service

AUTHOR = "AMTS <amts@localhost>"


def publish(run: Run, resolved: dict[str, Any]) -> dict[str, Any]:
    """Commits the branches, keeps the manifest and the run's state, writes the report; returns its address.

    Nothing is committed by a dry run, by a pair that is evaluation only, or when a later source is published already:
    the report says so. PublishError when a branch could not be written, or the remote did not take one; the other
    branches are, and the next run does the rest.
    """
    hold(run)
    outcome = Outcome(_why_not(run, resolved))
    if outcome.why_not is None:
        _commit(run, resolved, outcome)
    plan = book_plan(run, resolved)
    fresh = None
    if outcome.why_not is None:
        fresh, quiet = note_freshness(run, resolved, plan, outcome.withheld, len(outcome.branches))
        outcome.told += [fresh.text, *([quiet] if quiet else [])]
    outcome.aside = set_aside(run, resolved)
    texts = texts_of(run, resolved)
    outcome.told += idle_reservations(resolved, {*texts.source, *texts.target})
    outcome.told += settling_table(run, settling_of(run, resolved)).strip("\n").splitlines()
    text = report(run, resolved, outcome, plan.waiting, plan.longer, inferred_of(run, resolved))
    key = run.key(resolved, "publish", "publish.txt")
    run.storage.put(key, text.encode())
    value = {
        "branches": {one.branch: one.commit for one in outcome.branches},
        "not_published": outcome.why_not,
        "pushed": outcome.pushed,
        "requests": outcome.requests,
        "freshness": fresh.as_json() if fresh else None,
    }
    if not resolved["dry_run"] and not resolved["past"]:
        keep_report(run, resolved, outcome, plan, value, text)
    run.show("publish", text.rstrip("\n"))
    if outcome.refused:
        raise PublishError("; ".join(outcome.refused))
    # What a run of the past saw is not what the next one is to compare itself with.
    if not resolved["dry_run"] and not resolved["past"]:
        note_done(run, resolved, [*outcome.unfinished, *outcome.rejected])
    if outcome.rejected:
        # What was done is done, and noted; but somebody has to know.
        raise PublishError("; ".join(outcome.rejected))
    return {**value, "report": run.storage.address(key)}


def _why_not(run: Run, resolved: dict[str, Any]) -> str | None:
    if resolved["dry_run"]:
        return "a dry run: nothing was sent or committed"
    if run.settings.reverse:
        return "evaluation only: its target is the book's own language, so nothing is committed"
    if resolved["past"]:
        return "a later source is published already: nothing is committed"
    return None


def _commit(run: Run, resolved: dict[str, Any], outcome: Outcome) -> None:
    texts = texts_of(run, resolved)
    plan = book_plan(run, resolved)
    delivered = deliver(plan, run.storage.get_json(run.key(resolved, "download", "answers.json")))
    merged = {one.path: merge_document(one, delivered[one.path]) for one in plan.documents}
    translation = run.settings.translation
    revision = open_book(translation.place, run.folder).revision(revision=resolved["target"])
    found = shelf(run, revision, resolved)
    both = things(run, resolved, found)
    open_ends = _withheld(texts, plan, merged, both)
    merged = {path: _given_up(one, texts, open_ends.get(path)) for path, one in merged.items()}
    job = run.storage.get_json(run.key(resolved, "download", "job.json"))
    review = run.storage.get_json(run.key(resolved, "download", "review.json"))
    tree = Tree(parsed(texts.base), translation.origin_suffix if translation.layout == "origin" else None)
    if translation.layout == "interleaved":
        tree = Tree(tree.bases, files=texts.files, suffix=translation.suffix)
    written = {tree.file(path) for path in merged}
    about = About(plan.pair, plan.revisions, _service(run, job), Languages.of(run.source, run.target))
    changed = _changed(run, resolved, plan, merged)
    sets = change_sets(
        plan,
        merged,
        tree,
        service=about.service,
        refused={one["unit"]: "; ".join(one["reasons"]) for one in review["refused"]},
        changes=changed,
        languages=about.languages,
    )
    # Before any branch: machine text that stands on a branch and not in the manifest would pass for a human's.
    manifest = keep_manifest(run, resolved, plan, merged)
    outcome.references = [f"{path}: {why}" for path, why in sorted(open_ends.items())]
    forget_landed(run, resolved)
    _joined(found, outcome)
    outcome.withheld |= open_ends.keys()
    images = newer_images(run, resolved, found, both, plan, merged, sets, open_ends)
    outcome.told += [*_moves(changed)[:LISTED], *images.told[:LISTED]]
    for one in map(images.joined, images.alone(sets, about)):
        documents = [parse(data.decode(), path) for path, data in one.files.items() if data and path in written]
        try:
            base = going_on(found, names.branch(run.pair, one.chapter))
            beside = company(both, documents, found, base, run.settings.translation.place.root)
            made_of = tree_with(found.repository, base, {**one.files, **beside}, run.settings.translation.place.root)
            if documents and made_of != tree_of(found.repository, base):
                beside = {**beside, **manifest_file(run, manifest, one.chapter)}
            whole = replace(one, files={**one.files, **beside})
            if not _builds(run, found, base, whole, outcome):
                outcome.withheld |= {str(row[0]) for row in one.told.rows}
                continue
            made = _branch(run, resolved, found, whole)
        except AmtsError as error:
            outcome.refused.append(str(error))
            outcome.withheld |= {str(row[0]) for row in one.told.rows}
            continue
        keep_published(run, resolved, one, merged, made or base)
        if made is not None:
            _artefacts(run, resolved, found, one, made, merged)
            branch = names.branch(run.pair, one.chapter)
            outcome.branches.append(Published(one.chapter, branch, made, len(one.files) + len(beside)))
    push(run, found, outcome)
    keep_patches(run, found)


def _joined(found: Shelf, outcome: Outcome) -> None:
    """Merges the default branch into the open branches of which it has taken over a part: else what they have in common
    would be shown once more to whoever reads one, and conflict where somebody has changed it since."""
    for name in found.ours.starts:
        new, old = going_on(found, name), found.ours.tips[name]
        if new != old and advance(found.repository, name, new, old):
            outcome.told.append(f"{name}: the default branch has taken over a part of it, and is merged into it")


def _changed(
    run: Run, resolved: dict[str, Any], plan: BookPlan, merged: dict[str, Merged]
) -> dict[str, tuple[Change, ...]]:
    """The changed sentences by path."""
    former, nothing, arrived = formers(run, resolved), Former(), arrivals(merged.values())
    return {
        one.path: changed_sentences(
            one, merged[one.path], former.get(one.old_path or one.path, nothing), run.source, run.target, arrived
        )
        for one in plan.documents
    }


def _moves(changed: dict[str, tuple[Change, ...]]) -> list[str]:
    """A line for each document that gave text to another one, or to another place in itself."""
    texts = Counter(
        (path, ", ".join(dict.fromkeys(place.rpartition(", line ")[0] for place in one.to.split("; "))))
        for path, changes in sorted(changed.items())
        for one in changes
        if one.to
    )
    return [f"{path}: {counted(number, 'text')} moved to {to}" for (path, to), number in texts.items()]


def _builds(run: Run, found: Shelf, base: str, change: ChangeSet, outcome: Outcome) -> bool:
    """Whether the book's own build takes the tree of a branch; True where none is configured, or nothing changes."""
    translation = run.settings.translation
    if not translation.build:
        return True
    root = translation.place.root
    tree = tree_with(found.repository, base, change.files, root)
    if tree == tree_of(found.repository, base):
        return True
    branch = names.branch(run.pair, change.chapter)
    run.say(f"{branch}: building the book")
    built = build(found.repository, tree, translation.build, translation.build_minutes, root=root)
    outcome.builds.append(f"build of {branch}: {built.how}{'' if built.passed else '; the branch is withheld'}")
    outcome.builds += [f"  {line}" for line in built.lines[-1 if built.passed else 0 :]]
    if not built.passed:
        outcome.unfinished.append(f"{branch}: the book's build did not take it")
    return built.passed


def _artefacts(
    run: Run, resolved: dict[str, Any], found: Shelf, change: ChangeSet, commit_id: str, merged: dict[str, Merged]
) -> None:
    """Writes the commit as a patch, and the text of a request for its branch."""
    name = names.branch(run.pair, change.chapter).rpartition("/")[2]
    run.storage.put(run.key(resolved, "publish", f"{name}.patch"), mail_patch(found.repository, commit_id))
    earlier = earlier_changes(run, resolved, change, merged)
    words = resolved["open_words"].get(change.chapter, 0)
    said = "passed" if run.settings.translation.build else ""
    text = body(change.told, earlier=earlier, words=words, build=said)
    run.storage.put(run.key(resolved, "publish", f"{name}.md"), text.encode())
    run.storage.put(f"{run.home}open/{name}.md", text.encode())


def _branch(run: Run, resolved: dict[str, Any], found: Shelf, change: ChangeSet) -> str | None:
    name = names.branch(run.pair, change.chapter)
    base = going_on(found, name)
    # The source's date, not the clock's: the same run gives the same commit, so a second try finds the first one's.
    when = datetime.fromisoformat(resolved["source_at"])
    root = run.settings.translation.place.root
    return commit(found.repository, name, base, change.files, change.message, AUTHOR, when, root=root)


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
