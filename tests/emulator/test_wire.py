"""What is refused before any operation sees it: signatures, Regions, targets, protocols, bodies."""

from __future__ import annotations

import json
from typing import Any

import pytest
import urllib3
from botocore.exceptions import ClientError

from amts_tasks.emulator import Switches

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/translate/aws4_request, SignedHeaders=host, Signature="
    + "0" * 64
)


def send(desk, target: str = "ListLanguages", body: bytes = b"{}", **headers: str) -> tuple[int, dict[str, Any]]:
    given = {
        "X-Amz-Target": f"AWSShineFrontendService_20170701.{target}",
        "Authorization": SIGNED,
        "Content-Type": "application/x-amz-json-1.1",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    answer = urllib3.request("POST", desk.emulator.url, body=body, headers=given, retries=False)
    assert answer.headers["x-amzn-RequestId"]
    return answer.status, json.loads(answer.data)


def told(answer: tuple[int, dict[str, Any]]) -> tuple[int, str]:
    return answer[0], answer[1]["__type"]


def test_a_signed_call_is_answered(desk):
    status, body = send(desk)
    assert status == 200
    assert len(body["Languages"]) == 76


def test_signatures_must_be_there_and_for_translate(desk):
    assert told(send(desk, Authorization="")) == (403, "MissingAuthenticationTokenException")
    assert told(send(desk, Authorization="Bearer x")) == (400, "IncompleteSignatureException")
    wrong = SIGNED.replace("/translate/", "/polly/")
    assert told(send(desk, Authorization=wrong)) == (403, "InvalidSignatureException")
    nowhere = SIGNED.replace("us-east-1", "moon-north-1")
    assert "valid region" in send(desk, Authorization=nowhere)[1]["message"]


@pytest.mark.parametrize("switches", [Switches(signatures=False)])
def test_signatures_need_not_be_there(desk, switches):
    assert send(desk, Authorization="")[0] == 200


@pytest.mark.parametrize("switches", [Switches(access_keys=("test",))])
def test_only_known_access_keys(desk, switches):
    assert desk.translate.list_languages()
    assert told(send(desk)) == (403, "UnrecognizedClientException")


def test_wrong_targets(desk):
    assert told(send(desk, "NoSuchThing")) == (400, "UnknownOperationException")
    other = send(desk, X_Amz_Target="AWSShineFrontendService_20200101.ListLanguages")
    assert told(other) == (400, "UnknownOperationException")
    assert "20200101" in other[1]["message"]


def test_wrong_protocols_and_bodies(desk):
    assert told(send(desk, Content_Type="application/cbor")) == (415, "UnsupportedProtocolException")
    assert told(send(desk, smithy_protocol="rpc-v2-cbor")) == (415, "UnsupportedProtocolException")
    assert told(send(desk, body=b"{")) == (400, "SerializationException")
    assert told(send(desk, body=b"[]")) == (400, "SerializationException")
    assert told(send(desk, body=b"[" * 100_000)) == (400, "SerializationException")
    assert told(send(desk, body=b" " * (20 * 1024**2 + 1))) == (413, "RequestEntityTooLargeException")


def test_unknown_members_are_passed_over(desk):
    assert send(desk, body=b'{"Colour": "red"}')[0] == 200


@pytest.mark.parametrize("switches", [Switches(unknown_members="refuse", validation_code="ValidationException")])
def test_unknown_members_can_be_refused(desk, switches):
    status, body = send(desk, body=b'{"Colour": "red"}')
    assert (status, body["__type"]) == (400, "ValidationException")
    assert "Colour" in body["message"]


@pytest.mark.parametrize("switches", [Switches(), Switches(client_error_status="400")], ids=["model", "400"])
def test_status_of_client_errors(desk, switches):
    with pytest.raises(ClientError) as error:
        desk.job("0" * 32)
    expected = 404 if switches.client_error_status == "model" else 400
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == expected


@pytest.mark.parametrize("switches", [Switches(request_rates=True, throttle_status="400")])
def test_requests_a_second(desk, switches):
    for _ in range(10):
        desk.translate.list_parallel_data()
    with pytest.raises(desk.translate.exceptions.TooManyRequestsException) as error:
        desk.translate.list_parallel_data()
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    desk.translate.list_terminologies()
    desk.emulator.clock.advance(1)
    desk.translate.list_parallel_data()


@pytest.mark.parametrize("switches", [Switches(batch_regions=("us-west-2",))])
def test_batch_in_some_regions(desk, switches):
    desk.put("in/a.html", "<html><body>Hello.</body></html>")
    with pytest.raises(ClientError, match="not authorized") as error:
        desk.start()
    assert error.value.response["Error"]["Code"] == "NotAuthorizedException"
