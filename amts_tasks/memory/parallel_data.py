"""The CSV that customises Amazon Translate, cut from pairs within the service's rules, and what was left out of it.

Rules of the developer guide ("Preparing your parallel data input files", read in its archive of 2022-12): UTF-8, a
header of language codes, no field over 1,000 bytes, none over several lines, none that starts with + - = @; of rows
with one source text the last counts.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from amts_tasks.align.filters import reject
from amts_tasks.align.pairs import Pair, sentence_pairs
from amts_tasks.memory.memory import Entry
from amts_tasks.memory.near import NEAR, NearIndex
from amts_tasks.memory.parallel_file import FORBIDDEN_START, Row, table
from amts_tasks.text import split

if TYPE_CHECKING:
    from amts_tasks.languages import Profile

FIELD_BYTES = 1000
"""Most UTF-8 bytes of a field."""

HELD_OUT = "held out"
NEAR_HELD_OUT = "near a held-out text"
MACHINE = "machine text"
TOO_LONG = "over 1,000 bytes"
BAD_START = "starts with + - = @"
SAME_SOURCE = "same source, another row wanted"
REPEATED = "repeated"
CUT = "cut into sentences"

Cut = Literal["paragraph", "sentence", "both"]
Form = Callable[[str], str]
"""Inline Markdown → the text form the service sees; the exchange's inner HTML."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A pair that did not become a row."""

    reason: str
    document: str
    source: str


@dataclass(frozen=True, slots=True)
class ParallelData:
    """The file and its account."""

    csv: bytes
    rows: int
    """Without the header."""
    digest: str
    """SHA-256 of the file, hex."""
    left_out: tuple[LeftOut, ...]
    texts: tuple[Row, ...] = ()
    """The rows of a TMX: those of the CSV, and those that start with + - = @, which only a CSV may not hold."""

    @property
    def reasons(self) -> dict[str, int]:
        """How many were left out for each reason, most first."""
        counted = Counter(item.reason for item in self.left_out)
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def build(
    pairs: Iterable[Pair | Entry],
    source_profile: Profile,
    target_profile: Profile,
    held_out: Collection[str] = (),
    near: float = NEAR,
    granularity: Cut = "paragraph",
    form: Form | None = None,
    held_out_texts: Iterable[str] = (),
    former: Iterable[Entry] = (),
) -> ParallelData:
    """The parallel data of one language pair.

    Of the rows with one source text that with the most frequent target is kept, among equals the better scored, then
    the last. Entries in state `machine` are left out. Sentences are cut from paragraphs here, where they pair surely:
    all with granularity `sentence` or `both`, else only those of a paragraph too long for a field.
    `held_out` are document paths; near-duplicates (`near`, see `near.py`) of any of their paragraphs and sentences, and
    of `held_out_texts`, are left out too. `former` are pairs that no longer stand in the book: they come first in the
    file, and only for source texts that none of `pairs` gives a row for. `form` gives the text form of both sides
    (none: the Markdown itself).
    """
    shape = form or _as_it_is
    wanted: list[tuple[Pair, bool]] = []
    left: list[LeftOut] = []
    guarded: list[str] = list(held_out_texts)
    for item, old in (*((one, True) for one in former), *((one, False) for one in pairs)):
        pair = item.pair if isinstance(item, Entry) else item
        if pair.document in held_out:
            guarded += [pair.source, *_sources(pair, source_profile, target_profile)]
            left.append(LeftOut(HELD_OUT, pair.document, pair.source))
        elif isinstance(item, Entry) and not item.trusted:
            left.append(LeftOut(MACHINE, pair.document, pair.source))
        else:
            wanted.append((pair, old))
    index = NearIndex(guarded, near)
    rows: list[_Row] = []
    for pair, old in wanted:
        for piece in _pieces(pair, granularity, shape, source_profile, target_profile, left):
            reason = reject(piece, source_profile, target_profile) or _breach(piece, shape)
            if reason is None and _near(piece, index, source_profile):
                reason = NEAR_HELD_OUT
            if reason is None:
                rows.append(_Row(field(piece.source, shape), field(piece.target, shape), piece, old))
            else:
                left.append(LeftOut(reason, piece.document, piece.source))
    chosen = _chosen(rows, left)
    barred = [row for row in chosen if _barred(row)]
    left += [LeftOut(BAD_START, row.pair.document, row.pair.source) for row in barred]
    codes = (source_profile.service_code, target_profile.service_code)
    data = table(((row.source, row.target) for row in chosen if not _barred(row)), codes)
    texts = tuple((row.source, row.target) for row in chosen)
    return ParallelData(data, len(chosen) - len(barred), hashlib.sha256(data).hexdigest(), tuple(left), texts)


