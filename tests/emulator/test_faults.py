"""Ordered faults, as a client meets them."""

from __future__ import annotations

import json
import re

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ConnectionError, HTTPClientError

from amts_tasks.emulator import Emulator
from amts_tasks.emulator.damage import Damage, elements
from amts_tasks.emulator.faults import DAMAGE, parse

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


def test_rates_are_drawn_from_the_seed(tmp_path, clock, at):
    def run(seed: int) -> list[int]:
        order = {"fault": "throttle", "rate": 0.3, "operation": "ListLanguages"}
        with Emulator(clock=clock, engine="echo", seed=seed, faults=[order]) as emulator:
            desk = at(emulator)
            seen = [desk.status(desk.translate.list_languages) for _ in range(60)]
            assert desk.status(desk.translate.list_parallel_data) == 200
            desk.close()
        return seen

    first = run(1)
    assert first == run(1) != run(2)
    assert 8 <= first.count(429) <= 30


def test_other_codes(desk):
    order(desk, {"operation": "*", "fault": "error", "code": "ThrottlingException", "status": 400})
    with pytest.raises(ClientError) as error:
        desk.translate.list_languages()
    assert error.value.response["Error"]["Code"] == "ThrottlingException"


def test_kinds_join(tmp_path, clock, at):
    slept: list[float] = []
    faults = [
        {"fault": "slow", "seconds": 7, "operation": "ListLanguages"},
        {"fault": "clock", "seconds": 3600, "operation": "ListLanguages"},
        {"fault": "error", "operation": "ListLanguages"},
    ]
    with Emulator(clock=clock, engine="echo", faults=faults, sleep=slept.append) as emulator:
        desk = at(emulator)
        before = emulator.clock.now()
        assert desk.status(desk.translate.list_languages) == 500
        assert slept == [7]
        assert emulator.clock.now() == before + 3600
        assert desk.status(desk.translate.list_languages) == 200
        desk.close()


def test_a_jump_of_the_clock_ends_what_fell_due(desk):
    desk.put("in/a.html", PAGE)
    desk.import_rows("rows", ROWS)
    job_id = desk.start(ParallelDataNames=["rows"])
    order(desk, {"operation": "DescribeTextTranslationJob", "fault": "clock", "seconds": 60})
    assert desk.job(job_id)["JobStatus"] == "COMPLETED"
    order(desk, {"operation": "DescribeTextTranslationJob", "fault": "clock", "seconds": -100_000})
    assert desk.job(job_id)["JobStatus"] == "COMPLETED"


def test_stale_locations(desk):
    desk.import_rows("rows", ROWS)
    order(desk, {"operation": "GetParallelData", "fault": "expired_location"})
    stale = desk.translate.get_parallel_data(Name="rows")["DataLocation"]["Location"]
    assert desk.http("GET", stale)[0] == 403
    assert desk.http("GET", desk.translate.get_parallel_data(Name="rows")["DataLocation"]["Location"])[0] == 200


def test_a_share_of_the_documents_fails_by_seed(desk):
    desk.import_rows("rows", ROWS)
    for number in range(40):
        desk.put(f"in/{number:02}.html", PAGE)
    order(desk, {"operation": "StartTextTranslationJob", "fault": "document_errors", "share": 0.25})
    job_id = desk.start(ParallelDataNames=["rows"])
    desk.emulator.clock.advance(60)
    job = desk.job(job_id)
    assert job["JobStatus"] == "COMPLETED_WITH_ERROR"
    assert 3 <= job["JobDetails"]["DocumentsWithErrorsCount"] <= 18


MARKED = 'See <span translate="no">x</span> and <b>bold</b> words.'


@pytest.mark.parametrize("kind", DAMAGE)
def test_markup_is_damaged_on_order(desk, kind):
    desk.import_rows("rows", ROWS)
    desk.put("in/a.html", f"<html><body>{f'<p>{MARKED}</p>' * 20}</body></html>")
    order(desk, {"operation": "StartTextTranslationJob", "fault": kind, "share": 0.5})
    job_id = desk.start(ParallelDataNames=["rows"])
    whole = desk.start(ParallelDataNames=["rows"], JobName="whole")
    desk.emulator.clock.advance(60)
    damaged, right = (
        desk.text(f"out/123456789012-TranslateText-{held}/zh.a.html").split("</p>")[:20] for held in (job_id, whole)
    )
    hit = [left for left, other in zip(damaged, right, strict=True) if left != other]
    assert 3 <= len(hit) <= 17
    counts = {part: [left.count(part) for left in hit] for part in ("<span", "<b>", " ", "DNT_")}
    marks = [spans + bolds for spans, bolds in zip(counts["<span"], counts["<b>"], strict=True)]
    expected = {"lost_tag": {1}, "moved_tag": {2}, "doubled_tag": {3}, "dnt_leak": {1}, "added_space": {2}}
    assert set(marks) == expected[kind]
    assert all(counts["DNT_"]) == (kind == "dnt_leak")


def test_damage_of_a_text_and_of_what_has_no_markup():
    damage = Damage({"dnt_leak": 1.0, "added_space": 1.0, "lost_tag": 1.0}, "seed")
    assert damage.apply("plain", 0) == damage.apply("plain", 0) != damage.apply("plain", 1)
    assert re.fullmatch(r"pl ?ain<DNT_[A-Z]{26}|pla?i? ?n?<DNT_[A-Z]{26}", damage.apply("plain", 0))
    assert elements("a <b>b <i>c</i></b><br> <!--d-->") == [(2, 19), (7, 15), (19, 23), (24, 32)]


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("throttle", {"fault": "throttle"}),
        ("throttle,rate=0.1,status=400", {"fault": "throttle", "rate": 0.1, "status": 400}),
        ("lost,operation=StartTextTranslationJob", {"fault": "lost", "operation": "StartTextTranslationJob"}),
    ],
)
def test_faults_of_the_command_line(word, line):
    assert parse(word) == line


def test_the_bill(desk):
    desk.import_rows("rows", "en,zh,es\nHello.,你好。,Hola.\n")
    desk.put("in/a.html", PAGE)
    job_id = desk.start(ParallelDataNames=["rows"], TargetLanguageCodes=["zh", "es"])
    stopped = desk.start(ParallelDataNames=["rows"], JobName="stopped")
    desk.translate.stop_text_translation_job(JobId=stopped)
    assert desk.emulator.costs()["total"]["usd"] == 0
    desk.emulator.clock.advance(60)
    desk.translate.translate_text(Text="x" * 500, SourceLanguageCode="en", TargetLanguageCode="en")
    status, body = desk.http("GET", "/_amts/costs")
    bill = json.loads(body)
    assert status == 200
    assert bill["total"] == {"characters": 12, "customised": 12, "usd": 0.00072}
    assert bill["pairs"]["en-es"] == {"characters": 6, "customised": 6, "usd": 0.00036}
    assert list(bill["jobs"]) == [job_id]
    assert bill["prices"]["read"] == "2026-11-22"
