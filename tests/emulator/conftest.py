"""The emulator in this process, its clock pushed by the tests, and boto3 as the client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import regex
import urllib3
from botocore.config import Config
from botocore.exceptions import ClientError

from amts_tasks.emulator import Clock, Emulator, Switches

ROLE = "arn:aws:iam::123456789012:role/translate"
BUCKET = "book"


def held_to_the_model(response_dict: dict[str, Any], operation_model: Any, **_: Any) -> None:
    """Every answer a test gets: what the model has is of its type, required members are there, nothing else is."""
    body = json.loads(response_dict["body"])
    if response_dict["status_code"] == 200:
        if operation_model.output_shape is not None:
            fits(operation_model.output_shape, body, operation_model.name)
        else:
            assert body == {}
        return
    code = body.pop("__type")
    errors = {shape.name: shape for shape in operation_model.error_shapes}
    outside = {"ValidationException", "SerializationException", "NotAuthorizedException", "ThrottlingException"}
    assert code in errors or code in outside, f"{operation_model.name} does not declare {code}"
    if code in errors:
        fits(errors[code], body, code)
    else:
        assert set(body) == {"message"}


def fits(shape: Any, value: Any, where: str) -> None:
    """Whether a value of an answer is what its shape says."""
    if shape.type_name == "structure":
        assert isinstance(value, dict), where
        assert set(value) <= set(shape.members), f"{where}: {sorted(set(value) - set(shape.members))}"
        assert set(shape.required_members) <= set(value), where
        for name, item in value.items():
            fits(shape.members[name], item, f"{where}.{name}")
    elif shape.type_name == "list":
        assert isinstance(value, list), where
        for item in value:
            fits(shape.member, item, where)
    elif shape.type_name in {"string", "blob"}:
        assert isinstance(value, str), where
        if shape.type_name == "string":
            assert shape.metadata.get("min", 0) <= len(value) <= shape.metadata.get("max", len(value)), where
            assert value in (shape.metadata.get("enum") or [value]), where
            if "pattern" in shape.metadata:
                assert regex.fullmatch(shape.metadata["pattern"], value), f"{where}: {value}"
    elif shape.type_name in {"integer", "long"}:
        assert isinstance(value, int), where
    elif shape.type_name == "timestamp":
        assert isinstance(value, float), where
    else:
        assert shape.type_name == "map", where


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
        if service == "translate":
            made.meta.events.register("before-parse.translate.*", held_to_the_model)
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

    def status(self, call: Any, **given: Any) -> int:
        """The HTTP status of a call."""
        try:
            return int(call(**given)["ResponseMetadata"]["HTTPStatusCode"])
        except ClientError as error:
            return int(error.response["ResponseMetadata"]["HTTPStatusCode"])

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
