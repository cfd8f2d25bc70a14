"""What the calls and jobs would have cost: characters as the service bills them, times the price.

A failed call or job costs nothing, nor does a pair of the same language; a call whose answer was lost costs as any. The
prices are switches with the day they were read. Free tiers are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from amts_tasks.emulator.job_queue import ENDED
from amts_tasks.emulator.records import Job
from amts_tasks.emulator.switches import Switches


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of the bill."""

    operation: str
    region: str
    pair: str
    """Such as ``en-zh``."""
    customised: bool
    """Whether parallel data were used, at the higher price."""
    characters: int
    job: str | None = None
    """The job's id."""


def charges(calls: Iterable[Mapping[str, Any]], jobs: Iterable[tuple[str, Job]]) -> list[Charge]:
    """The lines of the call log and of (Region, job) that are charged."""
    found = []
    for call in calls:
        if call["characters"] and call["operation"] in {"TranslateText", "TranslateDocument"}:
            pair = f"{call['parameters']['SourceLanguageCode']}-{call['parameters']['TargetLanguageCode']}"
            found.append(Charge(call["operation"], call["region"], pair, False, call["characters"]))
    for region, job in jobs:
        if job.status not in ENDED:
            continue
        for target, characters in job.characters.items():
            pair = f"{job.request['SourceLanguageCode']}-{target}"
            customised = job.parallel_file is not None
            found.append(Charge("StartTextTranslationJob", region, pair, customised, characters, job.id))
    return found


def bill(lines: Iterable[Charge], switches: Switches) -> dict[str, Any]:
    """The bill: ``prices``, ``total``, and ``operations``, ``pairs``, ``jobs`` by name.

    Each sum has ``characters`` (of which ``customised``) and ``usd``.
    """
    total = _sum()
    tables: dict[str, dict[str, dict[str, float]]] = {"operations": {}, "pairs": {}, "jobs": {}}
    for line in lines:
        names = {"operations": line.operation, "pairs": line.pair, "jobs": line.job}
        price = switches.customised_usd if line.customised else switches.standard_usd
        sums = [total, *(tables[table].setdefault(name, _sum()) for table, name in names.items() if name is not None)]
        for one in sums:
            one["characters"] += line.characters
            one["customised"] += line.characters if line.customised else 0
            one["usd"] = round(one["usd"] + line.characters * price / 1e6, 6)
    prices = {
        "standard": switches.standard_usd,
        "customised": switches.customised_usd,
        "unit": "USD for a million characters",
        "read": switches.prices_read,
    }
    return {"prices": prices, "total": total, **tables}


def _sum() -> dict[str, float]:
    return {"characters": 0, "customised": 0, "usd": 0.0}
