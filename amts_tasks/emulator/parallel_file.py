"""A parallel data file, read by the service's rules (developer guide, "Parallel data input files"; limits of 2022).

CSV and TSV: the header names the language codes, source first; a field cannot span lines, nor begin with + - = @; a
quote inside is doubled, with or without quotes around the field. An empty source, or one above 1000 bytes, skips the
record; such a target skips that field alone; of two records with one source the later wins. TMX 1.4b: the same, by
``tu`` and ``tuv``.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import regex

from amts_tasks.emulator.languages import LANGUAGES
from amts_tasks.emulator.switches import Switches

SEGMENT_BYTES = 1000
"""The longest segment, in UTF-8 bytes."""
FILE_BYTES = 5 * 1024**3
"""The largest file."""
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FIELD = {mark: regex.compile(rf'(?:"((?:[^"]|"")*)"|((?:[^{mark}"]|"")*))({mark}|$)') for mark in (",", "\t")}
_TAG = regex.compile(r"</?[A-Za-z][^<>]*>")


class ImportFileError(Exception):
    """The whole file is refused; the sentence becomes the resource's Message."""


@dataclass(slots=True)
class ParallelFile:
    """What an import found."""

    source: str
    targets: tuple[str, ...]
    records: dict[str, dict[str, str]] = field(default_factory=dict)
    """Source text → target language → text; in the order of the winning records."""
    skipped: int = 0
    """Records left out for an empty or too long source, or without a usable target."""
    failed: int = 0
    messages: list[dict[str, str]] = field(default_factory=list)
    """{"content": which record, "message": why}, for the error file."""

    @property
    def characters(self) -> int:
        """Characters of all texts, markup left out (``ImportedDataSize``)."""
        return sum(len(_TAG.sub("", text)) for source, row in self.records.items() for text in (source, *row.values()))

    def report(self) -> dict[str, Any]:
        """The error file's content."""
        summary = {"record_error_count": self.failed, "record_skipped_count": self.skipped}
        return {"summary": summary, "messages": self.messages}

    def take(self, source: str, row: dict[str, str], content: str) -> None:
        """Adds a record by the skip and last-wins rules."""
        if not source.strip() or len(source.encode()) > SEGMENT_BYTES:
            why = "The source text is empty" if not source.strip() else f"The source text exceeds {SEGMENT_BYTES} bytes"
            self.skip(content, why)
            return
        kept = {}
        for language, text in row.items():
            if not text.strip():
                self.messages.append({"content": content, "message": f"The target text in {language} is empty"})
            elif len(text.encode()) > SEGMENT_BYTES:
                why = f"The target text in {language} exceeds {SEGMENT_BYTES} bytes"
                self.messages.append({"content": content, "message": why})
            else:
                kept[language] = text
        if not kept:
            self.skipped += 1
            return
        self.records.pop(source, None)
        self.records[source] = kept

    def skip(self, content: str, why: str) -> None:
        """Counts a record as skipped."""
        self.skipped += 1
        self.messages.append({"content": content, "message": why})

    def fail(self, content: str, why: str) -> None:
        """Counts a record as failed."""
        self.failed += 1
        self.messages.append({"content": content, "message": why})


