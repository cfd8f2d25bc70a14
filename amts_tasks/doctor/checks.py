"""What AMTS needs of an account, looked at without changing anything and without a call that costs money."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import BotoCoreError, ClientError

from amts_tasks.config import Config
from amts_tasks.counts import counted
from amts_tasks.doctor.finding import Finding

SERVICE = "translate.amazonaws.com"
Open = Callable[[str], Any]
"""Service name → boto3 client."""


def examine(config: Config, open_client: Open) -> list[Finding]:
    """Every finding; one that fails does not keep the others from being looked at."""
    checks = (_credentials, _bucket, _objects, _role, _service, _languages, _parallel_data)
    found = [
        Finding("configuration", "good", f"{config.path}: {counted(len(config.pairs), 'pair')}, {config.aws.region}")
    ]
    for check in checks:
        name = check.__name__.strip("_").replace("_", " ")
        try:
            found.extend(check(config, open_client))
        except ClientError as error:
            found.append(_refused(name, error))
        except BotoCoreError as error:
            advice = "check the network, --endpoint and AWS's settings (AWS_PROFILE, ~/.aws)"
            found.append(Finding(name, "bad", str(error), advice))
    return found


def _credentials(config: Config, open_client: Open) -> Iterator[Finding]:
    who = open_client("sts").get_caller_identity()
    yield Finding("credentials", "good", f"{who['Arn']} in account {who['Account']}")
    account = config.aws.role_arn.split(":")[4]
    if account != who["Account"]:
        advice = "aws.role_arn must name a role of the account that calls"
        yield Finding("account", "bad", f"the role is of account {account}, the caller of {who['Account']}", advice)


def _bucket(config: Config, open_client: Open) -> Iterator[Finding]:
    s3, bucket = open_client("s3"), config.storage.bucket
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if _status(error) != 404:
            raise
        yield Finding("bucket", "bad", f"{bucket} does not exist", "make it: amts setup")
        return
    region = s3.get_bucket_location(Bucket=bucket).get("LocationConstraint") or "us-east-1"
    if region == config.aws.region:
        yield Finding("bucket", "good", f"{bucket} in {region}")
    else:
        advice = f"the service reads no other Region's bucket: one in {config.aws.region}, or aws.region: {region}"
        yield Finding("bucket", "bad", f"{bucket} is in {region}, the service in {config.aws.region}", advice)
    if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        yield Finding("versions", "unsure", "the bucket keeps no old versions", "the manifest is worth them")


def _objects(config: Config, open_client: Open) -> Iterator[Finding]:
    """To those who may not list a bucket S3 answers 403 for what is not there, where AMTS waits for 404."""
    try:
        open_client("s3").head_object(Bucket=config.storage.bucket, Key="amts-doctor/no-such-object")
    except ClientError as error:
        if _status(error) == 404:
            with suppress(ClientError):  # a bucket that is not there answers 404 too, and was told already
                open_client("s3").head_bucket(Bucket=config.storage.bucket)
                yield Finding("objects", "good", "an object that is not there answers 404")
        else:
            advice = f"allow s3:ListBucket on {config.storage.bucket} without a condition on the prefix"
            yield Finding("objects", "bad", f"an object that is not there answers {_status(error)}", advice)


def _role(config: Config, open_client: Open) -> Iterator[Finding]:
    name = config.aws.role_arn.rpartition("/")[2]
    role = open_client("iam").get_role(RoleName=name)["Role"]
    policy = role["AssumeRolePolicyDocument"]
    policy = json.loads(unquote(policy)) if isinstance(policy, str) else policy
    text = json.dumps(policy)
    if SERVICE in text and "sts:AssumeRole" in text:
        yield Finding("role", "good", f"{name} trusts {SERVICE}")
    else:
        advice = "give it the trust policy of docs/deployment.md"
        yield Finding("role", "bad", f"{name} does not trust {SERVICE}", advice)


def _service(config: Config, open_client: Open) -> Iterator[Finding]:
    translate = open_client("translate")
    data = translate.list_parallel_data(MaxResults=1)
    jobs = translate.list_text_translation_jobs(MaxResults=1)
    answered = data["ResponseMetadata"]["HTTPStatusCode"] == jobs["ResponseMetadata"]["HTTPStatusCode"] == 200
    yield Finding("service", "good" if answered else "bad", f"{translate.meta.endpoint_url} lists data and jobs")


def _languages(config: Config, open_client: Open) -> Iterator[Finding]:
    translate = open_client("translate")
    known: set[str] = set()
    token: dict[str, str] = {}
    while True:
        page = translate.list_languages(**token)
        known |= {language["LanguageCode"] for language in page["Languages"]}
        if not page.get("NextToken"):
            break
        token = {"NextToken": page["NextToken"]}
    wanted = {code for pair in config.pairs for code in (config.pairs[pair].source, config.pairs[pair].target)}
    missing = sorted(wanted - known)
    if missing:
        yield Finding("languages", "bad", f"the service does not list: {', '.join(missing)}", "correct the pairs")
    else:
        yield Finding("languages", "good", f"all of {', '.join(sorted(wanted))} among the service's {len(known)}")


def _parallel_data(config: Config, open_client: Open) -> Iterator[Finding]:
    translate = open_client("translate")
    token: dict[str, str] = {}
    while True:
        page = translate.list_parallel_data(MaxResults=100, **token)
        for held in page["ParallelDataPropertiesList"]:
            if not held["Name"].startswith(f"amts-{config.book.name}-"):
                continue
            latest = held.get("LatestUpdateAttemptStatus") or held["Status"]
            told = f"{held['Name']} is {held['Status']}, last import {latest}"
            bad = "FAILED" in {held["Status"], latest}
            yield Finding("parallel data", "bad" if bad else "good", told, held.get("Message", "") if bad else "")
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


def _refused(name: str, error: ClientError) -> Finding:
    told = f"{error.response['Error']['Code']}: {error.response['Error'].get('Message', '')}"
    if name == "role":
        advice = "whoever may read IAM should look: does it exist and trust translate.amazonaws.com?"
        return Finding(name, "unsure" if _status(error) == 403 else "bad", told, advice)
    return Finding(name, "bad", told, "compare the caller's permissions with docs/deployment.md")


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
