"""CSV and TSV (RFC 4180: quotes around what holds a separator, a quote or a line break) of units, read line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import IO, Literal

from amts_tasks.counts import counted
from amts_tasks.errors import InputError
from amts_tasks.memory.carried import Carried, Head, base, insist, utf8

COLUMNS = ("id", "document", "state", "source", "target", "former", "note")
_LONGEST = 10_000_000
"""Characters of a field; the csv module's own limit is 131,072."""


def write(file: IO[bytes], rows: Iterable[Carried], head: Head, form: Literal["csv", "tsv"]) -> int:
    """Writes the units under a header of `COLUMNS`, source and target named by their languages; how many."""
    out = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    mark = "," if form == "csv" else "\t"
    names = {"source": f"source:{head.source}", "target": f"target:{head.target}"}
    csv.writer(out, delimiter=mark, lineterminator="\n").writerow([names.get(column, column) for column in COLUMNS])
    # All quoted: a carriage return by itself ends a line for those who read, and the module does not quote it.
    writer = csv.writer(out, delimiter=mark, lineterminator="\n", quoting=csv.QUOTE_ALL)
    count = 0
    for row in rows:
        count += 1
        writer.writerow([insist(str(getattr(row, column)), f"unit {count}") for column in COLUMNS])
    out.detach()
    return count


def read(file: IO[bytes], name: str, source: str, target: str, form: Literal["csv", "tsv"]) -> Iterator[Carried]:
    """The units of a table whose header names the columns `source` and `target`, or their languages.

    InputError, with the line, for another header, other languages, a row of another length, or what is not UTF-8.
    """
    csv.field_size_limit(_LONGEST)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    # A quote left open would swallow the rest of the file: strict says where the file ends in one.
    reader = csv.reader(text, delimiter="," if form == "csv" else "\t", strict=True)
    try:
        with utf8(name, file):
            header = next(reader, [])
            places = _places(header, name, source, target)
            line = reader.line_num + 1
            for fields in reader:
                if len(fields) != len(header):
                    raise InputError(
                        f"{name}:{line}: found {counted(len(fields), 'field')}; expected {len(header)} as the "
                        "header has"
                    )
                facts = {column: fields[place] for column, place in places.items()}
                yield Carried(**facts, line=line)  # type: ignore[arg-type]
                line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{name}:{reader.line_num}: not a table that can be read ({error}); is the file whole?"
        ) from None
    finally:
        text.detach()


def _places(header: list[str], name: str, source: str, target: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, title in enumerate(header):
        role, _, code = title.strip().partition(":")
        for column, language in (("source", source), ("target", target)):
            if role == column and code and base(code) != base(language):
                raise InputError(f"{name}:1: found the {column} language {code!r}; expected {language!r}")
            if role == column or (column not in places and base(role) == base(language) and role not in COLUMNS):
                places[column] = place
        if role in COLUMNS:
            places[role] = place
    if not {"source", "target"} <= places.keys():
        raise InputError(
            f"{name}:1: found the columns {', '.join(header)[:200] or 'none'}; expected source and target, or "
            f"{source} and {target}"
        )
    return places
