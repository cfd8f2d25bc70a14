"""The freshness of a pair, kept from night to night."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from amts_tasks.steps.run import Run
from amts_tasks.sync.book import BookPlan
from amts_tasks.sync.freshness import Freshness, Night, freshness, idle, noted
from amts_tasks.sync.identity import billed_block
from amts_tasks.text import ParsedDocument


def note_freshness(
    run: Run,
    resolved: dict[str, Any],
    plan: BookPlan,
    sources: Iterable[ParsedDocument],
    withheld: Iterable[str],
    branches: int,
) -> tuple[Freshness, str]:
    """What the run left behind, and a word where nothing was done for too long; both are kept for the next night.

    Behind are the documents that wait or are withheld, and every text whose answer was refused or did not come.
    """
    known = run.storage.find_json(_key(run)) or {"since": {}, "nights": []}
    total = sum(billed_block(block) for document in sources for block in document.blocks)
    behind = {one.document: one.characters for one in plan.waiting}
    asked: dict[str, int] = {}
    for text in plan.wanted:
        asked[text.document] = asked.get(text.document, 0) + text.characters
    behind |= {path: asked.get(path, 0) for path in withheld}
    review = run.storage.get_json(run.key(resolved, "download", "review.json"))
    behind |= {one["document"]: asked.get(one["document"], 0) for one in review["damaged"]}
    sizes = {text.id: text.characters for text in plan.wanted}
    for unit in [one["unit"] for one in review["refused"]]:
        behind[unit] = sizes.get(unit, 0)
    found = freshness(total, behind, known["since"], resolved["source_at"], resolved["instant"])
    nights = noted(known["nights"], Night(resolved["instant"], resolved["source"], branches, len(behind)))
    run.storage.put_json(_key(run), {"since": dict(found.since), "nights": nights})
    return found, idle(nights, run.settings.review.quiet_nights)


def note_nothing(run: Run, source: str) -> str:
    """Notes a night in which nothing changed; a word where that was so for too long while something was behind."""
    known = run.storage.find_json(_key(run))
    if not known or not known["nights"]:
        return ""
    if any(one["instant"] == run.instant.isoformat() for one in known["nights"]):
        return idle(known["nights"], run.settings.review.quiet_nights)  # made again: what was done then was done
    night = Night(run.instant.isoformat(), source, 0, known["nights"][-1]["behind"])
    nights = noted(known["nights"], night)
    run.storage.put_json(_key(run), {**known, "nights": nights})
    return idle(nights, run.settings.review.quiet_nights)


def _key(run: Run) -> str:
    return f"{run.home}freshness.json"
