"""A terminology file: CSV, TSV or TMX in, and out again in any of the three (developer guide, "Custom terminology").

CSV and TSV have a header of language codes, the source first. A record without a term in the first language, with
another number of fields, or with a term above 200 bytes is skipped; a term that comes again counts once, the last time.
"""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import Any

from amts_tasks.emulator.engines import Term
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.languages import LANGUAGES

TERM_BYTES = 200
"""The longest term, in UTF-8 bytes."""
TARGETS = 10
"""Most target languages of one file."""
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(slots=True)
class TerminologyFile:
    """What was found in a file."""

    languages: list[str]
    """Source first."""
    records: dict[str, list[str]] = field(default_factory=dict)
    """Source term → one text a language, empty where there is none."""
    messages: list[dict[str, str]] = field(default_factory=list)
    """{"content": which record, "message": why} for every record that was skipped."""

    @property
    def rows(self) -> list[list[str]]:
        """The records, the source first."""
        return list(self.records.values())

    @property
    def skipped(self) -> int:
        """How many records were left out."""
        return len(self.messages)

    def terms(self, source: str, target: str, directionality: str) -> tuple[Term, ...]:
        """The terms of a pair; a MULTI file serves every pair of its languages, a UNI file those from the first."""
        if source == target or source not in self.languages or target not in self.languages:
            return ()
        if directionality == "UNI" and source != self.languages[0]:
            return ()
        left, right = self.languages.index(source), self.languages.index(target)
        found = {row[left]: row[right] for row in self.rows if row[left] and row[right]}
        return tuple(Term(term, text) for term, text in found.items())

    def report(self) -> dict[str, Any]:
        """The content of the file of errors and warnings."""
        summary = {"record_error_count": 0, "record_skipped_count": self.skipped}
        return {"summary": summary, "messages": self.messages}

    def write(self, form: str) -> bytes:
        """The file in a format."""
        if form == "TMX":
            return _write_tmx(self)
        out = io.StringIO()
        writer = csv.writer(out, delimiter="\t" if form == "TSV" else ",", lineterminator="\n")
        writer.writerows([self.languages, *self.rows])
        return out.getvalue().encode()

    def take(self, row: list[str], content: str) -> None:
        """Adds a record, or says why it is skipped."""
        row = [text.strip() for text in row]
        if len(row) != len(self.languages):
            self._skip(content, f"Expected {len(self.languages)} fields and found {len(row)}")
        elif not row[0]:
            self._skip(content, "The source term is empty")
        elif not any(row[1:]):
            self._skip(content, "The target terms are empty")
        elif any(len(text.encode()) > TERM_BYTES for text in row):
            self._skip(content, f"A term exceeds {TERM_BYTES} bytes")
        else:
            self.records.pop(row[0], None)
            self.records[row[0]] = row

    def _skip(self, content: str, why: str) -> None:
        self.messages.append({"content": content, "message": why})


def read(content: bytes, form: str) -> TerminologyFile:
    """The file's terms; raises InvalidParameterValueException for a file that is none."""
    try:
        text = content.decode("utf-8-sig")
        found = _tmx(text) if form == "TMX" else _table(text, "\t" if form == "TSV" else ",")
    except (UnicodeDecodeError, csv.Error, ET.ParseError) as error:
        raise AnswerError("InvalidParameterValueException", f"The terminology cannot be read: {error}.") from None
    if not found.rows:
        raise AnswerError("InvalidParameterValueException", "The terminology file holds no usable term.")
    return found


def _languages(codes: list[str]) -> TerminologyFile:
    unknown = any(code not in LANGUAGES for code in codes)
    if len(codes) < 2 or unknown or len(codes) > TARGETS + 1 or len(set(codes)) != len(codes):
        why = f"Invalid header: found {', '.join(codes) or 'nothing'}; expected 2 to {TARGETS + 1} language codes."
        raise AnswerError("InvalidParameterValueException", why)
    return TerminologyFile(codes)


def _table(text: str, separator: str) -> TerminologyFile:
    table = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found = _languages([code.strip() for code in next(table, [])])
    for number, row in enumerate(table, 2):
        if row:
            found.take(row, f"Record {number}")
    return found


def _tmx(text: str) -> TerminologyFile:
    if "<!ENTITY" in text:
        raise AnswerError("InvalidParameterValueException", "Invalid TMX format. Entity declarations are not accepted.")
    root = ET.fromstring(text.encode())  # noqa: S314  (entities are refused above)
    header = root.find("header")
    source = header.get("srclang", "") if header is not None else ""
    units = [
        {
            variant.get(_XML_LANG) or variant.get("lang") or "": "".join(seg.itertext())
            for variant in unit.findall("tuv")
            if (seg := variant.find("seg")) is not None
        }
        for unit in root.iter("tu")
    ]
    found = _languages([source, *sorted({code for unit in units for code in unit} - {source})])
    for number, unit in enumerate(units, 1):
        found.take([unit.get(code, "") for code in found.languages], f"Number {number} TU element")
    return found


def _write_tmx(found: TerminologyFile) -> bytes:
    root = ET.Element("tmx", version="1.4")
    about = {"creationtool": "AMTS", "creationtoolversion": "1", "segtype": "phrase", "o-tmf": "csv", "adminlang": "en"}
    ET.SubElement(root, "header", {**about, "srclang": found.languages[0], "datatype": "plaintext"})
    body = ET.SubElement(root, "body")
    for row in found.rows:
        unit = ET.SubElement(body, "tu")
        for code, text in zip(found.languages, row, strict=True):
            if text:
                variant = ET.SubElement(unit, "tuv", {_XML_LANG: code})
                ET.SubElement(variant, "seg").text = text
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
