"""The scores of a pair, for programs; ``table`` prints the same rows for people.

Every number stands with how it was made: segments, share of the reference that was scored, origin of the references,
signature, service. Where a number could mislead it is not given and a line says why: two engines make no difference,
and without a baseline the row stays with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amts_tasks.errors import InputError
from amts_tasks.score.metrics import RESAMPLES, SEED
from amts_tasks.score.rows import Article, Row, row

VERSION = 1


@dataclass(frozen=True, slots=True)
class Report:
    """All rows of a pair; the last is the average."""

    pair: str
    reverse: bool
    """The source is itself a translation: numbers of this direction stand apart."""
    about: Mapping[str, str]
    """What else says how the numbers came to be: book, revisions, digest of the parallel data."""
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "version": VERSION,
            "pair": self.pair,
            "reverse": self.reverse,
            **{name: self.about[name] for name in sorted(self.about)},
            "resampling": {"resamples": RESAMPLES, "seed": SEED, "interval": 0.95},
            "rows": [one.as_dict() for one in self.rows],
            "notes": list(self.notes),
        }


def make_report(
    pair: str, articles: Sequence[Article], *, reverse: bool, about: Mapping[str, str] | None = None
) -> Report:
    """The rows of the articles by their path and of the average, which is the mean of their corpus scores.

    ``about`` must not have names of the report's own. Raises InputError without an article.
    """
    if not articles:
        raise InputError(f"pair {pair}: no test document to score; name some under held_out")
    ordered = sorted(articles, key=lambda one: one.document)
    rows = [row(one.document, [one]) for one in ordered]
    rows.append(row("average", ordered))
    return Report(pair, reverse, dict(about or {}), tuple(rows), tuple(_notes(rows, reverse)))


def scores_json(reports: Sequence[Report]) -> bytes:
    """scores.json: the reports by pair, the same bytes for the same scores."""
    value = [one.as_dict() for one in sorted(reports, key=lambda one: one.pair)]
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _notes(rows: Sequence[Row], reverse: bool) -> list[str]:
    average = rows[-1]
    notes = []
    if reverse:
        notes.append("Reverse direction: the source is itself a translation; do not compare with the other direction.")
    if set(average.origins) - {"human"}:
        notes.append(
            "References that are machine output or its post-edit favour the engine that made it; "
            "they are no independent references."
        )
    if not all(service.real for service in (*average.services, *average.baseline_services)):
        notes.append("Made with an emulator of the service: these numbers do not stand beside published ones.")
    if not isinstance(average.baseline, str) and not average.comparable:
        notes.append("The two columns come from different engines: no difference and no p-value is given.")
    if average.missing:
        notes.append(f"Texts without an answer of the job, whose source text was scored: {average.missing}.")
    if average.baseline_missing:
        notes.append(
            f"Texts without an answer of the baseline, whose source text was scored: {average.baseline_missing}."
        )
    if average.unpaired:
        notes.append(f"Blocks that could not be paired and are not scored: {average.unpaired}.")
    return notes
