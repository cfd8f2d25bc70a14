"""The emulator's own paths: the call log, the clock, the faults, and the files behind presigned locations."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from amts_tasks.emulator.service import Service

_JSON = "application/json"


def answer(service: Service, method: str, path: str, query: Mapping[str, str], body: bytes) -> tuple[int, str, bytes]:
    """(HTTP status, content type, content) of a request below ``/_amts/``."""
    name = path.removeprefix("/_amts/")
    try:
        if method == "GET" and name == "calls":
            return _json(200, service.calls.all())
        if method == "GET" and name == "clock":
            return _json(200, {"now": service.clock.now()})
        if method == "POST" and name == "clock":
            return _json(200, {"now": _push(service, json.loads(body))})
        if method == "GET" and name == "faults":
            return _json(200, service.faults.pending())
        if method == "DELETE" and name == "faults":
            service.faults.clear()
            return _json(200, [])
        if method == "POST" and name == "faults":
            script = json.loads(body)
            service.faults.order(script if isinstance(script, list) else [script])
            return _json(200, service.faults.pending())
    except ValueError as error:
        return _json(400, {"error": str(error)})
    found = re.fullmatch(r"files/([0-9a-f]{64})/[^/]+", name)
    if method in {"GET", "HEAD"} and found:
        return _file(service, found[1], query)
    known = "GET calls, GET or POST clock, GET, POST or DELETE faults"
    return _json(404, {"error": f"found {method} {path}; expected below /_amts/: {known}"})


def _push(service: Service, wanted: Any) -> float:
    if isinstance(wanted, dict) and len(wanted) == 1:
        (name, value), *_ = wanted.items()
        if name in {"advance", "set"} and isinstance(value, (int, float)) and not isinstance(value, bool):
            return service.clock.advance(value) if name == "advance" else service.clock.set(value)
    raise ValueError(f'found {wanted!r}; expected {{"advance": seconds}} or {{"set": epoch seconds}}')


def _file(service: Service, digest: str, query: Mapping[str, str]) -> tuple[int, str, bytes]:
    expires = query.get("Expires", "")
    if not expires.isdigit() or service.clock.now() > int(expires):
        message = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
        return 403, "application/xml", message.encode()
    try:
        return 200, "application/octet-stream", service.file(digest)
    except FileNotFoundError:
        return 404, "application/xml", b"<Error><Code>NoSuchKey</Code></Error>"


def _json(status: int, value: Any) -> tuple[int, str, bytes]:
    return status, _JSON, json.dumps(value, ensure_ascii=False).encode()
