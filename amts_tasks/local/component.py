"""One server process with its log, stopped with everything it started."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from amts_tasks.errors import AmtsError

LAST_LINES = 15
"""How many lines of a dead component's log its error quotes."""

PATIENCE = 3.0
"""Seconds a server is given to end. Airflow's triggerer and API server would wait ten for connections nobody closes;
the database keeps what was done, and a task that is cut off is run again."""


class ComponentError(AmtsError):
    """A server ended, or did not get ready in time; the message quotes the end of its log."""


@dataclass(slots=True)
class Component:
    """A server of the local stack; `start`, then `stop` or `kill`, then perhaps `start` again."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    """Standard output and error, appended to over restarts."""
    folder: Path
    """The process' working directory."""
    user: str | None = None
    """Whose rights the process has, where we are root and it may not be; None: ours."""
    process: subprocess.Popen[bytes] | None = None
    asked: bool = False
    """Whether the present process was asked to end."""
    log_from: int = 0
    """Where in the log the present process' lines begin, in bytes."""
    family: dict[int, float] = field(default_factory=dict)
    """Process ids seen under this component with their creation times (seconds since the epoch): an id alone may be
    somebody else's by now."""

    def start(self) -> None:
        """Start the process in a session of its own, so that a Ctrl-C at the terminal reaches only whoever stops it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.log_from = log.tell()
            self.asked = False
            self.process = subprocess.Popen(
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                cwd=self.folder,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
                start_new_session=True,
            )
        self.look()

    @property
    def pid(self) -> int | None:
        """The process id, None before the first start."""
        return self.process.pid if self.process else None

    def alive(self) -> bool:
        """Whether the process was started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def look(self) -> None:
        """Remember which processes now stand under this one, for the day it dies and they do not."""
        if self.pid is not None:
            self.family |= family(self.pid)

    def text(self) -> str:
        """What the present process has written so far."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(self.log_from)
            return log.read().decode("utf-8", "replace")

    def require_alive(self) -> None:
        """Raise ComponentError with the last lines of the log when the process has ended."""
        if not self.alive():
            code = self.process.poll() if self.process else None
            raise self.failure(f"ended with exit code {code}")

    def failure(self, what: str) -> ComponentError:
        """An error that says what happened and quotes the end of the log."""
        lines = [line for line in self.text().splitlines() if line.strip()][-LAST_LINES:]
        quoted = "".join(f"\n    {line}" for line in lines) or "\n    (nothing was written)"
        return ComponentError(f"{self.name} {what}; the end of {self.log}:{quoted}")

    def ask(self) -> None:
        """Ask the process to end, once: a second signal tells some servers to drop what they are doing."""
        self.look()
        if self.process is not None and self.alive() and not self.asked:
            self.process.terminate()
            self.asked = True

    def stop(self, patience: float = PATIENCE) -> None:
        """Ask the process to end, wait for it (seconds), then end what is left of it and of what it started."""
        self.ask()
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        end(self.family, patience=0.5)
        if self.process is not None:
            self.process.wait()

    def kill(self) -> None:
        """Kill the process and all it started at once, as a machine that loses power would."""
        self.look()
        end(self.family, patience=0.0)
        if self.process is not None:
            self.process.wait()


def family(pid: int) -> dict[int, float]:
    """The process and everything under it: id and creation time."""
    found: dict[int, float] = {}
    try:
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            found[process.pid] = process.create_time()
    except psutil.NoSuchProcess:
        pass
    return found


def end(processes: Mapping[int, float], patience: float = 2.0) -> None:
    """End exactly these processes: TERM, `patience` seconds, KILL; an id that was given away since is left alone."""
    for number, last in ((signal.SIGTERM, False), (signal.SIGKILL, True)):
        if number is signal.SIGTERM and patience <= 0:
            continue
        left = running(processes)
        if not left:
            return
        for process in left:
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue
        # Not psutil's own wait: it would take the exit code from the Popen that a child of ours belongs to.
        until = time.monotonic() + (5.0 if last else patience)
        while running(processes) and time.monotonic() < until:
            time.sleep(0.02)


def running(processes: Mapping[int, float]) -> list[psutil.Process]:
    """Those of the processes that still run and are still the same ones."""
    left = []
    for pid, created in processes.items():
        try:
            process = psutil.Process(pid)
            if abs(process.create_time() - created) < 0.01 and process.status() != psutil.STATUS_ZOMBIE:
                left.append(process)
        except psutil.NoSuchProcess:
            continue
    return left


def free_port() -> int:
    """A port on loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner can read."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def plain_environment() -> dict[str, str]:
    """This process' environment without the developer's own AWS and Airflow settings, which must not leak in."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AIRFLOW_", "AMTS_CONFIG"))
    }
