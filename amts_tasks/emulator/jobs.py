"""The four job operations and the life of a job.

SUBMITTED → IN_PROGRESS → COMPLETED | COMPLETED_WITH_ERROR | FAILED; a stop goes by STOP_REQUESTED to STOPPED. The work
is done by ``worker.py``; the states follow the clock and change under the service's lock, here alone.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from typing import Any

from amts_tasks.emulator import job_check
from amts_tasks.emulator.buckets import ACCOUNT
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.job_queue import ENDED
from amts_tasks.emulator.paging import page
from amts_tasks.emulator.records import Job
from amts_tasks.emulator.request import Request
from amts_tasks.emulator.service import Service
from amts_tasks.emulator.state import fingerprint


def start(service: Service, request: Request) -> dict[str, Any]:
    """StartTextTranslationJob; the same client token with the same parameters finds the first job."""
    given = dict(request.parameters)
    client_token = given.pop("ClientToken")
    print_of = fingerprint(given)
    earlier = service.queue.of_token(request.region, client_token)
    held = service.jobs.get(request.region, earlier.get(print_of, ""))
    if held is not None:
        return {"JobId": held.id, "JobStatus": held.status}
    if earlier and service.switches.strict_tokens:
        raise AnswerError("InvalidRequestException", "The client token was used with other parameters.")
    kept = job_check.check(service, request)
    waiting = service.queue.waits(request.region)
    if waiting >= service.switches.queued_jobs:
        raise AnswerError("TooManyRequestsException", f"{waiting} jobs are waiting; no more can be submitted.")
    number, token = service.queue.next, f"{client_token}:{print_of}"
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
        parallel_file=kept.parallel_file,
        terminology_file=kept.terminology_file,
        terminology_format=kept.terminology_format,
        damage=request.strike.damage,
    )
    if (failure := request.strike.get("job_failed")) is not None:
        job.forced_failure = failure.message or "The job failed: an internal error occurred."
    if (failing := request.strike.get("document_errors")) is not None:
        job.forced_documents, job.forced_share = failing.documents, failing.share
    service.jobs.put(request.region, job_id, job)
    service.queue.add(request.region, job)
    return {"JobId": job_id, "JobStatus": "SUBMITTED"}


def describe(service: Service, request: Request) -> dict[str, Any]:
    """DescribeTextTranslationJob."""
    return {"TextTranslationJobProperties": properties(_require(service, request), service.switches.count_languages)}


def list_all(service: Service, request: Request) -> dict[str, Any]:
    """ListTextTranslationJobs, newest first; with SubmittedBeforeTime oldest first. One filter at a time."""
    given = request.parameters.get("Filter") or {}
    wanted = {member: value for member, value in given.items() if value is not None}
    if len(wanted) > 1:
        raise AnswerError("InvalidFilterException", "Only one filter can be set at a time.")
    jobs = list(service.queue.ordered.get(request.region, ()))
    if "SubmittedBeforeTime" not in wanted:
        jobs.reverse()
    exact = service.switches.job_name_filter == "exact"
    checks: Mapping[str, Callable[[Job, Any], bool]] = {
        "JobName": lambda job, value: _named(job, value, exact),
        "JobStatus": lambda job, value: job.status == value,
        "SubmittedBeforeTime": lambda job, value: job.submitted < value,
        "SubmittedAfterTime": lambda job, value: job.submitted > value,
    }
    for member, value in wanted.items():
        if member in checks:
            jobs = [job for job in jobs if checks[member](job, value)]
    shown, token = page(jobs, request, lambda job: job.id, 100)
    languages = service.switches.count_languages
    return {"TextTranslationJobPropertiesList": [properties(job, languages) for job in shown], "NextToken": token}


def stop(service: Service, request: Request) -> dict[str, Any]:
    """StopTextTranslationJob; a job that has ended answers with how it ended."""
    job = _require(service, request)
    if job.status not in ENDED:
        if job.status == "SUBMITTED":
            service.queue.leave(request.region, job)
        job.status = "STOP_REQUESTED"
        service.jobs.put(request.region, job.id, job)
    return {"JobId": job.id, "JobStatus": job.status}


def settle(service: Service) -> float:
    """Lets waiting jobs start and finished, failed or stopped ones end; gives when the next one falls due."""
    now, following = service.clock.now(), math.inf
    queue = service.queue
    for region in {*queue.running, *queue.waiting}:
        for job in sorted(queue.running.get(region, {}).values(), key=lambda job: job.number):
            following = min(following, _go_on(service, region, job, now))
        while len(queue.running.get(region, {})) < service.switches.running_jobs:
            started = queue.begin(region)
            if started is None:
                break
            started.status, started.started = "IN_PROGRESS", now
            service.jobs.put(region, started.id, started)
            following = min(following, _go_on(service, region, started, now))
    return following


def due(service: Service, job: Job) -> float:
    """When the job may end, in epoch seconds."""
    return (job.started if job.started is not None else job.submitted) + service.job_seconds


def properties(job: Job, count_languages: bool = True) -> dict[str, Any]:
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
        translated, errors = job.translated, job.with_errors
        if not count_languages:
            targets = len(given["TargetLanguageCodes"])
            errors = -(-errors // targets)
            translated = max(0, job.inputs - errors) if translated else 0
        shown["JobDetails"] = {
            "TranslatedDocumentsCount": translated,
            "DocumentsWithErrorsCount": errors,
            "InputDocumentsCount": job.inputs,
        }
    return {member: value for member, value in shown.items() if value is not None}


def _go_on(service: Service, region: str, job: Job, now: float) -> float:
    """Ends the job if it is time; gives when to look again (inf: when its work is done)."""
    if job.status == "STOP_REQUESTED":
        service.worker.cancel(job.id)
        outcome = service.worker.outcome(job.id)
        if outcome is not None and service.switches.output_before_end:
            outcome.write(service.buckets)
            job.characters = outcome.characters
        _end(service, region, job, "STOPPED", "Your job was stopped.", now)
        return math.inf
    service.worker.want(job)
    outcome = service.worker.outcome(job.id)
    if outcome is None:
        return math.inf
    if now < due(service, job):
        return due(service, job)
    job.engine, job.characters = outcome.engine, outcome.characters
    job.translated, job.with_errors, job.inputs = outcome.translated, outcome.with_errors, outcome.inputs
    if outcome.failure is None:
        outcome.write(service.buckets)
    _end(service, region, job, outcome.status, outcome.message, now)
    return math.inf


def _end(service: Service, region: str, job: Job, status: str, message: str, now: float) -> None:
    job.status, job.message, job.ended = status, message, now
    service.jobs.put(region, job.id, job)
    service.queue.end(region, job)
    service.worker.forget(job.id)


def _named(job: Job, wanted: str, exact: bool) -> bool:
    name = job.request.get("JobName") or ""
    return bool(name == wanted if exact else name.startswith(wanted))


def _require(service: Service, request: Request) -> Job:
    job = service.jobs.get(request.region, request.parameters["JobId"])
    if job is None:
        raise AnswerError("ResourceNotFoundException", f"The job {request.parameters['JobId']} does not exist.")
    return job
