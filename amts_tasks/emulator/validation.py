"""Requests checked against the service model: required, type, min, max, pattern and enum, all faults of a call at once.

botocore's own ParamValidator leaves out max, pattern and enum, so a client's mistake there is only found by the
service. Patterns use Unicode property classes, which the ``regex`` package knows and ``re`` does not.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import regex
from botocore.model import ListShape, Shape, StructureShape

from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.model import VALIDATION_CODES, declared, operation_model
from amts_tasks.emulator.switches import Switches

_SHOWN = 60


def validate(operation: str, body: dict[str, Any], switches: Switches | None = None) -> None:
    """Raises the AnswerError the operation declares for bad parameters, naming every constraint that is broken."""
    switches = switches or Switches()
    model = operation_model(operation)
    if model is None or model.input_shape is None:
        return
    faults = list(_faults(model.input_shape, body, ""))
    if switches.unknown_members == "refuse":
        faults += _unknown(model.input_shape, body, "")
    if not faults:
        return
    count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected: "
    code = declared(operation, *VALIDATION_CODES) if switches.validation_code == "declared" else "ValidationException"
    raise AnswerError(code, count + "; ".join(faults))


@lru_cache(maxsize=64)
def _pattern(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern)


def _faults(shape: Shape, value: Any, where: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        yield from _structure(shape, value, where)
    elif isinstance(shape, ListShape):
        if not isinstance(value, list):
            yield _failed(value, where, "Member must be a list")
            return
        yield from _bounds(shape, len(value), value, where, "length")
        for index, item in enumerate(value, 1):
            yield from _faults(shape.member, item, f"{where}.{index}.member")
    elif shape.type_name == "string":
        yield from _string(shape, value, where)
    elif shape.type_name == "blob":
        yield from _blob(shape, value, where)
    elif shape.type_name in {"integer", "long"}:
        if isinstance(value, bool) or not isinstance(value, int):
            yield _failed(value, where, "Member must be an integer")
        else:
            yield from _bounds(shape, value, value, where, "value")
    elif shape.type_name == "timestamp" and (
        isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value)
    ):
        yield _failed(value, where, "Member must be a timestamp in epoch seconds")


def _structure(shape: StructureShape, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _failed(value, where, "Member must be a structure")
        return
    prefix = f"{where}." if where else ""
    for name in shape.required_members:
        if value.get(name) is None:
            yield _failed(None, _spelled(prefix + name), "Member must not be null")
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _faults(member, value[name], _spelled(prefix + name))


def _unknown(shape: Shape, value: Any, where: str) -> Iterator[str]:
    """Members the model does not have, at any depth."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        prefix = f"{where}." if where else ""
        for name, item in value.items():
            if name in shape.members:
                yield from _unknown(shape.members[name], item, _spelled(prefix + name))
            else:
                known = ", ".join(shape.members)
                yield _failed(item, prefix + name, f"Member must be one of: {known}")
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for index, item in enumerate(value, 1):
            yield from _unknown(shape.member, item, f"{where}.{index}.member")


def _string(shape: Shape, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield _failed(value, where, "Member must be a string")
        return
    yield from _bounds(shape, len(value), value, where, "length")
    pattern = shape.metadata.get("pattern")
    if pattern and not _pattern(pattern).fullmatch(value):
        yield _failed(value, where, f"Member must satisfy regular expression pattern: {pattern}")
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield _failed(value, where, f"Member must satisfy enum value set: [{', '.join(allowed)}]")


def _blob(shape: Shape, value: Any, where: str) -> Iterator[str]:
    try:
        size = len(base64.b64decode(value, validate=True))
    except (TypeError, ValueError, binascii.Error):
        yield _failed(value, where, "Member must be base64")
        return
    yield from _bounds(shape, size, f"{size} bytes", where, "length")


def _bounds(shape: Shape, size: int, value: Any, where: str, what: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield _failed(value, where, f"Member must have {what} greater than or equal to {least}")
    if most is not None and size > most:
        yield _failed(value, where, f"Member must have {what} less than or equal to {most}")


def _failed(value: Any, where: str, constraint: str) -> str:
    shown = "null" if value is None else repr(value)
    if len(shown) > _SHOWN:
        shown = shown[: _SHOWN - 1] + "…"
    return f"Value {shown} at '{where or 'request'}' failed to satisfy constraint: {constraint}"


def _spelled(path: str) -> str:
    """Members as the service's front end spells them: the first letter in lower case."""
    head, dot, last = path.rpartition(".")
    return f"{head}{dot}{last[:1].lower()}{last[1:]}"
