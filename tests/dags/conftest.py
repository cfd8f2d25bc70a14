"""An Airflow of its own for these tests, with a database made once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(Path(__file__).parents[2] / "dags")


@pytest.fixture(scope="session")
def database() -> None:
    """Airflow's database, in the scratch home."""
    from airflow.utils.db import initdb

    initdb()