def read(content: bytes, form: str, switches: Switches) -> ParallelFile:
    """The file's records; raises ImportFileError when nothing of it can be used."""
    if len(content) > FILE_BYTES:
        raise ImportFileError("The parallel data file exceeds the limit of 5 GB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportFileError(f"The parallel data file is not valid UTF-8 (byte {error.start}).") from None
    found = _tmx(text) if form == "TMX" else _table(text, "\t" if form == "TSV" else ",", switches)
    if not found.records:
        raise ImportFileError("The parallel data file holds no usable record.")
    return found


def _table(text: str, separator: str, switches: Switches) -> ParallelFile:
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    try:
        header = [name.strip() for name in _fields(lines[0], separator)]
    except ValueError as error:
        raise ImportFileError(f"Invalid header: {error}.") from None
    found = _languages(header)
    for number, line in enumerate(lines[1:], 2):
        content = f"Line {number}"
        if not line.strip():
            if number < len(lines):
                found.skip(content, "The line is empty")
            continue
        try:
            fields = _fields(line, separator)
        except ValueError as error:
            found.fail(content, f"Invalid record: {error}")
            continue
        if len(fields) != len(header):
            found.fail(content, f"Expected {len(header)} fields and found {len(fields)}")
            continue
        if any(item[:1] in {"+", "-", "=", "@"} for item in fields) and switches.forbidden_start != "accept":
            why = "A field cannot start with +, -, = or @"
            if switches.forbidden_start == "fail_import":
                raise ImportFileError(f"{content}: {why}.")
            found.fail(content, why)
            continue
        found.take(fields[0], dict(zip(header[1:], fields[1:], strict=True)), content)
    return found


def _fields(line: str, separator: str) -> list[str]:
    """The fields of one line; ``34"" monitor`` without quotes around it is the guide's own example of an escaped quote.

    Raises ValueError for a quote that is neither doubled nor around a field: a field cannot span lines.
    """
    fields: list[str] = []
    place = 0
    while True:
        found = _FIELD[separator].match(line, place)
        if found is None:
            raise ValueError(f"field {len(fields) + 1} has a quotation mark that is not closed or not doubled")
        fields.append((found[1] if found[1] is not None else found[2]).replace('""', '"'))
        place = found.end()
        if not found[3]:
            return fields


def _languages(header: list[str]) -> ParallelFile:
    unknown = [code for code in header if code not in LANGUAGES]
    if len(header) < 2 or unknown or len(set(header)) != len(header):
        expected = "a source language code and at least one target language code, each once"
        raise ImportFileError(f"Invalid header: found {', '.join(header) or 'nothing'}; expected {expected}.")
    return ParallelFile(header[0], tuple(header[1:]))


def _tmx(text: str) -> ParallelFile:
    if "<!ENTITY" in text:
        raise ImportFileError("Invalid TMX format. Entity declarations are not accepted.")
    try:
        root = ET.fromstring(text.encode())  # noqa: S314  (entities are refused above)
    except ET.ParseError as error:
        raise ImportFileError(f"Invalid TMX format. {error}") from None
    header, units = root.find("header"), list(root.iter("tu"))
    source = header.get("srclang", "") if header is not None else ""
    if not source or not units:
        raise ImportFileError("Invalid TMX format. A header with srclang and at least one tu element are required.")
    rows = [(number, _variants(unit), unit.get("changedate", "")) for number, unit in enumerate(units, 1)]
    languages = sorted({code for _, variants, _ in rows for code, _ in variants if code and code != source})
    found = _languages([source, *languages])
    # The newest changedate wins where there is one, else the last: a stable sort leaves the undated first.
    for number, variants, _ in sorted(rows, key=lambda row: row[2]):
        content = f"Number {number} TU element"
        sources = [seg for code, seg in variants if code == source]
        if len(sources) != 1 or len(variants) < 2:
            why = f"One tu element should contain exactly one tuv element with the source language code: {source}"
            found.fail(content, f"Invalid TMX format. {why}")
        elif any(not code or seg is None for code, seg in variants):
            found.fail(content, "Invalid TMX format. Each tuv element needs xml:lang and seg")
        else:
            row = {code: seg or "" for code, seg in variants if code != source}
            found.take(sources[0] or "", row, content)
    return found


def _variants(unit: ET.Element) -> list[tuple[str, str | None]]:
    return list(_variant_items(unit))


def _variant_items(unit: ET.Element) -> Iterator[tuple[str, str | None]]:
    for variant in unit.findall("tuv"):
        seg = variant.find("seg")
        yield variant.get(_XML_LANG) or variant.get("lang") or "", None if seg is None else "".join(seg.itertext())
