"""How far a translation is behind its source, before a night and after it, and whether nights pass without anything
being done."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from amts_tasks.counts import counted
from amts_tasks.sync.identity import Identity, billed_block
from amts_tasks.text import ParsedDocument


@dataclass(frozen=True, slots=True)
class Freshness:
    """What is behind its source."""

    share: float
    """Of the book's characters, those that are in step, on the default branch or on an open branch; 0 to 1."""
    since: Mapping[str, str]
    """Since when each text, or document, is known to be behind (ISO 8601), by its name."""
    stalest: str
    """The text that has been behind longest; empty for none."""
    days: float
    """For how long, in days; 0 for none."""
    merged: float = 1.0
    """Of the book's characters, those that are in step on the default branch; 0 to 1, at most `share`."""
    aside: int = 0
    """Documents that were set aside: all of each counts as behind."""

    @property
    def text(self) -> str:
        """A line for the plan and the report."""
        parts = [f"{self._shown(self.share, 3):.1%} of the book is in step with its source"]
        if self.share > self.merged:
            parts[0] += f" ({_floor(self.merged, 3):.1%} merged, the rest on open branches)"
        if self.aside:
            documents = counted(self.aside, "document set aside counts", "documents set aside count")
            parts.append(f"{documents} as behind")
        if self.stalest:
            parts.append(f"behind longest, {counted(round(self.days), 'day')} or more: {self.stalest}")
        return "; ".join(parts)

    def _shown(self, share: float, places: int) -> float:
        """Rounded down, and never all while anything is behind, however small."""
        return min(_floor(share, places), 1 - 10.0**-places) if self.since else share

    def as_json(self) -> dict[str, Any]:
        """Share, of it what is merged, stalest text, its days, how many are behind, and documents set aside."""
        return {
            "share": round(self._shown(self.share, 4), 4),
            "merged": round(_floor(self.merged, 4), 4),
            "stalest": self.stalest,
            "days": round(self.days, 2),
            "behind": len(self.since),
            "set_aside": self.aside,
        }


def _floor(share: float, places: int) -> float:
    """The share rounded down."""
    return math.floor(round(share * 10.0**places, 6)) / 10.0**places


def lacking(source: ParsedDocument, base: ParsedDocument | None, identity: Identity) -> dict[int, int]:
    """The blocks of a source document that what its translation was made from has not: characters that would be billed,
    by block index; None has none of them."""
    known = set(identity.keys(base).values()) if base is not None else set()
    keys = identity.keys(source)
    sizes = {index: billed_block(source.blocks[index]) for index, key in keys.items() if key not in known}
    return {index: size for index, size in sizes.items() if size}


def moved_on(
    base: ParsedDocument, now: ParsedDocument, since: Iterable[tuple[str, ParsedDocument]], identity: Identity
) -> str | None:
    """When a source first had what a translation made from `base` is behind in: of the versions `since` then (date,
    text; in order), the first that lacks a block that `now` lacks too, or has one that is new in it; None for none."""
    old, new = (set(identity.keys(one).values()) for one in (base, now))
    for when, version in since:
        keys = set(identity.keys(version).values())
        if (old - new) - keys or (new - old) & keys:
            return when
    return None


def freshness(
    total: int,
    behind: Mapping[str, int],
    before: Mapping[str, str],
    source_at: str,
    now: str,
    *,
    waiting: int = 0,
    aside: int = 0,
    moved: Mapping[str, str] | None = None,
) -> Freshness:
    """The freshness of a translation.

    `total`, `behind` (by name) and `waiting` (in step on an open branch alone) are characters that would be billed;
    `before` the `since` of the last run; `aside` the documents that were set aside, which are among those behind. What
    is behind for the first time is so since its document moved on (`moved`, by path), else, as a lower bound of its
    age, since the date of this run's source. Dates are ISO 8601 with a time zone.
    """
    first = moved or {}
    since = {name: before.get(name) or first.get(name.partition("#")[0], source_at) for name in sorted(behind)}
    stalest = min(since, key=lambda name: (datetime.fromisoformat(since[name]), name), default="")
    days = 0.0
    if stalest:
        days = max(0.0, (datetime.fromisoformat(now) - datetime.fromisoformat(since[stalest])).total_seconds() / 86400)
    late = sum(behind.values())
    share, merged = (1 - min(total, size) / total if total else 1.0 for size in (late, late + waiting))
    return Freshness(share, since, stalest, days, merged, aside)


@dataclass(frozen=True, slots=True)
class Night:
    """One run of a pair, as far as idleness is concerned."""

    instant: str
    """Its logical time, ISO 8601."""
    source: str
    """Its source revision."""
    branches: int
    """That it committed to."""
    behind: int
    """Texts that it left behind their source."""


def noted(nights: Sequence[Mapping[str, Any]], night: Night, most: int = 60) -> list[dict[str, Any]]:
    """The nights with another one; the same night again replaces itself. The oldest beyond `most` are forgotten."""
    others = [dict(one) for one in nights if one["instant"] != night.instant]
    return sorted([*others, asdict(night)], key=lambda one: datetime.fromisoformat(one["instant"]))[-most:]


def idle(nights: Sequence[Mapping[str, Any]], limit: int) -> str:
    """What to say when the last `limit` nights committed nothing although there was something to do; else empty.

    There was something to do when texts were behind in all of them, or when the source changed since the night before
    them. 0 nights: never said.
    """
    last = nights[-limit:]
    if limit < 1 or len(last) < limit or any(one["branches"] for one in last):
        return ""
    first = nights[-limit - 1] if len(nights) > limit else last[0]
    behind = all(one["behind"] for one in last)
    moved = first["source"] != last[-1]["source"]
    if not behind and not moved:
        return ""
    why = (
        counted(last[-1]["behind"], "text is behind its source", "texts are behind their source")
        if behind
        else "the source changed meanwhile"
    )
    return (
        f"{counted(limit, 'night')} in a row nothing was published, although {why}: merge or close open branches, look "
        "at the budget, at reserved.yaml and at what is withheld or set aside"
    )
