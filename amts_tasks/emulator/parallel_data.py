"""The five parallel data operations and the life of an import.

CREATING → ACTIVE | FAILED. An update leaves ``Status`` and the old data alone; how it goes is
``LatestUpdateAttemptStatus``. One import at a time in an account and Region.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

from amts_tasks.emulator import job_check, parallel_file, tags
from amts_tasks.emulator.buckets import ACCOUNT, Location
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.model import declared
from amts_tasks.emulator.paging import page
from amts_tasks.emulator.records import Import, ParallelData
from amts_tasks.emulator.request import Request
from amts_tasks.emulator.service import Service
from amts_tasks.emulator.state import fingerprint


def create(service: Service, request: Request) -> dict[str, Any]:
    """CreateParallelData."""
    given = request.parameters
    name, token = given["Name"], _token(request)
    held = service.parallel_data.get(request.region, name)
    if held is not None:
        if held.token == token:
            return {"Name": name, "Status": held.status}
        raise AnswerError("ConflictException", f"A parallel data resource named {name} already exists.")
    _check_config(service, request)
    _check_free(service, request)
    if service.parallel_data.count(request.region) >= service.switches.parallel_data_resources:
        most = service.switches.parallel_data_resources
        raise AnswerError("LimitExceededException", f"You have reached the limit of {most} parallel data resources.")
    arn = f"arn:aws:translate:{request.region}:{ACCOUNT}:parallel-data/{name}"
    tags.check(given.get("Tags") or (), arn)
    now = service.clock.now()
    record = ParallelData(
        name=name,
        arn=arn,
        status="CREATING",
        created=now,
        updated=now,
        token=token,
        pending=asdict(_import(service, request, now)),
        config=dict(given["ParallelDataConfig"]),
        description=given.get("Description"),
        encryption_key=given.get("EncryptionKey"),
        tags=list(given.get("Tags") or ()),
    )
    service.parallel_data.put(request.region, name, record)
    return {"Name": name, "Status": "CREATING"}


def update(service: Service, request: Request) -> dict[str, Any]:
    """UpdateParallelData: the new file replaces the whole content, once it is imported."""
    record, token = _require(service, request), _token(request)
    if record.token != token:
        _check_config(service, request)
        if record.status not in {"ACTIVE", "FAILED"}:
            why = f"The parallel data resource {record.name} is {record.status}."
            raise AnswerError("ConcurrentModificationException", why)
        _check_free(service, request)
        record.token = token
        record.attempt_status, record.attempt_at = "UPDATING", service.clock.now()
        record.pending = asdict(_import(service, request, record.attempt_at))
        service.parallel_data.put(request.region, record.name, record)
    return {
        "Name": record.name,
        "Status": record.status,
        "LatestUpdateAttemptStatus": record.attempt_status,
        "LatestUpdateAttemptAt": record.attempt_at,
    }


def get(service: Service, request: Request) -> dict[str, Any]:
    """GetParallelData, with presigned locations of the imported file and of the error files."""
    record = _require(service, request)
    answer: dict[str, Any] = {"ParallelDataProperties": properties(record)}
    places = {
        "DataLocation": (record.file, f"{record.name}.{record.config.get('Format', 'CSV').lower()}"),
        "AuxiliaryDataLocation": (record.report, "error.json"),
        "LatestUpdateAttemptAuxiliaryDataLocation": (record.attempt_report, "error.json"),
    }
    for member, (digest, name) in places.items():
        if digest is not None:
            answer[member] = service.location(request, digest, name)
    return answer


def list_all(service: Service, request: Request) -> dict[str, Any]:
    """ListParallelData, sorted by name."""
    records = [record for _, record in service.parallel_data.items(request.region)]
    shown, token = page(records, request, lambda record: record.name, 100)
    return {"ParallelDataPropertiesList": [properties(record) for record in shown], "NextToken": token}


def delete(service: Service, request: Request) -> dict[str, Any]:
    """DeleteParallelData; refused while an import runs."""
    record = _require(service, request)
    if record.pending is not None:
        why = f"The parallel data resource {record.name} is being created or updated."
        raise AnswerError("ConcurrentModificationException", why)
    if record.status != "DELETING":
        record.status, record.deleted = "DELETING", service.clock.now()
        service.parallel_data.put(request.region, record.name, record)
    return {"Name": record.name, "Status": "DELETING"}


def settle(service: Service) -> float:
    """Ends the imports and deletions that are due by the clock; gives when the next one falls due."""
    now, following = service.clock.now(), math.inf
    for (region, name), record in list(service.parallel_data.items()):
        if record.deleted is not None:
            at = record.deleted + service.switches.delete_seconds
        elif record.pending is not None:
            at = record.pending["started"] + service.import_seconds
        else:
            continue
        if now < at:
            following = min(following, at)
        elif record.deleted is not None:
            service.parallel_data.remove(region, name)
        else:
            _finish(service, record, Import(**record.pending or {}))
            service.parallel_data.put(region, name, record)
    return following


def properties(record: ParallelData) -> dict[str, Any]:
    """ParallelDataProperties; members without a value are left out."""
    shown = {
        "Name": record.name,
        "Arn": record.arn,
        "Description": record.description,
        "Status": record.status,
        "SourceLanguageCode": record.source,
        "TargetLanguageCodes": record.targets or None,
        "ParallelDataConfig": record.config,
        "Message": record.message,
        "EncryptionKey": record.encryption_key,
        "CreatedAt": record.created,
        "LastUpdatedAt": record.updated,
        "LatestUpdateAttemptStatus": record.attempt_status,
        "LatestUpdateAttemptAt": record.attempt_at,
    }
    if record.file is not None or record.status == "FAILED":
        shown |= {
            "ImportedDataSize": record.data_size,
            "ImportedRecordCount": record.imported,
            "FailedRecordCount": record.failed,
            "SkippedRecordCount": record.skipped,
        }
    return {member: value for member, value in shown.items() if value is not None}


def _finish(service: Service, record: ParallelData, attempt: Import) -> None:
    first = record.attempt_status != "UPDATING"
    record.pending = None
    try:
        found = _read(service, attempt)
        reason = None
    except parallel_file.ImportFileError as error:
        found, reason = None, str(error)
    outcome = "ACTIVE" if found is not None else "FAILED"
    report = found.report() if found is not None else _failure_report(reason or "")
    digest = None
    if report["messages"]:
        digest = service.keep_file(json.dumps(report, ensure_ascii=False).encode())
    if first:
        record.status, record.report = outcome, digest
    else:
        record.attempt_status, record.attempt_report = outcome, digest
    if found is None:
        record.message = reason
        return
    counts = f"{len(found.records)} records imported, {found.failed} failed, {found.skipped} skipped."
    record.message = f"The import finished: {counts}" if found.failed or found.skipped else None
    record.status = "ACTIVE"
    record.file = attempt.file
    record.config = attempt.config
    record.source, record.targets = found.source, list(found.targets)
    record.data_size, record.imported = found.characters, len(found.records)
    record.failed, record.skipped = found.failed, found.skipped
    record.updated = attempt.started + service.import_seconds
    if not first:
        record.report = None
        record.description = attempt.description if attempt.description is not None else record.description


def _read(service: Service, attempt: Import) -> parallel_file.ParallelFile:
    if attempt.forced_failure is not None:
        raise parallel_file.ImportFileError(attempt.forced_failure)
    if attempt.file is None:
        raise parallel_file.ImportFileError(
            f"The parallel data file {attempt.config['S3Uri']} was not found or cannot be read."
        )
    return parallel_file.read(service.file(attempt.file), attempt.config["Format"], service.switches)


def _failure_report(reason: str) -> dict[str, Any]:
    summary = {"record_error_count": 1, "record_skipped_count": 0}
    return {"summary": summary, "messages": [{"content": "File", "message": reason}]}


def _import(service: Service, request: Request, now: float) -> Import:
    """The bytes are taken now: what happens to the object during the import does not matter."""
    config = dict(request.parameters["ParallelDataConfig"])
    content = service.buckets.read(_file_of(service, config["S3Uri"]))
    failure = request.strike.get("import_failed")
    forced = None if failure is None else failure.message or "The import failed: an internal error occurred."
    digest = service.keep_file(content) if content is not None else None
    return Import(config, digest, now, request.parameters.get("Description"), forced)


def _file_of(service: Service, uri: str) -> Location:
    """The object a URI names; a folder stands for the one file in it."""
    place = Location.of(uri)
    if service.switches.import_folder and (not place.key or service.buckets.read(place) is None):
        prefix = place.key.rstrip("/") + "/" if place.key else ""
        inside = [key for key, _ in service.buckets.list(place.bucket, prefix) if not key.endswith("/")]
        if len(inside) == 1:
            return Location(place.bucket, inside[0])
    return place


def _check_config(service: Service, request: Request) -> None:
    config = request.parameters["ParallelDataConfig"]
    missing = [member for member in ("S3Uri", "Format") if not config.get(member)]
    if missing:
        why = f"ParallelDataConfig needs {' and '.join(missing)}."
        raise AnswerError(declared(request.operation, "InvalidParameterValueException"), why)
    bucket = Location.of(config["S3Uri"]).bucket
    if service.buckets.region(bucket) is not None:  # one that is not there makes the import FAILED
        job_check.require_bucket(service, request.region, "Parallel data", bucket)


def _check_free(service: Service, request: Request) -> None:
    busy = [record.name for _, record in service.parallel_data.items(request.region) if record.pending is not None]
    if busy:
        why = f"Only one parallel data import can run at a time; {busy[0]} is being imported."
        raise AnswerError(service.switches.busy_code, why)


def _require(service: Service, request: Request) -> ParallelData:
    name = request.parameters["Name"]
    record = service.parallel_data.get(request.region, name)
    if record is None:
        raise AnswerError("ResourceNotFoundException", f"The parallel data resource {name} does not exist.")
    return record


def _token(request: Request) -> str:
    given = dict(request.parameters)
    return f"{request.operation}:{given.pop('ClientToken')}:{fingerprint(given)}"
