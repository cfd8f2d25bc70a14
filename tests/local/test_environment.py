"""The local Airflow's settings."""

from __future__ import annotations

import json
from pathlib import Path

from amts_tasks.local.environment import airflow_environment, connection, connection_variable, new_secrets, passwords
from amts_tasks.local.service import EmulatorOptions, command, ready_address


def environment(**more: object) -> dict[str, str]:
    settings = {"home": Path("/h"), "port": 4711, "dags": Path("/d"), "plugins": Path("/p"), "secrets": new_secrets()}
    return airflow_environment(**(settings | more))  # type: ignore[arg-type]


def test_everything_is_on_loopback_and_on_the_one_port() -> None:
    made = environment()
    assert made["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert made["AIRFLOW__API__PORT"] == "4711"
    assert made["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:4711/execution/"
    assert not any("0.0.0.0" in value for value in made.values())  # noqa: S104


def test_secrets_are_new_each_time_and_reach_every_component() -> None:
    first, second = environment(), environment()
    for name in ("AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__CORE__FERNET_KEY"):
        assert first[name] != second[name]
    secrets = new_secrets()
    assert passwords(secrets) == {"admin": secrets.password}


def test_schedules_can_be_left_out() -> None:
    assert environment(schedule=False)["AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE"] == "False"
    assert environment(parallelism=3)["AIRFLOW__CORE__PARALLELISM"] == "3"


def test_the_connection_points_every_service_at_the_emulator() -> None:
    made = json.loads(connection("http://127.0.0.1:5", "eu-west-1"))
    assert made["conn_type"] == "aws"
    assert made["extra"]["region_name"] == "eu-west-1"
    assert {one["endpoint_url"] for one in made["extra"]["service_config"].values()} == {"http://127.0.0.1:5"}
    assert {"translate", "s3", "sts"} <= set(made["extra"]["service_config"])
    assert connection_variable("aws_default") == "AIRFLOW_CONN_AWS_DEFAULT"


def test_the_emulators_command_line_is_the_fixed_one(tmp_path: Path) -> None:
    words = command(EmulatorOptions(1.5, 2, "identity", 7), tmp_path)[3:]
    assert words == [
        *("emulator", "--host", "127.0.0.1", "--port", "0", "--state", str(tmp_path)),
        *("--import-seconds", "1.5", "--job-seconds", "2", "--seed", "7", "--engine", "identity"),
    ]
    assert "--engine" not in command(EmulatorOptions(), tmp_path)


def test_the_ready_line_counts_once_it_is_whole() -> None:
    assert ready_address("") is None
    assert ready_address("ready http://127.0.0.1:50") is None
    assert ready_address("a warning\nready http://127.0.0.1:5000\nmore\n") == "http://127.0.0.1:5000"
