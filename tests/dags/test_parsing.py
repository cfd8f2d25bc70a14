"""Parsing the DAG file opens nothing, imports nothing heavy, is quick, and tells a broken configuration whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE = ROOT / "dags" / "amts.py"

PARSE = """
import runpy, socket, sqlite3, sys, time
import airflow.sdk
import airflow.providers.standard.operators.trigger_dagrun
before = set(sys.modules)

def refused(*_, **__):
    raise AssertionError("parsing opens nothing")

socket.socket.connect = refused
sqlite3.connect = refused
from airflow.sdk import Connection, Variable
Variable.get = Connection.get = refused
began = time.process_time()
names = runpy.run_path(sys.argv[1])
spent = time.process_time() - began
heavy = {"boto3", "botocore", "aiobotocore", "pandas", "sacrebleu", "numpy", "markdown_it", "moto"}
print(sorted(name for name, value in names.items() if isinstance(value, airflow.sdk.DAG)))
print(sorted(heavy & set(sys.modules)))
print(sorted(name for name in set(sys.modules) - before if name.startswith("airflow.providers.amazon")))
print(spent)
"""


def parse(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a fresh process that parses the DAG file prints."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "AMTS", "AWS"))}
    clean |= {"AIRFLOW_HOME": str(tmp_path), **environment}
    command = [sys.executable, "-c", PARSE, str(FILE)]
    return subprocess.run(command, capture_output=True, text=True, env=clean, cwd=tmp_path, check=False)


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    done = parse(tmp_path_factory.mktemp("home"))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-4:]


def test_there_is_a_dag_for_each_pair_and_one_for_all(parsed: list[str]) -> None:
    assert parsed[0] == "['amts_all', 'amts_en_es', 'amts_en_zh', 'amts_zh_en']"


def test_nothing_heavy_is_imported(parsed: list[str]) -> None:
    assert parsed[1:3] == ["[]", "[]"]


def test_it_takes_less_than_a_second_of_a_processor_beyond_airflow_itself(parsed: list[str]) -> None:
    assert float(parsed[3]) < 1


def test_airflow_takes_it_for_a_dag_file() -> None:
    text = FILE.read_text().lower()
    assert "dag" in text
    assert "airflow" in text
    assert len(text.splitlines()) < 30


def test_all_faults_of_a_broken_configuration_are_told_in_one_import_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.dag_processing.dagbag import DagBag

    broken = (ROOT / "config" / "amts.yaml").read_text()
    broken = broken.replace("layout: revision", "layout: sideways").replace("poll_seconds: 1", "poll_seconds: often")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "amts.yaml").write_text(broken.replace('cron: "0 2 * * *"', 'cron: "61 2 * * *"'))
    (tmp_path / "config" / "languages").symlink_to(ROOT / "config" / "languages")
    monkeypatch.setenv("AMTS_CONFIG", str(tmp_path / "config" / "amts.yaml"))
    bag = DagBag(dag_folder=str(FILE.parent), collect_dags=True)
    (told,) = bag.import_errors.values()
    assert not bag.dags
    for fault in ("layout", "sideways", "poll_seconds", "often", "cron", "61"):
        assert fault in told
    assert told.count("amts.yaml:") == 4
    assert "reading.py" not in told
    assert told.count("  File ") <= 2
