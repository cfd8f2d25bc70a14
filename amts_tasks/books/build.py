"""The book's own build, run on a tree before it is published.

The command and all that it calls belong to the book: it runs as the user of the worker, with none of that user's
variables but the search path, language and time zone, in a folder that is thrown away.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from amts_tasks.books.repository import git

KEPT = ("PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables that a build is given; its HOME and TMPDIR are thrown away with the tree."""
_LINES, _BYTES = 10, 65_536
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Built:
    """How a build ended."""

    passed: bool
    how: str
    """In a few words: `passed`, `ended with 2`, `not over after 30 minutes`."""
    lines: tuple[str, ...] = ()
    """The last lines that it printed, at most ten, without colours."""


def build(repository: Path, tree: str, command: Sequence[str], minutes: float, *, root: str = "") -> Built:
    """Runs a command in a checkout of a tree, in the book's root; without a shell.

    What it started is ended with it. A command that is not there has not passed.
    """
    with tempfile.TemporaryDirectory(prefix="amts-build-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for part in ("tree", "home", "tmp"):
            (folder / part).mkdir()
        index = {"GIT_INDEX_FILE": str(folder / "index")}
        git(repository, "read-tree", tree, environment=index)
        options = (f"--work-tree={folder / 'tree'}", "-c", "core.bare=false")
        git(repository, "checkout-index", "--all", "--quiet", environment=index, options=options)
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        kept |= {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")}
        return _run(command, folder / "tree" / root, kept, minutes)


def _run(command: Sequence[str], folder: Path, environment: dict[str, str], minutes: float) -> Built:
    try:
        started = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return Built(False, f"could not be started: {error.strerror or error}")
    last = bytearray()
    assert started.stdout is not None  # noqa: S101 - it is a pipe
    reader = threading.Thread(target=_read, args=(started.stdout, last), daemon=True)
    reader.start()
    try:
        code = started.wait(minutes * 60)
        passed, how = code == 0, "passed" if code == 0 else f"ended with {code}"
    except subprocess.TimeoutExpired:
        passed, how = False, f"not over after {minutes:g} minutes"
    finally:
        # What it left running holds its output open, and the folder.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        reader.join(10)
    text = _CONTROL.sub("", bytes(last).decode("utf-8", "replace").replace("\r", "\n"))
    lines = [line.rstrip()[:300] for line in text.splitlines() if line.strip()]
    return Built(passed, how, tuple(lines[-_LINES:]))


def _read(pipe: IO[bytes], last: bytearray) -> None:
    with pipe:
        while chunk := pipe.read1(8_192):  # type: ignore[attr-defined]
            last += chunk
            del last[:-_BYTES]
