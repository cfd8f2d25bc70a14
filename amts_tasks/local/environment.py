"""The environment of a local Airflow: pure functions from paths and ports to variables."""

from __future__ import annotations

import base64
import json
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the components of one run share; made anew for each."""

    jwt: str
    session: str
    fernet: str
    """32 bytes in URL-safe base64."""
    password: str


def new_secrets() -> Secrets:
    """Fresh secrets for one run."""
    return Secrets(
        jwt=random.token_hex(32),
        session=random.token_hex(32),
        fernet=base64.urlsafe_b64encode(random.token_bytes(32)).decode(),
        password=random.token_urlsafe(12),
    )


def airflow_environment(
    *,
    home: Path,
    port: int,
    dags: Path,
    plugins: Path,
    secrets: Secrets,
    database: str | None = None,
    parallelism: int = 8,
    schedule: bool = True,
) -> dict[str, str]:
    """Variables for every component of an Airflow on loopback with LocalExecutor; `database` is SQLAlchemy's address,
    an SQLite file under `home` unless given."""
    url = f"http://127.0.0.1:{port}"
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # Each worker is a process forked at the scheduler's start, 32 by default: 5 GB for nothing.
        "AIRFLOW__CORE__PARALLELISM": str(parallelism),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(plugins),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": secrets.fernet,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database or f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__SECRET_KEY": secrets.session,
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.jwt,
        # The airflow.cfg that Airflow writes into a new home says false, in so many words.
        "AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE": "True",
        # The default second between two looks is most of what a chain of short tasks takes.
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": str(schedule),
        "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
        # Heartbeats are what health is read from, and how soon a restarted component is believed.
        "AIRFLOW__SCHEDULER__JOB_HEARTBEAT_SEC": "2",
        "AIRFLOW__TRIGGERER__JOB_HEARTBEAT_SEC": "2",
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "10",
        "AIRFLOW__TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "10",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        # Everything shares one machine: an answer after the default five seconds is late, not lost.
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "NO_COLOR": "1",
        # A log that is read while the process runs, and after it was killed.
        "PYTHONUNBUFFERED": "1",
    }


def connection(endpoint: str, region: str = "us-east-1") -> str:
    """Airflow's AWS connection as JSON, every service of ours pointed at the emulator: the only difference to AWS."""
    return json.dumps(
        {
            "conn_type": "aws",
            "login": "emulator",
            "password": "emulator",
            "extra": {
                "region_name": region,
                "service_config": {name: {"endpoint_url": endpoint} for name in ("translate", "s3", "sts", "iam")},
            },
        },
        sort_keys=True,
    )


def connection_variable(conn_id: str) -> str:
    """The variable Airflow reads a connection from."""
    return f"AIRFLOW_CONN_{conn_id.upper()}"


def passwords(secrets: Secrets) -> Mapping[str, str]:
    """The content of the simple auth manager's file."""
    return {"admin": secrets.password}
