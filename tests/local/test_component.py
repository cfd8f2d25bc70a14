"""Server processes: their logs, their ends, and what they leave behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from amts_tasks.local.component import Component, ComponentError, end, family, free_port, plain_environment, running

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
print("child", child.pid, flush=True)
time.sleep(600)
"""


def component(tmp_path: Path, code: str) -> Component:
    return Component(
        "server", [sys.executable, "-c", code], dict(os.environ), tmp_path / "logs" / "server.log", tmp_path
    )


def until(what: Callable[[], object], seconds: float = 20.0) -> None:
    last = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < last
        time.sleep(0.02)


def test_one_that_ended_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    server = component(tmp_path, "import sys; [print('line', n) for n in range(40)]; sys.exit(3)")
    server.start()
    until(lambda: not server.alive())
    with pytest.raises(ComponentError) as caught:
        server.require_alive()
    lines = str(caught.value).split("\n")
    assert lines[0] == f"server ended with exit code 3; the end of {server.log}:"
    assert lines[1:] == [f"    line {number}" for number in range(25, 40)]


def test_one_that_said_nothing(tmp_path: Path) -> None:
    server = component(tmp_path, "")
    server.start()
    until(lambda: not server.alive())
    with pytest.raises(ComponentError, match="nothing was written"):
        server.require_alive()


def test_stopping_ends_what_it_started_even_in_another_session(tmp_path: Path) -> None:
    server = component(tmp_path, PARENT)
    server.start()
    until(lambda: "child" in server.text())
    child = int(server.text().split()[1])
    server.stop()
    assert not server.alive()
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


def test_killing_is_remembered_children_included(tmp_path: Path) -> None:
    server = component(tmp_path, PARENT)
    server.start()
    until(lambda: "child" in server.text())
    server.kill()
    assert server.process is not None
    assert server.process.returncode == -9
    assert not running(server.family)


def test_one_that_ignores_the_signal_is_killed_after_the_patience(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    server = component(tmp_path, code)
    server.start()
    until(lambda: "deaf" in server.text())
    server.ask()
    assert server.alive()
    for process in running(server.family):
        process.kill()
    server.stop(patience=1)
    assert not server.alive()


def test_a_restart_reads_only_its_own_lines(tmp_path: Path) -> None:
    server = component(tmp_path, "import os; print(os.getpid())")
    server.start()
    until(lambda: not server.alive())
    first = server.text()
    server.start()
    until(lambda: not server.alive())
    assert server.text() != first
    assert server.log.read_text() == first + server.text()


def test_an_id_that_was_given_away_is_left_alone() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as other:
        end(dict.fromkeys(family(other.pid), 1.0))
        assert other.poll() is None
        end(family(other.pid))
        assert other.wait(20) == -15


def test_the_developers_own_settings_do_not_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AIRFLOW_HOME", "AIRFLOW__CORE__EXECUTOR", "AMTS_CONFIG"):
        monkeypatch.setenv(name, "mine")
    monkeypatch.setenv("AMTS_D2L_DATA", "kept")
    environment = plain_environment()
    assert "mine" not in environment.values()
    assert environment["AMTS_D2L_DATA"] == "kept"


def test_a_free_port_can_be_bound() -> None:
    assert 1024 < free_port() < 65536
