"""The emulator as a component: how it is started, found and made ready."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class EmulatorOptions:
    """How the emulator is started; see `amts emulator --help`."""

    import_seconds: float = 3.0
    job_seconds: float = 5.0
    engine: str | None = None
    seed: int = 0


def command(options: EmulatorOptions, state: Path) -> list[str]:
    """The emulator's command line; it takes a free port on loopback and says which in its first line."""
    words = [sys.executable, "-m", "amts_tasks.cli", "emulator", "--host", "127.0.0.1", "--port", "0"]
    words += ["--state", str(state), "--import-seconds", f"{options.import_seconds:g}"]
    words += ["--job-seconds", f"{options.job_seconds:g}", "--seed", str(options.seed)]
    if options.engine is not None:
        words += ["--engine", options.engine]
    return words


def ready_address(text: str) -> str | None:
    """The address in the emulator's line `ready URL`, None before it was written."""
    for line in text.split("\n")[:-1]:
        if line.startswith("ready "):
            return line.removeprefix("ready ").strip()
    return None


def s3_client(endpoint: str, region: str) -> Any:
    """A client of the emulator's S3, with credentials it does not look at."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id="emulator",
        aws_secret_access_key="emulator",  # noqa: S106 - the emulator takes any
        config=Config(s3={"addressing_style": "path"}, proxies={}),
    )


def make_bucket(endpoint: str, bucket: str, region: str) -> None:
    """Make a bucket in the emulator's S3, where nobody else would; one that is there is left alone."""
    client = s3_client(endpoint, region)
    if bucket in {found["Name"] for found in client.list_buckets()["Buckets"]}:
        return
    elsewhere = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    client.create_bucket(Bucket=bucket, **elsewhere)
