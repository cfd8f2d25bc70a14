"""Links lead to AWS's console, and nowhere when the service is an emulator."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amts_tasks.provider.links import ParallelDataLink, TranslationJobLink
from amts_tasks.provider.operators import TranslateParallelDataOperator, TranslateTextJobOperator


@pytest.mark.parametrize(
    ("region", "host"),
    [("us-east-1", "us-east-1.console.aws.amazon.com"), ("cn-north-1", "cn-north-1.console.amazonaws.cn")],
)
def test_they_lead_to_the_console_of_the_region(monkeypatch: pytest.MonkeyPatch, region: str, host: str) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps({"conn_type": "aws", "login": "x", "password": "x"}))
    job = TranslateTextJobOperator(task_id="t", request=None, region_name=region)
    data = TranslateParallelDataOperator(task_id="p", request=None, region_name=region)
    assert TranslationJobLink().get_link(job, ti_key=None) == ParallelDataLink().get_link(data, ti_key=None) == ""
    job.job_id, data.name = "0a1b", "amts-d2l-en-zh"
    assert TranslationJobLink().get_link(job, ti_key=None) == (
        f"https://{host}/translate/home?region={region}#/jobs/0a1b"
    )
    assert ParallelDataLink().get_link(data, ti_key=None).startswith(f"https://{host}/translate/home?region={region}#/")


def test_an_emulators_job_has_no_page(aws: Any) -> None:
    job = TranslateTextJobOperator(task_id="t", request=None)
    job.job_id = "0a1b"
    assert TranslationJobLink().get_link(job, ti_key=None) == ""
