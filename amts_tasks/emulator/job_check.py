"""What the service answers to a job it does not take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from amts_tasks.emulator import options, roles, terminologies
from amts_tasks.emulator.buckets import Location
from amts_tasks.emulator.documents import CONTENT_TYPES, OFFICE_TYPES
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.job_work import documents_of
from amts_tasks.emulator.languages import AUTO, require_pair
from amts_tasks.emulator.request import Request
from amts_tasks.emulator.service import Service

TARGETS = 10
"""Most target languages of one job."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a job keeps as it was when it was taken."""

    parallel_file: str | None
    """Digest of the parallel data file."""
    terminology_file: str | None
    terminology_format: str | None
    """Format and directionality, with a space between."""


def check(service: Service, request: Request) -> Inputs:
    """Raises AnswerError for a job that is refused; gives what the job keeps."""
    given, switches = request.parameters, service.switches
    if switches.batch_regions and request.region not in switches.batch_regions:
        raise AnswerError("NotAuthorizedException", "Your account is not authorized to make this call.")
    source, targets = given["SourceLanguageCode"], given["TargetLanguageCodes"]
    for target in targets:
        require_pair(source, target)
    if len(targets) > TARGETS or len(set(targets)) != len(targets):
        raise AnswerError("InvalidParameterValueException", f"A job takes 1 to {TARGETS} different target languages.")
    content_type = given["InputDataConfig"]["ContentType"]
    if content_type not in CONTENT_TYPES:
        what = "an office document, which the emulator does not read" if content_type in OFFICE_TYPES else "unknown"
        why = f"Content type {content_type} is {what}; expected one of: {', '.join(CONTENT_TYPES)}."
        raise AnswerError("InvalidParameterValueException", why)
    options.refuse_brevity(given.get("Settings"), "batch translation")
    names = given.get("TerminologyNames") or []
    if len(names) > 1:
        raise AnswerError("InvalidRequestException", "A job takes one terminology.")
    held = [terminologies.require(service, request.region, name) for name in names]
    if switches.check_role:
        roles.require(given["DataAccessRoleArn"])
    _check_folders(service, request)
    parallel_file = _check_parallel_data(service, request)
    if not held:
        return Inputs(parallel_file, None, None)
    return Inputs(parallel_file, held[0].file, f"{held[0].format} {held[0].directionality}")


def _check_folders(service: Service, request: Request) -> None:
    source = request.parameters["InputDataConfig"]["S3Uri"]
    target = request.parameters["OutputDataConfig"]["S3Uri"]
    for role, uri in (("Input", source), ("Output", target)):
        require_bucket(service, request.region, role, Location.of(uri).bucket)
    folder = Location.of(source)
    if not folder.key.strip("/"):
        why = "The input must be a folder, not the top level of a bucket."
        raise AnswerError("InvalidRequestException", why)
    prefix, found = documents_of(service, source)
    if not found:
        raise AnswerError(
            "InvalidRequestException", f"The input folder s3://{folder.bucket}/{prefix} has no documents."
        )
    if any("details" in key.removeprefix(prefix).split("/")[:-1] for key, _ in found):
        raise AnswerError("InvalidRequestException", "The input folder must not have a nested folder named details.")
    most, largest = service.switches.job_documents, service.switches.job_bytes
    if len(found) > most or sum(size for _, size in found) > largest:
        why = f"A job takes at most {most:,} documents of {largest:,} bytes together."
        raise AnswerError("InvalidRequestException", why)


def require_bucket(service: Service, region: str, role: str, bucket: str) -> None:
    """Raises InvalidRequestException for a bucket that is not there or is in another Region."""
    place = service.buckets.region(bucket)
    if place is None:
        raise AnswerError("InvalidRequestException", f"{role} bucket {bucket} does not exist.")
    if service.switches.same_region and place != region:
        why = f"{role} bucket {bucket} is in {place}; it must be in the Region of the call, {region}."
        raise AnswerError("InvalidRequestException", why)


def _check_parallel_data(service: Service, request: Request) -> str | None:
    given: Any = request.parameters
    names = given.get("ParallelDataNames") or []
    if not names:
        return None
    if len(names) > 1:
        raise AnswerError("InvalidRequestException", "A job takes one parallel data resource.")
    regions = service.switches.act_regions
    if service.switches.region_guard and regions and request.region not in regions:
        why = f"Active Custom Translation is not available in {request.region}; it is in {', '.join(regions)}."
        raise AnswerError("InvalidRequestException", why)
    record = service.parallel_data.get(request.region, names[0])
    if record is None:
        raise AnswerError("ResourceNotFoundException", f"The parallel data resource {names[0]} does not exist.")
    if record.file is None or record.status != "ACTIVE":
        raise AnswerError("InvalidRequestException", f"The parallel data resource {names[0]} is {record.status}.")
    if given["SourceLanguageCode"] == AUTO:
        if not service.switches.auto_with_parallel_data:
            why = "A job with parallel data must name its source language."
            raise AnswerError("InvalidRequestException", why)
    elif record.source != given["SourceLanguageCode"]:
        why = f"The source language of {names[0]} is {record.source}, not {given['SourceLanguageCode']}."
        raise AnswerError("InvalidRequestException", why)
    missing = [target for target in given["TargetLanguageCodes"] if target not in record.targets]
    if missing:
        why = f"The parallel data resource {names[0]} has no translations for: {', '.join(missing)}."
        raise AnswerError("InvalidRequestException", why)
    return record.file
