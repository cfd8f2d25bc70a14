"""Small repositories made by git itself, with dates one can read: commit n is of 2024-01-n unless it says otherwise."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest


def january(day: int, hour: int = 0) -> datetime:
    """An instant in the month in which all of this happens."""
    return datetime(2024, 1, day, hour, tzinfo=UTC)


@dataclass
class Upstream:
    """A repository with a work tree, as its authors use it."""

    path: Path
    days: int = field(default=0)

    def git(self, *arguments: str, day: int = 1) -> str:
        date = f"@{int(january(day).timestamp())} +0000"
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.path), "GIT_CONFIG_NOSYSTEM": "1"}
        for role in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{role}_NAME": "Ada", f"GIT_{role}_EMAIL": "ada@example.org", f"GIT_{role}_DATE": date}
        done = subprocess.run(["git", *arguments], cwd=self.path, env=environment, capture_output=True, check=True)
        return done.stdout.decode().strip()

    def commit(self, files: Mapping[str, bytes | str | None], *, day: int | None = None, message: str = "") -> str:
        self.days = day or self.days + 1
        for name, content in files.items():
            file = self.path / name
            if content is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message or f"day {self.days}", day=self.days)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def upstream(tmp_path: Path) -> Upstream:
    path = tmp_path / "upstream"
    path.mkdir()
    made = Upstream(path)
    made.git("init", "--quiet", "--initial-branch=trunk")
    return made


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"
