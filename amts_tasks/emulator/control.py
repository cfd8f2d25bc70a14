"""The emulator's own paths: call log, costs, clock, faults, switches, and the files behind presigned locations."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from amts_tasks.emulator import costs
from amts_tasks.emulator.service import Service

_JSON = "application/json"


def answer(service: Service, method: str, path: str, query: Mapping[str, str], body: bytes) -> tuple[int, str, bytes]:
    """(HTTP status, content type, content) of a request below ``/_amts/``."""
    name = path.removeprefix("/_amts/")
    try:
        if method == "GET" and name == "calls":
            return _json(200, service.calls.all())
        if method == "GET" and name == "costs":
            return _json(200, bill(service))
        if method == "GET" and name == "switches":
            return _json(200, asdict(service.switches))
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
            lines = script if isinstance(script, list) else [script]
            if not all(isinstance(line, dict) for line in lines):
                raise ValueError('expected a list of objects such as {"operation": "*", "fault": "error"}')
            service.faults.order(lines)
            return _json(200, service.faults.pending())
    except ValueError as error:
        return _json(400, {"error": str(error)})
    found = re.fullmatch(r"files/([0-9a-f]{64})/[^/]+", name)
    if method in {"GET", "HEAD"} and found:
        return _file(service, found[1], query)
    known = "GET calls, costs or switches, GET or POST clock, GET, POST or DELETE faults"
    return _json(404, {"error": f"found {method} {path}; expected below /_amts/: {known}"})


def bill(service: Service) -> dict[str, Any]:
    """What calls and jobs would have cost so far."""
    with service.lock:
        jobs = [(region, job) for (region, _), job in service.jobs.items()]
    return costs.bill(costs.charges(service.calls.all(), jobs), service.switches)


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
