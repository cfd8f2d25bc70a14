"""``plan``: what is kept, reused and sent, what it costs, and whether the pair may spend that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from amts_tasks import names
from amts_tasks.config import matches
from amts_tasks.counts import counted
from amts_tasks.errors import BudgetExceeded
from amts_tasks.steps.align import beads_of, manifest_of, origin_of, parsed
from amts_tasks.steps.extract import Texts, asked_for, texts_of
from amts_tasks.steps.found.inference import inferred_of, inferred_table, told
from amts_tasks.steps.found.remote import EVERY
from amts_tasks.steps.found.reserved import idle_reservations
from amts_tasks.steps.found.settling import settling, settling_table
from amts_tasks.steps.kept.memory import lookup
from amts_tasks.steps.planned.freshness import freshness_before
from amts_tasks.steps.planned.matches import as_rows, best_matches
from amts_tasks.steps.planned.matches import as_table as matches_table
from amts_tasks.steps.planned.recall import recalled, recollection
from amts_tasks.steps.planned.references import references
from amts_tasks.steps.resolve import hold
from amts_tasks.steps.run import Run
from amts_tasks.sync import BookPlan, Versioned, plan_book
from amts_tasks.sync.book import NO_SOURCE_ANY_MORE
from amts_tasks.sync.document.recalled import Recall
from amts_tasks.sync.identity import billed
from amts_tasks.sync.look import Review
from amts_tasks.sync.queue import Limits, chapter_of
from amts_tasks.sync.told.report import as_json, as_table
from amts_tasks.text import ParsedDocument, Segment, parse
from amts_tasks.translate.exchange import Unit

EVALUATION = "evaluation/"
"""Unit ids and exchange documents of held-out documents begin with this."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A text that the service returned in an earlier run, as inline Markdown."""

    source: str
    target: str
    parallel_data: str
    """Digest of the parallel data of that job; empty without."""


def plan(run: Run, resolved: dict[str, Any]) -> dict[str, Any]:
    """Writes the plan; returns its totals. BudgetExceeded when nothing of it fits into what the pair may spend, or the
    evaluation does not: nothing is sent.

    Prices are upper bounds: the evaluation's is for buying all of it again.
    """
    hold(run)
    run.memo.pop((resolved["prefix"], "plan"), None)
    _fix_bought(run, resolved)
    with recollection(run, resolved) as recall:
        made = run.remembered(resolved, "plan", lambda: _planned(run, resolved, recall))
    if resolved["evaluate"]:
        references(run, resolved)
    evaluation = evaluation_units(run, resolved)
    price = run.config.aws.price
    shown = sum(billed(unit.segment.source) for unit in evaluation)
    # The held-out documents are translated twice: by the customised job, and without parallel data for comparison.
    asked = shown * (price.act_per_million + price.standard_per_million) / 1_000_000
    report = as_json(made)
    report["evaluation"] = {
        "documents": len(run.settings.held_out) if evaluation else 0,
        "characters": shown,
        "price": round(asked, 4),
    }
    report["past"] = resolved["past"]
    fresh = freshness_before(run, resolved, made)
    report["freshness"] = fresh.as_json() if fresh is not None else None
    report["settling"] = settling(run, resolved["source"])
    report["inferred"] = inferred_of(run, resolved)
    with lookup(run) as look:
        known = best_matches(made, look)
    report |= as_rows(known)
    table = as_table(made)
    table += f"\nbefore this run {fresh.text}\n" if fresh is not None else ""
    table += settling_table(run, report["settling"])
    table += matches_table(known) + inferred_table(report["inferred"])
    if evaluation:
        left = run.settings.budget.evaluation - asked
        table += (
            f"\nevaluation: {counted(len(run.settings.held_out), 'document')}, {counted(shown, 'character')} "
            "with and without parallel "
            f"data, at most {asked:.4f} USD, budget left {left:.4f} USD\n"
        )
    if resolved["past"]:
        table += "\na later source is published already: nothing of this is sent or published\n"
    texts = texts_of(run, resolved)
    report["reservations"] = idle_reservations(resolved, {*texts.source, *texts.target})
    table += "".join(f"\n{line}\n" for line in report["reservations"])
    run.storage.put_json(run.key(resolved, "plan", "plan.json"), report)
    run.storage.put(run.key(resolved, "plan", "plan.txt"), table.encode())
    run.show("plan", table.rstrip("\n"))
    if not resolved["past"]:
        _insist_on_budget(run, resolved, "run", made.price, budget_of(run), made.characters["sent"])
    if evaluation:
        _insist_on_budget(run, resolved, "evaluation", asked, run.settings.budget.evaluation, shown)
    return {
        "sent": made.characters["sent"],
        "units": len(made.wanted),
        "price": round(made.price, 4),
        "evaluation_price": round(asked, 4),
        "review": len(made.review),
        "waiting": len(made.waiting),
    }


