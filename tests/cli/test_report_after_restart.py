"""What `--emulator` left is still there for the next command: its service ends, its state stays."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from amts_tasks import cli
from amts_tasks.emulator import Emulator

BRANCH = "amts/en-zh/urn"


def test_report_and_patch_after_the_service_has_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AMTS_STATE", "AWS_ENDPOINT_URL", "AWS_PROFILE", "AMTS_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("amts_tasks.steps.align.vectors_for", lambda source, target: None)
    folder = tmp_path / "home"
    folder.mkdir()
    with Emulator(folder / ".amts" / "emulator", import_seconds=60, job_seconds=60, engine="pseudo") as first:
        small = sys.modules["small_book"].Small(folder, "restarted", first)
        small.revise()
        small.run()
        address = first.url
    config = ["--config", str(small.path)]
    assert cli.main([*config, "report", "en-zh", "--emulator"]) == 0
    out = capsys.readouterr().out
    assert BRANCH in out
    assert address not in out
    assert cli.main([*config, "patch", "en-zh", "urn", "--emulator"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"From {small.branches()[BRANCH]} ")
    assert "diff --git a/urn/draws.md b/urn/draws.md" in out
