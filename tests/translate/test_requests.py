"""Requests are what the service's model allows, the same for the same input, and safe to send twice."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from amts_tasks.translate import requests

MODEL = botocore.session.get_session().get_service_model("translate")
DIGEST = "ab" * 32
CREATE = requests.create_parallel_data("amts-d2l-en-zh", "s3://books/d2l/x.csv", DIGEST, "AMTS: d2l en-zh")
START = requests.start_text_translation_job(
    "amts-d2l-en-zh-1",
    "s3://books/in/",
    "s3://books/out/",
    "arn:aws:iam::123456789012:role/amts",
    "en",
    "zh",
    terminology="amts-d2l-en-zh",
    parallel_data="amts-d2l-en-zh",
    formality="FORMAL",
)


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("CreateParallelData", CREATE),
        ("UpdateParallelData", requests.update_parallel_data(CREATE)),
        ("ImportTerminology", requests.import_terminology("t", b"en,zh\na,b\n")),
        ("StartTextTranslationJob", START),
        ("TranslateText", requests.translate_text("Hi", "en", "zh", terminology="t", formality="FORMAL")),
        ("TranslateText", requests.translate_text("Hi", "en", "zh")),
    ],
)
def test_the_model_accepts_them(operation: str, request_: dict[str, Any]) -> None:
    shape = MODEL.operation_model(operation).input_shape
    report = ParamValidator().validate(request_, shape)
    assert not report.has_errors(), report.generate_report()
    token = request_.get("ClientToken", "a")
    assert len(token) <= shape.members["ClientToken"].metadata["max"] if "ClientToken" in shape.members else True


def test_requests_cross_xcom() -> None:
    assert json.loads(json.dumps([CREATE, START])) == [CREATE, START]


def test_the_token_follows_what_is_asked_for() -> None:
    again = requests.create_parallel_data("amts-d2l-en-zh", "s3://books/d2l/x.csv", DIGEST, "other words")
    other = requests.create_parallel_data("amts-d2l-en-zh", "s3://books/d2l/x.csv", "cd" * 32)
    assert again["ClientToken"] == CREATE["ClientToken"] != other["ClientToken"]
    update = requests.update_parallel_data(CREATE, "once")
    assert (
        len({CREATE["ClientToken"], update["ClientToken"], requests.update_parallel_data(CREATE)["ClientToken"]}) == 3
    )


def test_the_digest_survives_a_long_description() -> None:
    description = requests.describe("x" * 1000, DIGEST)
    assert len(description) == 256
    assert requests.digest_of(description) == DIGEST


@pytest.mark.parametrize("description", [None, "", "made by hand", "sha256:abc"])
def test_a_foreign_description_has_no_digest(description: str | None) -> None:
    assert requests.digest_of(description) is None


def test_a_terminology_is_sorted_and_quoted() -> None:
    terms = [("bias, inductive", "归纳偏置"), ("batch", "批量"), ("batch", "批量")]
    assert requests.terminology_csv("en", "zh", terms).decode() == 'en,zh\nbatch,批量\n"bias, inductive",归纳偏置\n'


@pytest.mark.parametrize(
    ("first", "names"),
    [("d2l-ab-0", ["d2l-ab-0", "d2l-ab-1", "d2l-ab-2"]), ("d2l-ab", ["d2l-ab", "d2l-ab-1", "d2l-ab-2"])],
)
def test_attempts_are_counted_in_the_name(first: str, names: list[str]) -> None:
    assert [requests.attempt_names(first)(n) for n in (0, 1, 2)] == names


def test_another_attempt_is_the_same_job_under_its_own_token() -> None:
    second = requests.renamed(START, "amts-d2l-en-zh-2")
    assert second == {**START, "JobName": "amts-d2l-en-zh-2", "ClientToken": second["ClientToken"]}
    assert second["ClientToken"] != START["ClientToken"]
    assert requests.renamed(second, "amts-d2l-en-zh-1") == START
