"""The three tag operations, for parallel data and terminologies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from amts_tasks.emulator.buckets import ACCOUNT
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.records import ParallelData, Terminology
from amts_tasks.emulator.request import Request
from amts_tasks.emulator.shelf import Shelf
from amts_tasks.emulator.state import State

MOST = 50
"""Tags of one resource."""
_ARN = re.compile(
    r"arn:aws[\w-]*:translate:([a-z0-9-]+):(\d{12}):(parallel-data|terminology)/([A-Za-z0-9_-]+)(/LATEST)?"
)


def tag(service: State, request: Request) -> dict[str, Any]:
    """TagResource: new keys are added, known ones get the new value."""
    shelf, record = _find(service, request)
    given = {item["Key"]: item["Value"] for item in request.parameters["Tags"]}
    held = {item["Key"]: item["Value"] for item in record.tags} | given
    check([{"Key": key, "Value": value} for key, value in held.items()], record.arn)
    check(request.parameters["Tags"], record.arn)
    record.tags = [{"Key": key, "Value": value} for key, value in held.items()]
    shelf.put(request.region, record.name, record)
    return {}


def untag(service: State, request: Request) -> dict[str, Any]:
    """UntagResource: keys the resource does not have are passed over."""
    shelf, record = _find(service, request)
    gone = set(request.parameters["TagKeys"])
    record.tags = [item for item in record.tags if item["Key"] not in gone]
    shelf.put(request.region, record.name, record)
    return {}


def list_all(service: State, request: Request) -> dict[str, Any]:
    """ListTagsForResource."""
    return {"Tags": list(_find(service, request)[1].tags)}


def check(given: Sequence[dict[str, str]], arn: str) -> None:
    """Raises what the service answers to tags it does not take."""
    keys = [item["Key"] for item in given]
    if len(keys) > MOST:
        raise AnswerError("TooManyTagsException", f"A resource can have at most {MOST} tags.", ResourceArn=arn)
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        raise AnswerError("InvalidParameterValueException", f"The tag key {doubled[0]} was given more than once.")
    reserved = [key for key in keys if key.lower().startswith("aws:")]
    if reserved:
        raise AnswerError("InvalidParameterValueException", f"The tag key {reserved[0]} begins with aws: as AWS's own.")


def _find(service: State, request: Request) -> tuple[Shelf[Any], ParallelData | Terminology]:
    arn = request.parameters["ResourceArn"]
    found = _ARN.fullmatch(arn)
    if found is None:
        expected = "arn:aws:translate:REGION:ACCOUNT:parallel-data/NAME or …:terminology/NAME"
        raise AnswerError("InvalidParameterValueException", f"Found resource ARN {arn}; expected {expected}.")
    region, account, kind, name, _ = found.groups()
    shelf: Shelf[Any] = service.parallel_data if kind == "parallel-data" else service.terminologies
    record = shelf.get(region, name) if region == request.region and account == ACCOUNT else None
    if record is None:
        raise AnswerError("ResourceNotFoundException", f"The resource {arn} does not exist.")
    return shelf, record
