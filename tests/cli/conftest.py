"""The small book of the steps' tests, handled through the command line."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

# Test folders are no packages, so one conftest finds another by its path.
_spec = importlib.util.spec_from_file_location("small_book", Path(__file__).parents[1] / "steps" / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
sys.modules["small_book"] = _module
_spec.loader.exec_module(_module)
emulator, small = _module.emulator, _module.small


@pytest.fixture
def amts(
    small: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """A command on the small book and its service: exit status, standard output, standard error."""
    from amts_tasks import cli
    from amts_tasks.steps import run

    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AMTS_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    # The service's clock goes on instead of ours.
    monkeypatch.setattr(run, "time", SimpleNamespace(sleep=lambda seconds: small.emulator.clock.advance(60)))

    def called(*words: str, endpoint: str | None = None) -> tuple[int, str, str]:
        options = ["--config", str(small.path), "--endpoint", endpoint or small.emulator.url]
        try:
            status = cli.main([*options, *words])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return called
