"""The emulator as a server: in this process for tests (``Emulator``), as a program of its own (``serve``)."""

from __future__ import annotations

import contextlib
import json
import logging
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self
from urllib.request import urlopen

import boto3
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from amts_tasks.emulator import control, jobs, roles
from amts_tasks.emulator.application import Application, settle
from amts_tasks.emulator.clock import Clock
from amts_tasks.emulator.engines import EngineRoom
from amts_tasks.emulator.service import Service
from amts_tasks.emulator.switches import Switches

_RUNNING = threading.Lock()


class _Handler(MotoRequestHandler):
    """moto's request handler without a line a request on standard error."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing: the calls are in the call log."""


class Emulator:
    """Amazon Translate and moto's S3 on one loopback port, as a context manager.

    ``state``: folder that keeps everything (default: a temporary one); ``port``: 0 takes a free one; ``import_seconds``
    and ``job_seconds``: how long an import and a job take by the clock; ``engine``: see ``ENGINE_NAMES``; ``seed``: of
    the job ids. One at a time in a process, because moto's S3 is one in a process: a second one raises RuntimeError.
    """

    def __init__(
        self,
        state: Path | str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        import_seconds: float = 0.0,
        job_seconds: float = 0.0,
        engine: str = "auto",
        seed: int = 0,
        *,
        clock: Clock | None = None,
        switches: Switches | None = None,
        faults: Iterable[Mapping[str, Any]] = (),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.clock = clock or Clock()
        self.url = ""
        """Endpoint URL, once it runs."""
        self._state = Path(state) if state is not None else None
        self._place = (host, port)
        self._seconds = (import_seconds, job_seconds)
        self._engines = EngineRoom(engine)
        self._switches = switches or Switches()
        self._seed = seed
        self._faults = tuple(faults)
        self._sleep = sleep
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        if not _RUNNING.acquire(blocking=False):
            raise RuntimeError(
                "an emulator is running in this process already; stop it first, or start one with `serve`"
            )
        with contextlib.ExitStack() as stack:
            stack.callback(_RUNNING.release)
            folder = self._state or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="amts-emulator-")))
            folder.mkdir(parents=True, exist_ok=True)
            service = Service(folder, self.clock, self._switches, self._engines, *self._seconds, self._seed)
            stack.callback(self._engines.close)
            stack.callback(service.worker.close)
            service.sleep = self._sleep
            service.faults.order(self._faults)
            service.buckets.load()
            stack.callback(service.buckets.forget)
            stack.callback(roles.forget)

            def catch_up() -> None:
                _catch_up(service)

            self.clock.listen(catch_up)
            stack.callback(self.clock.forget, catch_up)
            self.service = service
            server = make_server(*self._place, Application(service), threaded=True, request_handler=_Handler)
            stack.callback(server.server_close)
            thread = threading.Thread(
                target=server.serve_forever, args=(0.02,), name="amts-emulator-server", daemon=True
            )
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            host = self._place[0]
            self.url = f"http://{f'[{host}]' if ':' in host else host}:{server.server_port}"
            settle(service)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def calls(self) -> list[dict[str, Any]]:
        """The call log, as ``GET /_amts/calls`` gives it."""
        with urlopen(f"{self.url}/_amts/calls") as answer:  # noqa: S310  (our own loopback server)
            calls: list[dict[str, Any]] = json.load(answer)
        return calls

    def costs(self) -> dict[str, Any]:
        """What calls and jobs would have cost, as ``GET /_amts/costs`` gives it."""
        return control.bill(self.service)

    def client(self, service: str, region: str = "us-east-1", **options: Any) -> Any:
        """A boto3 client that talks to this emulator, with credentials it takes."""
        given: dict[str, Any] = {"aws_access_key_id": "emulator", "aws_secret_access_key": "emulator"} | options
        session: Any = boto3.Session(region_name=region)
        return session.client(service, endpoint_url=self.url, **given)

    def wait(self) -> None:
        """Returns when the work of every running job is done, and brings the states level with the clock."""
        _catch_up(self.service, everything=True)


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    state: Path | str | None = None,
    import_seconds: float = 2.0,
    job_seconds: float = 3.0,
    engine: str = "auto",
    seed: int = 0,
    switches: Switches | None = None,
    faults: Iterable[Mapping[str, Any]] = (),
) -> int:
    """Runs until SIGTERM or SIGINT; the first line on standard output is ``ready URL``; returns the exit code 0."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    more: dict[str, Any] = {"switches": switches, "faults": faults}
    with Emulator(state, host, port, import_seconds, job_seconds, engine, seed, **more) as emulator:
        sys.stdout.write(f"ready {emulator.url}\n")
        sys.stdout.flush()
        stopped.wait()
    return 0


def _catch_up(service: Service, everything: bool = False) -> None:
    """Waits for the work of every job that is due by the clock (or of all), then brings the states level."""
    while True:
        settle(service, wait=True)
        now = service.clock.now()
        with service.lock:
            waiting = [
                job.id
                for held in service.queue.running.values()
                for job in held.values()
                if job.status == "IN_PROGRESS"
                and (everything or now >= jobs.due(service, job))
                and service.worker.outcome(job.id) is None
            ]
        if not waiting:
            settle(service, wait=True)
            return
        service.worker.wait(waiting[0])
        service.agenda.touch()
