"""The one caller of Amazon Translate: it finds what was started before it starts anything.

Shared by Airflow's hook and the command line, so it takes a boto3 client and knows nothing of either. Every function
may be called again after a crash at any point: what costs money is found by its name first, and a request repeated
carries the same client token.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import ClientError, HTTPClientError

from amts_tasks.errors import ServiceError
from amts_tasks.translate import requests
from amts_tasks.translate.advice import BUSY, advised, code, explain
from amts_tasks.translate.status import JOB, adoptable

Sleep = Callable[[float], None]
RETRIES: Any = {"mode": "standard", "max_attempts": 8}
"""botocore's retries for every client of AMTS: the legacy mode does not retry TooManyRequestsException at HTTP 400."""


@dataclass(frozen=True, slots=True)
class Started:
    """What was found or set going for a parallel-data resource."""

    action: Literal["create", "update", "other", "none"]
    """The import under way; other: one of unknown content; none: the content is the one in use already."""
    name: str

    @property
    def waiter(self) -> str | None:
        """Name of the waiter for the import under way; the one for updates knows a first import too."""
        return {"none": None, "create": "parallel_data_active"}.get(self.action, "parallel_data_updated")


@dataclass(frozen=True, slots=True)
class JobStarted:
    """The job that does what was asked for."""

    job_id: str
    adopted: bool
    """True when an earlier call had started it."""
    attempt: int
    """How many earlier ones there were, which all ended FAILED or STOPPED."""


def ensure_parallel_data(
    client: Any,
    request: Mapping[str, Any],
    *,
    sleep: Sleep = time.sleep,
    delay: float = 30.0,
    attempts: int = 40,
    patient: bool = True,
) -> Started:
    """Set the import of a ``requests.create_parallel_data`` request going, unless its content is in use already.

    While another import runs it is tried ``attempts`` times, ``delay`` seconds apart; unless ``patient``, an update of
    this very resource, whose content the service does not tell before it is over, is told as ``other`` instead: wait
    for it and ask again. Raises ServiceError.
    """
    name, digest = str(request["Name"]), requests.digest_of(request["Description"])
    doing = f"importing parallel data {name}"
    last: Exception | None = None
    for attempt in range(attempts):
        if attempt:
            sleep(delay)
        with advised(client, doing):
            found = parallel_data(client, name)
            under_way = _under_way(found, digest)
            if under_way:
                return Started(under_way, name)
            if found is not None and _busy(found):
                if not patient and found.get("LatestUpdateAttemptStatus") == "UPDATING":
                    return Started("other", name)
                continue
            try:
                if found is None:
                    client.create_parallel_data(**request)
                    return Started("create", name)
                seen = f"{found.get('LatestUpdateAttemptAt')} {found.get('LastUpdatedAt')}"
                client.update_parallel_data(**requests.update_parallel_data(request, seen))
                return Started("update", name)
            except HTTPClientError as error:  # the answer may be lost and the import running: look again
                last = error
            except ClientError as error:
                # A limit with no import running is the number of resources, which waiting does not mend.
                if code(error) not in BUSY or (code(error) == "LimitExceededException" and not _importing(client)):
                    raise
                last = error
    reason = explain(last, client.meta.endpoint_url, doing) if last else f"{doing}: another import of it is running"
    raise ServiceError(f"{reason} (tried {attempts} times, {delay:g} s apart)")


def _under_way(found: Mapping[str, Any] | None, digest: str | None) -> Literal["create", "none"] | None:
    """What already leads to this content; None when nothing does."""
    if found is None or requests.digest_of(found.get("Description")) != digest:
        return None
    if found["Status"] == "CREATING":
        return "create"
    # While an update runs, or has failed, nobody says whether the Description is the old content's or the new one's.
    settled = found.get("LatestUpdateAttemptStatus") in {None, "ACTIVE"}
    return "none" if found["Status"] == "ACTIVE" and settled else None


def _busy(found: Mapping[str, Any]) -> bool:
    return (
        found["Status"] in {"CREATING", "UPDATING", "DELETING"} or found.get("LatestUpdateAttemptStatus") == "UPDATING"
    )


def _importing(client: Any) -> bool:
    pages = _pages(client.list_parallel_data, "ParallelDataPropertiesList")
    return any(_busy(found) for found in pages)


def all_parallel_data(client: Any) -> list[dict[str, Any]]:
    """ParallelDataProperties of every resource of the account in this region."""
    return list(_pages(client.list_parallel_data, "ParallelDataPropertiesList"))


