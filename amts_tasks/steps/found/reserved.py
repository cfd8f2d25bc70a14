"""What translators reserved in reserved.yaml, as a run finds it, and what of it holds nothing back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from amts_tasks.config import matches
from amts_tasks.config.reserved import NAME, read_reserved
from amts_tasks.steps.run import Run


def reservations(run: Run) -> tuple[dict[str, str], list[str]]:
    """Why documents are not to be touched, by pattern, and a line about each entry of which the last day is over.

    ConfigError with all faults of the file.
    """
    language, today = run.settings.translation.language, run.instant.date()
    found = read_reserved(run.config.path.parent / NAME)
    holding = {
        one.documents: f"reserved by {one.who} until {one.until.isoformat()}"
        for one in reversed(found)
        if one.holds(language, today)
    }
    over = [
        f"{NAME}: {one.documents}, reserved by {one.who} until {one.until.isoformat()}: that day is over; take it off"
        for one in found
        if one.concerns(language) and one.expired(today)
    ]
    return holding, over


def idle_reservations(resolved: dict[str, Any], documents: Collection[str]) -> list[str]:
    """A line about each reservation that holds nothing back: its day is over, or none of the documents, those of the
    book and of the translation, matches its pattern."""
    return [*resolved["expired"]] + [
        f"{NAME}: {pattern}, {why}: no document of the book or the translation matches it; correct the pattern"
        for pattern, why in resolved["reserved"].items()
        if not any(matches(path, (pattern,)) for path in documents)
    ]
