"""Ordered faults, as a client meets them."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ConnectionError, HTTPClientError

PAGE = "<html><body><p>Hello.</p></body></html>"
ROWS = "en,zh\nHello.,你好。\n"


def order(desk, *script):
    status, body = desk.http("POST", "/_amts/faults", script)
    assert status == 200, body
    return json.loads(body)


@pytest.mark.parametrize("status", [400, 429])
def test_throttles(desk, status):
    order(desk, {"operation": "ListLanguages", "fault": "throttle", "status": status})
    with pytest.raises(ClientError) as error:
        desk.translate.list_languages()
    assert error.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert desk.translate.list_languages()


def test_after_and_times(desk):
    order(desk, {"operation": "*", "fault": "error", "after": 1, "times": 2})
    seen = []
    for _ in range(4):
        try:
            desk.translate.list_languages()
            seen.append(200)
        except ClientError as error:
            seen.append(error.response["ResponseMetadata"]["HTTPStatusCode"])
    assert seen == [200, 500, 500, 200]


def test_a_reset_does_nothing_and_a_lost_answer_did_the_work(desk):
    desk.put("in/a.html", PAGE)
    desk.import_rows("rows", ROWS)
    lost = (ConnectionClosedError, ConnectionError, HTTPClientError)
    order(desk, {"operation": "StartTextTranslationJob", "fault": "reset"})
    with pytest.raises(lost):
        desk.start(ParallelDataNames=["rows"], JobName="one")
    assert desk.translate.list_text_translation_jobs()["TextTranslationJobPropertiesList"] == []
    order(desk, {"operation": "StartTextTranslationJob", "fault": "lost"})
    with pytest.raises(lost):
        desk.start(ParallelDataNames=["rows"], JobName="one")
    found = desk.translate.list_text_translation_jobs(Filter={"JobName": "one"})["TextTranslationJobPropertiesList"]
    assert len(found) == 1
    assert [call["error"] for call in desk.emulator.calls() if call["operation"].startswith("Start")] == [
        "ConnectionReset"
    ] * 2


def test_failed_import_and_failed_job(desk):
    order(desk, {"operation": "CreateParallelData", "fault": "import_failed", "message": "No luck."})
    failed = desk.import_rows("rows", ROWS)
    assert (failed["Status"], failed["Message"]) == ("FAILED", "No luck.")
    desk.import_rows("good", ROWS)
    desk.put("in/a.html", PAGE)
    order(desk, {"operation": "StartTextTranslationJob", "fault": "job_failed", "message": "No luck."})
    job_id = desk.start(ParallelDataNames=["good"])
    desk.emulator.clock.advance(60)
    job = desk.job(job_id)
    assert job["JobStatus"] == "FAILED"
    assert job["Message"].startswith("No luck.")


def test_documents_with_errors(desk):
    desk.import_rows("rows", ROWS)
    for name in ("a", "b"):
        desk.put(f"in/sub/{name}.html", PAGE)
    order(desk, {"operation": "StartTextTranslationJob", "fault": "document_errors", "documents": "*/b.*"})
    job_id = desk.start(ParallelDataNames=["rows"])
    desk.emulator.clock.advance(60)
    assert desk.job(job_id)["JobStatus"] == "COMPLETED_WITH_ERROR"
    assert f"out/123456789012-TranslateText-{job_id}/sub/zh.a.html" in desk.keys("out/")


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "faults", [{"operation": "*", "fault": "nonsense"}], "expected one of"),
        ("POST", "faults", [{"fault": "error", "colour": "red"}], "fault 1"),
        ("POST", "clock", {"jump": 1}, "expected"),
        ("GET", "nothing", None, "expected below"),
    ],
)
def test_bad_control_requests_are_told(desk, method, path, body, said):
    status, answer = desk.http(method, f"/_amts/{path}", body)
    assert status in {400, 404}
    assert said in answer.decode()


def test_the_clock_by_http(desk):
    assert json.loads(desk.http("POST", "/_amts/clock", {"set": 2_000_000_000})[1]) == {"now": 2_000_000_000.0}
    assert desk.emulator.clock.now() == 2_000_000_000.0
    order(desk, {"operation": "*", "fault": "error"})
    assert json.loads(desk.http("DELETE", "/_amts/faults")[1]) == []