def _fix_bought(run: Run, resolved: dict[str, Any]) -> None:
    """Fixes what was bought before this run: what the run buys must not change its plan when that is made again."""
    key = run.key(resolved, "plan", "bought.json")
    known = run.storage.find_json(key)
    if known is None or known["owner"] != run.owner:
        shelves = list(run.storage.list(f"{run.home}bought/{purchase(run)}/"))
        refused = list(run.storage.list(f"{run.home}refused/{purchase(run)}/"))
        run.storage.put_json(key, {"owner": run.owner, "keys": shelves, "refused": refused})


def budget_of(run: Run) -> float:
    """US dollars this run may spend on changed text."""
    return run.settings.budget.run if run.params.budget is None else run.params.budget


def book_plan(run: Run, resolved: dict[str, Any]) -> BookPlan:
    """The plan of the whole book from the artefacts; pure, so ``download`` makes it again instead of storing it."""
    return run.remembered(resolved, "plan", lambda: _planned(run, resolved, recalled(run, resolved)))


def _planned(run: Run, resolved: dict[str, Any], recall: Recall) -> BookPlan:
    texts = texts_of(run, resolved)
    # A reversed pair is evaluation only: nothing of its book is to be brought up to date.
    chosen = {} if run.settings.reverse else {p: text for p, text in texts.source.items() if asked_for(run, p)}
    book = Versioned(
        bases=parsed(texts.base),
        sources=parsed(chosen),
        targets={} if run.settings.reverse else parsed(texts.target),
        alignments=beads_of(run, resolved),
        gone=texts.gone,
    )
    bought = {} if run.params.force else {row.source: row.target for row in bought_before(run, resolved)}
    made = plan_book(
        run.pair,
        {"source": resolved["source"], "target": resolved["target"]},
        book,
        run.target,
        source_profile=run.source,
        manifest=manifest_of(run, resolved),
        origin_of=lambda path: origin_of(run, path),
        # Whatever its parallel data was: text that waits on a branch is not bought again because the memory grew.
        bought=bought,
        recall=recall,
        price_per_million=run.config.aws.price.act_per_million
        if run.customised
        else run.config.aws.price.standard_per_million,
        budget=budget_of(run),
        limits=limits_of(run, resolved, {**chosen, **texts.target}),
    )
    # A document that is only not asked for has its source all the same.
    aside = {*texts.source, *run.settings.held_out} - chosen.keys()
    moved = {one.old_path: one.path for one in made.documents if one.old_path}
    review = (*made.review, *told(inferred_of(run, resolved), book.sources, moved))
    if run.params.documents:
        # Its new name may be among what is not looked at: only a whole run knows that a document is gone.
        review = tuple(one for one in review if one.reason != NO_SOURCE_ANY_MORE)
    return replace(made, review=tuple(_with_branch(run, resolved, one) for one in review if one.document not in aside))


def _with_branch(run: Run, resolved: dict[str, Any], one: Review) -> Review:
    """Of a translation without a source the open branch that has it too: merged later, it would bring it back."""
    branch = names.branch(run.pair, chapter_of(one.document))
    if one.reason != NO_SOURCE_ANY_MORE or branch not in resolved["ours"]:
        return one
    return replace(one, reason=f"{one.reason}; {branch} is still open")


