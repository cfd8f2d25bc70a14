"""What is kept of a pair's nights, and the night in which nothing changed."""

from __future__ import annotations

from amts_tasks.steps.run import Run
from amts_tasks.sync.freshness import Night, idle, noted


def note_nothing(run: Run, source: str) -> str:
    """Notes a night in which nothing changed; a word where that was so for too long while something was behind."""
    known = run.storage.find_json(key(run))
    if not known or not known["nights"]:
        return ""
    if any(one["instant"] == run.instant.isoformat() for one in known["nights"]):
        return idle(known["nights"], run.settings.review.quiet_nights)  # made again: what was done then was done
    night = Night(run.instant.isoformat(), source, 0, known["nights"][-1]["behind"])
    nights = noted(known["nights"], night)
    run.storage.put_json(key(run), {**known, "nights": nights})
    return idle(nights, run.settings.review.quiet_nights)


def key(run: Run) -> str:
    """Where the nights are kept, and since when which text has been behind."""
    return f"{run.home}freshness.json"
