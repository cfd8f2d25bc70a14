"""What the contract's cases work with: clients, a prefix of their own, waits, and the list of what to clear away."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.request import urlopen

from botocore.exceptions import ClientError

from amts_tasks.errors import AmtsError

ENDED = frozenset({"COMPLETED", "COMPLETED_WITH_ERROR", "FAILED", "STOPPED"})
LONGEST = 3 * 3600.0
"""Seconds a job or an import is waited for."""


class ProbeError(AmtsError):
    """The probe cannot go on."""


@dataclass(slots=True)
class Desk:
    """One probe's place in an account."""

    s3: Any
    translate: Any
    bucket: str
    prefix: str
    """Ends in a slash; unlike any other probe's."""
    role: str
    sleep: Callable[[float], None]
    """Waits so many seconds; the emulator's clock may go on instead."""
    say: Callable[[str], None] = lambda line: None
    pause: float = 15.0
    """Seconds between two looks."""
    made: list[tuple[str, str]] = field(default_factory=list)
    """(kind, name) of what is to be cleared away."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What one case leaves to a later one."""

    @property
    def name(self) -> str:
        """A word no other probe has, for names."""
        return self.prefix.strip("/").rpartition("/")[2]

    def put(self, key: str, content: str) -> str:
        """Writes an object below the prefix; returns its URI."""
        self.s3.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=content.encode())
        return f"s3://{self.bucket}/{self.prefix}{key}"

    def text(self, uri: str) -> str:
        """The text of an object."""
        key = uri.removeprefix(f"s3://{self.bucket}/")
        with self.s3.get_object(Bucket=self.bucket, Key=key)["Body"] as body:
            return str(body.read().decode())

    def keys(self, uri: str) -> list[str]:
        """Names below a folder, relative to it."""
        start = uri.removeprefix(f"s3://{self.bucket}/")
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=start).get("Contents", [])
        return sorted(item["Key"].removeprefix(start) for item in found)

    def fetch(self, location: dict[str, str]) -> str:
        """What stands behind a presigned location."""
        with urlopen(location["Location"], timeout=60) as answer:  # noqa: S310  (the service's own URL)
            return str(answer.read().decode())

    def create(self, name: str, uri: str, form: str = "CSV") -> str:
        """Starts the import of new parallel data; returns its full name."""
        full = f"{self.name}-{name}"
        self.made.append(("parallel data", full))
        self.translate.create_parallel_data(Name=full, ParallelDataConfig={"S3Uri": uri, "Format": form})
        return full

    def data(self, name: str) -> dict[str, Any]:
        """ParallelDataProperties."""
        found: dict[str, Any] = self.translate.get_parallel_data(Name=name)["ParallelDataProperties"]
        return found

    def imported(self, name: str) -> dict[str, Any]:
        """The properties once neither create nor update is under way."""
        found: dict[str, Any] = self.until(
            lambda: self.data(name),
            lambda held: held["Status"] != "CREATING" and held.get("LatestUpdateAttemptStatus") != "UPDATING",
            f"the import of {name}",
        )
        return found

    def start(self, folder: str, **more: Any) -> str:
        """Starts a job on a folder below the prefix; returns its id."""
        request: dict[str, Any] = {
            "JobName": f"{self.name}-{folder.strip('/').replace('/', '-')}",
            "InputDataConfig": {"S3Uri": f"s3://{self.bucket}/{self.prefix}{folder}", "ContentType": "text/html"},
            "OutputDataConfig": {"S3Uri": f"s3://{self.bucket}/{self.prefix}out/"},
            "DataAccessRoleArn": self.role,
            "SourceLanguageCode": "en",
            "TargetLanguageCodes": ["es"],
        }
        job_id = str(self.translate.start_text_translation_job(**(request | more))["JobId"])
        self.made.append(("job", job_id))
        return job_id

    def job(self, job_id: str) -> dict[str, Any]:
        """TextTranslationJobProperties."""
        answer = self.translate.describe_text_translation_job(JobId=job_id)
        found: dict[str, Any] = answer["TextTranslationJobProperties"]
        return found

    def ended(self, job_id: str) -> dict[str, Any]:
        """The properties once the job has ended."""
        found: dict[str, Any] = self.until(
            lambda: self.job(job_id), lambda job: job["JobStatus"] in ENDED, f"job {job_id}"
        )
        return found

    def details(self, job: dict[str, Any], target: str) -> dict[str, Any]:
        """A job's details file."""
        place = f"{job['OutputDataConfig']['S3Uri']}details/{target}.auxiliary-translation-details.json"
        found: dict[str, Any] = json.loads(self.text(place))
        return found

    def until(self, look: Callable[[], Any], good: Callable[[Any], bool], what: str) -> Any:
        """What ``look`` gives once it is ``good``; raises ProbeError after ``LONGEST`` seconds."""
        waited = 0.0
        while not good(found := look()):
            if waited >= LONGEST:
                raise ProbeError(f"{what} did not end within {LONGEST / 3600:g} hours; last seen: {found}")
            self.sleep(self.pause)
            waited += self.pause
        return found

    def code(self, call: Callable[..., Any], **given: Any) -> tuple[str, int]:
        """(error code, HTTP status) of a call; ("", 200) of one that works."""
        try:
            call(**given)
        except ClientError as error:
            if "AccessDenied" in error.response["Error"]["Code"]:
                raise
            return error.response["Error"]["Code"], int(error.response["ResponseMetadata"]["HTTPStatusCode"])
        return "", 200
