"""What holds for every test: the quick ones first, and nobody's own settings of AWS or Airflow."""

from __future__ import annotations

import os
import tempfile

import pytest

pytest_plugins = ("forge_stand_in",)

# Before any test module imports boto3 or airflow: credentials, profiles and endpoints of whoever runs the tests.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    if name not in {"AWS_CA_BUNDLE"}:
        del os.environ[name]
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
for name in ("AMTS_CONFIG", "AMTS_STATE"):
    os.environ.pop(name, None)
# Airflow reads its home once, when it is first imported: never the developer's own. Processes of tests find it set.
if "AMTS_TEST_HOME" not in os.environ:
    for name in [name for name in os.environ if name.startswith(("AIRFLOW__", "AIRFLOW_CONN_"))]:
        del os.environ[name]
    os.environ["AMTS_TEST_HOME"] = os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="amts-airflow-")
    os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = os.environ["AIRFLOW__CORE__UNIT_TEST_MODE"] = "False"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that go through a real Airflow come last, each group in its own order."""
    items.sort(key=lambda item: item.get_closest_marker("airflow") is not None)
