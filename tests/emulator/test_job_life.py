"""What a job takes, does, writes and says."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from amts_tasks.emulator import Switches

ROWS = "en,zh\nHello.,你好。\n"
PAGE = "<html><body><p>Hello.</p></body></html>"


def refused(desk, **more) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        desk.start(**more)
    found = error.value.response["Error"]
    return found["Code"], found["Message"]


def test_what_is_refused_at_once(desk):
    assert refused(desk) == ("InvalidRequestException", "The input folder s3://book/in/ has no documents.")
    desk.put("in/a.html", PAGE)
    desk.import_rows("rows", ROWS)
    assert refused(desk, folder="")[1] == "The input must be a folder, not the top level of a bucket."
    assert refused(desk, ParallelDataNames=["none"])[0] == "ResourceNotFoundException"
    assert "no translations for: es" in refused(desk, ParallelDataNames=["rows"], TargetLanguageCodes=["es"])[1]
    assert "source language" in refused(desk, ParallelDataNames=["rows"], SourceLanguageCode="fr")[1]
    assert refused(desk, ParallelDataNames=["rows", "rows"])[0] == "InvalidRequestException"
    assert refused(desk, TerminologyNames=["none"])[0] == "ResourceNotFoundException"
    assert refused(desk, TargetLanguageCodes=["xx"])[0] == "UnsupportedLanguagePairException"
    assert "name its source" in refused(desk, ParallelDataNames=["rows"], SourceLanguageCode="auto")[1]
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert "does not read" in refused(desk, InputDataConfig={"S3Uri": "s3://book/in/", "ContentType": office})[1]
    assert refused(desk, OutputDataConfig={"S3Uri": "s3://nowhere/out/"})[0] == "InvalidRequestException"
    assert refused(desk, Settings={"Brevity": "ON"})[0] == "InvalidRequestException"
    desk.put("in/sub/details/b.html", PAGE)
    assert "named details" in refused(desk)[1]


FREE = Switches(region_guard=False, same_region=False)


@pytest.mark.parametrize("switches", [Switches(same_region=False), FREE], ids=["guarded", "free"])
def test_parallel_data_works_in_some_regions(desk, switches):
    desk.translate = desk.client("translate", "eu-north-1")
    desk.import_rows("rows", ROWS)
    desk.put("in/a.html", PAGE)
    if switches.region_guard:
        assert "not available in eu-north-1" in refused(desk, ParallelDataNames=["rows"])[1]
    else:
        assert desk.start(ParallelDataNames=["rows"])


def test_the_same_token_and_parameters_find_the_job(desk):
    desk.put("in/a.html", PAGE)
    desk.import_rows("rows", ROWS)
    first = desk.start(ParallelDataNames=["rows"], ClientToken="one")
    assert desk.start(ParallelDataNames=["rows"], ClientToken="one") == first
    assert desk.start(ParallelDataNames=["rows"], ClientToken="one", JobName="other") != first


@pytest.mark.parametrize("switches", [Switches(strict_tokens=True)])
def test_strict_tokens(desk, switches):
    desk.put("in/a.html", PAGE)
    desk.import_rows("rows", ROWS)
    desk.start(ParallelDataNames=["rows"], ClientToken="one")
    assert "other parameters" in refused(desk, ParallelDataNames=["rows"], ClientToken="one", JobName="x")[1]


@pytest.mark.parametrize("switches", [Switches(running_jobs=2, queued_jobs=2)])
def test_jobs_queue_in_order(desk, switches):
    desk.put("in/a.html", PAGE)
    desk.import_rows("rows", ROWS)
    ids = [desk.start(ParallelDataNames=["rows"], JobName=f"j{number}") for number in range(4)]
    assert [desk.job(held)["JobStatus"] for held in ids] == ["IN_PROGRESS"] * 2 + ["SUBMITTED"] * 2
    assert refused(desk, ParallelDataNames=["rows"], JobName="j4")[0] == "TooManyRequestsException"
    desk.emulator.clock.advance(60)
    assert [desk.job(held)["JobStatus"] for held in ids] == ["COMPLETED"] * 2 + ["IN_PROGRESS"] * 2
    listed = desk.translate.list_text_translation_jobs(Filter={"JobStatus": "COMPLETED"}, MaxResults=1)
    assert [item["JobId"] for item in listed["TextTranslationJobPropertiesList"]] == [ids[1]]
    with pytest.raises(desk.translate.exceptions.InvalidFilterException):
        desk.translate.list_text_translation_jobs(Filter={"JobStatus": "COMPLETED", "JobName": "j0"})


def test_stop(desk):
    desk.put("in/a.html", PAGE)
    desk.import_rows("rows", ROWS)
    job_id = desk.start(ParallelDataNames=["rows"])
    assert desk.translate.stop_text_translation_job(JobId=job_id)["JobStatus"] == "STOP_REQUESTED"
    assert desk.job(job_id)["JobStatus"] == "STOPPED"
    assert desk.keys("out/") == []
    with pytest.raises(desk.translate.exceptions.ResourceNotFoundException):
        desk.translate.stop_text_translation_job(JobId="0" * 32)


def test_nothing_is_written_before_the_end(desk):
    desk.put("in/a.html", PAGE)
    desk.import_rows("rows", ROWS)
    job_id = desk.start(ParallelDataNames=["rows"])
    desk.emulator.wait()
    assert desk.keys("out/") == []
    running = desk.job(job_id)
    assert "EndTime" not in running
    assert "JobDetails" not in running


@pytest.mark.parametrize("switches", [Switches(), Switches(nested_output="flat")], ids=lambda item: item.nested_output)
def test_nested_documents_and_partial_errors(desk, switches):
    desk.put("in/one/a.html", PAGE)
    desk.put("in/b.html", b"\xff")
    desk.put("in/folder/", b"")
    desk.import_rows("rows", ROWS)
    job_id = desk.start(ParallelDataNames=["rows"])
    desk.emulator.clock.advance(60)
    job = desk.job(job_id)
    assert job["JobStatus"] == "COMPLETED_WITH_ERROR"
    assert job["JobDetails"] == {"TranslatedDocumentsCount": 1, "DocumentsWithErrorsCount": 1, "InputDocumentsCount": 2}
    folder = f"out/123456789012-TranslateText-{job_id}/"
    nested = "one/zh.a.html" if switches.nested_output == "keep" else "zh.a.html"
    assert f"{folder}{nested}" in desk.keys("out/")
    details = json.loads(desk.text(f"{folder}details/zh.auxiliary-translation-details.json"))
    assert details["documentCountWithCustomerError"] == "1"
    assert details["details"][0] == {
        "sourceFile": "b.html",
        "auxiliaryData": {
            "error": {
                "errorCode": "InvalidRequestException",
                "errorMessage": "Invalid utf-8 encoded texts detected",
            }
        },
    }
    assert details["details"][1]["targetFile"] == nested


def test_plain_text_keeps_its_lines(desk):
    desk.put("in/a.txt", "Hello.\n\n  Hello.\r\n---\n")
    desk.import_rows("rows", ROWS)
    job_id = desk.start(
        ParallelDataNames=["rows"], InputDataConfig={"S3Uri": "s3://book/in/", "ContentType": "text/plain"}
    )
    desk.emulator.clock.advance(60)
    assert desk.text(f"out/123456789012-TranslateText-{job_id}/zh.a.txt") == "你好。\n\n  你好。\r\n---\n"


def test_a_job_keeps_the_parallel_data_it_started_with(desk):
    desk.put("in/a.html", PAGE)
    desk.import_rows("rows", ROWS)
    job_id = desk.start(ParallelDataNames=["rows"])
    desk.translate.delete_parallel_data(Name="rows")
    desk.emulator.clock.advance(60)
    assert "你好" in desk.text(f"out/123456789012-TranslateText-{job_id}/zh.a.html")


def test_output_depends_on_the_parallel_data(desk):
    desk.put("in/a.html", "<html><body><p>Hello.</p><p>The hello world.</p></body></html>")
    shown = []
    for name, word in (("one", "你好"), ("two", "您好")):
        desk.import_rows(name, f"en,zh\nHello.,{word}。\nhello,{word}\nworld,世界\n")
        job_id = desk.start(ParallelDataNames=[name])
        desk.emulator.clock.advance(60)
        shown.append(desk.text(f"out/123456789012-TranslateText-{job_id}/zh.a.html"))
    assert shown[0] != shown[1] == shown[0].replace("你好", "您好")
