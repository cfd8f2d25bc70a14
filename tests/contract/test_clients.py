"""Every operation by boto3 and by the AWS command line, of two botocore versions: the same answers, the same errors.

The command line lives in an environment of its own: ``make contract``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from amts_tasks.emulator import Clock, Emulator
from amts_tasks.emulator.application import OPERATIONS

ROOT = Path(__file__).parents[2]
AWS = ROOT / ".awscli" / "bin" / "aws"
needs_aws = pytest.mark.skipif(not AWS.exists(), reason="the AWS command line is not installed: make contract")

ARN = "arn:aws:translate:us-east-1:123456789012:parallel-data/rows"
JOB = {
    "InputDataConfig": {"S3Uri": "s3://book/in/", "ContentType": "text/html"},
    "OutputDataConfig": {"S3Uri": "s3://book/out/"},
    "DataAccessRoleArn": "arn:aws:iam::123456789012:role/contract",
    "SourceLanguageCode": "en",
    "TargetLanguageCodes": ["es"],
    "ParallelDataNames": ["rows"],
    "JobName": "one",
    "ClientToken": "one",
}
DATA = {"S3Uri": "s3://book/pd/rows.csv", "Format": "CSV"}
WORDS = {"Name": "words", "MergeStrategy": "OVERWRITE"}
TABLE = b"en,es\nsky,cielo\n"
PAGE = b"<html><body><p>The sky.</p></body></html>"
Step = tuple[str, dict[str, Any], str]
STEPS: list[Step] = [
    ("CreateParallelData", {"Name": "rows", "ParallelDataConfig": DATA, "ClientToken": "a", "Description": "d"}, ""),
    ("CreateParallelData", {"Name": "more", "ParallelDataConfig": DATA, "ClientToken": "b"}, "LimitExceededException"),
    ("DeleteParallelData", {"Name": "rows"}, "ConcurrentModificationException"),
    ("GetParallelData", {"Name": "rows"}, ""),
    ("advance", {}, ""),
    ("GetParallelData", {"Name": "rows"}, ""),
    ("GetParallelData", {"Name": "none"}, "ResourceNotFoundException"),
    ("GetParallelData", {"Name": "bad name"}, "InvalidParameterValueException"),
    ("CreateParallelData", {"Name": "rows", "ParallelDataConfig": DATA, "ClientToken": "c"}, "ConflictException"),
    ("UpdateParallelData", {"Name": "rows", "ParallelDataConfig": DATA, "ClientToken": "d"}, ""),
    ("advance", {}, ""),
    ("ListParallelData", {"MaxResults": 5}, ""),
    ("TagResource", {"ResourceArn": ARN, "Tags": [{"Key": "k", "Value": "v"}]}, ""),
    ("TagResource", {"ResourceArn": ARN, "Tags": [{"Key": f"k{n}", "Value": ""} for n in range(51)]},
     "TooManyTagsException"),
    ("ListTagsForResource", {"ResourceArn": ARN}, ""),
    ("UntagResource", {"ResourceArn": ARN, "TagKeys": ["k"]}, ""),
    ("StartTextTranslationJob", JOB, ""),
    ("StartTextTranslationJob", JOB | {"TargetLanguageCodes": ["xx"], "ClientToken": "two"},
     "UnsupportedLanguagePairException"),
    ("ListTextTranslationJobs", {"Filter": {"JobStatus": "IN_PROGRESS"}}, ""),
    ("advance", {}, ""),
    ("DescribeTextTranslationJob", {"JobId": "the job"}, ""),
    ("StopTextTranslationJob", {"JobId": "the job"}, ""),
    ("StopTextTranslationJob", {"JobId": "0" * 32}, "ResourceNotFoundException"),
    ("ImportTerminology", WORDS | {"TerminologyData": {"File": TABLE, "Format": "CSV"}}, ""),
    ("GetTerminology", {"Name": "words", "TerminologyDataFormat": "TMX"}, ""),
    ("ListTerminologies", {}, ""),
    ("TranslateText", {"Text": "The sky.", "SourceLanguageCode": "en", "TargetLanguageCode": "es",
                       "TerminologyNames": ["words"], "Settings": {"Formality": "FORMAL"}}, ""),
    ("TranslateText", {"Text": "x" * 10_001, "SourceLanguageCode": "en", "TargetLanguageCode": "es"},
     "InvalidRequestException"),
    ("TranslateDocument", {"Document": {"Content": PAGE, "ContentType": "text/html"}, "SourceLanguageCode": "en",
                           "TargetLanguageCode": "es"}, ""),
    ("DeleteTerminology", {"Name": "words"}, ""),
    ("ListLanguages", {"MaxResults": 3, "DisplayLanguageCode": "en"}, ""),
    ("DeleteParallelData", {"Name": "rows"}, ""),
]  # fmt: skip
"""(operation, parameters, error code): all 19, in an order that works."""


def by_boto3(emulator: Emulator) -> Iterator[Callable[[str, dict[str, Any]], tuple[str, Any]]]:
    config = Config(retries={"mode": "standard", "total_max_attempts": 1}, parameter_validation=False)
    client = emulator.client("translate", config=config)

    def call(operation: str, given: dict[str, Any]) -> tuple[str, Any]:
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
        try:
            answer = getattr(client, snake)(**given)
        except ClientError as error:
            return error.response["Error"]["Code"], error.response["Error"]["Message"]
        answer.pop("ResponseMetadata")
        return "", answer

    yield call
    client.close()


def environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    return own | {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def arguments(url: str, operation: str, given: dict[str, Any], folder: Path) -> list[str]:
    """As a person would type it; bytes come from files."""
    kebab = re.sub(r"(?<!^)(?=[A-Z])", "-", operation).lower()
    words = ["translate", kebab, "--endpoint-url", url, "--output", "json", "--no-paginate"]
    if operation == "ListTextTranslationJobs":
        words.remove("--no-paginate")  # it has none
    given = dict(given)
    if operation == "ImportTerminology":
        data = given.pop("TerminologyData")
        (folder / "words").write_bytes(data["File"])
        words += ["--data-file", f"fileb://{folder / 'words'}", "--terminology-data", f"Format={data['Format']}"]
    if operation == "TranslateDocument":
        document = given.pop("Document")
        (folder / "page").write_bytes(document["Content"])
        words += ["--document-content", f"fileb://{folder / 'page'}"]
        words += ["--document", f"ContentType={document['ContentType']}"]
    for name, value in given.items():
        words.append("--" + re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower())
        words += (
            value if isinstance(value, list) and isinstance(value[0], str) else
            [str(value) if isinstance(value, (str, int)) else json.dumps(value)]
        )  # fmt: skip
    return words


def by_the_command_line(emulator: Emulator, folder: Path) -> Iterator[Callable[[str, dict[str, Any]], tuple[str, Any]]]:
    words = [str(AWS.with_name("python")), str(Path(__file__).with_name("command_line.py"))]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def call(operation: str, given: dict[str, Any]) -> tuple[str, Any]:
            process.stdin.write(json.dumps(arguments(emulator.url, operation, given, folder)) + "\n")
            process.stdin.flush()
            said = json.loads(process.stdout.readline())
            if said["code"]:
                found = re.search(r"An error occurred \((\w+)\) when calling the \w+ operation[^:]*: (.*)", said["err"])
                assert found, said
                return found[1], found[2].strip()
            return "", json.loads(said["out"] or "{}")

        yield call
        process.stdin.close()


@contextmanager
def emulator_for(folder: Path) -> Iterator[Emulator]:
    clock = Clock(now=lambda: 1_800_000_000.0)
    with Emulator(folder / "state", import_seconds=60, job_seconds=60, engine="echo", clock=clock) as emulator:
        s3 = emulator.client("s3")
        s3.create_bucket(Bucket="book")
        s3.put_object(Bucket="book", Key="pd/rows.csv", Body=b"en,es\nThe sky.,El cielo.\n")
        s3.put_object(Bucket="book", Key="in/a.html", Body=PAGE)
        s3.close()
        yield emulator


def told(emulator: Emulator, call: Callable[[str, dict[str, Any]], tuple[str, Any]]) -> list[tuple[str, str, Any]]:
    """(operation, error code, answer or message) of every step."""
    found, job = [], ""
    for operation, given, expected in STEPS:
        if operation == "advance":
            emulator.clock.advance(60)
            continue
        code, answer = call(operation, {name: job if value == "the job" else value for name, value in given.items()})
        assert code == expected, (operation, given, code, answer)
        if operation == "StartTextTranslationJob" and not code:
            job = answer["JobId"]
        found.append((operation, code, bare(answer)))
    return found


def bare(value: Any) -> Any:
    """An answer without what differs between two servers and two clients: ports, and how times and bytes are shown."""
    if isinstance(value, dict):
        return {
            name: "…" if name.endswith(("At", "Time", "Content", "Location")) and not isinstance(item, dict)
            else bare(item)
            for name, item in value.items()
        }  # fmt: skip
    return [bare(item) for item in value] if isinstance(value, list) else value


def test_the_steps_call_every_operation():
    assert {operation for operation, _, code in STEPS if not code} - {"advance"} == set(OPERATIONS)


def test_boto3(tmp_path):
    with emulator_for(tmp_path) as emulator:
        for call in by_boto3(emulator):
            answers = told(emulator, call)
    assert len(answers) == len(STEPS) - 3
    (job,) = [answer for operation, _, answer in answers if operation == "DescribeTextTranslationJob"]
    assert job["TextTranslationJobProperties"]["JobStatus"] == "COMPLETED"


@needs_aws
def test_the_command_line_gets_the_same(tmp_path):
    with emulator_for(tmp_path / "one") as emulator:
        for call in by_boto3(emulator):
            wanted = told(emulator, call)
    with emulator_for(tmp_path / "two") as emulator:
        for call in by_the_command_line(emulator, tmp_path):
            found = told(emulator, call)
    assert found == wanted


@needs_aws
def test_aws_itself(tmp_path):
    with emulator_for(tmp_path) as emulator:
        words = [str(AWS), "translate", "list-languages", "--endpoint-url", emulator.url, "--query", "Languages[0]"]
        done = subprocess.run(words, capture_output=True, text=True, env=environment(), timeout=60, check=True)
        assert json.loads(done.stdout) == {"LanguageName": "Auto", "LanguageCode": "auto"}
        words = [str(AWS), "translate", "get-parallel-data", "--endpoint-url", emulator.url, "--name", "none"]
        done = subprocess.run(words, capture_output=True, text=True, env=environment(), timeout=60, check=False)
        assert done.returncode in {254, 255}
        assert "ResourceNotFoundException" in done.stderr
