"""boto3 as the client of every operation that is built, and of the S3 beside them."""

from __future__ import annotations

import json

import botocore.session
import pytest
from botocore.exceptions import ClientError

from amts_tasks.emulator import model
from amts_tasks.emulator.application import OPERATIONS
from amts_tasks.emulator.engines import dictionary

ROWS = "en,zh,es\nHello.,你好。,Hola.\nDeep learning,深度学习,Aprendizaje profundo\n"


def code(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    answer = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_parallel_data_and_job_through_every_call(desk):
    translate = desk.translate
    made = desk.import_rows("rows", ROWS)
    assert made["Status"] == "ACTIVE"
    assert made["SourceLanguageCode"] == "en"
    assert made["TargetLanguageCodes"] == ["zh", "es"]
    assert made["ImportedRecordCount"] == 2
    assert [item["Name"] for item in translate.list_parallel_data()["ParallelDataPropertiesList"]] == ["rows"]

    desk.put("in/a.html", "<html><body><p>Hello.</p></body></html>")
    job_id = desk.start(ParallelDataNames=["rows"], TargetLanguageCodes=["zh", "es"], JobName="one")
    assert desk.job(job_id)["JobStatus"] == "IN_PROGRESS"
    desk.emulator.clock.advance(61)
    job = desk.job(job_id)
    assert job["JobStatus"] == "COMPLETED"
    assert job["JobDetails"] == {
        "TranslatedDocumentsCount": 2,
        "DocumentsWithErrorsCount": 0,
        "InputDocumentsCount": 1,
    }
    assert job["Message"].startswith("Your job has completed successfully.")
    assert "engine: statistical" in job["Message"]
    folder = f"out/123456789012-TranslateText-{job_id}/"
    assert job["OutputDataConfig"]["S3Uri"] == f"s3://book/{folder}"
    assert desk.keys("out/") == [
        "out/.write_access_check_file.temp",
        f"{folder}details/es.auxiliary-translation-details.json",
        f"{folder}details/zh.auxiliary-translation-details.json",
        f"{folder}es.a.html",
        f"{folder}zh.a.html",
    ]
    assert desk.text(f"{folder}zh.a.html") == "<html><body><p>你好。</p></body></html>"
    details = json.loads(desk.text(f"{folder}details/zh.auxiliary-translation-details.json"))
    assert details["charactersTranslated"] == "6"
    assert details["documentCountWithCustomerError"] == "0"
    assert details["details"] == [{"sourceFile": "a.html", "targetFile": "zh.a.html", "auxiliaryData": {}}]
    assert details["emulator"]["name"] == "AMTS"
    assert details["emulator"]["engine"].startswith("statistical")

    listed = translate.list_text_translation_jobs(Filter={"JobName": "one"})["TextTranslationJobPropertiesList"]
    assert [item["JobId"] for item in listed] == [job_id]
    assert translate.stop_text_translation_job(JobId=job_id)["JobStatus"] == "COMPLETED"
    assert translate.delete_parallel_data(Name="rows")["Status"] == "DELETING"
    with pytest.raises(translate.exceptions.ResourceNotFoundException):
        translate.get_parallel_data(Name="rows")


def test_terminology_through_every_call(desk):
    translate = desk.translate
    table = "en,zh\nlearning rate,学习率\nSGD,随机梯度下降\n".encode()
    made = translate.import_terminology(
        Name="words", MergeStrategy="OVERWRITE", TerminologyData={"File": table, "Format": "CSV"}
    )["TerminologyProperties"]
    assert (made["TermCount"], made["SourceLanguageCode"], made["TargetLanguageCodes"]) == (2, "en", ["zh"])
    got = translate.get_terminology(Name="words")
    assert desk.http("GET", got["TerminologyDataLocation"]["Location"]) == (200, table)
    assert [item["Name"] for item in translate.list_terminologies()["TerminologyPropertiesList"]] == ["words"]
    assert [
        page["TerminologyPropertiesList"][0]["Name"]
        for page in translate.get_paginator("list_terminologies").paginate()
    ]
    desk.import_rows("rows", "en,zh\nThe rate is small.,该率很小。\n")
    desk.put("in/a.html", "<html><body><p>The <b>learning rate</b> is small.</p></body></html>")
    job_id = desk.start(ParallelDataNames=["rows"], TerminologyNames=["words"])
    desk.emulator.clock.advance(61)
    folder = f"out/123456789012-TranslateText-{job_id}/"
    assert "<b>学习率</b>" in desk.text(f"{folder}zh.a.html")
    details = json.loads(desk.text(f"{folder}details/zh.auxiliary-translation-details.json"))
    assert details["details"][0]["auxiliaryData"]["appliedTerminologies"] == [
        {"name": "words", "terms": [{"sourceText": "learning rate", "targetText": "学习率"}]}
    ]
    translate.delete_terminology(Name="words")
    with pytest.raises(translate.exceptions.ResourceNotFoundException):
        translate.delete_terminology(Name="words")


def test_list_languages(desk):
    found = desk.translate.list_languages(MaxResults=50)
    rest = desk.translate.list_languages(MaxResults=50, NextToken=found["NextToken"])
    codes = [item["LanguageCode"] for item in (*found["Languages"], *rest["Languages"])]
    assert len(codes) == len(set(codes)) == 76
    assert "NextToken" not in rest


def test_translate_text_without_a_baseline_says_what_is_missing(desk):
    with pytest.raises(desk.translate.exceptions.UnsupportedLanguagePairException) as error:
        desk.translate.translate_text(Text="Hello", SourceLanguageCode="en", TargetLanguageCode="vi")
    assert "no baseline engine" in str(error.value)
    assert error.value.response["TargetLanguageCode"] == "vi"


@pytest.mark.skipif(not dictionary.installed(), reason="CC-CEDICT (extra cedict) is not installed")
def test_translate_text_names_its_engine(desk):
    said = desk.translate.translate_text(
        Text='<p>The computer <b translate="no">x</b></p>', SourceLanguageCode="en", TargetLanguageCode="zh"
    )
    assert said["TranslatedText"] == '<p>电脑<b translate="no">x</b></p>'
    assert said["ResponseMetadata"]["HTTPHeaders"]["x-amts-engine"] == "cc-cedict"
    call = desk.emulator.calls()[-1]
    assert (call["engine"], call["characters"]) == ("cc-cedict", 43)


def test_translate_text_limits(desk):
    with pytest.raises(ClientError) as error:
        desk.translate.translate_text(Text="中" * 4000, SourceLanguageCode="zh", TargetLanguageCode="en")
    assert code(error) == ("TextSizeLimitExceededException", 400)
    assert "the text size is 12000 bytes" in str(error.value)


def test_job_without_parallel_data_or_baseline_fails_with_the_reason(desk):
    desk.put("in/a.html", "<html><body><p>Hello.</p></body></html>")
    job_id = desk.start(TargetLanguageCodes=["vi"])
    desk.emulator.clock.advance(61)
    job = desk.job(job_id)
    assert job["JobStatus"] == "FAILED"
    assert "no baseline engine for en to vi" in job["Message"]


def test_every_operation_of_the_model_is_built():
    assert set(OPERATIONS) == set(model.service_model().operation_names)
    assert len(OPERATIONS) == 19


def test_cbor_is_refused_in_words(desk):
    path = "/service/AWSShineFrontendService_20170701/operation/ListLanguages"
    status, body = desk.http("POST", path, b"\xa0")
    assert status == 415
    assert b"JSON 1.1" in body


def test_moto_answers_all_else(desk):
    assert desk.client("sts").get_caller_identity()["Account"] == "123456789012"
    desk.put("lease", "one")
    with pytest.raises(ClientError) as error:
        desk.s3.put_object(Bucket="book", Key="lease", Body=b"two", IfNoneMatch="*")
    assert code(error)[0] == "PreconditionFailed"
    assert desk.text("lease") == "one"


def test_the_call_log_shows_what_was_asked(desk):
    with pytest.raises(ClientError):
        desk.translate.translate_text(Text="x" * 500, SourceLanguageCode="en", TargetLanguageCode="xx")
    call = desk.emulator.calls()[-1]
    assert (call["operation"], call["status"], call["error"]) == (
        "TranslateText",
        400,
        "UnsupportedLanguagePairException",
    )
    assert call["parameters"]["Text"].endswith("(500 characters)")
    log = desk.emulator.service.folder / "calls.jsonl"
    assert json.loads(log.read_text().splitlines()[-1]) == call


def test_errors_are_spelled_as_the_model_spells_them():
    shapes = botocore.session.get_session().get_service_model("translate")
    assert model.message_member("TooManyTagsException") == "message"
    assert model.message_member("ConflictException") == "Message"
    assert (
        model.error_status("ConflictException")
        == shapes.shape_for("ConflictException").metadata["error"]["httpStatusCode"]
    )
    assert model.error_status("ValidationException") == 400
