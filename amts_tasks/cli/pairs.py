"""`amts align` on files: documents or folders to a table of pairs, sentence files to beads."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from amts_tasks.align import (
    Granularity,
    Vectors,
    align_sentences,
    read_beads,
    score_beads,
    write_beads,
)
from amts_tasks.align.documents import Alignment, align_documents
from amts_tasks.align.doubts import doubts
from amts_tasks.align.encoders import vectors_for
from amts_tasks.align.interleaved import align_interleaved, unwoven
from amts_tasks.align.review import Reviewed, coverage, reasons, review
from amts_tasks.counts import counted
from amts_tasks.errors import InputError, not_utf8
from amts_tasks.languages import FilterLimits, Profile
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


ORIGIN = "_origin"
"""What the name of a source beside its translation has before its extension."""
REJECTED = ("reason", "value", *COLUMNS[:8], "section", "source", "target")
"""Of the table of rejected pairs; the value is the measure by which a pair was refused."""


@dataclass(frozen=True, slots=True)
class Table:
    """The pairs of one or more documents."""

    reviewed: tuple[Reviewed, ...]
    documents: int
    covered: Mapping[str, int]
    notes: tuple[str, ...]
    """What a person should know, a sentence each."""

    @property
    def value(self) -> list[dict[str, Any]]:
        """For JSON: a row a pair, refused ones too."""
        return [asdict(one.pair) for one in self.reviewed]

    @property
    def csv(self) -> str:
        """The table as CSV with a header."""
        return _csv(COLUMNS, self.value)

    @property
    def rejected(self) -> str:
        """The pairs a filter would keep out of memory and parallel data, as CSV with a header."""
        rows = []
        for one in self.reviewed:
            if one.reason is not None:
                more = {"reason": one.reason, "value": f"{one.value:g}", "section": " > ".join(one.section)}
                rows.append({**asdict(one.pair), **more})
        return _csv(REJECTED, rows)

    @property
    def summary(self) -> str:
        """A few lines for a person."""
        refused = reasons(self.reviewed)
        whole, sentences = len(self.reviewed), sum(one.pair.kind == "sentence" for one in self.reviewed)
        prose, accepted = self.covered["prose"], self.covered["accepted"]
        lines = [
            f"{counted(whole, 'pair')} of {counted(self.documents, 'document')}, {sentences} of them of "
            "sentences; accepted pairs cover "
            f"{accepted} of the source's {prose} blocks of prose"
        ]
        if refused:
            lines.append(
                f"{sum(refused.values())} doubtful: " + ", ".join(f"{count} {name}" for name, count in refused.items())
            )
        return "\n".join([*lines, *self.notes])


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row[name] for name in columns])
    return out.getvalue()


def aligned(
    source: Path,
    target: Path,
    profiles: tuple[Profile, Profile],
    granularity: Granularity,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[Table, tuple[Alignment, ...]]:
    """The pairs of two documents, or of two folders: by relative path, then by content whatever is left.

    One folder given twice is read as origin files (``foo_origin.md``) beside their translations, or as documents with
    the source in comments. InputError when nothing can be paired, the languages are swapped, or a file is not UTF-8.
    """
    vectors = vectors_for(*(profile.code for profile in profiles))
    if vectors is None:
        say("no encoder knows both languages: lengths, anchors and words decide alone")
    alignments = _alignments(source, target, profiles, vectors)
    found = review(alignments, granularity, *profiles, vectors)
    table = Table(found, len(alignments), coverage(alignments, found), tuple(_notes(found, alignments)))
    if _swapped(found, profiles[1].filters):
        raise InputError(
            f"{source} and {target}: most of the source is in {profiles[1].name} and most of the target in "
            f"{profiles[0].name}; give them the other way round, or another --pair"
        )
    return table, alignments


def _alignments(
    source: Path, target: Path, profiles: tuple[Profile, Profile], vectors: Vectors | None
) -> tuple[Alignment, ...]:
    if source.is_file() != target.is_file():
        raise InputError(f"{source} and {target}: found a file and a folder; give two files or two folders")
    if source.is_file():
        if source.resolve() == target.resolve() and (woven := _interleaved({source.name: source}, profiles, vectors)):
            return woven
        texts = {source.name: _read(source)}, {source.name: _read(target)}
    else:
        files = _folder(source), _folder(target)
        if source.resolve() == target.resolve():
            origins = {
                str(PurePosixPath(path).with_stem(file.stem.removesuffix(ORIGIN))): file
                for path, file in files[0].items()
                if file.stem.endswith(ORIGIN)
            }
            if not origins and (woven := _interleaved(files[0], profiles, vectors)):
                return woven
            files = origins, {path: file for path, file in files[0].items() if path in origins}
        texts = ({p: _read(f) for p, f in files[0].items()}, {p: _read(f) for p, f in files[1].items()})
    for side, name in zip(texts, (source, target), strict=True):
        if side and not any(text.strip() for text in side.values()):
            raise InputError(f"{name}: no text in it; give documents with text ({', '.join(sorted(SUFFIXES))})")
    sides = [{path: parse(text, path) for path, text in side.items()} for side in texts]
    found = align_documents(sides[0], sides[1], *profiles, vectors)
    if not found:
        raise InputError(
            f"{source} and {target}: no document is in both, neither by its path nor by what is in it; give folders "
            "with the same relative paths, or one folder twice where origin files stand beside their translations"
        )
    return found


def _interleaved(
    files: Mapping[str, Path], profiles: tuple[Profile, Profile], vectors: Vectors | None
) -> tuple[Alignment, ...]:
    """The alignments of those documents that hold their source in comments."""
    found = []
    for name, file in sorted(files.items()):
        woven = unwoven(_read(file), name)
        if len(woven.chunks) > 1:
            beads = align_interleaved(woven, *profiles, vectors)
            found.append(Alignment(woven.source, woven.target, beads, "path"))
    return tuple(found)


def _folder(folder: Path) -> dict[str, Path]:
    return {
        file.relative_to(folder).as_posix(): file
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in SUFFIXES and file.is_file()
    }


def _swapped(found: Sequence[Reviewed], limits: FilterLimits) -> bool:
    long = [one.measures for one in found if one.measures.source_letters >= limits.letters]
    wrong = sum(max(each.source_language, each.target_language) < limits.language for each in long)
    return wrong * 2 > len(long) > 0


def _notes(found: Sequence[Reviewed], alignments: Sequence[Alignment]) -> Iterator[str]:
    elsewhere = [one for one in alignments if one.found == "elsewhere"]
    if elsewhere:
        number = sum(len(one.beads) for one in elsewhere)
        yield f"{counted(number, 'block was', 'blocks were')} found in documents of another path"
    same = sum(one.reason == "untranslated" for one in found)
    if same * 2 > len(found):
        pairs = counted(len(found), "pair")
        yield f"{same} of {pairs} are the same text on both sides: is the target translated at all?"
    count = coverage(alignments, found)
    if (
        count["prose"] >= DOUBTFUL_FROM
        and count["accepted"] < DOUBTFUL_SHARE * count["prose"]
        and same * 2 <= len(found)
    ):
        yield "so little of the source is covered that the target is hardly its translation: are they the right files?"


DOUBTFUL_FROM = 5
"""Blocks of prose from which on it is said that hardly any pairs."""
DOUBTFUL_SHARE = 0.3


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


def _read(path: Path) -> str:
    try:
        # Not utf-8-sig: it counts the bytes from behind the mark.
        return path.read_bytes().decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise not_utf8(path, error) from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None


def _lines(path: Path) -> list[str]:
    text = _read(path).removesuffix("\n")
    return text.split("\n") if text else []
