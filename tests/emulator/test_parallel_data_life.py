"""The states of parallel data, by the clock."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from amts_tasks.emulator import Switches

ROWS = "en,zh\nHello.,你好。\n"


def create(desk, name="rows", key="pd/a.csv", **more):
    config = {"S3Uri": f"s3://book/{key}", "Format": "CSV"}
    return desk.translate.create_parallel_data(Name=name, ParallelDataConfig=config, **more)


def update(desk, name="rows", key="pd/a.csv", **more):
    config = {"S3Uri": f"s3://book/{key}", "Format": "CSV"}
    return desk.translate.update_parallel_data(Name=name, ParallelDataConfig=config, **more)


def fetch(desk, place):
    status, body = desk.http("GET", place["Location"])
    assert status == 200
    return body.decode()


def test_create_waits_for_the_clock(desk):
    desk.put("pd/a.csv", ROWS)
    assert create(desk, Description="hash")["Status"] == "CREATING"
    desk.emulator.clock.advance(59)
    creating = desk.properties("rows")
    assert creating["Status"] == "CREATING"
    assert "ImportedRecordCount" not in creating
    desk.emulator.clock.advance(1)
    active = desk.properties("rows")
    assert (active["Status"], active["Description"]) == ("ACTIVE", "hash")
    assert active["Arn"] == "arn:aws:translate:us-east-1:123456789012:parallel-data/rows"


def test_an_update_leaves_status_and_data_until_it_is_done(desk):
    desk.import_rows("rows", ROWS)
    desk.put("pd/b.csv", "en,zh\nHello.,您好。\nBye.,再见。\n")
    answer = update(desk, key="pd/b.csv", Description="second")
    assert (answer["Status"], answer["LatestUpdateAttemptStatus"]) == ("ACTIVE", "UPDATING")
    during = desk.translate.get_parallel_data(Name="rows")
    assert during["ParallelDataProperties"]["Status"] == "ACTIVE"
    assert during["ParallelDataProperties"]["ImportedRecordCount"] == 1
    assert fetch(desk, during["DataLocation"]) == ROWS
    desk.emulator.clock.advance(60)
    after = desk.properties("rows")
    assert (after["LatestUpdateAttemptStatus"], after["ImportedRecordCount"]) == ("ACTIVE", 2)
    assert after["Description"] == "second"


def test_a_failed_update_keeps_the_old_data(desk):
    desk.import_rows("rows", ROWS)
    desk.put("pd/b.csv", "no header\n")
    update(desk, key="pd/b.csv")
    desk.emulator.clock.advance(60)
    got = desk.translate.get_parallel_data(Name="rows")
    held = got["ParallelDataProperties"]
    assert (held["Status"], held["LatestUpdateAttemptStatus"]) == ("ACTIVE", "FAILED")
    assert "Invalid header" in held["Message"]
    assert fetch(desk, got["DataLocation"]) == ROWS
    report = json.loads(fetch(desk, got["LatestUpdateAttemptAuxiliaryDataLocation"]))
    assert report["summary"]["record_error_count"] == 1


def test_a_file_that_is_not_there_fails_the_import(desk):
    create(desk, key="pd/none.csv")
    desk.emulator.clock.advance(60)
    held = desk.properties("rows")
    assert held["Status"] == "FAILED"
    assert "s3://book/pd/none.csv was not found" in held["Message"]
    desk.put("pd/a.csv", ROWS)
    update(desk)
    desk.emulator.clock.advance(60)
    assert desk.properties("rows")["Status"] == "ACTIVE"


def test_the_error_file_tells_each_skipped_record(desk):
    desk.import_rows("rows", "en,zh\n,空\nHello.,你好。\n")
    got = desk.translate.get_parallel_data(Name="rows")
    assert got["ParallelDataProperties"]["SkippedRecordCount"] == 1
    report = json.loads(fetch(desk, got["AuxiliaryDataLocation"]))
    assert report["messages"] == [{"content": "Line 2", "message": "The source text is empty"}]
    assert "LatestUpdateAttemptAuxiliaryDataLocation" not in got


def test_presigned_locations_expire(desk):
    desk.import_rows("rows", ROWS)
    place = desk.translate.get_parallel_data(Name="rows")["DataLocation"]
    desk.emulator.clock.advance(1801)
    assert desk.http("GET", place["Location"])[0] == 403


@pytest.mark.parametrize(
    "switches",
    [Switches(), Switches(busy_code="ConcurrentModificationException"), Switches(busy_code="ConflictException")],
    ids=lambda switches: switches.busy_code,
)
def test_one_import_at_a_time(desk, switches):
    desk.put("pd/a.csv", ROWS)
    create(desk)
    for call in (lambda: create(desk, "other"),):
        with pytest.raises(ClientError) as error:
            call()
        assert error.value.response["Error"]["Code"] == switches.busy_code
    with pytest.raises(ClientError) as error:
        desk.translate.delete_parallel_data(Name="rows")
    assert error.value.response["Error"]["Code"] == "ConcurrentModificationException"
    with pytest.raises(ClientError) as error:
        update(desk)
    assert error.value.response["Error"]["Code"] == "ConcurrentModificationException"


def test_a_name_is_taken_once_but_a_token_finds_its_own(desk):
    desk.put("pd/a.csv", ROWS)
    create(desk, ClientToken="one")
    assert create(desk, ClientToken="one")["Status"] == "CREATING"
    with pytest.raises(desk.translate.exceptions.ConflictException):
        create(desk, ClientToken="two")


@pytest.mark.parametrize("switches", [Switches(delete_seconds=30)])
def test_deleted_data_stays_a_while(desk, switches):
    desk.import_rows("rows", ROWS)
    desk.translate.delete_parallel_data(Name="rows")
    assert desk.properties("rows")["Status"] == "DELETING"
    with pytest.raises(desk.translate.exceptions.ConcurrentModificationException):
        update(desk)
    desk.emulator.clock.advance(30)
    assert desk.translate.list_parallel_data()["ParallelDataPropertiesList"] == []


def test_lists_page_by_token(desk):
    for name in ("a", "b", "c"):
        desk.import_rows(name, ROWS)
    first = desk.translate.list_parallel_data(MaxResults=2)
    rest = desk.translate.list_parallel_data(MaxResults=2, NextToken=first["NextToken"])
    names = [item["Name"] for page in (first, rest) for item in page["ParallelDataPropertiesList"]]
    assert names == ["a", "b", "c"]
    assert "NextToken" not in rest
    with pytest.raises(desk.translate.exceptions.InvalidParameterValueException):
        desk.translate.list_parallel_data(NextToken="nonsense")


def test_regions_are_apart(desk):
    desk.import_rows("rows", ROWS)
    elsewhere = desk.client("translate", "eu-west-1")
    assert elsewhere.list_parallel_data()["ParallelDataPropertiesList"] == []
