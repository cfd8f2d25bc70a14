"""The freshness of a pair, before a run and after it, kept from night to night."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from amts_tasks.books import open_book
from amts_tasks.books.branches import files_at
from amts_tasks.steps.align import parsed
from amts_tasks.steps.extract import asked_for, texts_of
from amts_tasks.steps.kept.nights import key
from amts_tasks.steps.layout import source_path
from amts_tasks.steps.planned.ages import ages
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import Shelf, shelf
from amts_tasks.sync.book import BookPlan
from amts_tasks.sync.freshness import Freshness, Night, freshness, idle, lacking, noted
from amts_tasks.sync.identity import Identity, billed_block
from amts_tasks.sync.queue import changes
from amts_tasks.text import ParsedDocument, parse


def freshness_before(run: Run, resolved: dict[str, Any], plan: BookPlan) -> Freshness | None:
    """How far the translation, with our open branches, is behind before the run; None for a pair that is evaluation
    only. Nothing is written.

    Behind are the documents that the plan changes or lets wait, and all of those that were set aside.
    """
    if run.settings.reverse:
        return None
    known = run.storage.find_json(key(run)) or {"since": {}}
    since: dict[str, str] = {}
    for name, when in sorted(known["since"].items()):
        path = name.partition("#")[0]
        since[path] = min(since.get(path, when), when)
    late = {one.path for one in plan.documents if changes(one)} | {one.document for one in plan.waiting}
    return _measured(run, resolved, late, {}, since, _shelf(run, resolved, resolved))


def note_freshness(
    run: Run, resolved: dict[str, Any], plan: BookPlan, withheld: Collection[str], branches: int
) -> tuple[Freshness, str]:
    """What the run left behind, and a word where nothing was done for too long; both are kept for the next night.

    Behind are what changed in documents that wait or are withheld, whatever the reason; every text whose answer was
    refused or did not come; and all of the documents that were set aside.
    """
    known = run.storage.find_json(key(run)) or {"since": {}, "nights": []}
    review = run.storage.get_json(run.key(resolved, "download", "review.json"))
    late = {one.document for one in plan.waiting} | {*withheld} | {one["document"] for one in review["damaged"]}
    sizes = {text.id: text.characters for text in plan.wanted}
    units = [one["unit"] for one in review["refused"]]
    refused = {unit: sizes.get(unit, 0) for unit in units if unit.rpartition("#")[0] not in late}
    found = _measured(run, resolved, late, refused, known["since"], _shelf(run, resolved))
    nights = noted(known["nights"], Night(resolved["instant"], resolved["source"], branches, len(found.since)))
    run.storage.put_json(key(run), {"since": dict(found.since), "nights": nights})
    return found, idle(nights, run.settings.review.quiet_nights)


def _measured(
    run: Run,
    resolved: dict[str, Any],
    late: Collection[str],
    refused: Mapping[str, int],
    since: Mapping[str, str],
    found: Shelf,
) -> Freshness:
    """The freshness with so many documents late and texts refused; looked at are the documents asked for."""
    texts = texts_of(run, resolved)
    sources = parsed({path: text for path, text in texts.source.items() if asked_for(run, path)})
    bases, identity = parsed(texts.base), Identity(run.target.own_links)
    behind = {
        path: sum(lacking(sources[path], bases.get(path), identity).values()) if path in sources else 0 for path in late
    }
    extracted = run.storage.get_json(run.key(resolved, "extract", "report.json"))
    aside = {path: size for path, size in extracted["behind"].items() if asked_for(run, path)}
    behind |= {**refused, **aside}
    total = sum(billed_block(block) for document in sources.values() for block in document.blocks) + sum(aside.values())
    return freshness(
        total,
        behind,
        since,
        resolved["source_at"],
        resolved["instant"],
        waiting=_unmerged(run, resolved, found, sources, late, identity, sum(refused.values())),
        aside=len(aside),
        moved=ages(run, resolved, sorted({name.partition("#")[0] for name in behind.keys() - since.keys()})),
    )


def _shelf(run: Run, resolved: dict[str, Any], before: Mapping[str, Any] | None = None) -> Shelf:
    """The translation with our open branches: as they were looked up `before` the run, else as they are now."""
    revision = open_book(run.settings.translation.place, run.folder).revision(revision=resolved["target"])
    return shelf(run, revision, before)


def _unmerged(
    run: Run,
    resolved: dict[str, Any],
    found: Shelf,
    sources: Mapping[str, ParsedDocument],
    late: Collection[str],
    identity: Identity,
    refused: int,
) -> int:
    """The characters that are in step on our open branches and not yet on the default branch; of a document that is
    late, what an earlier run brought to its branch."""
    texts = texts_of(run, resolved)
    translation = run.settings.translation
    root = translation.place.root
    there = files_at(found.repository, found.main, root)
    size = 0
    for file in found.ours.written:
        name = file.removeprefix(f"{root}/") if root else file
        path = source_path(name, translation.suffix) if translation.layout == "interleaved" else name
        if path not in sources:
            continue
        made_from = texts.merged[path][0] if path in texts.merged else texts.base.get(path)
        main = parse(made_from, path) if made_from is not None and name in there else None
        missing = lacking(sources[path], main, identity)
        if path in late:
            laid = texts.base.get(path)
            still = lacking(sources[path], parse(laid, path) if laid is not None else None, identity)
            missing = {index: characters for index, characters in missing.items() if index not in still}
        size += sum(missing.values())
    # Refused texts are behind already: they stand, if anywhere, in documents that were written.
    return max(0, size - refused)
