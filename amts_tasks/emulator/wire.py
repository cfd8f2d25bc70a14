"""The wire: AWS JSON 1.1 requests read and answers written, and everything refused that is not one."""

from __future__ import annotations

import json
import re
import socket
import struct
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import botocore.session

from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.model import TARGET_PREFIX, operation_model
from amts_tasks.emulator.switches import Switches

CBOR = f"/service/{TARGET_PREFIX}/operation/"
LARGEST = 20 * 1024**2
"""Most bytes of a request's body: the largest member is a terminology of 10 MB, in base64."""
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)/"
    r"aws4_request,\s*SignedHeaders=[a-z0-9;-]+,\s*Signature=[0-9a-f]{64}"
)
_REGION = re.compile(r"Credential=[^/]+/\d+/([a-z0-9-]+)/")
_SCOPE = re.compile(r"Credential=[^/]+/\d+/[a-z0-9-]+/translate/")
_REGIONS = frozenset(
    region
    for partition in ("aws", "aws-us-gov", "aws-cn")
    for region in botocore.session.get_session().get_available_regions("translate", partition)
)
"""Regions with an endpoint, as botocore lists them."""


def operation_of(environ: WSGIEnvironment) -> str | None:
    """The name after Translate's target prefix; empty for a request signed for Translate that names no operation of it;
    None for a request that is not ours."""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target.startswith(f"{TARGET_PREFIX}."):
        return str(target.partition(".")[2])
    return "" if _SCOPE.search(environ.get("HTTP_AUTHORIZATION", "")) else None


def region_of(environ: WSGIEnvironment) -> str:
    """The Region of the signature, whatever else is wrong with it."""
    found = _REGION.search(environ.get("HTTP_AUTHORIZATION", ""))
    return found[1] if found else "us-east-1"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and where."""

    region: str
    access_key: str


def caller(environ: WSGIEnvironment, switches: Switches) -> Caller:
    """Reads the signature's head; the signature is not computed, for any secret will do here."""
    header = environ.get("HTTP_AUTHORIZATION", "")
    region = region_of(environ)
    if not switches.signatures:
        return Caller(region, "")
    if not header:
        raise AnswerError("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
    found = _AUTHORIZATION.match(header)
    if found is None:
        why = "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' of AWS4-HMAC-SHA256."
        raise AnswerError("IncompleteSignatureException", why, 400)
    if found["service"] != "translate":
        why = "Credential should be scoped to correct service: 'translate'."
        raise AnswerError("InvalidSignatureException", why, 403)
    if region not in _REGIONS:
        why = f"Credential should be scoped to a valid region; Amazon Translate has no endpoint in '{region}'."
        raise AnswerError("InvalidSignatureException", why, 403)
    if switches.access_keys and found["key"] not in switches.access_keys:
        why = "The security token included in the request is invalid."
        raise AnswerError("UnrecognizedClientException", why, 403)
    return Caller(region, found["key"])


def parameters(operation: str, environ: WSGIEnvironment, body: bytes) -> dict[str, Any]:
    """The request's members, those that are null left out; raises AnswerError for what is no JSON 1.1 request."""
    if operation_model(operation) is None:
        what = f"operation {operation!r}" if operation else "target " + repr(environ.get("HTTP_X_AMZ_TARGET", ""))
        raise AnswerError("UnknownOperationException", f"Amazon Translate has no {what}.", 400)
    if environ["REQUEST_METHOD"] != "POST":
        raise AnswerError("UnknownOperationException", f"Found {environ['REQUEST_METHOD']}; expected POST.", 405)
    if "cbor" in environ.get("CONTENT_TYPE", "") or "cbor" in environ.get("HTTP_SMITHY_PROTOCOL", ""):
        raise refused_cbor()
    if len(body) > LARGEST:
        raise AnswerError("RequestEntityTooLargeException", f"The body exceeds {LARGEST:,} bytes.", 413)
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise AnswerError("SerializationException", "The request body is not a JSON object.", 400)
    return {name: value for name, value in given.items() if value is not None}


def refused_cbor() -> AnswerError:
    """The answer to a client that speaks the model's other protocol."""
    why = "The emulator speaks AWS JSON 1.1, not smithy-rpc-v2-cbor; set the client's protocol to json."
    return AnswerError("UnsupportedProtocolException", why, 415)


def body_of(environ: WSGIEnvironment) -> bytes:
    """The whole body, so that no lock is held while a slow client sends."""
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    if length:
        return bytes(stream.read(int(length)))
    return bytes(stream.read()) if environ.get("wsgi.input_terminated") else b""


def reset(environ: WSGIEnvironment) -> None:
    """Drops the connection with a reset, as a broken network does."""
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError


def answer(
    start_response: StartResponse, status: int, body: dict[str, Any], engine: str | None = None
) -> Iterable[bytes]:
    """A JSON 1.1 answer; ``engine`` goes into a header, for TranslateText has no member that could name it."""
    content = json.dumps(body, ensure_ascii=False).encode()
    return send(start_response, status, "application/x-amz-json-1.1", content, engine)


def send(
    start_response: StartResponse, status: int, kind: str, content: bytes, engine: str | None = None
) -> Iterable[bytes]:
    """Any answer."""
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(content))),
        ("x-amzn-RequestId", str(uuid.uuid4())),
    ]
    if engine is not None:
        headers.append(("x-amts-engine", engine))
    start_response(f"{status} {'OK' if status < 400 else 'Error'}", headers)
    return [content]
