"""The book's own build on a checkout."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from amts_tasks.books.branches import tree_of
from amts_tasks.books.build import build

Repository = Any


@pytest.fixture
def tree(tmp_path: Path) -> tuple[Path, str]:
    import subprocess

    work = tmp_path / "work"
    (work / "src").mkdir(parents=True)
    (work / "src" / "a.md").write_text("# A\n", "utf-8")
    (work / "src" / "中.md").write_text("# 中\n", "utf-8")
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", "-C", work, *who, *arguments], check=True, capture_output=True)
    subprocess.run(["git", "clone", "-q", "--bare", work, tmp_path / "bare.git"], check=True, capture_output=True)
    return tmp_path / "bare.git", tree_of(tmp_path / "bare.git", "HEAD")


def shell(text: str) -> list[str]:
    return ["sh", "-c", text]


def test_it_runs_in_the_books_root_with_none_of_our_variables(
    tree: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMTS_FORGE_TOKEN", "s3cret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    built = build(*tree, shell("cat a.md 中.md && touch made && env && echo $0 done"), 1, root="src")
    assert built.passed
    assert built.how == "passed"
    text = "\n".join(built.lines)
    assert "s3cret" not in text
    assert "HOME=" in text
    assert built.lines[-1].endswith("done")
    assert os.environ["HOME"] not in [line.removeprefix("HOME=") for line in built.lines]


def test_a_failing_one_tells_its_last_lines_without_colours(tree: tuple[Path, str]) -> None:
    built = build(*tree, shell("seq 1 30; printf '\\033[31mno such label\\033[0m\\n' >&2; exit 3"), 1)
    assert (built.passed, built.how) == (False, "ended with 3")
    assert built.lines[-1] == "no such label"
    assert len(built.lines) == 10


def test_a_command_is_no_line_for_a_shell(tree: tuple[Path, str]) -> None:
    built = build(*tree, ["echo", "a; exit 1", "$HOME"], 1)
    assert built.passed
    assert built.lines == ("a; exit 1 $HOME",)
    gone = build(*tree, ["no-such-command-here"], 1)
    assert not gone.passed
    assert gone.how.startswith("could not be started: ")


def test_one_that_does_not_end_is_ended_with_all_that_it_started(tree: tuple[Path, str]) -> None:
    began = time.monotonic()
    built = build(*tree, shell("echo begun; sleep 600 & sleep 600"), 0.01)
    assert (built.passed, built.how, built.lines) == (False, "not over after 0.01 minutes", ("begun",))
    left = build(*tree, shell("sleep 600 & echo passed"), 1)
    assert left.passed
    assert time.monotonic() - began < 60


def test_endless_output_takes_no_room(tree: tuple[Path, str]) -> None:
    built = build(*tree, shell("yes 0123456789 | head -c 20000000; echo; echo end"), 1)
    assert built.passed
    assert built.lines[-1] == "end"
