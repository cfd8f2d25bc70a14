"""The newest report of a pair, kept where it is found without knowing which run it was of."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from amts_tasks.errors import InputError
from amts_tasks.steps.found.settling import settling_of
from amts_tasks.steps.published.report import Outcome
from amts_tasks.steps.run import Run
from amts_tasks.sync import BookPlan


def keep_report(
    run: Run, resolved: dict[str, Any], outcome: Outcome, plan: BookPlan, value: dict[str, Any], text: str
) -> None:
    """Keeps what ``publish`` tells, as a text and as a value, for ``amts report``.

    Not of a dry run, nor of a run of the past: neither says how the pair is.
    """
    told = {
        **value,
        "pair": run.pair,
        "instant": resolved["instant"],
        "prefix": resolved["prefix"],
        "revisions": {"source": resolved["source"], "target": resolved["target"]},
        "evaluated": resolved["evaluate"],
        "builds": outcome.builds,
        "unfinished": outcome.unfinished,
        "refused": outcome.refused,
        "withheld": outcome.references,
        "waiting": [asdict(one) for one in plan.waiting],
        "settling": settling_of(run, resolved),
    }
    run.storage.put(f"{run.home}publish.txt", text.encode())
    run.storage.put_json(f"{run.home}publish.json", told)


def newest_report(run: Run) -> dict[str, Any]:
    """What the newest run of the pair told: its ``text``, the same as values, and the newest ``scores``.

    ``review`` has what its answers left for people to look at. ``score`` is the table of the newest evaluation and
    ``scores`` its numbers, of this run or an earlier one; None where none was made. InputError when there is no report
    yet.
    """
    value: dict[str, Any] | None = run.storage.find_json(f"{run.home}publish.json")
    if value is None:
        raise InputError(f"{run.pair}: no run has made a report yet; run it first: amts run {run.pair}")
    prefix = value.pop("prefix")
    table = run.storage.find(f"{run.home}score.txt")
    return value | {
        "review": run.storage.find_json(f"{prefix}/download/review.json"),
        "text": run.storage.get(f"{run.home}publish.txt").decode(),
        "score": table.decode() if table is not None else None,
        "scores": run.storage.find_json(f"{run.home}scores.json"),
    }
