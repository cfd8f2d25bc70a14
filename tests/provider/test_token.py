"""Where the token of a forge comes from under Airflow."""

from __future__ import annotations

import pytest

from amts_tasks.config import PushConfig
from amts_tasks.provider.step import token_of


def test_the_connections_password_else_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMTS_FORGE_TOKEN", "of the variable")
    monkeypatch.setenv("AIRFLOW_CONN_MY_FORGE", "http://:of-the-connection@")
    assert token_of(PushConfig()) == "of the variable"
    assert token_of(PushConfig(conn_id="my_forge")) == "of-the-connection"
    monkeypatch.delenv("AMTS_FORGE_TOKEN")
    assert token_of(PushConfig()) == ""
