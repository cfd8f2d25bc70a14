"""The memory's index: all units of a pair in one SQLite file on this machine, made anew from the parts at any time.

Why SQLite and its full-text index: both are in Python's standard library, both are read from disk page by page, and an
append costs what is appended. Measured on 500,000 units of 14 words (benchmarks/memory_lookup.py tells today's): the
sketches took 40 MB and 6 s in an FTS5 table, 112 MB and 24 s in an ordinary table with an index; Parquet has no index
to look a text up by.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from amts_tasks.errors import StorageError
from amts_tasks.memory.grams import INDEXED, grams
from amts_tasks.memory.match import masked
from amts_tasks.memory.part import Change, Gone
from amts_tasks.memory.unit import KEPT, Identity, Unit, same
from amts_tasks.text import normalise

VERSION = 1
"""Of the tables; an index of another version is made anew."""
_SCHEMA = """
create table meta(version integer);
create table part(number integer primary key, name text unique);
create table unit(
  number integer primary key, key integer, masked integer, standing integer, state text, kind text,
  source text, target text, document text, origin text, previous text, following text, method text,
  confidence real, service text, first text, last text);
create index unit_key on unit(key);
create index unit_masked on unit(masked) where masked is not null;
create index unit_standing on unit(document) where standing;
create virtual table gram using fts5(text, content='', columnsize=0, detail=none, tokenize='ascii');
"""
_COLUMNS = (
    "source, target, state, document, kind, origin, previous, following, method, confidence, service, first, last, "
    "standing"
)
_CACHE_KIB = 65_536
"""Memory that SQLite may hold pages in."""


class Index:
    """All units of a pair. Close it when done, or use it as a context manager."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file. A file that is no index, or one of another version, is made anew."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise StorageError(f"{path}: another process is writing the memory's index; try again") from error
            self._again()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees the file."""
        self._connection.close()

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts that are in it, in their order."""
        return tuple(name for (name,) in self._all("select name from part order by number"))

    def __len__(self) -> int:
        return int(self._all("select count(*) from unit")[0][0])

    def clear(self) -> None:
        """Forgets everything: the parts are to be taken in again."""
        self.close()
        self._again()

    def take(self, name: str, revision: str, changes: Iterable[Change]) -> None:
        """Takes a part in, whole or not at all; one that is in it already changes nothing."""
        with self._connection as connection:
            connection.execute("begin immediate")
            if self._all("select 1 from part where name = ?", name):
                return
            connection.execute("insert into part(name) values (?)", (name,))
            before = self._all("select coalesce(max(number), 0) from unit")[0][0]
            for change in changes:
                if isinstance(change, Gone):
                    self._gone(change.identity, revision)
                else:
                    self._put(change, revision, int(before))

    def find(self, source: str) -> tuple[Unit, ...]:
        """The units with this source, white space and Unicode form made alike, in the order in which they came."""
        wanted = normalise(source)
        rows = self._all(f"select {_COLUMNS} from unit where key = ? order by number", _hash(wanted))  # noqa: S608
        return tuple(unit for unit in map(_unit, rows) if normalise(unit.source) == wanted)

    def alike(self, source: str) -> tuple[Unit, ...]:
        """The units whose source is this one but for what its placeholders hold; () for a source without any."""
        wanted = masked(source)
        if not wanted:
            return ()
        rows = self._all(f"select {_COLUMNS} from unit where masked = ? order by number", _hash(wanted))  # noqa: S608
        return tuple(unit for unit in map(_unit, rows) if masked(unit.source) == wanted)

    def with_gram(self, gram: int, *others: int, most: int) -> list[int]:
        """The numbers of at most `most` units that keep this gram, and the others, the oldest first."""
        wanted = " AND ".join(f'"{one:x}"' for one in (gram, *others))
        return [number for (number,) in self._all("select rowid from gram where gram match ? limit ?", wanted, most)]

    def units(self, numbers: Iterable[int]) -> list[Unit]:
        """The units of these numbers, in their order."""
        found = []
        for number in numbers:
            found += self._all(f"select {_COLUMNS} from unit where number = ?", number)  # noqa: S608
        return [_unit(row) for row in found]

    def standing(self) -> Iterator[Unit]:
        """The units that stand in the translation as the last run saw it, by document."""
        return self._stream("where standing order by document, number")

    def former(self, *, imported: bool = True) -> Iterator[Unit]:
        """The units one may learn from that no longer stand there, as they came; among them those of imports."""
        own = "" if imported else " and method <> 'import'"
        return self._stream(f"where not standing and state <> 'machine'{own} order by number")

    def __iter__(self) -> Iterator[Unit]:
        return self._stream("order by number")

    def known(self, identity: Identity) -> Unit | None:
        """The unit with this identity, or None."""
        return next((unit for unit in self.find(identity[2]) if unit.identity == identity), None)

    def _put(self, unit: Unit, revision: str, before: int) -> None:
        wanted = normalise(unit.source)
        key = _hash(wanted)
        found = self._numbers(key, unit.identity)
        last = "" if unit.standing else revision
        if found:
            self._connection.execute(
                "update unit set standing = ?, state = ?, origin = ?, previous = ?, following = ?, method = ?, "
                "confidence = ?, service = ?, last = ? where number = ?",
                (*(getattr(unit, name) for name in ("standing", *KEPT)), last, found[0]),
            )
            return
        mask = masked(unit.source)
        values = (
            key, _hash(mask) if mask else None, unit.standing, unit.state, unit.kind, unit.source, unit.target,
            unit.document, unit.origin, unit.previous, unit.following, unit.method, unit.confidence, unit.service,
            revision, last,
        )  # fmt: skip
        number = self._connection.execute(f"insert into unit values (null{', ?' * len(values)})", values).lastrowid  # noqa: S608
        shown = " ".join(f"{gram:x}" for gram in grams(mask.partition("\0")[0] or wanted, INDEXED))
        self._connection.execute("insert into gram(rowid, text) values (?, ?)", (number, shown))

    def _gone(self, identity: Identity, revision: str) -> None:
        for number in self._numbers(_hash(normalise(identity[2])), identity):
            self._connection.execute("update unit set standing = 0, last = ? where number = ?", (revision, number))

    def _numbers(self, key: int, identity: Identity) -> list[int]:
        rows = self._all("select number, kind, document, source, target from unit where key = ?", key)
        return [row[0] for row in rows if tuple(row[1:]) == identity]

    def _open(self) -> None:
        # Autocommit: transactions begin where they are needed and nowhere else.
        self._connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        self._connection.execute(f"pragma cache_size = -{_CACHE_KIB}")
        # The parts are the truth: after a crash of the machine the index may be thrown away.
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = off")
        tables = self._all("select name from sqlite_master where name = 'meta'")
        if not tables:
            self._connection.executescript(
                f"begin immediate; {_SCHEMA} insert into meta values ({VERSION}); commit;"  # noqa: S608
            )
        elif self._all("select version from meta") != [(VERSION,)]:
            raise sqlite3.DatabaseError("another version")

    def _again(self) -> None:
        if hasattr(self, "_connection"):
            self._connection.close()
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        self._open()

    def _all(self, query: str, *values: Any) -> list[Any]:
        with closing(self._connection.execute(query, values)) as rows:
            return rows.fetchall()

    def _stream(self, rest: str) -> Iterator[Unit]:
        with closing(self._connection.execute(f"select {_COLUMNS} from unit {rest}")) as rows:  # noqa: S608
            for row in rows:
                yield _unit(row)


def changes(index: Index, seen: Iterable[Unit], *, past: bool = False) -> Iterator[Change]:
    """What the units that a run saw change in the memory: new ones, those of which something changed, and those gone.

    With `past` the run looked at an older revision than others before it: it adds what is new, and nothing stands or
    goes for it.
    """
    here: set[Identity] = set()
    for unit in seen:
        here.add(unit.identity)
        known = index.known(unit.identity)
        if past:
            if known is None:
                yield replace(unit, standing=False)
        elif known is None or not known.standing or not same(known, unit):
            yield unit
    if not past:
        yield from (Gone(unit.identity) for unit in list(index.standing()) if unit.identity not in here)


def _unit(row: Any) -> Unit:
    *values, standing = row
    return replace(Unit(*values), standing=bool(standing))


def _hash(text: str) -> int:
    """64 bits of a digest, signed, as SQLite's integers are."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)
