"""The four job operations and the life of a job.

SUBMITTED → IN_PROGRESS → COMPLETED | COMPLETED_WITH_ERROR | FAILED; a stop goes by STOP_REQUESTED to STOPPED. The work
is done by ``worker.py``; the states follow the clock and change under the service's lock, here alone.
"""

from __future__ import annotations

import hashlib
from typing import Any

from amts_tasks.emulator import terminologies
from amts_tasks.emulator.buckets import ACCOUNT, Location
from amts_tasks.emulator.documents import CONTENT_TYPES
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.languages import require_pair
from amts_tasks.emulator.paging import page
from amts_tasks.emulator.records import Job
from amts_tasks.emulator.request import Request
from amts_tasks.emulator.service import Service
from amts_tasks.emulator.state import fingerprint

TARGETS = 10
"""Most target languages of one job."""
RUNNING = ("IN_PROGRESS", "STOP_REQUESTED")
ENDED = ("COMPLETED", "COMPLETED_WITH_ERROR", "FAILED", "STOPPED")


def start(service: Service, request: Request) -> dict[str, Any]:
    """StartTextTranslationJob; the same client token with the same parameters finds the first job."""
    given = dict(request.parameters)
    client_token = given.pop("ClientToken")
    token = f"{client_token}:{fingerprint(given)}"
    for _, job in service.jobs.items(request.region):
        if job.token == token:
            return {"JobId": job.id, "JobStatus": job.status}
        if job.token.startswith(f"{client_token}:") and service.switches.strict_tokens:
            raise AnswerError("InvalidRequestException", "The client token was used with other parameters.")
    parallel_file = _check(service, request)
    waiting = sum(1 for _, job in service.jobs.items(request.region) if job.status == "SUBMITTED")
    if waiting >= service.switches.queued_jobs:
        raise AnswerError("TooManyRequestsException", f"{waiting} jobs are waiting; no more can be submitted.")
    number = len(service.jobs)
    job_id = hashlib.sha256(f"{service.seed}:{request.region}:{number}:{token}".encode()).hexdigest()[:32]
    folder = given["OutputDataConfig"]["S3Uri"].rstrip("/")
    job = Job(
        id=job_id,
        number=number,
        status="SUBMITTED",
        request=given,
        token=token,
        submitted=service.clock.now(),
        output=f"{folder}/{ACCOUNT}-TranslateText-{job_id}/",
        parallel_file=parallel_file,
    )
    for name in given.get("TerminologyNames") or []:
        held = terminologies.require(service, request.region, name)
        job.terminology_file, job.terminology_format = held.file, f"{held.format} {held.directionality}"
    fault = request.fault
    if fault is not None and fault.fault == "job_failed":
        job.forced_failure = fault.message or "The job failed: an internal error occurred."
    if fault is not None and fault.fault == "document_errors":
        job.forced_documents = fault.documents
    service.jobs.put(request.region, job_id, job)
    return {"JobId": job_id, "JobStatus": "SUBMITTED"}


def describe(service: Service, request: Request) -> dict[str, Any]:
    """DescribeTextTranslationJob."""
    return {"TextTranslationJobProperties": properties(_require(service, request))}


def list_all(service: Service, request: Request) -> dict[str, Any]:
    """ListTextTranslationJobs, newest first; with SubmittedBeforeTime oldest first. One filter at a time."""
    wanted = request.parameters.get("Filter") or {}
    if len([value for value in wanted.values() if value is not None]) > 1:
        raise AnswerError("InvalidFilterException", "Only one filter can be set at a time.")
    jobs = [job for _, job in service.jobs.items(request.region)]
    jobs.sort(key=lambda job: job.number, reverse="SubmittedBeforeTime" not in wanted)
    checks = {
        "JobName": lambda job, value: job.request.get("JobName") == value,
        "JobStatus": lambda job, value: job.status == value,
        "SubmittedBeforeTime": lambda job, value: job.submitted < value,
        "SubmittedAfterTime": lambda job, value: job.submitted > value,
    }
    for member, value in wanted.items():
        if member in checks and value is not None:
            jobs = [job for job in jobs if checks[member](job, value)]
    shown, token = page(jobs, request, lambda job: job.id, 100)
    return {"TextTranslationJobPropertiesList": [properties(job) for job in shown], "NextToken": token}


def stop(service: Service, request: Request) -> dict[str, Any]:
    """StopTextTranslationJob; a job that has ended answers with how it ended."""
    job = _require(service, request)
    if job.status not in ENDED:
        job.status = "STOP_REQUESTED"
        service.jobs.put(request.region, job.id, job)
    return {"JobId": job.id, "JobStatus": job.status}


