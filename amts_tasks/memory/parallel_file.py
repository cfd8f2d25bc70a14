"""The files of parallel data: written as CSV, TSV or TMX, of one target language or of several, and compared.

All in the service's rules (see `parallel_data.py`): a field is one line of at most 1,000 bytes, and in CSV and TSV does
not start with + - = @.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from amts_tasks.memory import tmx
from amts_tasks.memory.carried import Carried, Head

FORBIDDEN_START = ("+", "-", "=", "@")
Form = Literal["csv", "tsv", "tmx"]
Row = tuple[str, str]
"""Source and target as they stand in the file."""


def table(rows: Iterable[Sequence[str]], codes: Sequence[str], form: Literal["csv", "tsv"] = "csv") -> bytes:
    """CSV or TSV under a header of language codes, the source's first."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter="," if form == "csv" else "\t", lineterminator="\n")
    writer.writerow(codes)
    writer.writerows(rows)
    return file.getvalue().encode()


def written(rows: Sequence[Row], codes: tuple[str, str], form: Form) -> bytes:
    """The rows in any of the three forms. In TMX a field may start with any character."""
    if form != "tmx":
        return table((row for row in rows if not any(side.startswith(FORBIDDEN_START) for side in row)), codes, form)
    file = io.BytesIO()
    tmx.write(file, (Carried(source, target) for source, target in rows), Head(*codes), codes=False)
    return file.getvalue()


def rows_of(data: bytes) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows of a CSV that AMTS wrote."""
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    return tuple(header), [tuple(row) for row in rows]


def several(source: str, columns: Mapping[str, Sequence[Row]], form: Literal["csv", "tsv"] = "csv") -> bytes:
    """One table for several target languages (`columns` by their codes): one row a source text with all its targets.

    Of two rows with one source text the service takes the later alone, so a second row would put out the first one's
    targets. A language without the text has an empty field, which the service passes over. Order: that of the first
    language that has a text.
    """
    merged: dict[str, dict[str, str]] = {}
    for code, rows in columns.items():
        for text, target in rows:
            merged.setdefault(text, {})[code] = target
    codes = tuple(columns)
    lines = ((text, *(targets.get(code, "") for code in codes)) for text, targets in merged.items())
    return table(lines, (source, *codes), form)


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version of the parallel data has and another has not."""

    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[tuple[str, str, str], ...]
    """(source, old target, new target)"""
    same: int

    @property
    def value(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "added": [list(row) for row in self.added],
            "removed": [list(row) for row in self.removed],
            "changed": [list(row) for row in self.changed],
            "same": self.same,
        }

    def table(self, most: int = 20) -> str:
        """For a person: the numbers, and the first rows of each kind."""
        numbers = [len(self.added), len(self.removed), len(self.changed), self.same]
        lines = ["{:,} added, {:,} removed, {:,} changed, {:,} same".format(*numbers)]
        shown: list[tuple[str, Sequence[Sequence[str]]]] = [
            ("added", self.added), ("removed", self.removed), ("changed", self.changed),
        ]  # fmt: skip
        for name, rows in shown:
            for source, *targets in rows[:most]:
                sides = ["- " + targets[0], "+ " + targets[1]] if name == "changed" else [targets[0]]
                lines += [f"{name:<8} {source}", *(f"         {side}" for side in sides)]
            if len(rows) > most:
                lines.append(f"         and {len(rows) - most:,} more {name}")
        return "\n".join(lines)


def difference(old: Iterable[Row], new: Iterable[Row]) -> Difference:
    """What `new` has changed of `old`, in the order of the files."""
    before, after = dict(old), dict(new)
    return Difference(
        tuple(row for row in after.items() if row[0] not in before),
        tuple(row for row in before.items() if row[0] not in after),
        tuple((text, before[text], target) for text, target in after.items() if before.get(text, target) != target),
        sum((Counter(before.items()) & Counter(after.items())).values()),
    )
