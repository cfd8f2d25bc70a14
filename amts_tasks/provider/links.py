"""Links from a task to where its work can be seen: AWS's console, and the run's report.

A link is made by the worker, when a task ends or defers, from what the operator knows; Airflow's pages only show it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from airflow.sdk import BaseOperatorLink

DOMAINS = {"aws": "aws.amazon.com", "aws-cn": "amazonaws.cn", "aws-us-gov": "amazonaws-us-gov.com"}
"""Partition → domain of its console."""


class TranslationJobLink(BaseOperatorLink):
    """The job's page in the AWS console; the page of Amazon Translate where the console does not know the job's."""

    name = "Amazon Translate job"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """The address, or an empty string before there is a job."""
        return _console(operator, f"jobs/{quote(operator.job_id)}") if getattr(operator, "job_id", None) else ""


class ParallelDataLink(BaseOperatorLink):
    """The parallel data's page in the AWS console."""

    name = "Amazon Translate parallel data"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """The address, or an empty string before there is a resource."""
        return _console(operator, f"parallel-data/{quote(operator.name)}") if getattr(operator, "name", None) else ""


class ReportLink(BaseOperatorLink):
    """The run's report in storage."""

    name = "Report"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """The address of what the step called ``report`` (an s3 URI or a URL), or an empty string."""
        report = getattr(operator, "report", None) or ""
        if not report.startswith("s3://"):
            return str(report)
        bucket, _, key = report.removeprefix("s3://").partition("/")
        return f"https://s3.console.aws.amazon.com/s3/object/{quote(bucket)}?prefix={quote(key)}"


def _console(operator: Any, page: str) -> str:
    hook = operator.hook
    if hook.conn_config.get_service_endpoint_url("translate"):
        return ""  # an emulator: the console knows nothing of its jobs
    domain = DOMAINS.get(hook.conn_partition, DOMAINS["aws"])
    region = hook.conn_region_name
    return f"https://{region}.console.{domain}/translate/home?region={region}#/{page}"
