"""Stored translations played again: for a run that is the same everywhere, or with what a service once returned."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from amts_tasks.emulator import inline
from amts_tasks.emulator.engines.engine import EngineError, Example, Masked, Term
from amts_tasks.emulator.memory import Memory

_MARKS = {".csv": ",", ".tsv": "\t"}


class RecordedEngine:
    """Answers from files named ``<source>-<target>.jsonl``, ``.csv`` or ``.tsv`` in a folder.

    A JSON line has ``source`` and ``target``; a table has the language codes as its header. Texts are inner HTML, as in
    parallel data; placeholders of a text may be others than the recorded ones.
    """

    name = "recorded"
    whole = True

    def __init__(self, folder: Path | str) -> None:
        self._folder = Path(folder)
        if not self._folder.is_dir():
            raise ValueError(f"engine recorded: {folder} is no folder; expected one with files such as en-zh.jsonl")
        self._read: dict[tuple[str, str], Memory] = {}

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """The recorded text of each segment; EngineError names the first that was never recorded."""
        if (source, target) not in self._read:
            self._read[source, target] = self._memory(source, target)
        out = []
        for segment in segments:
            found = self._read[source, target].exact(segment.text, segment.fixed)
            if found is None:
                text = inline.PRIVATE.sub("…", segment.text)
                lacks = f"no translation from {source} to {target} of {text[:120]!r}; record it"
                raise EngineError(f"engine recorded: {self._folder}: {lacks}")
            out.append(found)
        return out

    def _memory(self, source: str, target: str) -> Memory:
        for ending in (".jsonl", *_MARKS):
            path = self._folder / f"{source}-{target}{ending}"
            if path.is_file():
                rows = list(_rows(path, source, target))
                return Memory(inline.example(inline.parse(left), inline.parse(right)) for left, right in rows)
        raise EngineError(f"engine recorded: {self._folder} has no {source}-{target}.jsonl, .csv or .tsv")


def _rows(path: Path, source: str, target: str) -> Iterator[tuple[str, str]]:
    number = 0  # of the line, for the error
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            if path.suffix == ".jsonl":
                for number, line in enumerate(lines, 1):  # noqa: B007
                    if line.strip():
                        row = json.loads(line)
                        yield str(row["source"]), str(row["target"])
            else:
                for number, row in enumerate(csv.DictReader(lines, delimiter=_MARKS[path.suffix], strict=True), 2):  # noqa: B007
                    yield row[source], row[target]
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise EngineError(f"engine recorded: {path}:{number}: {type(error).__name__}: {error}") from None