def parallel_data(client: Any, name: str) -> dict[str, Any] | None:
    """ParallelDataProperties of a resource, or None when there is none."""
    try:
        answer: dict[str, Any] = client.get_parallel_data(Name=name)["ParallelDataProperties"]
    except ClientError as error:
        if code(error) == "ResourceNotFoundException":
            return None
        raise
    return answer


def delete_parallel_data(
    client: Any, name: str, *, sleep: Sleep = time.sleep, delay: float = 30.0, attempts: int = 40
) -> bool:
    """Start deleting a resource, after any import of it has ended; False when there is none. Raises ServiceError."""
    for attempt in range(attempts):
        if attempt:
            sleep(delay)
        with advised(client, f"deleting parallel data {name}"):
            try:
                client.delete_parallel_data(Name=name)
            except ClientError as error:
                if code(error) == "ResourceNotFoundException":
                    return False
                if code(error) not in BUSY or attempt == attempts - 1:
                    raise
            else:
                return True
    return False


def ensure_terminology(client: Any, request: Mapping[str, Any]) -> bool:
    """Import a ``requests.import_terminology`` request unless the service has this content; whether it did."""
    name = str(request["Name"])
    with advised(client, f"importing terminology {name}"):
        try:
            found = client.get_terminology(Name=name)["TerminologyProperties"]
        except ClientError as error:
            if code(error) != "ResourceNotFoundException":
                raise
        else:
            if requests.digest_of(found.get("Description")) == requests.digest_of(request["Description"]):
                return False
        client.import_terminology(**request)
        return True


def find_or_start_job(
    client: Any,
    request: Mapping[str, Any],
    name_of: Callable[[int], str] | None = None,
    *,
    sleep: Sleep = time.sleep,
    delay: float = 5.0,
) -> JobStarted:
    """The job of a ``requests.start_text_translation_job`` request: one so named that has not ended badly, or a new.

    ``name_of`` gives the name after so many earlier attempts (by default counted on from the request's name); one whose
    jobs all ended FAILED or STOPPED is passed over. Raises ServiceError.
    """
    name_of = name_of or requests.attempt_names(str(request["JobName"]))
    attempt, name = 0, name_of(0)
    for again in (True, True, False):
        with advised(client, f"starting translation job {name}"):
            while jobs := jobs_named(client, name):
                good = [job for job in jobs if adoptable(job["JobStatus"])]
                if good:
                    return JobStarted(good[0]["JobId"], adopted=True, attempt=attempt)
                attempt += 1
                name = name_of(attempt)
            try:
                answer = client.start_text_translation_job(**requests.renamed(request, name))
            except HTTPClientError:  # the answer may be lost and the job running: look again
                if not again:
                    raise
            else:
                return JobStarted(answer["JobId"], adopted=False, attempt=attempt)
        sleep(delay)
    raise AssertionError("the last round returns or raises")


def jobs_named(client: Any, name: str) -> list[dict[str, Any]]:
    """TextTranslationJobProperties of all jobs of exactly this name: ended ones first, then the newest.

    The service does not say whether its filter compares exactly or by prefix, so the names are compared here.
    """
    pages = _pages(client.list_text_translation_jobs, "TextTranslationJobPropertiesList", Filter={"JobName": name})
    jobs = [job for job in pages if job.get("JobName") == name]
    newest = sorted(jobs, key=lambda job: (str(job.get("SubmittedTime", "")), job["JobId"]), reverse=True)
    return sorted(newest, key=lambda job: JOB[job["JobStatus"]].end is None)


def job(client: Any, job_id: str) -> dict[str, Any]:
    """TextTranslationJobProperties of a job. Raises ServiceError."""
    with advised(client, f"asking for job {job_id}"):
        answer: dict[str, Any] = client.describe_text_translation_job(JobId=job_id)["TextTranslationJobProperties"]
        return answer


def stop_job(client: Any, job_id: str) -> None:
    """Ask the service to stop a job; one that is over or unknown is left as it is. Raises ServiceError."""
    with advised(client, f"stopping job {job_id}"):
        try:
            client.stop_text_translation_job(JobId=job_id)
        except ClientError as error:
            if code(error) not in {"ResourceNotFoundException", "InvalidRequestException"}:
                raise


def translate_text(client: Any, request: Mapping[str, Any]) -> str:
    """The translation of a ``requests.translate_text`` request. Raises ServiceError."""
    with advised(client, "translating a text"):
        return str(client.translate_text(**request)["TranslatedText"])


def _pages(call: Callable[..., Mapping[str, Any]], key: str, **arguments: Any) -> Iterator[dict[str, Any]]:
    following: dict[str, str] = {}
    while True:
        page = call(**arguments, **following)
        yield from page.get(key, ())
        if not page.get("NextToken"):
            return
        following = {"NextToken": page["NextToken"]}