def settle(service: Service) -> None:
    """Lets waiting jobs start and finished, failed or stopped ones end, as far as the clock has come."""
    now = service.clock.now()
    active = [(key, job) for key, job in service.jobs.items() if job.status not in ENDED]
    active.sort(key=lambda item: item[1].number)
    for (region, _), job in active:
        if job.status == "STOP_REQUESTED":
            service.worker.cancel(job.id)
            outcome = service.worker.outcome(job.id)
            if outcome is not None and service.switches.output_before_end:
                outcome.write(service.buckets)
            _end(service, region, job, "STOPPED", "Your job was stopped.", now)
            continue
        if job.status == "SUBMITTED":
            busy = sum(1 for other, held in active if other[0] == region and held.status in RUNNING)
            if busy >= service.switches.running_jobs:
                continue
            job.status, job.started = "IN_PROGRESS", now
            service.jobs.put(region, job.id, job)
        service.worker.want(region, job)
        outcome = service.worker.outcome(job.id)
        if outcome is None or now < due(service, job):
            continue
        job.engine = outcome.engine
        job.translated, job.with_errors, job.inputs = outcome.translated, outcome.with_errors, outcome.inputs
        if outcome.failure is None:
            outcome.write(service.buckets)
        _end(service, region, job, outcome.status, outcome.message, now)


def due(service: Service, job: Job) -> float:
    """When the job may end, in epoch seconds."""
    return (job.started if job.started is not None else job.submitted) + service.job_seconds


def properties(job: Job) -> dict[str, Any]:
    """TextTranslationJobProperties; counts, end and message appear when the job has ended."""
    given = job.request
    shown = {
        "JobId": job.id,
        "JobName": given.get("JobName"),
        "JobStatus": job.status,
        "SourceLanguageCode": given["SourceLanguageCode"],
        "TargetLanguageCodes": given["TargetLanguageCodes"],
        "TerminologyNames": given.get("TerminologyNames") or None,
        "ParallelDataNames": given.get("ParallelDataNames") or None,
        "Message": job.message,
        "SubmittedTime": job.submitted,
        "EndTime": job.ended,
        "InputDataConfig": given["InputDataConfig"],
        "OutputDataConfig": {**given["OutputDataConfig"], "S3Uri": job.output},
        "DataAccessRoleArn": given["DataAccessRoleArn"],
        "Settings": given.get("Settings"),
    }
    if job.ended is not None:
        shown["JobDetails"] = {
            "TranslatedDocumentsCount": job.translated,
            "DocumentsWithErrorsCount": job.with_errors,
            "InputDocumentsCount": job.inputs,
        }
    return {member: value for member, value in shown.items() if value is not None}


def _end(service: Service, region: str, job: Job, status: str, message: str, now: float) -> None:
    job.status, job.message, job.ended = status, message, now
    service.jobs.put(region, job.id, job)
    service.worker.forget(job.id)


def _require(service: Service, request: Request) -> Job:
    job = service.jobs.get(request.region, request.parameters["JobId"])
    if job is None:
        raise AnswerError("ResourceNotFoundException", f"The job {request.parameters['JobId']} does not exist.")
    return job


def _check(service: Service, request: Request) -> str | None:
    """Raises what the service answers to a job it does not take; gives the digest of the parallel data file."""
    given = request.parameters
    source, targets = given["SourceLanguageCode"], given["TargetLanguageCodes"]
    for target in targets:
        require_pair(source, target)
    if len(targets) > TARGETS or len(set(targets)) != len(targets):
        raise AnswerError("InvalidParameterValueException", f"A job takes 1 to {TARGETS} different target languages.")
    content_type = given["InputDataConfig"]["ContentType"]
    if content_type not in CONTENT_TYPES:
        why = f"Content type {content_type} is not emulated; expected one of: {', '.join(CONTENT_TYPES)}."
        raise AnswerError("InvalidParameterValueException", why)
    if (given.get("Settings") or {}).get("Brevity"):
        raise AnswerError("InvalidRequestException", "Brevity is not supported in batch translation.")
    if len(given.get("TerminologyNames") or []) > 1:
        raise AnswerError("InvalidRequestException", "A job takes one terminology.")
    for name in given.get("TerminologyNames") or []:
        terminologies.require(service, request.region, name)
    _check_folders(service, given["InputDataConfig"]["S3Uri"], given["OutputDataConfig"]["S3Uri"])
    return _check_parallel_data(service, request)


def _check_folders(service: Service, source: str, target: str) -> None:
    for role, uri in (("Input", source), ("Output", target)):
        if not service.buckets.exists(Location.of(uri).bucket):
            raise AnswerError("InvalidRequestException", f"{role} bucket {Location.of(uri).bucket} does not exist.")
    folder = Location.of(source)
    if not folder.key.strip("/"):
        why = "The input must be a folder, not the top level of a bucket."
        raise AnswerError("InvalidRequestException", why)
    prefix = folder.key.rstrip("/") + "/"
    keys = [key for key, _ in service.buckets.list(folder.bucket, prefix) if not key.endswith("/")]
    if not keys:
        raise AnswerError(
            "InvalidRequestException", f"The input folder s3://{folder.bucket}/{prefix} has no documents."
        )
    if any("details" in key.removeprefix(prefix).split("/")[:-1] for key in keys):
        raise AnswerError("InvalidRequestException", "The input folder must not have a nested folder named details.")


def _check_parallel_data(service: Service, request: Request) -> str | None:
    given = request.parameters
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
    if record.source != given["SourceLanguageCode"]:
        why = f"The source language of {names[0]} is {record.source}, not {given['SourceLanguageCode']}."
        raise AnswerError("InvalidRequestException", why)
    missing = [target for target in given["TargetLanguageCodes"] if target not in record.targets]
    if missing:
        why = f"The parallel data resource {names[0]} has no translations for: {', '.join(missing)}."
        raise AnswerError("InvalidRequestException", why)
    return record.file
