"""The terminology operations, and the terms that apply to a pair."""

from __future__ import annotations

import base64
import csv
import io
from typing import Any

from amts_tasks.emulator.buckets import ACCOUNT
from amts_tasks.emulator.engines import Term
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.languages import LANGUAGES
from amts_tasks.emulator.paging import page
from amts_tasks.emulator.records import Terminology
from amts_tasks.emulator.request import Request
from amts_tasks.emulator.state import State

TERM_BYTES = 200
"""The longest term, in UTF-8 bytes."""
TARGETS = 10
"""Most target languages of one file."""


def import_one(service: State, request: Request) -> dict[str, Any]:
    """ImportTerminology: creates or overwrites, at once."""
    given = request.parameters
    name, data = given["Name"], given["TerminologyData"]
    content = base64.b64decode(data["File"])
    languages, rows, skipped = read(content, data["Format"])
    held = service.terminologies.get(request.region, name)
    if held is None and sum(1 for _ in service.terminologies.items(request.region)) >= service.switches.terminologies:
        raise AnswerError("LimitExceededException", "You have reached the limit of terminologies.")
    now = service.clock.now()
    record = Terminology(
        name=name,
        arn=f"arn:aws:translate:{request.region}:{ACCOUNT}:terminology/{name}/LATEST",
        format=data["Format"],
        directionality=data.get("Directionality") or "UNI",
        source=languages[0],
        targets=languages[1:],
        terms=len(rows),
        size=len(content),
        file=service.keep_file(content),
        created=held.created if held else now,
        updated=now,
        description=given.get("Description"),
        skipped=skipped,
        encryption_key=given.get("EncryptionKey"),
        tags=list(given.get("Tags") or ()),
    )
    service.terminologies.put(request.region, name, record)
    return {"TerminologyProperties": properties(record)}


def get(service: State, request: Request) -> dict[str, Any]:
    """GetTerminology, with a presigned location of the file as it was imported."""
    record = require(service, request.region, request.parameters["Name"])
    wanted = request.parameters.get("TerminologyDataFormat") or record.format
    if wanted != record.format:
        why = f"The emulator hands out a terminology in the format it was imported in, {record.format}."
        raise AnswerError("InvalidParameterValueException", why)
    place = service.location(request, record.file, f"{record.name}.{record.format.lower()}")
    return {"TerminologyProperties": properties(record), "TerminologyDataLocation": place}


def list_all(service: State, request: Request) -> dict[str, Any]:
    """ListTerminologies, sorted by name."""
    records = [record for _, record in service.terminologies.items(request.region)]
    shown, token = page(records, request, lambda record: record.name, 100)
    return {"TerminologyPropertiesList": [properties(record) for record in shown], "NextToken": token}


def delete(service: State, request: Request) -> dict[str, Any]:
    """DeleteTerminology."""
    record = require(service, request.region, request.parameters["Name"])
    service.terminologies.remove(request.region, record.name)
    return {}


def require(service: State, region: str, name: str) -> Terminology:
    """The terminology; raises ResourceNotFoundException."""
    record = service.terminologies.get(region, name)
    if record is None:
        raise AnswerError("ResourceNotFoundException", f"The terminology {name} does not exist.")
    return record


def terms(content: bytes, form: str, source: str, target: str, directionality: str) -> tuple[Term, ...]:
    """The file's terms from ``source`` to ``target``; a MULTI file serves every pair of its languages."""
    languages, rows, _ = read(content, form)
    if target not in languages or source not in languages or (directionality == "UNI" and source != languages[0]):
        return ()
    left, right = languages.index(source), languages.index(target)
    found = {row[left]: row[right] for row in rows if row[left] and row[right]}
    return tuple(Term(term, text) for term, text in found.items())


def read(content: bytes, form: str) -> tuple[list[str], list[list[str]], int]:
    """(language codes, rows, rows skipped); raises InvalidParameterValueException for a file that is none."""
    if form == "TMX":
        raise AnswerError(
            "InvalidParameterValueException", "The emulator reads terminologies in CSV and TSV, not in TMX."
        )
    try:
        text = content.decode("utf-8-sig")
        table = [row for row in csv.reader(io.StringIO(text), delimiter="\t" if form == "TSV" else ",") if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise AnswerError("InvalidParameterValueException", f"The terminology cannot be read: {error}.") from None
    languages = [code.strip() for code in table[0]] if table else []
    if len(languages) < 2 or any(code not in LANGUAGES for code in languages) or len(languages) > TARGETS + 1:
        why = f"Invalid header: found {', '.join(languages) or 'nothing'}; expected 2 to {TARGETS + 1} language codes."
        raise AnswerError("InvalidParameterValueException", why)
    good = [
        [field.strip() for field in row]
        for row in table[1:]
        if len(row) == len(languages) and row[0].strip() and all(len(field.encode()) <= TERM_BYTES for field in row)
    ]
    return languages, good, len(table) - 1 - len(good)


def properties(record: Terminology) -> dict[str, Any]:
    """TerminologyProperties."""
    shown = {
        "Name": record.name,
        "Description": record.description,
        "Arn": record.arn,
        "SourceLanguageCode": record.source,
        "TargetLanguageCodes": record.targets,
        "EncryptionKey": record.encryption_key,
        "SizeBytes": record.size,
        "TermCount": record.terms,
        "CreatedAt": record.created,
        "LastUpdatedAt": record.updated,
        "Directionality": record.directionality,
        "SkippedTermCount": record.skipped,
        "Format": record.format,
    }
    return {member: value for member, value in shown.items() if value is not None}
