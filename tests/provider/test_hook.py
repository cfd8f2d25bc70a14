"""The hook finds our waiters and retries as the service needs it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amts_tasks.provider.hook import WAITERS, TranslateHook
from amts_tasks.translate.status import WAITERS as MEANINGS


def test_it_has_our_waiters(aws: Any) -> None:
    hook = TranslateHook()
    assert set(hook.list_waiters()) >= set(MEANINGS)
    waiter = hook.get_waiter("parallel_data_deleted")
    waiter.wait(Name="never-made")
    assert (
        waiter.config.max_attempts == json.loads(WAITERS.read_text())["waiters"]["parallel_data_deleted"]["maxAttempts"]
    )


@pytest.mark.parametrize(
    ("extra", "given", "attempts"),
    [
        ({}, None, 9),
        ({"config_kwargs": {"retries": {"total_max_attempts": 3}}}, None, 3),
        ({}, {"retries": {"total_max_attempts": 2}}, 2),
    ],
)
def test_retries_are_ours_unless_somebody_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, extra: Any, given: Any, attempts: int
) -> None:
    connection = {"conn_type": "aws", "login": "x", "password": "x", "extra": {"region_name": "us-east-1", **extra}}
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(connection))
    retries = TranslateHook(config=given).conn.meta.config.retries
    assert retries["total_max_attempts"] == attempts


def test_the_waiters_are_data_of_the_package() -> None:
    assert WAITERS.is_file()
    assert WAITERS.parent.parent.name == "provider"
