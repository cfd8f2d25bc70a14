"""A part of the memory: what one run, import or review changed in it. Parts are written once and never again.

Gzipped JSON Lines, named by the SHA-256 of their text. All parts in their order are the memory; the local index is made
from them and can be thrown away.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from amts_tasks.errors import StorageError
from amts_tasks.memory.unit import Identity, Unit, of_row, row

VERSION = 1
ROWS = 100_000
"""Most rows of a part, so that reading one needs little memory."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A unit that no longer stands in the translation; it stays in the memory."""

    identity: Identity


Change = Unit | Gone


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it is stored."""

    name: str
    """SHA-256 of the text, hex."""
    data: bytes
    rows: int
    revision: str
    """The source revision that the run saw; empty for imports."""


def written(changes: Iterable[Change], revision: str) -> Iterator[Part]:
    """The changes as parts of at most `ROWS` rows, in their order; none for no changes. The same changes at the same
    revision give the same bytes."""
    lines: list[str] = []
    for change in changes:
        lines.append(json.dumps(_flat(change), ensure_ascii=False, sort_keys=True))
        if len(lines) == ROWS:
            yield _part(lines, revision)
            lines = []
    if lines:
        yield _part(lines, revision)


def read(data: bytes, name: str) -> tuple[str, list[Change]]:
    """The source revision and the changes of a part; StorageError, naming the line, for anything else.

    `name` is the part's own name: its text must have that digest.
    """
    try:
        text = gzip.decompress(data)
        lines = text.decode().split("\n")
    except (OSError, EOFError, ValueError) as error:
        raise StorageError(f"memory part {name}: not gzipped UTF-8 or cut short ({error})") from error
    if hashlib.sha256(text).hexdigest() != name:
        raise StorageError(f"memory part {name}: its content has another digest; expected the bytes as written")
    number = 0
    try:
        head = json.loads(lines[0])
        if head["memory_part"] > VERSION:
            raise StorageError(
                f"memory part {name}: written by a newer AMTS (version {head['memory_part']}; this one knows "
                f"{VERSION}); update AMTS"
            )
        changes: list[Change] = []
        while len(changes) < len(lines) - 2:
            number += 1
            changes.append(_change(json.loads(lines[number])))
    except (ValueError, TypeError, KeyError) as error:
        raise StorageError(f"memory part {name}:{number + 1}: {lines[number][:80]!r} is no row ({error})") from None
    return str(head["revision"]), changes


def _part(lines: list[str], revision: str) -> Part:
    head = json.dumps({"memory_part": VERSION, "revision": revision, "rows": len(lines)}, sort_keys=True)
    text = "\n".join([head, *lines, ""]).encode()
    return Part(hashlib.sha256(text).hexdigest(), gzip.compress(text, mtime=0), len(lines), revision)


def _flat(change: Change) -> dict[str, Any]:
    if isinstance(change, Gone):
        return {"gone": list(change.identity)}
    return {"unit": row(change), **({"standing": True} if change.standing else {})}


def _change(flat: dict[str, Any]) -> Change:
    if "gone" in flat:
        kind, document, source, target = flat["gone"]
        return Gone((kind, document, source, target))
    unit = of_row(flat["unit"])
    return replace(unit, standing=True) if flat.get("standing") else unit
