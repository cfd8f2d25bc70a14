"""The WSGI app: Translate's calls are ours, ``/_amts/…`` is the emulator's own control, all else is moto's.

Translate is known by its ``X-Amz-Target``: whatever protocols the model lists, boto3 resolves to JSON 1.1.
"""

from __future__ import annotations

import io
import json
import re
import socket
import struct
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from amts_tasks.emulator import control, jobs, parallel_data, terminologies, text
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.faults import BEFORE, FaultOrder
from amts_tasks.emulator.model import TARGET_PREFIX, operation_model
from amts_tasks.emulator.request import Request
from amts_tasks.emulator.service import Service
from amts_tasks.emulator.validation import validate

OPERATIONS: Mapping[str, Callable[[Service, Request], dict[str, Any]]] = {
    "CreateParallelData": parallel_data.create,
    "UpdateParallelData": parallel_data.update,
    "GetParallelData": parallel_data.get,
    "ListParallelData": parallel_data.list_all,
    "DeleteParallelData": parallel_data.delete,
    "StartTextTranslationJob": jobs.start,
    "DescribeTextTranslationJob": jobs.describe,
    "ListTextTranslationJobs": jobs.list_all,
    "StopTextTranslationJob": jobs.stop,
    "TranslateText": text.translate_text,
    "ImportTerminology": terminologies.import_one,
    "GetTerminology": terminologies.get,
    "ListTerminologies": terminologies.list_all,
    "DeleteTerminology": terminologies.delete,
    "ListLanguages": text.list_languages,
}
"""What is emulated; the rest of the model answers an error that says so."""

_REGION = re.compile(r"Credential=[^/]+/\d+/([a-z0-9-]+)/")
_CBOR = f"/service/{TARGET_PREFIX}/operation/"
_WITHOUT_LOCK = frozenset({"TranslateText"})


class Application:
    """One app for one Service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._moto: WSGIApplication = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, target = environ.get("PATH_INFO", ""), environ.get("HTTP_X_AMZ_TARGET", "")
        body = _body(environ)
        settle(self._service)
        if target.startswith(f"{TARGET_PREFIX}."):
            return self._translate(target.partition(".")[2], body, environ, start_response)
        if path.startswith(_CBOR):
            why = "The emulator speaks AWS JSON 1.1, not smithy-rpc-v2-cbor; set the client's protocol to json."
            fault = AnswerError("UnsupportedProtocolException", why, 415)
            return _answer(start_response, fault.status, fault.body())
        if path.startswith("/_amts/"):
            query = {name: values[-1] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
            status, kind, content = control.answer(self._service, environ["REQUEST_METHOD"], path, query, body)
            return _send(start_response, status, kind, content)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return self._s3(path, environ, start_response)

    def _s3(self, path: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """moto's answer; what a writing request changed is on disk before the client hears of it."""
        buckets = self._service.buckets
        with buckets.lock:
            answer = self._moto(environ, start_response)
            content = b"".join(answer)
            if environ["REQUEST_METHOD"] in {"PUT", "POST", "DELETE"} and not environ.get("HTTP_X_AMZ_TARGET"):
                bucket, _, key = path.encode("latin-1").decode("utf-8", "replace").lstrip("/").partition("/")
                if not bucket or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
                    buckets.keep_all()
                elif key:
                    buckets.keep(bucket, key)
                else:
                    buckets.keep_bucket(bucket)
        close = getattr(answer, "close", None)
        if close is not None:
            close()
        return [content]

    def _translate(
        self, operation: str, body: bytes, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        service = self._service
        found = _REGION.search(environ.get("HTTP_AUTHORIZATION", ""))
        region = found[1] if found else "us-east-1"
        order = service.faults.strike(operation)
        parameters: Any = None
        status, error, characters, engine = 200, None, None, None
        try:
            if order is not None and order.fault in BEFORE:
                if order.fault == "reset":
                    status, error = 0, "ConnectionReset"
                    _reset(environ)
                    return []
                raise _ordered(order)
            parameters = _parse(operation, body)
            endpoint = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', 'localhost')}"
            request = Request(operation, parameters, region, endpoint, order)
            answer = self._perform(request)
            if operation == "TranslateText":
                characters, engine = len(parameters["Text"]), answer.pop("_engine")
            if order is not None and order.fault == "lost":
                status, error = 0, "ConnectionReset"
                _reset(environ)
                return []
            return _answer(start_response, 200, _without_none(answer), engine)
        except AnswerError as fault:
            status, error = fault.status, fault.code
            return _answer(start_response, fault.status, fault.body())
        finally:
            service.calls.add(service.clock.now(), operation, region, parameters, status, error, characters, engine)

    def _perform(self, request: Request) -> dict[str, Any]:
        perform = OPERATIONS[request.operation]
        if request.operation in _WITHOUT_LOCK:
            return perform(self._service, request)
        with self._service.lock:
            answer = perform(self._service, request)
        settle(self._service)
        return answer


def settle(service: Service) -> None:
    """Brings every state level with the clock."""
    with service.lock:
        parallel_data.settle(service)
        jobs.settle(service)


def _parse(operation: str, body: bytes) -> dict[str, Any]:
    if operation_model(operation) is None:
        raise AnswerError("UnknownOperationException", f"Amazon Translate has no operation {operation!r}.", 400)
    try:
        parameters = json.loads(body or b"{}")
    except ValueError:
        parameters = None
    if not isinstance(parameters, dict):
        raise AnswerError("SerializationException", "The request body is not a JSON object.", 400)
    parameters = {name: value for name, value in parameters.items() if value is not None}
    validate(operation, parameters)
    if operation not in OPERATIONS:
        raise AnswerError("InternalServerException", f"{operation} is not emulated yet; see docs/emulator.md.", 501)
    return parameters


def _ordered(order: FaultOrder) -> AnswerError:
    if order.fault == "throttle":
        return AnswerError("TooManyRequestsException", order.message or "Rate exceeded", order.status)
    return AnswerError("InternalServerException", order.message or "An internal error occurred.", order.status)


def _without_none(value: dict[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in value.items() if item is not None}


def _body(environ: WSGIEnvironment) -> bytes:
    """The whole body, so that no lock is held while a slow client sends."""
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    if length:
        return bytes(stream.read(int(length)))
    return bytes(stream.read()) if environ.get("wsgi.input_terminated") else b""


def _reset(environ: WSGIEnvironment) -> None:
    """Drops the connection with a reset, as a broken network does."""
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError


def _answer(
    start_response: StartResponse, status: int, body: dict[str, Any], engine: str | None = None
) -> Iterable[bytes]:
    content = json.dumps(body, ensure_ascii=False).encode()
    return _send(start_response, status, "application/x-amz-json-1.1", content, engine)


def _send(
    start_response: StartResponse, status: int, kind: str, content: bytes, engine: str | None = None
) -> Iterable[bytes]:
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(content))),
        ("x-amzn-RequestId", str(uuid.uuid4())),
    ]
    if engine is not None:
        # TranslateText has no member that could say which engine answered.
        headers.append(("x-amts-engine", engine))
    start_response(f"{status} {'OK' if status < 400 else 'Error'}", headers)
    return [content]
