"""One `airflow backfill create` over several days, on PostgreSQL: the same branches as each day by hand, in order."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from amts_tasks import cli
from amts_tasks.config import load
from amts_tasks.emulator import Emulator
from amts_tasks.local.component import running
from amts_tasks.local.demo import make_stack
from amts_tasks.local.postgres import missing
from amts_tasks.local.results import calls
from amts_tasks.local.service import EmulatorOptions
from amts_tasks.local.stack import ROOT, Stack, airflow

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.skipif(missing() is not None, reason=str(missing())),
]

PAIR, DAG, BOOK = "en-es", "amts_en_es", "days"
FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAYS = [FIRST + timedelta(days=number, hours=14) for number in range(3)]
"""The logical dates: two at night, after the commits of the days."""
PAID = {"CreateParallelData", "UpdateParallelData", "StartTextTranslationJob", "TranslateText"}

PATH = "chapter_rivers/levels.md"
OLD = "# Levels\n\nA gauge stands in the river.\n\nIt is read at noon. The level is written down.\n"
TEXTS = [
    OLD,
    OLD.replace("at noon", "at noon and at midnight"),
    None,  # nothing happens on the second day
    OLD.replace("at noon", "every hour") + "\nA flood is told by telephone.\n",
]
SPANISH = "# Niveles\n\nHay una escala en el río.\n\nSe lee a mediodía. El nivel se anota.\n"


def history(place: Path, files: list[dict[str, str] | None], first: datetime) -> None:
    """A bare repository with a commit a day."""
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", place], check=True)
    parts = ["feature done\n"]
    for number, content in enumerate(files):
        if content is None:
            continue
        person = f"Writer <writer@example.org> {int((first + timedelta(days=number)).timestamp())} +0000\n"
        parts.append(f"commit refs/heads/main\nauthor {person}committer {person}data 4\nDay\n\n")
        for path, text in content.items():
            parts.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
    command = ["git", f"--git-dir={place}", "fast-import", "--quiet"]
    subprocess.run(command, input="".join([*parts, "done\n"]).encode(), check=True)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Not pytest's own: PostgreSQL is another user where we are root, and has to get there."""
    made = Path(tempfile.mkdtemp(prefix="amts-backfill-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def config(folder: Path) -> Path:
    history(folder / "book.git", [text and {PATH: text} for text in TEXTS], FIRST - timedelta(days=1))
    spanish = {PATH: SPANISH, PATH.replace(".md", "_origin.md"): OLD}
    history(folder / "es.git", [spanish], FIRST - timedelta(days=1))

    def place(name: str) -> dict[str, str]:
        return {"kind": "git", "location": str(folder / name)}

    text = {
        "languages": str(ROOT / "config" / "languages"),
        "book": {"name": BOOK, "language": "en", "place": place("book.git"), "documents": ["**/*.md"]},
        "translations": {"es": {"place": place("es.git"), "layout": "origin", "origin": "human"}},
        "pairs": {PAIR: {"budget": {"run": 10}, "schedule": "0 2 * * *"}},
        "aws": {"region": "us-east-1", "role_arn": "arn:aws:iam::123456789012:role/amts", "poll_seconds": 1},
        "storage": {"bucket": BOOK},
    }
    path = folder / "config" / "amts.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(text), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def stack(folder: Path, config: Path) -> Iterator[Stack]:
    emulator = EmulatorOptions(import_seconds=0, job_seconds=0, engine="pseudo")
    family: dict[int, float] = {}
    with make_stack(load(config), folder / "airflow", emulator=emulator, database="postgres") as made:
        made.api.pause(DAG, False)
        yield made
        for component in made.components.values():
            component.look()
            family |= component.family
    assert running(family) == []


def branches(state: Path) -> dict[str, list[str]]:
    """The commits of every branch of ours, oldest first."""

    def git(*words: str) -> list[str]:
        command = ["git", f"--git-dir={state / 'repos' / f'{BOOK}-es.git'}", *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()

    names = git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/amts")
    return {name: git("log", "--reverse", "--format=%H", f"main..{name}") for name in names}


def backfill(stack: Stack, *words: str) -> list[dict[str, Any]]:
    """The runs of the DAG, in the order they began, once one backfill over all days is over."""
    command = ["backfill", "create", "--dag-id", DAG, "--max-active-runs", "1", *words]
    command += ["--from-date", DAYS[0].isoformat(), "--to-date", DAYS[-1].isoformat()]
    # Of a pair there is one at a time, and the scheduler looks every half minute whether the one before it is over.
    last = time.monotonic() + 120
    while any(one["completed_at"] is None for one in stack.api.pages("/api/v2/backfills", "backfills", dag_id=DAG)):
        assert time.monotonic() < last
        time.sleep(0.2)
    done = subprocess.run(airflow(command), env=stack.variables, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    runs = [stack.api.wait_for_run(DAG, run["dag_run_id"], 300) for run in stack.api.runs(DAG)]
    return sorted(runs, key=lambda run: str(run["start_date"]))


def paid(endpoint: str | None) -> list[str]:
    assert endpoint is not None
    return [call["operation"] for call in calls(endpoint) if call["operation"] in PAID]


def test_several_days_as_one_backfill_and_again(
    stack: Stack, folder: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = folder / "in-order"
    monkeypatch.setenv("AMTS_STATE", str(state))
    with Emulator(state=state / "emulator", import_seconds=0, job_seconds=0, engine="pseudo") as service:
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        boto3.client("s3", "us-east-1", endpoint_url=service.url, **keys).create_bucket(Bucket=BOOK)
        for day in DAYS:
            words = ["--config", str(config), "--endpoint", service.url, "run", PAIR, "--as-of", day.isoformat()]
            assert cli.main(words) == 0
        asked = paid(service.url)
    expected = branches(state)
    assert [len(commits) for commits in expected.values()] == [2]

    began = backfill(stack)
    assert [datetime.fromisoformat(run["logical_date"]) for run in began] == DAYS
    assert {run["state"] for run in began} == {"success"}
    assert all(before["end_date"] <= after["start_date"] for before, after in pairwise(began))
    assert branches(folder / "airflow") == expected
    assert paid(stack.endpoint) == asked
    states = {one["task_id"]: one["state"] for one in stack.api.task_instances(DAG, began[1]["dag_run_id"])}
    assert states["translate"] == "skipped", "nothing had changed on that day"

    again = backfill(stack, "--reprocess-behavior", "completed")
    assert [run["dag_run_id"] for run in again] == [run["dag_run_id"] for run in began]
    assert all(before["end_date"] <= after["start_date"] for before, after in pairwise([*began, *again]))
    assert {run["state"] for run in again} == {"success"}
    assert branches(folder / "airflow") == expected
    assert paid(stack.endpoint) == asked


def test_it_ran_on_postgresql(stack: Stack) -> None:
    assert stack.variables["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith("postgresql+psycopg2://")
    assert not (stack.folder / "airflow" / "airflow.db").exists()
    assert (stack.folder / "postgres").stat().st_mode & 0o777 == 0o700
