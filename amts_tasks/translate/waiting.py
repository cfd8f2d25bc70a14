"""Waiting for Amazon Translate with botocore's waiters, for the command line (triggers run the same waiter file)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, WaiterError
from botocore.waiter import WaiterModel, create_waiter_with_client

from amts_tasks.counts import counted
from amts_tasks.errors import ImportFailed, JobFailed, ServiceError
from amts_tasks.translate.advice import advised, explain
from amts_tasks.translate.status import WAITERS

WAITERS_FILE = Path(__file__).parents[1] / "provider" / "waiters" / "translate.json"
"""The one place of the waiters, read by its path: the package it lies in imports airflow, this module must not."""


@cache
def _model() -> tuple[WaiterModel, Mapping[str, Any]]:
    config = json.loads(WAITERS_FILE.read_text(encoding="utf-8"))
    return WaiterModel(config), config["waiters"]


def defaults(waiter: str) -> tuple[int, int]:
    """Delay in seconds and number of attempts of a waiter, as its file says."""
    config = _model()[1][waiter]
    return int(config["delay"]), int(config["maxAttempts"])


def wait(
    client: Any,
    waiter: str,
    arguments: Mapping[str, Any],
    *,
    delay: float | None = None,
    timeout: float | None = None,
    sleep: Callable[[float], None] = time.sleep,
    on_status: Callable[[str], None] | None = None,
) -> None:
    """Return when the awaited state is reached; ``delay`` and ``timeout`` in seconds, by default the waiter file's.

    Raises ImportFailed or JobFailed with the service's reason when it ends badly, ServiceError when it takes longer or
    the service refuses the question. Throttling counts as an attempt, so it cannot make a wait endless.
    """
    model = _model()[0]
    named_delay, attempts = defaults(waiter)
    delay = named_delay if delay is None else delay
    if timeout is not None:
        attempts = max(1, int(timeout / delay) + 1) if delay > 0 else attempts
    waits = create_waiter_with_client(waiter, model, client)
    status = ""
    for attempt in range(attempts):
        if attempt:
            sleep(delay)
        try:
            with advised(client, f"waiting for {subject(arguments)}"):
                try:
                    waits.wait(**arguments, WaiterConfig={"MaxAttempts": 1})
                except WaiterError as error:
                    status = _judge(waiter, error, client, arguments)
                else:
                    return
        finally:
            if on_status and status:
                on_status(status)
    raise ServiceError(
        f"{subject(arguments)}: still {status or 'unknown'} after {attempts} questions {delay:g} s apart; "
        "run again to go on waiting for the same one, nothing is started twice"
    )


def subject(arguments: Mapping[str, Any]) -> str:
    """What is waited for, in words: the job or the parallel data."""
    return f"job {arguments['JobId']}" if "JobId" in arguments else f"parallel data {arguments.get('Name', '')}"


def _judge(waiter: str, error: WaiterError, client: Any, arguments: Mapping[str, Any]) -> str:
    """The status waited on; raises when it is a bad end, an unknown one, or an error that waiting cannot mend."""
    response: Mapping[str, Any] = error.last_response or {}
    properties = response.get("TextTranslationJobProperties") or response.get("ParallelDataProperties")
    if properties is None:
        found = response.get("Error", {}).get("Code", "")
        if "Max attempts exceeded" in str(error):  # an acceptor says: ask again
            return str(found)
        refused = ClientError(dict(response), "wait")  # type: ignore[arg-type]
        raise ServiceError(explain(refused, client.meta.endpoint_url, f"waiting for {subject(arguments)}"))
    field = {"text_translation_job_done": "JobStatus", "parallel_data_updated": "LatestUpdateAttemptStatus"}
    status = str(properties.get(field.get(waiter, "Status")))
    meaning = WAITERS[waiter].get(status)
    if meaning is not None and meaning.end is None:
        return status
    reason = meaning.reason if meaning else "no status AMTS knows; is this version too old?"
    failed = JobFailed if waiter == "text_translation_job_done" else ImportFailed
    message = str(properties.get("Message") or "the service gave no reason")
    raise failed(f"{subject(arguments)} ended {status} ({reason}): {message}{_counts(properties)}")


def _counts(properties: Mapping[str, Any]) -> str:
    details = properties.get("JobDetails")
    if details:
        return (
            f"; {details.get('TranslatedDocumentsCount', 0)} of "
            f"{counted(details.get('InputDocumentsCount', 0), 'document')}"
            f" translated, {details.get('DocumentsWithErrorsCount', 0)} with errors"
        )
    if properties.get("FailedRecordCount") or properties.get("SkippedRecordCount"):
        return (
            f"; {counted(properties.get('ImportedRecordCount', 0), 'record')} imported, "
            f"{properties.get('FailedRecordCount', 0)} failed, {properties.get('SkippedRecordCount', 0)} skipped"
        )
    return ""
