"""`amts align` on files: documents or folders to a table of pairs, sentence files to beads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from amts_tasks.align import (
    Granularity,
    Pair,
    align_blocks,
    align_sentences,
    pairs,
    read_beads,
    reject,
    score_beads,
    write_beads,
)
from amts_tasks.align.doubts import doubts
from amts_tasks.align.encoders import vectors_for
from amts_tasks.errors import InputError
from amts_tasks.languages import Profile
from amts_tasks.text import parse
from amts_tasks.text.document import SUFFIXES

COLUMNS = (
    "document",
    "source_start",
    "source_end",
    "target_start",
    "target_end",
    "kind",
    "score",
    "method",
    "source",
    "target",
)
"""Of the table of pairs; spans are half-open characters of the two documents, the score is a quality from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Table:
    """The pairs of one or more documents."""

    pairs: tuple[Pair, ...]
    documents: int
    doubtful: int
    """How many of the pairs a filter would keep out of parallel data."""

    @property
    def value(self) -> list[dict[str, Any]]:
        """For JSON: a row a pair."""
        return [asdict(pair) for pair in self.pairs]

    @property
    def csv(self) -> str:
        """The table as CSV with a header."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in self.value:
            writer.writerow([row[name] for name in COLUMNS])
        return out.getvalue()

    @property
    def summary(self) -> str:
        """One line for a person."""
        return f"{len(self.pairs)} pairs of {self.documents} documents, {self.doubtful} of them doubtful"


def aligned(source: Path, target: Path, profiles: tuple[Profile, Profile], granularity: Granularity) -> Table:
    """The pairs of two documents, or of two folders whose documents have the same relative paths.

    One folder given twice is read as origin files (``foo_origin.md``) beside their translations. InputError when
    nothing can be paired or a file is not UTF-8.
    """
    found: list[Pair] = []
    documents = 0
    for name, one, other in _documents(source, target):
        left, right = parse(_read(one), name), parse(_read(other), name)
        beads = align_blocks(left, right, *profiles)
        found += pairs(left, right, beads, granularity, *profiles)
        documents += 1
    if not documents:
        raise InputError(f"{source} and {target}: no document is in both; give folders with the same relative paths")
    return Table(tuple(found), documents, sum(reject(pair, *profiles) is not None for pair in found))


def sentences(
    source: Path,
    target: Path,
    profiles: tuple[Profile, Profile],
    gold: Path | None,
    blocks: tuple[Path, Path] | None,
) -> tuple[list[str], dict[str, dict[str, float]], tuple[str, ...]]:
    """The bead lines of two files of one sentence a line, their scores against gold ({} without), and doubts."""
    codes = profiles[0].code, profiles[1].code
    left, right = _lines(source), _lines(target)
    beads = align_sentences(left, right, *profiles, vectors=vectors_for(*codes))
    scores = {}
    if gold is not None:
        entries = (_lines(blocks[0]), _lines(blocks[1])) if blocks else (None, None)
        scores = score_beads(beads, read_beads(_read(gold), str(gold)), *entries).as_dict()
    return write_beads(beads).rstrip("\n").split("\n") if beads else [], scores, doubts(left, right, codes)


def _documents(source: Path, target: Path) -> Iterator[tuple[str, Path, Path]]:
    if source.is_file() and target.is_file():
        yield source.name, source, target
        return
    if source.is_file() or target.is_file():
        raise InputError(f"{source} and {target}: found a file and a folder; give two files or two folders")
    if source.resolve() == target.resolve():
        for origin in sorted(source.rglob("*_origin.*")):
            other = origin.with_stem(origin.stem.removesuffix("_origin"))
            if other.is_file():
                yield other.relative_to(source).as_posix(), origin, other
        return
    for one in sorted(path for path in source.rglob("*") if path.suffix.lower() in SUFFIXES):
        name = one.relative_to(source)
        if (target / name).is_file():
            yield name.as_posix(), one, target / name


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise InputError(f"{path}: found byte {byte:#04x} at {error.start}; expected UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None


def _lines(path: Path) -> list[str]:
    text = _read(path).removesuffix("\n")
    return text.split("\n") if text else []
