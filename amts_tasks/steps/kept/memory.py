"""The memory of a pair over all its runs: parts in storage, written once; an index of them on this machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from amts_tasks.counts import counted
from amts_tasks.errors import InputError, StorageError
from amts_tasks.memory import Entry, Memory, State, table, tmx, xliff
from amts_tasks.memory.carried import Carried, Format, Head
from amts_tasks.memory.index import Index, changes
from amts_tasks.memory.lookup import Lookup
from amts_tasks.memory.part import Change, read, written
from amts_tasks.memory.unit import Unit, units
from amts_tasks.steps.run import Run
from amts_tasks.translate.service import LOOPBACK, Service

FORMAT = "amts-memory"
VERSION = 1
TRIES = 20
"""How often the list of parts is written when others write it at the same time."""


def remember(run: Run, resolved: dict[str, Any], memory: Memory) -> int:
    """Adds what a run saw to the pair's memory; how many rows that took. A run made again adds nothing.

    A run of the past adds what is new to the memory; what stands in the translation today it does not know.
    """
    with opened(run) as index:
        found = list(changes(index, units(memory), past=bool(resolved["past"])))
        append(run, found, resolved["source"])
    if found:
        run.say(f"memory: {counted(len(found), 'change')} kept")
    return len(found)


def append(run: Run, found: Iterable[Change], revision: str) -> int:
    """Writes changes as parts and puts them on the list; the number of parts. Nothing that is there is rewritten."""
    rows = []
    for part in written(found, revision):
        run.storage.put(f"{_home(run)}parts/{part.name}.jsonl.gz", part.data)
        rows.append({"name": part.name, "rows": part.rows, "revision": part.revision})
    if rows:
        _list(run, rows)
    return len(rows)


@contextmanager
def opened(run: Run) -> Iterator[Index]:
    """The index of the pair's memory on this machine, brought up to date with the parts in storage.

    An index that does not fit them (made from others, damaged) is made anew. StorageError when a part is missing.
    """
    with Index(_path(run)) as index:
        listed = [str(part["name"]) for part in parts(run)]
        known = list(index.parts)
        if known != listed[: len(known)]:
            run.say("memory: the index on this machine was made from other parts; it is made anew")
            index.clear()
            known = []
        for name in listed[len(known) :]:
            index.take(name, *read(run.storage.get(f"{_home(run)}parts/{name}.jsonl.gz"), name))
        yield index


@contextmanager
def lookup(run: Run) -> Iterator[Lookup]:
    """Look-ups in the pair's memory. Machine text is found where this run's service made it."""
    with opened(run) as index:
        yield Lookup(index, run.service.key)


def former(run: Run, memory: Memory) -> tuple[Entry, ...]:
    """What humans wrote or approved that the translation no longer holds, and what they imported.

    Left out is text that still stands in the translation: there it is paired with what it translates today.
    """
    here = {entry.pair.target for entry in memory}
    with opened(run) as index:
        return tuple(unit.entry for unit in index.former() if unit.target not in here)


def exported(run: Run, file: IO[bytes], form: Format, *, machine: bool = False) -> int:
    """Writes the whole memory of a pair, unit by unit; how many. Machine text only with `machine`."""
    about = (("book", run.config.book.name), ("pair", run.pair))
    head = Head(run.settings.source, run.settings.target, about)
    with opened(run) as index:
        rows = (_carried(unit) for unit in index if unit.trusted or machine)
        if form == "tmx":
            return tmx.write(file, rows, head)
        if form in {"csv", "tsv"}:
            return table.write(file, rows, head, form)
        if form == "po":
            raise InputError("a memory is written as tmx, xliff, xliff12, csv or tsv; in PO a text stands once")
        return xliff.write(file, rows, head, version="1.2" if form == "xliff12" else "2.0")


def imported(run: Run, file: IO[bytes], name: str, form: Format) -> tuple[int, int]:
    """Takes the units of a file into the memory as human text, which they are declared to be: units read, and new ones.

    The file is read to its end before a unit is kept, so of a bad one nothing is. InputError for such a file.
    """
    source, target = run.settings.source, run.settings.target
    if form == "po":
        raise InputError(f"{name}: a memory is read from tmx, xliff, csv or tsv")

    def rows() -> Iterator[Carried]:
        file.seek(0)
        if form == "tmx":
            return tmx.read(file, name, source, target)
        if form in {"csv", "tsv"}:
            return table.read(file, name, source, target, form)
        return xliff.read(file, name, source, target)[1]

    read = sum(1 for _ in rows())
    new = 0

    def units_() -> Iterator[Unit]:
        nonlocal new
        for row in rows():
            # What a file calls machine text is not learnt from because it went through a file.
            state: State = "machine" if row.state == "machine" else "human"
            unit = Unit(row.source, row.target, state, row.document, method="import")
            if row.source.strip() and row.target.strip() and index.known(unit.identity) is None:
                new += 1
                yield unit

    with opened(run) as index:
        append(run, units_(), "")
    return read, new


def _carried(unit: Unit) -> Carried:
    return Carried(unit.source, unit.target, document=unit.document, state=unit.state)


def parts(run: Run) -> list[dict[str, Any]]:
    """The list of the memory's parts: name, rows and source revision of each, in their order."""
    found = run.storage.find_tagged(f"{_home(run)}parts.json")
    return _parts(run, found[0]) if found else []


def _list(run: Run, rows: list[dict[str, Any]]) -> None:
    key = f"{_home(run)}parts.json"
    for _ in range(TRIES):
        found = run.storage.find_tagged(key)
        listed = _parts(run, found[0]) if found else []
        known = {part["name"] for part in listed}
        more = [row for row in rows if row["name"] not in known]
        if not more:
            return
        lines = ",\n".join(json.dumps(row, sort_keys=True) for row in [*listed, *more])
        data = f'{{"format": "{FORMAT}", "version": {VERSION}, "parts": [\n{lines}\n]}}\n'.encode()
        if run.storage.put_unchanged(key, data, found[1] if found else None):
            return
    raise StorageError(f"{run.storage.uri(key)}: others kept writing it, {TRIES} times; run it again")


def _parts(run: Run, data: bytes) -> list[dict[str, Any]]:
    place = run.storage.uri(f"{_home(run)}parts.json")
    try:
        found = json.loads(data)
        if found["format"] != FORMAT or found["version"] > VERSION:
            raise StorageError(
                f"{place}: found {found['format']!r} version {found['version']!r}; this AMTS knows {FORMAT!r} up to "
                f"version {VERSION}: update AMTS"
            )
        return [
            {"name": str(part["name"]), "rows": part["rows"], "revision": part["revision"]} for part in found["parts"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"{place}: not the list of the memory's parts ({error}); take an earlier version of the object, or delete "
            "it to begin the memory anew (the parts beside it stay)"
        ) from error


def _home(run: Run) -> str:
    return f"{run.home}memory/"


def _path(run: Run) -> Any:
    # Two books, or two buckets, of one machine do not share an index. An emulator gets another port at each start, so
    # those of one machine share theirs, which is made anew where another one's parts are in it.
    local = Service.of(run.s3).endpoint == LOOPBACK
    endpoint = LOOPBACK if local else run.s3.meta.endpoint_url
    place = hashlib.sha256(f"{endpoint} {run.storage.uri(_home(run))}".encode()).hexdigest()[:12]
    return run.folder / "memory" / f"{run.config.book.name}-{run.pair}-{place}.sqlite"


__all__ = ["Unit", "append", "exported", "former", "imported", "lookup", "opened", "parts", "remember"]
