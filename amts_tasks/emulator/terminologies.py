"""The terminology operations, and the terms that apply to a pair."""

from __future__ import annotations

import base64
import json
from typing import Any

from amts_tasks.emulator import tags, terminology_file
from amts_tasks.emulator.buckets import ACCOUNT
from amts_tasks.emulator.engines import Term
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.paging import page
from amts_tasks.emulator.records import Terminology
from amts_tasks.emulator.request import Request
from amts_tasks.emulator.state import State


def import_one(service: State, request: Request) -> dict[str, Any]:
    """ImportTerminology: creates or overwrites, at once."""
    given = request.parameters
    name, data = given["Name"], given["TerminologyData"]
    arn = f"arn:aws:translate:{request.region}:{ACCOUNT}:terminology/{name}/LATEST"
    tags.check(given.get("Tags") or (), arn)
    content = base64.b64decode(data["File"])
    found = terminology_file.read(content, data["Format"])
    held = service.terminologies.get(request.region, name)
    if held is None and service.terminologies.count(request.region) >= service.switches.terminologies:
        most = service.switches.terminologies
        raise AnswerError("LimitExceededException", f"You have reached the limit of {most} terminologies.")
    now = service.clock.now()
    report = None
    if found.messages:
        report = service.keep_file(json.dumps(found.report(), ensure_ascii=False).encode())
    record = Terminology(
        name=name,
        arn=arn,
        format=data["Format"],
        directionality=data.get("Directionality") or "UNI",
        source=found.languages[0],
        targets=found.languages[1:],
        terms=len(found.rows),
        size=len(content),
        file=service.keep_file(content),
        created=held.created if held else now,
        updated=now,
        description=given.get("Description"),
        skipped=found.skipped,
        report=report,
        encryption_key=given.get("EncryptionKey"),
        tags=list(given.get("Tags") or (held.tags if held else ())),
    )
    service.terminologies.put(request.region, name, record)
    answer: dict[str, Any] = {"TerminologyProperties": properties(record)}
    if report is not None:
        answer["AuxiliaryDataLocation"] = service.location(request, report, "error.json")
    return answer


def get(service: State, request: Request) -> dict[str, Any]:
    """GetTerminology, with a presigned location of the file as it was imported, or in the format asked for."""
    record = require(service, request.region, request.parameters["Name"])
    wanted = request.parameters.get("TerminologyDataFormat") or record.format
    digest = record.file
    if wanted != record.format:
        digest = service.keep_file(terminology_file.read(service.file(record.file), record.format).write(wanted))
    answer: dict[str, Any] = {
        "TerminologyProperties": properties(record),
        "TerminologyDataLocation": service.location(request, digest, f"{record.name}.{wanted.lower()}"),
    }
    if record.report is not None:
        answer["AuxiliaryDataLocation"] = service.location(request, record.report, "error.json")
    return answer


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


def of_pair(service: State, file: str, form: str, source: str, target: str) -> tuple[Term, ...]:
    """The terms of a kept file from ``source`` to ``target``; ``form``: format and directionality."""
    name, directionality = form.split()
    return terminology_file.read(service.file(file), name).terms(source, target, directionality)


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
