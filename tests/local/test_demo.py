"""The demo's own parts: what it clears, reads back and shows; up and down by process ids."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from amts_tasks.local import up
from amts_tasks.local.component import Component, family, running
from amts_tasks.local.demo import clear, shown
from amts_tasks.local.results import branches
from amts_tasks.local.stack import ROOT, Stack

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def git(repository: Path, *words: str, **more: Any) -> str:
    command = ["git", f"--git-dir={repository}", *words]
    return str(subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout).strip()


def test_only_what_a_demo_made_is_cleared(tmp_path: Path) -> None:
    for name in ("airflow/dags", "repos/a.git", "mine"):
        (tmp_path / name).mkdir(parents=True)
    elsewhere = tmp_path / "mine" / "kept"
    elsewhere.write_text("kept")
    (tmp_path / "runs.json").write_text("{}")
    (tmp_path / "mirrors").symlink_to(tmp_path / "mine")
    clear(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]
    assert elsewhere.read_text() == "kept"


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    clear(tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder").is_dir()


def test_the_branches_to_review_are_those_of_amts(tmp_path: Path) -> None:
    repository = tmp_path / "book-zh.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(repository)], check=True)
    who = {f"GIT_{role}_{what}": "a@b.invalid" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    tree = git(repository, "mktree", input="")
    commit = git(repository, "commit-tree", tree, "-m", "Update one\n\nWith a body.", env={**os.environ, **who})
    for branch in ("main", "amts/en-zh/one", "amts/en-zh/two"):
        git(repository, "update-ref", f"refs/heads/{branch}", commit)
    assert branches(tmp_path) == [
        (repository, "amts/en-zh/one", "Update one"),
        (repository, "amts/en-zh/two", "Update one"),
    ]
    assert branches(tmp_path / "none") == []


def test_paths_are_shown_as_one_would_type_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "a" / "b") == "a/b"
    assert shown(Path("/elsewhere")) == "/elsewhere"


def test_down_ends_what_up_left_and_nothing_else(tmp_path: Path) -> None:
    console = Console(width=200)
    with subprocess.Popen(SLEEP) as ours, subprocess.Popen(SLEEP) as stranger:
        created = family(ours.pid)[ours.pid]
        processes = {
            "scheduler": {"pid": ours.pid, "created": created},
            # The id of a server that ended, given to somebody else since.
            "triggerer": {"pid": stranger.pid, "created": 1.0},
        }
        (tmp_path / up.FILE).write_text(json.dumps({"processes": processes}))
        with console.capture() as captured:
            assert up.stop(tmp_path, console=console) == 0
        assert captured.get() == "stopped 1 of 2 servers\n"
        assert ours.wait(20) == -15
        assert stranger.poll() is None
        stranger.kill()
    assert not (tmp_path / up.FILE).exists()
    with console.capture() as captured:
        assert up.stop(tmp_path, console=console) == 0
    assert captured.get().startswith("nothing is running from")


WATCHER = """
import signal, sys, time, psutil
def told(number, frame):
    print(psutil.Process(int(sys.argv[1])).status(), flush=True)
    sys.exit()
signal.signal(signal.SIGTERM, told)
print("ready", flush=True)
time.sleep(600)
"""
"""Says, when it is asked to end, how another process is."""


def test_down_ends_the_database_after_all_who_write_to_it(tmp_path: Path) -> None:
    with subprocess.Popen(SLEEP) as database:
        command = [sys.executable, "-c", WATCHER, str(database.pid)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as scheduler:
            assert scheduler.stdout is not None
            assert scheduler.stdout.readline() == "ready\n"
            started = {"postgres": database.pid, "scheduler": scheduler.pid}
            processes = {name: {"pid": pid, "created": family(pid)[pid]} for name, pid in started.items()}
            (tmp_path / up.FILE).write_text(json.dumps({"processes": processes}))
            assert up.stop(tmp_path, console=Console(quiet=True)) == 0
            assert scheduler.stdout.readline() == "sleeping\n"
        assert database.wait(20) == -15


def test_so_does_the_stack(tmp_path: Path) -> None:
    stack = Stack(tmp_path, tmp_path, tmp_path, tmp_path)

    def component(name: str, *command: str) -> Component:
        return Component(name, [sys.executable, "-c", *command], os.environ, tmp_path / f"{name}.log", tmp_path)

    stack.components["postgres"] = database = component("postgres", SLEEP[-1])
    database.start()
    stack.components["scheduler"] = scheduler = component("scheduler", WATCHER, str(database.pid))
    scheduler.start()
    while "ready" not in scheduler.text():
        scheduler.require_alive()
    stack.stop()
    assert scheduler.text() == "ready\nsleeping\n"
    assert not database.alive()
    assert stack.components == {}


def test_up_tells_again_where_a_running_one_is(tmp_path: Path) -> None:
    console = Console(width=200, highlight=False)
    with subprocess.Popen(SLEEP) as server:
        left = {
            "url": "http://127.0.0.1:1",
            "login": "admin",
            "password": "secret",
            "endpoint": "http://127.0.0.1:2",
            "processes": {"scheduler": {"pid": server.pid, "created": family(server.pid)[server.pid]}},
        }
        (tmp_path / up.FILE).write_text(json.dumps(left))
        with console.capture() as captured:
            assert up.start(None, tmp_path, console=console) == 0
        assert captured.get().splitlines() == [
            "Airflow already running: http://127.0.0.1:1  login admin  password secret",
            "emulator: http://127.0.0.1:2",
        ]
        assert running(up.processes(left))
        server.kill()


def test_make_help_names_every_word() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    words = [line.split()[1] for line in done.stdout.splitlines()]
    assert {"setup", "demo", "test", "lint", "bench", "up", "down"} <= set(words)
