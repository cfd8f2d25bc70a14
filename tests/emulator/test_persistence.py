"""What a restart and a kill leave: everything, whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from amts_tasks.emulator import Emulator
from amts_tasks.emulator.shelf import Shelf

ROWS = "en,zh\nHello.,你好。\n"
PAGE = "<html><body><p>Hello.</p></body></html>"


@pytest.fixture
def open_desk(tmp_path, clock):
    def start(**more):
        options = {"import_seconds": 60, "job_seconds": 60, "clock": clock} | more
        return Emulator(tmp_path / "state", **options)

    return start


def test_objects_survive_with_their_metadata(open_desk, at):
    key = "a folder/ü%2F" + "x" * 300
    with open_desk() as emulator:
        desk = at(emulator)
        desk.s3.put_object(Bucket="book", Key=key, Body=b"one\ntwo", ContentType="text/html", Metadata={"digest": "d"})
        desk.put("gone", "x")
        desk.put("replaced", "old")
        desk.put("replaced", "new")
        desk.s3.delete_object(Bucket="book", Key="gone")
        desk.s3.create_bucket(Bucket="other")
        desk.s3.delete_bucket(Bucket="other")
        before = desk.s3.head_object(Bucket="book", Key=key)
        desk.close()
    with open_desk() as emulator:
        desk = at(emulator)
        after = desk.s3.head_object(Bucket="book", Key=key)
        for member in ("ETag", "ContentType", "Metadata", "ContentLength", "LastModified"):
            assert after[member] == before[member], member
        assert desk.text(key) == "one\ntwo"
        assert desk.text("replaced") == "new"
        assert sorted(desk.keys()) == sorted([key, "replaced"])
        assert [bucket["Name"] for bucket in desk.s3.list_buckets()["Buckets"]] == ["book"]
        desk.close()


def test_copies_uploads_in_parts_and_bulk_deletes_are_kept(open_desk, at):
    with open_desk() as emulator:
        desk = at(emulator)
        desk.put("one", "1")
        desk.s3.copy_object(Bucket="book", Key="two", CopySource={"Bucket": "book", "Key": "one"})
        upload = desk.s3.create_multipart_upload(Bucket="book", Key="parts")["UploadId"]
        part = desk.s3.upload_part(Bucket="book", Key="parts", UploadId=upload, PartNumber=1, Body=b"whole")
        parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
        desk.s3.complete_multipart_upload(Bucket="book", Key="parts", UploadId=upload, MultipartUpload=parts)
        desk.s3.delete_objects(Bucket="book", Delete={"Objects": [{"Key": "one"}]})
        etag = desk.s3.head_object(Bucket="book", Key="parts")["ETag"]
        desk.close()
    with open_desk() as emulator:
        desk = at(emulator)
        assert desk.keys() == ["parts", "two"]
        assert desk.s3.head_object(Bucket="book", Key="parts")["ETag"] == etag
        desk.close()


def test_resources_imports_and_jobs_go_on_after_a_restart(open_desk, at):
    with open_desk() as emulator:
        desk = at(emulator)
        desk.import_rows("rows", ROWS)
        desk.put("pd/b.csv", "en,zh\nHello.,您好。\n")
        desk.put("in/a.html", PAGE)
        job_id = desk.start(ParallelDataNames=["rows"], ClientToken="one")
        config = {"S3Uri": "s3://book/pd/b.csv", "Format": "CSV"}
        desk.translate.update_parallel_data(Name="rows", ParallelDataConfig=config)
        table = {"File": "en,zh\na,甲\n".encode(), "Format": "CSV"}
        desk.translate.import_terminology(Name="words", MergeStrategy="OVERWRITE", TerminologyData=table)
        calls = len(emulator.calls())
        desk.close()
    with open_desk() as emulator:
        desk = at(emulator)
        assert len(emulator.calls()) == calls
        assert desk.properties("rows")["LatestUpdateAttemptStatus"] == "UPDATING"
        assert desk.job(job_id)["JobStatus"] == "IN_PROGRESS"
        assert desk.start(ParallelDataNames=["rows"], ClientToken="one") == job_id
        emulator.clock.advance(60)
        assert desk.properties("rows")["LatestUpdateAttemptStatus"] == "ACTIVE"
        assert desk.job(job_id)["JobStatus"] == "COMPLETED"
        assert "你好。" in desk.text(f"out/123456789012-TranslateText-{job_id}/zh.a.html")
        assert desk.translate.get_terminology(Name="words")["TerminologyProperties"]["TermCount"] == 1
        desk.close()


def test_a_killed_program_comes_back(tmp_path, at):
    program = (
        f"from amts_tasks.emulator import serve; serve(state={str(tmp_path)!r}, import_seconds=0, job_seconds=3600)"
    )

    def start():
        process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        ready, url = process.stdout.readline().split()
        assert ready == "ready"
        holder = type("Running", (), {"url": url})()
        return process, at(holder)

    def wait(process):
        code = process.wait(timeout=30)
        process.stdout.close()
        return code

    process, desk = start()
    desk.put("pd/a.csv", ROWS)
    config = {"S3Uri": "s3://book/pd/a.csv", "Format": "CSV"}
    desk.translate.create_parallel_data(Name="rows", ParallelDataConfig=config)
    desk.put("in/a.html", PAGE)
    job_id = desk.start(ParallelDataNames=["rows"])
    desk.close()
    os.kill(process.pid, signal.SIGKILL)
    wait(process)
    process, desk = start()
    assert desk.properties("rows")["Status"] == "ACTIVE"
    assert desk.job(job_id)["JobStatus"] == "IN_PROGRESS"
    assert desk.keys() == ["in/a.html", "pd/a.csv"]
    desk.close()
    process.terminate()
    assert wait(process) == 0


def test_half_written_files_are_not_read(tmp_path):
    from amts_tasks.emulator.records import Job

    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / ".us-east-1.x.json.1.half").write_text('{"_region"')
    assert len(Shelf(tmp_path / "jobs", Job)) == 0


def test_a_call_log_that_was_cut_goes_on(tmp_path):
    from amts_tasks.emulator.calls import CallLog

    log = CallLog(tmp_path / "calls.jsonl")
    log.add(1.0, "ListLanguages", "us-east-1", {}, 200, None, None, None)
    with (tmp_path / "calls.jsonl").open("a") as file:
        file.write('{"time": 2.0, "opera')
    again = CallLog(tmp_path / "calls.jsonl")
    again.add(3.0, "ListLanguages", "us-east-1", {}, 200, None, None, None)
    assert [call["time"] for call in CallLog(tmp_path / "calls.jsonl").all()] == [1.0, 3.0]


def test_one_emulator_in_a_process(tmp_path: Path):
    with Emulator(tmp_path / "one"), pytest.raises(RuntimeError, match="running in this process"):
        Emulator(tmp_path / "two").__enter__()
