"""The example book through the command line, without Airflow: history, run, run again."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the configuration with the example's repositories beside it."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "config", folder / "config")
    subprocess.run([sys.executable, ROOT / "examples" / "history.py", folder / ".amts" / "example"], check=True)
    return folder


def amts(project: Path, *words: str) -> tuple[int, str, str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "AMTS_"))}
    command = [sys.executable, "-m", "amts_tasks.cli", "--config", str(project / "config" / "amts.yaml"), *words]
    done = subprocess.run(command, env=environment, cwd=project, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def calls(project: Path) -> list[str]:
    log = project / ".amts" / "emulator" / "calls.jsonl"
    return [json.loads(line)["operation"] for line in log.read_text("utf-8").splitlines()]


def test_the_example_from_end_to_end(project: Path) -> None:
    status, out, err = amts(project, "run", "en-zh", "--evaluate", "--emulator")
    assert status == 0, err
    bleu = re.search(r"chapter_sampling/bootstrap.md \| BLEU +\| +([\d.]+)", out)
    assert bleu is not None, out
    assert float(bleu[1]) > 0.2
    assert "100.0%" in out
    assert "Made with an emulator of the service" in out
    for chapter in ("regression", "sampling", "streams"):
        assert f"amts/en-zh/chapter_{chapter}" in out
    repository = project / ".amts" / "repos" / "example-zh.git"
    log = subprocess.run(
        ["git", f"--git-dir={repository}", "log", "-1", "--format=%B", "amts/en-zh/chapter_streams"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Renamed: chapter_streams/windows.md -> chapter_streams/moving-averages.md" in log
    made = calls(project)
    assert made.count("StartTextTranslationJob") == made.count("CreateParallelData") == 1

    status, out, err = amts(project, "run", "en-zh", "--evaluate", "--emulator")
    assert (status, out) == (0, "en-zh: nothing to do\n")
    assert calls(project) == made, "not one call"

    status, out, err = amts(project, "plan", "zh-en", "--evaluate", "--emulator", "--json")
    assert status == 0, err
    assert json.loads(out)["characters"]["sent"] == 0
    assert json.loads(out)["evaluation"]["characters"] > 0
    assert calls(project) == made
