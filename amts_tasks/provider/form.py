"""The form of a run: Airflow's Params, their schema and the words a person reads beside each field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Param

from amts_tasks.config import PairConfig


def pair_form(settings: PairConfig) -> dict[str, Param]:
    """The form of one pair; where the configuration decides, the field shows what it says."""
    return _form(
        granularity=settings.granularity,
        parallel_data=settings.parallel_data,
        budget=settings.budget.run,
        as_configured="",
    )


def all_form(pairs: Iterable[str]) -> dict[str, Param]:
    """The form of the run of all pairs: which ones, then the fields of a pair, which stay as configured where empty."""
    names = sorted(pairs)
    return {
        "pairs": Param(
            names,
            title="Pairs",
            description_md="Which pairs to run. All of them are listed; take out those that need not run.",
            type=["array", "null"],
            items={"type": "string", "enum": names},
            uniqueItems=True,
            examples=names,
        ),
        **_form(granularity=None, parallel_data=None, budget=None, as_configured=" Left alone: as each pair says."),
    }


def _form(
    *, granularity: str | None, parallel_data: bool | None, budget: float | None, as_configured: str
) -> dict[str, Param]:
    return {
        "as_of": Param(
            None,
            title="As of",
            description_md="Take the book as it was at this instant (UTC). Empty: the run's logical date, else now.",
            type=["string", "null"],
            format="date-time",
        ),
        "revision": Param(
            None,
            title="Revision",
            description_md="Take the book at this commit, tag or branch instead of by date.",
            type=["string", "null"],
            minLength=1,
        ),
        "documents": Param(
            None,
            title="Documents",
            description_md="Translate only the documents these patterns match, one a line: `chapter_mlp/*.md`. "
            "Empty: all of the pair.",
            type=["array", "null"],
            items={"type": "string", "minLength": 1},
        ),
        "granularity": Param(
            granularity,
            title="Granularity",
            description_md="What one pair of the parallel data holds: a paragraph, a sentence, or both of "
            f"them.{as_configured}",
            type=["string", "null"],
            enum=["paragraph", "sentence", "both", None],
            values_display={"null": "as configured"},
        ),
        "parallel_data": Param(
            parallel_data,
            title="Parallel data",
            description_md="Whether the service learns from the book's earlier translations (Active Custom "
            f"Translation).{as_configured}",
            type=["boolean", "null"],
        ),
        "evaluate": Param(
            False,
            title="Evaluate",
            description_md="Also translate the evaluation documents and score them. This is paid for, by a budget of "
            "its own.",
            type="boolean",
        ),
        "force": Param(
            False,
            title="Force",
            description_md="Run although nothing changed, or the book's history was rewritten (it is taken as it is "
            "now), and buy again what was bought before.",
            type="boolean",
        ),
        "budget": Param(
            budget,
            title="Budget",
            description_md=f"What this run may cost for changed text, in US dollars. 0: nothing that is paid for."
            f"{as_configured}",
            type=["number", "null"],
            minimum=0,
        ),
        "dry_run": Param(
            False,
            title="Dry run",
            description_md="Stop after the plan: what would be kept, reused and sent, and its price. Nothing is sent.",
            type="boolean",
        ),
    }


def instant_of(params: Mapping[str, Any], logical_date: datetime | None, run_after: datetime) -> datetime:
    """The instant (UTC) a run takes the book as of: the form's, else the logical date, else when it was to start.

    Runs by REST or asset may have no logical date; ``run_after`` is always there, and the same at every try.
    """
    stated = params.get("as_of")
    if stated:
        found = datetime.fromisoformat(stated)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return (logical_date or run_after).astimezone(UTC)
