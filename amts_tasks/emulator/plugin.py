"""pytest fixtures for any project: ``pytest_plugins = ["amts_tasks.emulator.plugin"]`` in its conftest.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amts_tasks.emulator import Clock, Emulator, Switches


@pytest.fixture
def translate_switches() -> Switches:
    """Override it to let the emulator behave otherwise."""
    return Switches()


@pytest.fixture
def translate_emulator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, translate_switches: Switches
) -> Iterator[Emulator]:
    """Amazon Translate and S3 for one test, and every boto3 client made in it is led there.

    Its clock stands still until the test says ``translate_emulator.clock.advance(seconds)``; an import or a job takes
    60 seconds by it. The engine is ``echo``: what is not in the parallel data comes back as it was.
    """
    for name, value in {
        "AWS_ACCESS_KEY_ID": "emulator",
        "AWS_SECRET_ACCESS_KEY": "emulator",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    clock = Clock(now=lambda: 1_800_000_000.0)
    options: dict[str, Any] = {"import_seconds": 60.0, "job_seconds": 60.0, "engine": "echo", "clock": clock}
    with Emulator(tmp_path / "emulator", switches=translate_switches, **options) as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        yield running
