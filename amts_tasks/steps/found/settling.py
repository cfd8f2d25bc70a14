"""What of the book does not count yet: revisions that have to settle, or wait for a tag, and the documents in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amts_tasks.books import open_book
from amts_tasks.config import DOCUMENTS, matches
from amts_tasks.counts import counted
from amts_tasks.steps.run import Run
from amts_tasks.sync.told.table import columns, short

_SHOWN = 20
"""Documents that the table names; the JSON has all."""


def settling(run: Run, source: str) -> dict[str, Any]:
    """What is newer than the source revision of a run and waits: revisions with the time at which each counts (`until`;
    None: with the next tag), and the pair's documents in them, with the first such time (`from`) and the last.

    Empty lists where nothing waits, and for a run of a revision that somebody named.
    """
    follow, settings = run.config.book.follow, run.settings
    found: dict[str, Any] = {"settle_days": follow.settle_days, "revisions": [], "documents": []}
    if run.params.revision or settings.reverse:
        return found
    book = open_book(run.config.book.place, run.folder)
    globs, exclude = run.globs
    globs = run.params.documents or globs
    times: dict[str, list[str | None]] = {}
    for one in book.young(book.revision(revision=source), run.instant, follow):
        until = one.until.isoformat() if one.until is not None else None
        row = {"revision": one.commit, "committed_at": one.committed_at.isoformat(), "until": until}
        found["revisions"].append(row)
        for path in one.files:
            if matches(path, globs, exclude) and matches(path, DOCUMENTS):
                times.setdefault(path, []).append(until)
    for path, some in sorted(times.items()):
        dated = sorted(when for when in some if when is not None)
        last = dated[-1] if len(dated) == len(some) else None
        entry = {"document": path, "revisions": len(some), "from": dated[0] if dated else None, "until": last}
        found["documents"].append(entry)
    found["documents"].sort(key=lambda row: (row["from"] or "9999", row["document"]))
    return found


def settling_of(run: Run, resolved: dict[str, Any]) -> dict[str, Any]:
    """What ``plan`` found of it; StorageError when it did not run."""
    found: dict[str, Any] = run.storage.get_json(run.key(resolved, "plan", "plan.json"))["settling"]
    return found


def settling_line(run: Run, found: Mapping[str, Any]) -> str:
    """A sentence about it; empty where nothing waits."""
    rows = found["revisions"]
    if not rows:
        return ""
    follow = run.config.book.follow
    tag = f"a tag like {follow.name}" if follow.kind == "tags" else ""
    settle = found["settle_days"]
    days = f"{settle:g} {'day' if settle == 1 else 'days'}" if settle else ""
    first, last = (_day(rows[place]["until"]) for place in (0, -1))
    when = f"from {first} to {last}" if first != last else f"until {last}"
    wait = counted(len(rows), "newer revision of the book waits", "newer revisions of the book wait")
    return (
        f"{wait} for {' and '.join(filter(None, (tag, days)))}, {when}: "
        f"{counted(len(found['documents']), 'document')}, the newest revision {rows[-1]['revision'][:12]} of "
        f"{rows[-1]['committed_at'][:10]}"
    )


def settling_table(run: Run, found: Mapping[str, Any]) -> str:
    """The documents for a terminal; empty where nothing waits."""
    said = settling_line(run, found)
    if not said:
        return ""
    rows: list[list[object]] = [["document", "revisions", "from", "until"]]
    rows += [
        [short(row["document"]), row["revisions"], _day(row["from"]), _day(row["until"])]
        for row in found["documents"][:_SHOWN]
    ]
    more = f"and {len(found['documents']) - _SHOWN} more\n" if len(found["documents"]) > _SHOWN else ""
    return f"\n{said}\n{columns(rows) if len(rows) > 1 else ''}{more}"


def _day(when: str | None) -> str:
    return f"{datetime.fromisoformat(when):%Y-%m-%d %H:%M}" if when is not None else "the next tag"
