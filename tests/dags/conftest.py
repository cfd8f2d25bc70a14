"""An Airflow of its own for these tests, with a database made once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

# Airflow reads its home once, when it is first imported: never the developer's own.
if "AMTS_TEST_HOME" not in os.environ:
    os.environ["AMTS_TEST_HOME"] = tempfile.mkdtemp(prefix="amts-airflow-")
    os.environ["AIRFLOW_HOME"] = os.environ["AMTS_TEST_HOME"]
    for name in [name for name in os.environ if name.startswith(("AIRFLOW__", "AIRFLOW_CONN_", "AWS_"))]:
        del os.environ[name]
    os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
    os.environ["AIRFLOW__CORE__UNIT_TEST_MODE"] = "False"
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(Path(__file__).parents[2] / "dags")


@pytest.fixture(scope="session")
def database() -> None:
    """Airflow's database, in the scratch home."""
    from airflow.utils.db import initdb

    initdb()
