"""The WSGI app: Translate's calls are ours, ``/_amts/…`` is the emulator's own control, all else is moto's.

Translate is known by its ``X-Amz-Target``, or by what the request is signed for: whatever protocols the model lists,
boto3 resolves to JSON 1.1.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from amts_tasks.emulator import control, jobs, parallel_data, tags, terminologies, text, wire
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.faults import FaultOrder, Strike
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
    "TranslateDocument": text.translate_document,
    "ImportTerminology": terminologies.import_one,
    "GetTerminology": terminologies.get,
    "ListTerminologies": terminologies.list_all,
    "DeleteTerminology": terminologies.delete,
    "TagResource": tags.tag,
    "UntagResource": tags.untag,
    "ListTagsForResource": tags.list_all,
    "ListLanguages": text.list_languages,
}
"""Every operation of the model."""

_WITHOUT_LOCK = frozenset({"TranslateText", "TranslateDocument"})
"""They read and change nothing that lasts, and may take their time."""


class Application:
    """One app for one Service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._moto: WSGIApplication = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        body = wire.body_of(environ)
        settle(self._service)
        operation = wire.operation_of(environ)
        if path.startswith(wire.CBOR):
            fault = wire.refused_cbor()
            return wire.answer(start_response, fault.status, fault.body())
        if operation is not None:
            return self._translate(operation, body, environ, start_response)
        if path.startswith("/_amts/"):
            query = {name: values[-1] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
            status, kind, content = control.answer(self._service, environ["REQUEST_METHOD"], path, query, body)
            return wire.send(start_response, status, kind, content)
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
        strike = service.faults.strike(operation)
        self._before(strike)
        given: Any = None
        status, error, characters, engine = 200, None, None, None
        try:
            order = strike.get("throttle", "error", "reset")
            if order is not None and order.fault == "reset":
                status, error = 0, "ConnectionReset"
                wire.reset(environ)
            if order is not None:
                raise self._ordered(order)
            caller = wire.caller(environ, service.switches)
            given = wire.parameters(operation, environ, body)
            validate(operation, given, service.switches)
            endpoint = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', 'localhost')}"
            answer = self._perform(Request(operation, given, caller.region, endpoint, strike))
            characters, engine = answer.pop("_characters", None), answer.pop("_engine", None)
            if strike.get("lost") is not None:
                status, error = 0, "ConnectionReset"
                wire.reset(environ)
            return wire.answer(start_response, 200, _without_none(answer), engine)
        except AnswerError as fault:
            status, error = fault.status, fault.code
            if status != 403 and 400 < status < 500 and service.switches.client_error_status == "400":
                status = 400
            if fault.code == "TooManyRequestsException" and strike.get("throttle") is None:
                status = int(service.switches.throttle_status)
            return wire.answer(start_response, status, fault.body())
        finally:
            region = wire.region_of(environ)
            service.calls.add(service.clock.now(), operation, region, given, status, error, characters, engine)

    def _perform(self, request: Request) -> dict[str, Any]:
        service = self._service
        perform = OPERATIONS[request.operation]
        if service.switches.request_rates:
            with service.lock:
                fits = service.rates.take(request.region, request.operation, service.clock.now())
            if not fits:
                raise AnswerError("TooManyRequestsException", "Rate exceeded")
        if request.operation in _WITHOUT_LOCK:
            return perform(service, request)
        with service.lock:
            try:
                answer = perform(service, request)
            finally:
                if not request.operation.startswith(("Describe", "Get", "List")):
                    service.agenda.touch()
        settle(service)
        return answer

    def _before(self, strike: Strike) -> None:
        """A jump of the clock, a slow answer."""
        if (jump := strike.get("clock")) is not None:
            self._service.clock.advance(jump.seconds)
        if (slow := strike.get("slow")) is not None:
            self._service.sleep(slow.seconds)

    def _ordered(self, order: FaultOrder) -> AnswerError:
        if order.fault == "throttle":
            status = order.status or int(self._service.switches.throttle_status)
            return AnswerError("TooManyRequestsException", order.message or "Rate exceeded", status)
        code = order.code or "InternalServerException"
        return AnswerError(code, order.message or "An internal error occurred.", order.status)


def settle(service: Service, wait: bool = False) -> None:
    """Brings every state level with the clock, if anything is due; ``wait``: also for another thread that does so."""
    now = service.clock.now()
    if not wait and not service.agenda.due(now):
        return
    with service.lock:
        if not service.agenda.begin(now):
            return
        following = -math.inf
        try:
            following = min(parallel_data.settle(service), jobs.settle(service))
        finally:
            service.agenda.plan(following)


def _without_none(value: dict[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in value.items() if item is not None}
