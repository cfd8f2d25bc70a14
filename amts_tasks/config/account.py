"""The account and the bucket, from their sections of the file."""

from __future__ import annotations

import re

from amts_tasks.config.entities import AwsConfig, Price, StorageConfig
from amts_tasks.settings import Section, quoted

BUCKET = r"[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9]"
"""Amazon Translate's own pattern of a bucket's name (service model, S3Uri)."""
ROLE_ARN = r"(?=.{20,2048}$)arn:aws(-[^:]+)?:iam::[0-9]{12}:role/.+"
"""Its pattern and length of a role (service model, IamRoleArn)."""
REGION = r"[a-z]{2}(?:-[a-z]+)+-[0-9]"


def read_aws(section: Section) -> AwsConfig:
    """The account that translates."""
    price = section.section("price", Price)
    regions = section.texts(
        "act_regions",
        expected="regions such as us-east-1",
        check=lambda region: None if re.fullmatch(REGION, region) else quoted(region),
    )
    aws = AwsConfig(
        region=section.text("region", pattern=REGION, expected="a region such as us-east-1"),
        role_arn=section.text(
            "role_arn", pattern=ROLE_ARN, expected="a role such as arn:aws:iam::123456789012:role/amts"
        ),
        conn_id=section.text("conn_id", pattern=r"[\w.-]{1,200}", expected="the id of an Airflow connection"),
        account=section.text("account", pattern=r"[0-9]{12}", expected="twelve digits"),
        act_regions=regions,
        price=Price(
            act_per_million=price.number("act_per_million"),
            standard_per_million=price.number("standard_per_million"),
            read_on=price.day("read_on"),
        ),
        job_timeout_hours=section.number("job_timeout_hours", least=0.01, most=24 * 14),
        poll_seconds=section.number("poll_seconds", least=1, most=3600, whole=True),
    )
    price.done()
    found = aws.role_arn.split(":")[4:5]
    if aws.account and found and found != [aws.account]:
        section.fault("role_arn", quoted(aws.role_arn), f"a role of the account {aws.account}")
    section.done()
    return aws


def read_storage(section: Section, aws: AwsConfig) -> StorageConfig:
    """The bucket, in the account's region."""
    expected = "empty, or folders that end in a slash such as amts/"
    region = section.text("region", pattern=REGION, expected="a region such as us-east-1")
    if region and aws.region and region != aws.region:
        section.fault("region", quoted(region), f'the service\'s region, "{aws.region}": it reads no other bucket')
    storage = StorageConfig(
        bucket=section.text("bucket", pattern=BUCKET, expected="a bucket's name: 3 to 63 of a-z, 0-9, dot and hyphen"),
        prefix=section.text("prefix", pattern=r"(?:[\w.-]+/){0,20}", expected=expected),
        region=region,
    )
    section.done()
    return storage
