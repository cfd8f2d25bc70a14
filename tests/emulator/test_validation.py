"""Every constraint of every input shape, broken one at a time, and kept to the edge.

The cases are made from the JSON botocore ships, not from what the emulator reads it into; each goes over the wire.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from typing import Any

import botocore.loaders
import pytest
import regex
import urllib3

from amts_tasks.emulator import Emulator
from amts_tasks.emulator.application import OPERATIONS
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.switches import Switches
from amts_tasks.emulator.validation import validate

MODEL = botocore.loaders.Loader().load_service_model("translate", "service-2")
SHAPES, CALLS = MODEL["shapes"], MODEL["operations"]

GOOD: dict[str, Any] = {
    "ResourceName": "name",
    "ClientTokenString": "token-1",
    "S3Uri": "s3://bucket/key",
    "IamRoleArn": "arn:aws:iam::123456789012:role/r",
    "ContentType": "text/html",
    "LanguageCodeString": "en",
    "JobId": "0" * 32,
    "TerminologyFile": base64.b64encode(b"en,zh").decode(),
    "EncryptionKeyID": "alias/key",
}
BAD = ["bad name!", "http://nope", "not a mime type", "é", "\n", "a_", "__", ""]
"""Texts of which each pattern of the model refuses one, unless it refuses nothing."""
Path = tuple[str | int, ...]


def good(name: str) -> Any:
    """The least value of a shape that breaks nothing."""
    shape = SHAPES[name]
    if name in GOOD:
        return GOOD[name]
    if shape["type"] == "structure":
        return {member: good(shape["members"][member]["shape"]) for member in shape.get("required", [])}
    if shape["type"] == "list":
        return [good(shape["member"]["shape"])]
    if "enum" in shape:
        return shape["enum"][0]
    return {"integer": 1, "timestamp": 1.0, "boolean": True, "blob": "eHg="}.get(shape["type"], "text")


def broken(name: str) -> Iterator[tuple[str, Any]]:
    """(constraint, value that breaks it alone) of one shape."""
    shape, kind = SHAPES[name], SHAPES[name]["type"]
    for wrong in ("text", 1, ["list"], {"a": 1}, True):
        fitting = {"string": str, "blob": str, "list": list, "structure": dict}.get(kind, (int, float))
        if not isinstance(wrong, fitting) or (wrong is True and kind in {"integer", "timestamp"}):
            yield f"type {type(wrong).__name__}", wrong
    if kind == "string":
        filler = "a" if "pattern" not in shape or regex.fullmatch(shape["pattern"], "aa") else None
        if shape.get("min"):
            yield "min", "" if shape["min"] == 1 else "a" * (shape["min"] - 1)
        if "max" in shape:
            yield "max", (filler or "a") * (shape["max"] + 1)
        if "pattern" in shape:
            refused = [text for text in BAD if not regex.fullmatch(shape["pattern"], text)]
            if refused:
                yield "pattern", refused[0]
            else:
                assert "\\P{M}\\p{M}" in shape["pattern"], f"no text of BAD breaks {shape['pattern']}"
        if "enum" in shape:
            yield "enum", "NO_SUCH"
    elif kind == "integer":
        yield from ((rule, shape[rule] + step) for rule, step in (("min", -1), ("max", 1)) if rule in shape)
    elif kind == "blob" and "max" in shape:
        yield "max", base64.b64encode(b"x" * (shape["max"] + 1)).decode()
    elif kind == "list":
        if shape.get("min"):
            yield "min", []
        if "max" in shape:
            yield "max", [good(shape["member"]["shape"])] * (shape["max"] + 1)


def edges(name: str) -> Iterator[tuple[str, Any]]:
    """(constraint, value that just keeps it)."""
    shape, kind = SHAPES[name], SHAPES[name]["type"]
    if kind == "string" and "enum" not in shape:
        for rule in ("min", "max"):
            text = "a" * shape.get(rule, 1)
            if "pattern" not in shape or regex.fullmatch(shape["pattern"], text):
                yield rule, text
    elif kind == "string":
        yield from (("enum", value) for value in shape["enum"])
    elif kind == "integer":
        yield from ((rule, shape[rule]) for rule in ("min", "max") if rule in shape)
    elif kind == "blob" and "max" in shape:
        yield "max", base64.b64encode(b"x" * shape["max"]).decode()
    elif kind == "list" and "max" in shape:
        yield "max", [good(shape["member"]["shape"])] * shape["max"]


def walk(name: str, make: Any, path: Path = (), needed: bool = False) -> Iterator[tuple[Path, str, Any]]:
    """(path, constraint, value) of a shape and all within."""
    shape = SHAPES[name]
    if path:
        yield from ((path, rule, value) for rule, value in make(name))
    if shape["type"] == "structure":
        for member, about in shape["members"].items():
            if make is broken and member in shape.get("required", []):
                yield (*path, member), "required", None
            yield from walk(about["shape"], make, (*path, member))
    elif shape["type"] == "list":
        yield from walk(shape["member"]["shape"], make, (*path, 0))


def planted(name: str, path: Path, value: Any) -> Any:
    """The good request with ``value`` at ``path``."""
    if not path:
        return value
    shape = SHAPES[name]
    if shape["type"] == "list":
        return [planted(shape["member"]["shape"], path[1:], value)]
    return {**good(name), path[0]: planted(shape["members"][str(path[0])]["shape"], path[1:], value)}


def cases(make: Any) -> list[tuple[str, Path, str, Any]]:
    return [
        (operation, *case) for operation in sorted(CALLS) for case in walk(CALLS[operation]["input"]["shape"], make)
    ]


BROKEN, KEPT = cases(broken), cases(edges)
COUNTS = Counter(rule.partition(" ")[0] for _, _, rule, _ in BROKEN)


def name_of(case: tuple[str, Path, str, Any]) -> str:
    return f"{case[0]}-{'.'.join(map(str, case[1]))}-{case[2].replace(' ', '-')}"


@pytest.mark.parametrize("case", BROKEN, ids=name_of)
def test_each_constraint(case):
    operation, path, _, value = case
    with pytest.raises(AnswerError) as error:
        validate(operation, planted(CALLS[operation]["input"]["shape"], path, value))
    declared = [item["shape"] for item in CALLS[operation]["errors"]]
    assert error.value.code in {*declared, "ValidationException"}
    assert "validation error" in error.value.message
    last = str([part for part in path if isinstance(part, str)][-1])
    assert last[1:] in error.value.message  # the member is named, spelled as the front end does
    model = SHAPES.get(error.value.code, {}).get("error", {})
    assert error.value.status == model.get("httpStatusCode", 400)


@pytest.mark.parametrize("case", KEPT, ids=name_of)
def test_each_edge(case):
    operation, path, _, value = case
    validate(operation, planted(CALLS[operation]["input"]["shape"], path, value))


def test_all_of_them_over_the_wire(tmp_path, clock):
    """One call a constraint through the whole server: none changes anything, each answers a client's error."""
    signed = "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/translate/aws4_request, SignedHeaders=host, Signature="
    with Emulator(tmp_path, clock=clock, engine="echo") as emulator, urllib3.PoolManager() as pool:
        for operation, path, rule, value in BROKEN:
            headers = {
                "X-Amz-Target": f"{MODEL['metadata']['targetPrefix']}.{operation}",
                "Authorization": signed + "0" * 64,
            }
            body = planted(CALLS[operation]["input"]["shape"], path, value)
            answer = pool.request("POST", emulator.url, json=body, headers=headers, retries=False)
            assert answer.status == 400, (operation, path, rule, answer.status)
            assert "validation error" in answer.data.decode()
        assert len(emulator.calls()) == len(BROKEN)
        assert len(emulator.service.jobs) + len(emulator.service.parallel_data) == 0


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_the_least_good_request_passes(operation):
    request = good(CALLS[operation]["input"]["shape"])
    validate(operation, request | {"Unknown": 1})
    with pytest.raises(AnswerError, match="Unknown"):
        validate(operation, request | {"Unknown": 1}, Switches(unknown_members="refuse"))


def test_all_faults_are_told_at_once():
    with pytest.raises(AnswerError) as error:
        validate("CreateParallelData", {"Name": "__", "ParallelDataConfig": {"Format": "XLS"}})
    assert error.value.message.startswith("3 validation errors detected")


def test_how_many(capsys):
    assert set(OPERATIONS) == set(CALLS)
    assert len(BROKEN) > 500
    with capsys.disabled():
        shown = ", ".join(f"{rule} {count}" for rule, count in sorted(COUNTS.items()))
        print(f"\n{len(BROKEN)} constraints broken ({shown}), {len(KEPT)} kept to the edge, {len(CALLS)} operations")
