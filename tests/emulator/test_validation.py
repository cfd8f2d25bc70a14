"""Every constraint of every input shape of the operations that are built, broken one at a time."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.model import ListShape, Shape, StructureShape

from amts_tasks.emulator.application import OPERATIONS
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.model import operation_model, service_model
from amts_tasks.emulator.validation import validate

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


def good(shape: Shape) -> Any:
    """The least value of a shape that breaks nothing."""
    if shape.name in GOOD:
        return GOOD[shape.name]
    if isinstance(shape, StructureShape):
        return {name: good(shape.members[name]) for name in shape.required_members}
    if isinstance(shape, ListShape):
        return [good(shape.member)]
    if shape.metadata.get("enum"):
        return shape.metadata["enum"][0]
    return {"integer": 1, "timestamp": 1.0, "boolean": True}.get(shape.type_name, "text")


def broken(shape: Shape) -> Iterator[tuple[str, Any]]:
    """(constraint, value that breaks it) of one shape."""
    rules = shape.metadata
    yield "type", ["list"] if shape.type_name != "list" else "text"
    if shape.type_name == "string":
        if rules.get("min"):
            yield "min", ""
        if rules.get("max"):
            yield "max", "a" * (rules["max"] + 1)
        if rules.get("pattern") and shape.name not in {"BoundedLengthString", "Description", "NextToken"}:
            yield "pattern", "\n bad _ value"
        if rules.get("enum"):
            yield "enum", "NO_SUCH"
        if shape.name == "NextToken":
            yield "pattern", "é"
    elif shape.type_name == "integer":
        yield "min", rules["min"] - 1
        yield "max", rules["max"] + 1
    elif shape.type_name == "blob":
        yield "max", base64.b64encode(b"x" * (rules["max"] + 1)).decode()
    elif shape.type_name == "list" and rules.get("min"):
        yield "min", []


def cases(shape: Shape, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str, Any]]:
    if path:
        for rule, value in broken(shape):
            yield path, rule, value
    if isinstance(shape, StructureShape):
        for name in shape.required_members:
            yield (*path, name), "required", None
        for name, member in shape.members.items():
            yield from cases(member, (*path, name))
    elif isinstance(shape, ListShape):
        yield from cases(shape.member, (*path, 0))


ALL = [
    (operation, path, rule, value)
    for operation in sorted(OPERATIONS)
    for path, rule, value in cases(operation_model(operation).input_shape)
]


def planted(shape: Shape, path: tuple[str | int, ...], value: Any) -> Any:
    """The good request with ``value`` at ``path``."""
    if not path:
        return value
    if isinstance(shape, ListShape):
        return [planted(shape.member, path[1:], value)]
    return {**good(shape), path[0]: planted(shape.members[path[0]], path[1:], value)}


def name_of(case: tuple[str, tuple[str | int, ...], str, Any]) -> str:
    return f"{case[0]}-{'.'.join(map(str, case[1]))}-{case[2]}"


@pytest.mark.parametrize("case", ALL, ids=name_of)
def test_each_constraint(case):
    operation, path, _, value = case
    shape = operation_model(operation).input_shape
    with pytest.raises(AnswerError) as error:
        validate(operation, planted(shape, path, value))
    declared = {item.name for item in operation_model(operation).error_shapes}
    assert error.value.code in declared | {"ValidationException"}
    assert "validation error" in error.value.message


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_the_least_good_request_passes(operation):
    validate(operation, good(operation_model(operation).input_shape) | {"Unknown": 1})


def test_all_faults_are_told_at_once():
    with pytest.raises(AnswerError) as error:
        validate("CreateParallelData", {"Name": "__", "ParallelDataConfig": {"Format": "XLS"}})
    assert error.value.message.startswith("3 validation errors detected")


def test_there_are_many():
    assert len(ALL) > 150
    assert service_model().resolved_protocol == "json"
