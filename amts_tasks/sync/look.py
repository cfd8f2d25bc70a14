"""What a plan asks a human to look at, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from amts_tasks.sync.document.plan import DocumentPlan
from amts_tasks.sync.identity import span
from amts_tasks.sync.item import Item, Provenance


@dataclass(frozen=True, slots=True)
class Review:
    """Something a human should look at."""

    document: str
    reason: str
    text: str = ""


def reviews(plans: Sequence[DocumentPlan]) -> Iterator[Review]:
    """What to look at in the documents of a plan, in their order."""
    for plan in plans:
        if not plan.based:
            yield Review(plan.path, "the source it was made from is unknown: kept as it is, compare it by hand")
        for reason, items in groupby(plan.items, key=_reason):
            if reason:
                yield Review(plan.path, reason, "\n".join(_old(plan, item) for item in items))


def _reason(item: Item) -> str:
    standing = item.provenance in {Provenance.kept, Provenance.target_only, Provenance.stale, Provenance.deleted}
    if item.provenance is Provenance.memory and item.edited:
        return "a human changed it since, and now its source changed: replaced by what the memory has for that"
    if item.reason or standing or not item.edited or item.provenance is Provenance.swapped:
        return item.reason
    if item.provenance is Provenance.patched:
        return "a human changed it since, and now its source changed: the sentences that changed there are replaced"
    return "a human changed it since, and now its source changed: replaced"


def _old(plan: DocumentPlan, item: Item) -> str:
    return span(plan.target, item.target_blocks) if plan.target is not None else ""
