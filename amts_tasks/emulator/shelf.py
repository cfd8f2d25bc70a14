"""Records on disk: one JSON file each, written through and replaced whole; a kill leaves the old one or the new."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

Record = TypeVar("Record")


def replace(path: Path, content: bytes) -> None:
    """Writes ``content`` at ``path``: readers and a restart see all of it or what was there before."""
    half = path.with_name(f".{path.name[:100]}.{os.getpid()}.{threading.get_ident()}.half")
    try:
        half.write_bytes(content)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
    half.replace(path)


class Shelf(Generic[Record]):
    """The records of one kind by Region and name."""

    def __init__(self, folder: Path, kind: type[Record]) -> None:
        self._folder = folder
        self._records: dict[str, dict[str, Record]] = {}
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            region, name = data.pop("_region"), data.pop("_name")
            self._records.setdefault(region, {})[name] = kind(**data)
        for half in folder.glob(".*.half") if folder.is_dir() else ():
            half.unlink()

    def get(self, region: str, name: str) -> Record | None:
        """The record, or None."""
        return self._records.get(region, {}).get(name)

    def put(self, region: str, name: str, record: Record) -> None:
        """Keeps the record, on disk first."""
        if not is_dataclass(record) or isinstance(record, type):
            raise TypeError(f"a shelf keeps dataclasses, not {type(record).__name__}")
        text = json.dumps({"_region": region, "_name": name, **asdict(record)}, ensure_ascii=False)
        replace(self._path(region, name), text.encode())
        self._records.setdefault(region, {})[name] = record

    def remove(self, region: str, name: str) -> None:
        """Forgets the record, on disk first."""
        self._path(region, name).unlink(missing_ok=True)
        self._records.get(region, {}).pop(name, None)

    def items(self, region: str | None = None) -> Iterator[tuple[tuple[str, str], Record]]:
        """((Region, name), record) of a Region, or of all, sorted by name."""
        for place in sorted(self._records) if region is None else (region,):
            for name, record in sorted(self._records.get(place, {}).items()):
                yield (place, name), record

    def count(self, region: str) -> int:
        """How many records the Region has."""
        return len(self._records.get(region, {}))

    def __len__(self) -> int:
        return sum(map(len, self._records.values()))

    def _path(self, region: str, name: str) -> Path:
        # Names reach 256 characters; a file name may have 255 bytes, so long ones end in a digest.
        safe = quote(name, safe="")
        if len(safe) > 150:
            safe = f"{safe[:100]}~{sha256(name.encode()).hexdigest()[:32]}"
        return self._folder / f"{region}.{safe}.json"