def limits_of(run: Run, resolved: dict[str, Any], documents: Iterable[str]) -> Limits:
    """What has to wait; a run of the past only reports, and reports all."""
    price = run.config.aws.price
    if resolved["past"]:
        return Limits()
    documents, touched = tuple(documents), resolved.get("touched", {})
    return Limits(
        words=run.settings.review.words,
        branches=run.settings.review.branches,
        budget=budget_of(run),
        price_per_million=price.act_per_million if run.customised else price.standard_per_million,
        waiting=resolved["open_words"],
        reserved={
            path: why
            for path in documents
            for pattern, why in resolved["reserved"].items()
            if matches(path, (pattern,))
        }
        | resolved.get("aside", {})
        | (dict.fromkeys(documents, touched[EVERY]) if EVERY in touched else {})
        | {path: why for path, why in touched.items() if path != EVERY},
    )


def purchase(run: Run) -> str:
    """A digest of all that decides what the service returns for a text, but for the parallel data."""
    return names.digest([
        run.service.key,
        run.source.service_code,
        run.target.service_code,
        run.target.formality,
        [list(term) for term in terms(run)],
    ])[:16]


def terms(run: Run) -> tuple[tuple[str, str], ...]:
    """The pair's glossary, source term and target term; a profile's glossary goes from English to its language."""
    if not run.settings.terminology:
        return ()
    if run.settings.source == "en":
        return tuple((term.source, term.target) for term in run.target.glossary)
    if run.settings.target == "en":
        return tuple((term.target, term.source) for term in run.source.glossary)
    return ()


def bought_before(run: Run, resolved: dict[str, Any]) -> list[Bought]:
    """What this service had returned for this pair under these settings when the run was planned, the latest last.

    The keys begin with the time of the job.
    """
    rows: list[Bought] = []
    for key in run.storage.get_json(run.key(resolved, "plan", "bought.json"))["keys"]:
        rows += [Bought(**row) for row in run.storage.get_rows(key)]
    return rows


def refused_before(run: Run, resolved: dict[str, Any], parallel_data: str) -> dict[str, list[str]]:
    """The texts whose answers were refused when this run was planned, and why: asked for again, they would be again.

    Only answers of this service under these settings and this parallel data (its digest) count; none with ``force``.
    """
    if run.params.force:
        return {}
    refused: dict[str, list[str]] = {}
    for key in run.storage.get_json(run.key(resolved, "plan", "bought.json")).get("refused", ()):
        for row in run.storage.get_rows(key):
            if row["parallel_data"] == parallel_data:
                refused[row["source"]] = list(row["reasons"])
    return refused


def evaluation_units(run: Run, resolved: dict[str, Any]) -> tuple[Unit, ...]:
    """The texts of the held-out documents, in the version their references were made from; () when none are wanted."""
    if not resolved["evaluate"]:
        return ()
    documents = evaluation_documents(run, texts_of(run, resolved))
    return tuple(
        Unit(f"{EVALUATION}{path}#{block.index}.{text.index}", Segment.of(text.source))
        for path, document in documents.items()
        for block in document.blocks
        for text in block.texts
        if Segment.of(text.source).letters
    )


def evaluation_documents(run: Run, texts: Texts) -> Mapping[str, ParsedDocument]:
    """The held-out documents as the references were made from them, by path."""
    return {path: parse(texts.held[path][0], path) for path in run.settings.held_out}


def _insist_on_budget(
    run: Run, resolved: dict[str, Any], name: str, price: float, budget: float, characters: int
) -> None:
    if price <= budget + 1e-9:
        return
    over = (
        f"{run.pair}: {counted(characters, 'character')} would be sent for up to {price:.4f} USD; budget.{name} is "
        f"{budget:.4f} USD; nothing was sent"
    )
    if resolved["dry_run"]:
        run.say(over)
        return
    way = (
        "raise the budget for this run, or choose documents" if name == "run" else "raise it, or run without evaluation"
    )
    # The address of a service on this machine is gone with it; the command is not.
    place = run.storage.address(run.key(resolved, "plan", "plan.txt"))
    raise BudgetExceeded(f"{over}; {way} (to see the plan: amts plan {run.pair}; it lies at {place})")
