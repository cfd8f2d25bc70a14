"""`amts merge`: old source, new source and translation of a document or a folder to a merged translation, in files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amts_tasks.align import align_blocks
from amts_tasks.books import open_book
from amts_tasks.books.book import Document, document
from amts_tasks.config import DOCUMENTS, Place
from amts_tasks.counts import counted
from amts_tasks.errors import Fault, InputError
from amts_tasks.languages import Profile
from amts_tasks.sync import BookPlan, Merged, Provenance, Review, Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.identity import content, span
from amts_tasks.sync.told.report import as_json
from amts_tasks.sync.told.table import columns, short
from amts_tasks.text import ParsedDocument, Segment, parse
from amts_tasks.text.document import form_of
from amts_tasks.translate import caller, exchange, requests
from amts_tasks.translate.check import restore

_ORIGIN = "**/*_origin.*"
_CONFLICT = re.compile(r"^(?:<{7} |>{7} |={7}$|\|{7} )", re.MULTILINE)
"""What git leaves in a file whose merge was not settled; a lone row of equals signs may underline a heading."""

Answers = Callable[[BookPlan], tuple[Mapping[str, str], list[str]]]


@dataclass(frozen=True, slots=True)
class Sides:
    """Where the three texts are, and where the merged one goes."""

    old: Path
    new: Path
    target: Path
    output: Path


@dataclass(frozen=True, slots=True)
class Result:
    """What a merge made."""

    value: dict[str, Any]
    """For JSON, and for `provenance.json`."""
    text: str
    """For a person."""
    damaged: bool
    """Whether a document could not be put together."""


def run(sides: Sides, pair: str, profiles: tuple[Profile, Profile], answers: Answers) -> Result:
    """Merges, and writes the files and `provenance.json` below `sides.output`.

    `answers` gives the translations of what a plan wants, by id, and words on those it has not. Raises InputError when
    a side cannot be read, when a conflict of an earlier merge was left in one, or when nothing belongs together.
    """
    there = next(place for place in (sides.output, *sides.output.absolute().parents) if place.exists())
    if not there.is_dir():
        raise InputError(
            f"{there}: found a file; expected a folder, for the merged documents and provenance.json: "
            "give -o one, new or existing"
        )
    old, new, target = (_documents(side) for side in (sides.old, sides.new, sides.target))
    if sides.old.is_file():
        # Three files are one document whatever they are called.
        (name,) = target
        _insist_on_one_form(sides)
        old, new = (dict.fromkeys([name], text) for side in (old, new) for text in side.values())
    bases, sources, targets = (_parsed(side) for side in (old, new, target))
    # Nothing was made from an empty text: what it was made from is not known.
    bases = {path: one for path, one in bases.items() if content(one) or not content(targets.get(path, one))}
    if targets and not targets.keys() & (bases.keys() | sources.keys()):
        raise InputError(
            f"{sides.target}: found no document that {sides.old} or {sides.new} has too; give folders with the same "
            "relative paths"
        )
    beads = {
        path: align_blocks(made_from, one, *profiles)
        for path, one in targets.items()
        for made_from in [bases.get(path) or sources.get(path)]
        if made_from is not None
    }
    plan = plan_book(pair, {}, Versioned(bases, sources, targets, beads), profiles[1], source_profile=profiles[0])
    given, words = answers(plan)
    delivered = deliver(plan, given)
    merged = [merge_document(one, delivered[one.path]) for one in plan.documents]
    renamed = {one.old_path for one in plan.documents}
    # Whoever takes the output for the translation loses nothing of it.
    alone = {path: text for path, text in target.items() if path not in sources and path not in renamed}
    texts = alone | {one.path: one.text for one in merged if not one.damaged}
    _insist_on_room(sides, texts)
    for path, text in texts.items():
        place = sides.output / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
    value = _value(plan, merged) | {"left_alone": sorted(alone)}
    sides.output.mkdir(parents=True, exist_ok=True)
    written = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    (sides.output / "provenance.json").write_text(written, encoding="utf-8")
    return Result(value, _text(plan, merged, words, sides.output), any(one.damaged for one in merged))


def _insist_on_one_form(sides: Sides) -> None:
    form = form_of(sides.target.name)
    for side in (sides.old, sides.new):
        if form_of(side.name) is not form:
            raise InputError(f"{side}: found {form_of(side.name)}; expected {form} as in {sides.target}")


def _insist_on_room(sides: Sides, paths: Iterable[str]) -> None:
    """Raises InputError where a document would be written over a source, or cannot be written, before any is."""
    output = sides.output
    for path in sorted(paths):
        place = output / path
        for folder in (output, *(output / parent for parent in reversed(Path(path).parents))):
            if folder.exists() and not folder.is_dir():
                raise InputError(f"{folder}: found a file; expected a folder to write to: give another one with -o")
        if place.is_dir():
            raise InputError(f"{place}: found a folder; expected to write a document there: give another one with -o")
        for side in (sides.old, sides.new):
            source = side if side.is_file() else side / path
            if place.exists() and source.exists() and place.samefile(source):
                raise InputError(
                    f"{place}: found the source itself; its translation would replace it: give another folder with -o"
                )


def untranslated(plan: BookPlan) -> tuple[Mapping[str, str], list[str]]:
    """The answers of nobody: what would be sent stays in the source language, and is told."""
    return {one.id: one.source for one in plan.wanted}, []


def service(client: Any, profiles: tuple[Profile, Profile], say: Callable[[str], None]) -> Answers:
    """The answers of TranslateText, text by text, checked; what does not pass keeps its old text."""
    source, target = profiles

    def answers(plan: BookPlan) -> tuple[Mapping[str, str], list[str]]:
        given: dict[str, str] = {}
        words: list[str] = []
        for number, one in enumerate(plan.wanted, start=1):
            segment = Segment.of(one.source)
            inner = exchange.inner_html(segment)
            if len(inner.encode()) > requests.TEXT_BYTES:
                words.append(f"{one.id}: {len(inner.encode())} bytes, more than TranslateText takes; not translated")
                continue
            asked = requests.translate_text(
                inner, source.service_code, target.service_code, terminology=None, formality=target.formality
            )
            restored = restore(segment, caller.translate_text(client, asked), source, target)
            if restored.text is None:
                words.append(f"{one.id}: {'; '.join(map(str, restored.faults))}; the answer is not used")
            else:
                given[one.id] = restored.text
            if number % 50 == 0:
                say(f"translated {number} of {counted(len(plan.wanted), 'text')}")
        return given, words

    return answers


def _documents(side: Path) -> dict[str, str]:
    if not side.exists():
        raise InputError(f"{side}: no such file or folder")
    if side.is_file():
        made = document(side.name, side.read_bytes())
        found: tuple[Document, ...] = () if isinstance(made, Fault) else (made,)
        faults: tuple[Fault, ...] = (made,) if isinstance(made, Fault) else ()
    else:
        book = open_book(Place("folder", str(side.resolve())), side)
        snapshot = book.snapshot(book.revision(), DOCUMENTS, (_ORIGIN,))
        found, faults = snapshot.documents, snapshot.faults
    for one in found:
        marks = [mark[0].strip() for mark in _CONFLICT.finditer(one.text)]
        if any(mark.startswith("<") for mark in marks) and any(mark.startswith(">") for mark in marks):
            line = one.text.count("\n", 0, next(_CONFLICT.finditer(one.text)).start()) + 1
            found_words, expected = "the marks of a merge conflict", "a document whose conflicts are settled"
            faults = (*faults, Fault(one.path, line, "", found_words, expected))
    if faults:
        raise InputError("\n".join(f"{side}: {fault}" for fault in faults))
    return {one.path: one.text for one in found}


def _parsed(texts: Mapping[str, str]) -> dict[str, ParsedDocument]:
    return {path: parse(text, path) for path, text in texts.items()}


def _value(plan: BookPlan, merged: list[Merged]) -> dict[str, Any]:
    value = as_json(plan)
    for name in ("items", "price", "budget_left", "revisions"):
        del value[name]
    return value | {
        "documents": [
            {
                "document": one.path,
                **({"renamed_from": planned.old_path} if planned.renamed else {}),
                **({"damaged": one.damaged} if one.damaged else {}),
                "blocks": list(one.provenance),
            }
            for planned, one in zip(plan.documents, merged, strict=True)
        ],
        "sent": [
            {"id": one.id, "document": one.document, "text": one.source, "characters": one.characters}
            for one in plan.wanted
        ],
        "deleted": [{"document": path, "text": text} for path, text in _deleted(plan, merged)],
        "review": [
            {"document": one.document, "reason": one.reason, "text": one.text} for one in _reviewed(plan, merged)
        ],
    }


def _reviewed(plan: BookPlan, merged: list[Merged]) -> list[Review]:
    """What a human should look at: what the plan says, and what could not be put in."""
    shown = {"old": "the old translation stays", "source": "it is in the source's language"}
    left = [Review(one.document, f"{one.reason}; {shown[one.shows]}", one.text) for each in merged for one in each.left]
    return [*plan.review, *left]


def _deleted(plan: BookPlan, merged: list[Merged]) -> Iterator[tuple[str, str]]:
    """Path and bytes of the blocks of the translation that went with their source, and stand nowhere else now."""
    stands = "\n".join(one.text for one in merged)
    for one in plan.documents:
        for item in one.items:
            text = span(one.target, item.target_blocks) if one.target and item.provenance is Provenance.deleted else ""
            if text.strip() and text.strip() not in stands:
                yield one.path, text


def _text(plan: BookPlan, merged: list[Merged], words: list[str], output: Path) -> str:
    rows: list[list[object]] = [["", *plan.blocks], ["blocks", *plan.blocks.values()]]
    rows.append(["characters", *plan.characters.values()])
    lines = [columns(rows).rstrip("\n")]
    lines += [f"  {one.id}  {counted(one.characters, 'character'):>17}  {short(one.source)}" for one in plan.wanted]
    lines += [f"{path}: deleted with its source: {short(text)}" for path, text in _deleted(plan, merged)]
    lines += [
        f"{one.document}: {one.reason}" + (f": {short(one.text)}" if one.text.strip() else "")
        for one in _reviewed(plan, merged)
    ]
    lines += [f"{one.path}: not written: {one.damaged}" for one in merged if one.damaged]
    lines += words
    lines.append(f"{counted(sum(not one.damaged for one in merged), 'document')} and provenance.json in {output}")
    return "\n".join(lines)
