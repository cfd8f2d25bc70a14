"""botocore's errors as sentences: where, what was found, what to do.

The service's codes are those of its model and the unmodelled ones seen in public reports (``ValidationException``,
``NotAuthorizedException``, ``ThrottlingException``); codes are compared, not classes: the unmodelled have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
)

from amts_tasks.errors import ServiceError

BUSY = frozenset({"ConcurrentModificationException", "ConflictException", "LimitExceededException"})
"""Codes of "another import is running": one at a time; which of them is raised is nowhere documented."""
THROTTLED = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling", "RequestLimitExceeded"})

_CREDENTIALS = "check the credentials of the Airflow connection or of the AWS default chain"
_ADVICE = {
    "AccessDeniedException": "allow this call in the caller's IAM policy (docs/deployment.md has the least that works)",
    "UnrecognizedClientException": _CREDENTIALS,
    "InvalidSignatureException": _CREDENTIALS,
    "ExpiredTokenException": f"the session has expired; {_CREDENTIALS}",
    "NotAuthorizedException": "batch translation is not offered in this region; set another aws.region",
    "UnsupportedLanguagePairException": "check service_code in the profiles of both languages (config/languages)",
    "InvalidParameterValueException": "check the names, language codes, S3 addresses and role in the configuration",
    "InvalidRequestException": "check the names, language codes, S3 addresses and role in the configuration",
    "ValidationException": "check the names, language codes, S3 addresses and role in the configuration",
    "ResourceNotFoundException": "it was deleted meanwhile, or is in another region or account; run the pair again",
    "TextSizeLimitExceededException": "TranslateText takes 10,000 UTF-8 bytes; split the text",
    "TooManyTagsException": "remove tags of the resource",
    "LimitExceededException": "one import runs at a time and the account's number of resources is limited; "
    "wait, or delete parallel data and terminologies no longer used",
    "ConcurrentModificationException": "another import or change is running; wait for it and run again",
    "ConflictException": "another import or change is running; wait for it and run again",
    "InternalServerException": "the service had a fault of its own; run again later",
    "ServiceUnavailableException": "the service is not available at the moment; run again later",
}


def code(error: BaseException) -> str:
    """The service's error code of a ClientError, else an empty string."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def explain(error: BaseException, endpoint: str, doing: str) -> str:
    """One sentence or two: what was being done where, what was found, what to do."""
    if isinstance(error, ClientError):
        found = error.response.get("Error", {})
        name, message = str(found.get("Code", "unknown error")), str(found.get("Message", "")).strip()
        advice = _ADVICE.get(name, "see the service's message")
        if name in THROTTLED:
            advice = "too many calls a second for this account; run fewer pairs at once, or later"
        return f"{doing} at {endpoint}: the service answered {name}: {message or 'no message'}; {advice}"
    if isinstance(error, (NoCredentialsError, PartialCredentialsError)):
        return f"{doing} at {endpoint}: found no complete AWS credentials ({error}); {_CREDENTIALS}"
    if isinstance(error, NoRegionError):
        return f"{doing}: found no AWS region; set aws.region in the configuration"
    if isinstance(error, ParamValidationError):
        return f"{doing}: the request is malformed: {error}"
    if isinstance(error, (ConnectionError, HTTPClientError)):
        return (
            f"{doing} at {endpoint}: the endpoint cannot be reached ({error}); start the emulator there "
            "(`amts emulator`), or set the endpoint: --endpoint or AWS_ENDPOINT_URL_TRANSLATE, in Airflow "
            "service_config.translate.endpoint_url of the AWS connection's extra"
        )
    return f"{doing} at {endpoint}: {error}"


@contextmanager
def advised(client: Any, doing: str) -> Iterator[None]:
    """Within it, whatever botocore raises becomes a ServiceError with advice; ``doing`` starts its sentence."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise ServiceError(explain(error, client.meta.endpoint_url, doing)) from error
