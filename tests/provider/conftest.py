"""An Airflow of its own for these tests, and an Amazon Translate of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

BUCKET = "books"
ROLE = "arn:aws:iam::123456789012:role/amts"


class Aws:
    """The emulator, the Airflow connection to it, and what a run would have put into the bucket."""

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        self.url: str = emulator.url
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        self.s3 = boto3.client("s3", endpoint_url=self.url, region_name="us-east-1", **keys)
        self.translate = boto3.client("translate", endpoint_url=self.url, region_name="us-east-1", **keys)
        self.s3.create_bucket(Bucket=BUCKET)
        self.s3.put_object(Bucket=BUCKET, Key="in/a.html", Body=b"<html><body><p>a batch</p></body></html>")
        self.s3.put_object(Bucket=BUCKET, Key="pd.csv", Body=b"en,zh\na batch,x\na layer,y\n")
        self.connection = json.dumps({
            "conn_type": "aws",
            "login": "x",
            "password": "x",
            "extra": {
                "region_name": "us-east-1",
                "service_config": {service: {"endpoint_url": self.url} for service in ("translate", "s3")},
            },
        })

    def order(self, operation: str, fault: str, **options: Any) -> None:
        """Let the next calls of an operation go wrong."""
        self.emulator.service.faults.order([{"operation": operation, "fault": fault, **options}])

    def calls(self, operation: str) -> int:
        """How many calls of an operation reached the service."""
        return sum(1 for call in self.emulator.calls() if call["operation"] == operation)

    def jobs(self) -> list[str]:
        """The status of every job, oldest first."""
        page = self.translate.list_text_translation_jobs()
        jobs = sorted(page["TextTranslationJobPropertiesList"], key=lambda job: job["SubmittedTime"])
        return [job["JobStatus"] for job in jobs]


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """The service with jobs and imports that take ten minutes by its clock; Airflow's aws_default leads to it."""
    emulator = pytest.importorskip("amts_tasks.emulator")
    with emulator.Emulator(state=tmp_path / "emulator", import_seconds=600, job_seconds=600, engine="echo") as running:
        made = Aws(running)
        monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", made.connection)
        yield made
