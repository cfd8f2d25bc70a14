"""The emulator in this process, its clock pushed by the tests, and boto3 as the client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3
from botocore.config import Config

from amts_tasks.emulator import Clock, Emulator, Switches

ROLE = "arn:aws:iam::123456789012:role/translate"
BUCKET = "book"


@dataclass
class Desk:
    """A running emulator and its two clients."""

    emulator: Emulator
    region: str = "us-east-1"
    clients: list[Any] = field(default_factory=list)

    def client(self, service: str, region: str | None = None) -> Any:
        made = boto3.client(
            service,
            endpoint_url=self.emulator.url,
            region_name=region or self.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"mode": "standard", "total_max_attempts": 1}, parameter_validation=False),
        )
        self.clients.append(made)
        return made

    def __post_init__(self) -> None:
        self.s3 = self.client("s3")
        self.translate = self.client("translate")
        if BUCKET not in [bucket["Name"] for bucket in self.s3.list_buckets()["Buckets"]]:
            self.s3.create_bucket(Bucket=BUCKET)

    def put(self, key: str, text: str | bytes) -> str:
        content = text.encode() if isinstance(text, str) else text
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=content)
        return f"s3://{BUCKET}/{key}"

    def text(self, key: str) -> str:
        with self.s3.get_object(Bucket=BUCKET, Key=key)["Body"] as body:
            return body.read().decode()

    def http(self, method: str, path: str, value: Any = None) -> tuple[int, bytes]:
        """(status, body) of a plain request; ``path`` may be a whole URL."""
        body = None if value is None else value if isinstance(value, bytes) else json.dumps(value).encode()
        url = path if path.startswith("http") else self.emulator.url + path
        answer = urllib3.request(method, url, body=body, retries=False)
        return answer.status, answer.data

    def keys(self, prefix: str = "") -> list[str]:
        found = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [item["Key"] for item in found.get("Contents", [])]

    def import_rows(self, name: str, csv: str, form: str = "CSV") -> dict[str, Any]:
        uri = self.put(f"pd/{name}.{form.lower()}", csv)
        self.translate.create_parallel_data(Name=name, ParallelDataConfig={"S3Uri": uri, "Format": form})
        self.emulator.clock.advance(61)
        return self.properties(name)

    def properties(self, name: str) -> dict[str, Any]:
        return self.translate.get_parallel_data(Name=name)["ParallelDataProperties"]

    def start(self, folder: str = "in/", **more: Any) -> str:
        request = {
            "InputDataConfig": {"S3Uri": f"s3://{BUCKET}/{folder}", "ContentType": "text/html"},
            "OutputDataConfig": {"S3Uri": f"s3://{BUCKET}/out/"},
            "DataAccessRoleArn": ROLE,
            "SourceLanguageCode": "en",
            "TargetLanguageCodes": ["zh"],
        }
        return self.translate.start_text_translation_job(**(request | more))["JobId"]

    def job(self, job_id: str) -> dict[str, Any]:
        return self.translate.describe_text_translation_job(JobId=job_id)["TextTranslationJobProperties"]

    def close(self) -> None:
        for client in self.clients:
            client.close()


@pytest.fixture
def at() -> type[Desk]:
    """How a test gets at an emulator it has started itself."""
    return Desk


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still unless a test pushes it."""
    return Clock(now=lambda: 1_800_000_000.0)


@pytest.fixture
def switches() -> Switches:
    return Switches()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock, switches: Switches) -> Iterator[Desk]:
    with Emulator(
        tmp_path / "state", import_seconds=60, job_seconds=60, clock=clock, switches=switches, engine="auto"
    ) as emulator:
        held = Desk(emulator)
        yield held
        held.close()