def field(text: str, form: Form) -> str:
    """The text as a field: its form, on one line, white space collapsed, without control characters."""
    shown = "".join(letter for letter in form(text) if letter.isprintable() or letter.isspace())
    return " ".join(shown.split())


@dataclass(frozen=True, slots=True)
class _Row:
    source: str
    target: str
    pair: Pair
    former: bool = False


def _barred(row: _Row) -> bool:
    return row.source.startswith(FORBIDDEN_START) or row.target.startswith(FORBIDDEN_START)


def _near(pair: Pair, index: NearIndex, profile: Profile) -> bool:
    """Whether the text, or a sentence in it, is nearly a held-out one."""
    if not index.texts:
        return False
    spans = split(pair.source, profile) if pair.kind == "paragraph" else ()
    return index.has(pair.source) or (len(spans) > 1 and any(index.has(pair.source[a:b]) for a, b in spans))


def _as_it_is(text: str) -> str:
    return text


def _sources(pair: Pair, source_profile: Profile, target_profile: Profile) -> list[str]:
    if pair.kind == "sentence":
        return []
    return [piece.source for piece in sentence_pairs(pair, source_profile, target_profile, sure=False)]


def _pieces(
    pair: Pair, granularity: Cut, form: Form, source_profile: Profile, target_profile: Profile, left: list[LeftOut]
) -> Iterator[Pair]:
    if pair.kind == "sentence":
        if granularity != "paragraph":
            yield pair
        return
    long = _breach(pair, form) == TOO_LONG
    cut = sentence_pairs(pair, source_profile, target_profile) if long or granularity != "paragraph" else ()
    if not cut or (granularity == "both" and not long and len(cut) > 1) or len(cut) == 1:
        yield pair
    if len(cut) > 1:
        if long:
            left.append(LeftOut(CUT, pair.document, pair.source))
        yield from cut


def _breach(pair: Pair, form: Form) -> str | None:
    sides = field(pair.source, form), field(pair.target, form)
    if any(len(side.encode()) > FIELD_BYTES for side in sides):
        return TOO_LONG
    return None


def _chosen(rows: list[_Row], left: list[LeftOut]) -> list[_Row]:
    """One row a source text; the others go to `left`."""
    by_source: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        by_source[row.source].append(number)
    chosen = []
    for numbers in by_source.values():
        standing = [number for number in numbers if not rows[number].former] or numbers
        votes = Counter(rows[number].target for number in standing)
        best = max(standing, key=lambda number: (votes[rows[number].target], rows[number].pair.score, number))
        chosen.append(best)
        for number in numbers:
            row = rows[number]
            if number != best:
                reason = REPEATED if row.target == rows[best].target else SAME_SOURCE
                left.append(LeftOut(reason, row.pair.document, row.pair.source))
    return [rows[number] for number in sorted(chosen)]


def summary(data: ParallelData, examples: int = 2) -> str:
    """A table to read: rows, size, digest, and what was left out, by reason, with the first few examples."""
    lines = [f"rows {data.rows:,}   bytes {len(data.csv):,}   sha256 {data.digest[:12]}", "left out"]
    shown: defaultdict[str, list[LeftOut]] = defaultdict(list)
    for item in data.left_out:
        shown[item.reason].append(item)
    for reason, count in data.reasons.items():
        lines.append(f"  {count:>7,}  {reason}")
        for item in shown[reason][:examples]:
            text = " ".join(item.source.split())
            lines.append(f"             {item.document}: {text[:70]}{'…' if len(text) > 70 else ''}")
    if not data.left_out:
        lines.append("        0  nothing")
    return "\n".join(lines) + "\n"
