"""The local stack: the emulator and Airflow's components, started one by one, watched, and stopped together."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import psutil

from amts_tasks.errors import AmtsError
from amts_tasks.local.component import PATIENCE, Component, family, free_port, plain_environment, write_private
from amts_tasks.local.environment import airflow_environment, connection, connection_variable, new_secrets, passwords
from amts_tasks.local.interrupt import interruptible, uninterrupted
from amts_tasks.local.postgres import NAME, Postgres
from amts_tasks.local.rest import Airflow, RefusedError
from amts_tasks.local.service import EmulatorOptions, command, make_bucket, ready_address

ROOT = Path(__file__).resolve().parents[2]
"""The repository: dags/, plugins/ and examples/ stand in it."""

AIRFLOW: Mapping[str, tuple[str, ...]] = {
    # Logs are files on this machine: the servers that hand them to other machines would listen on every address.
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
"""Airflow's components and their command lines, in the order they are started."""

HEALTH: Mapping[str, tuple[str, str]] = {
    "scheduler": ("scheduler", "latest_scheduler_heartbeat"),
    "dag-processor": ("dag_processor", "latest_dag_processor_heartbeat"),
    "triggerer": ("triggerer", "latest_triggerer_heartbeat"),
}
"""Component → what the health page calls it, and its heartbeat."""

POOLS: Mapping[str, tuple[int, str]] = {
    "amts_import": (1, "parallel-data imports: the account allows one at a time"),
    "amts_jobs": (10, "batch translation jobs: the account allows ten at a time"),
}
"""Pools made at start: slots and description."""


class StackError(AmtsError):
    """The stack did not get ready in time, or its DAG files cannot be parsed."""


@dataclass(slots=True)
class Stack:
    """A context manager: entering starts everything and waits until it is ready, leaving stops all it started."""

    folder: Path
    """Where everything is kept: `airflow/` (home), `logs/`, `emulator/` (state)."""
    dags: Path
    plugins: Path
    working: Path
    """The working directory of all processes."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Further variables for Airflow's components, such as AMTS_CONFIG."""
    emulator: EmulatorOptions | None = field(default_factory=EmulatorOptions)
    """None: no emulator; the AWS connection is then the caller's to give."""
    database: str = "sqlite"
    """What Airflow keeps its state in: `sqlite`, or `postgres`, a cluster of the stack's own."""
    conn_id: str = "aws_default"
    region: str = "us-east-1"
    bucket: str | None = None
    """A bucket to make in the emulator's S3."""
    expected: frozenset[str] = frozenset()
    """DAGs that must be there before the stack is ready."""
    preload: tuple[str, ...] = ("amts_tasks.provider.dag", "amts_tasks.provider.hook", "amts_tasks.steps")
    """Modules the scheduler imports before it forks the workers: else every task imports them, seconds each time."""
    parallelism: int = 8
    """Tasks that run at once; a deferred one does not count."""
    schedule: bool = True
    """Whether cron schedules start runs by themselves; an unpaused DAG would begin with a late run of last night."""
    timeout: float = 300.0
    """Seconds until every phase must be done."""
    say: Callable[[str], None] = print
    components: dict[str, Component] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)
    """Seconds each phase of the start took."""
    endpoint: str | None = None
    """The emulator's address."""
    api: Airflow = field(default_factory=lambda: Airflow("", "", ""))
    variables: dict[str, str] = field(default_factory=dict)
    """The environment Airflow's components were given."""
    began: float = 0.0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Airflow's address."""
        return self.api.url

    def start(self) -> None:
        """Start everything; when anything fails, stop what was started and raise."""
        self.began = time.monotonic()
        try:
            with interruptible():
                self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        home = self.folder / "airflow"
        home.mkdir(parents=True, exist_ok=True)
        secrets = new_secrets()
        port = free_port()
        self.api = Airflow(f"http://127.0.0.1:{port}", "admin", secrets.password)
        write_private(home / "passwords.json", json.dumps(passwords(secrets)))
        database = self._start_postgres() if self.database == NAME else None
        self.variables = plain_environment() | airflow_environment(
            home=home,
            port=port,
            dags=self.dags,
            plugins=self.plugins,
            secrets=secrets,
            database=database,
            parallelism=self.parallelism,
            schedule=self.schedule,
        )
        self.variables |= self.environment
        migrate = self._component("migrate", airflow(["db", "migrate"]))
        migrate.start()
        if self.emulator is not None:
            self._start_emulator(self.emulator)
        with self._phase("database"):
            self._wait(lambda: not migrate.alive(), "the database was not migrated", watch=False)
            if migrate.process is None or migrate.process.returncode != 0:
                migrate.require_alive()
        del self.components["migrate"]
        with self._phase("components"):
            for name, words in AIRFLOW.items():
                self._component(name, airflow(words, self.preload if name == "scheduler" else ())).start()
            self._wait(lambda: not self.unhealthy(), lambda: f"not healthy: {', '.join(self.unhealthy())}")
        with self._phase("dags"):
            self.api.log_in()
            for pool, (slots, description) in POOLS.items():
                self.api.set_pool(pool, slots, description)
            self._wait(self.parsed, lambda: f"DAGs are missing: {', '.join(sorted(self._missing()))}")

    def _start_postgres(self) -> str:
        with self._phase(NAME):
            postgres = Postgres(self.folder / NAME)
            postgres.make(plain_environment())
            server = postgres.component(plain_environment(), self.folder / "logs" / f"{NAME}.log")
            self.components[NAME] = server
            server.start()
            self._wait(lambda: postgres.ready(server.text()), "PostgreSQL did not get ready")
        return postgres.address

    def _start_emulator(self, options: EmulatorOptions) -> None:
        with self._phase("emulator"):
            state = self.folder / "emulator"
            state.mkdir(parents=True, exist_ok=True)
            emulator = self._component("emulator", command(options, state))
            emulator.start()
            self._wait(lambda: ready_address(emulator.text()) is not None, "the emulator did not get ready")
            self.endpoint = ready_address(emulator.text())
            if self.endpoint is None:
                raise emulator.failure("gave no address")
            self.variables[connection_variable(self.conn_id)] = connection(self.endpoint, self.region)
            if self.bucket is not None:
                make_bucket(self.endpoint, self.bucket, self.region)

    def _component(self, name: str, command: Sequence[str]) -> Component:
        component = Component(name, command, self.variables, self.folder / "logs" / f"{name}.log", self.working)
        self.components[name] = component
        return component

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.phases[name] = time.monotonic() - began
        self.say(f"{name}: {self.phases[name]:.1f} s")

    def _wait(self, done: Callable[[], bool], complaint: str | Callable[[], str], *, watch: bool = True) -> None:
        last = time.monotonic() + self.timeout
        while not done():
            if watch:
                self.require_alive()
            if time.monotonic() > last:
                what = complaint if isinstance(complaint, str) else complaint()
                raise StackError(f"{what} after {self.timeout:g} s; logs are in {self.folder / 'logs'}")
            time.sleep(0.1)

    def require_alive(self) -> None:
        """Raise ComponentError, quoting its log, when a component has ended; nothing is restarted silently."""
        for component in list(self.components.values()):
            if component.name != "migrate":
                component.require_alive()

    def unhealthy(self) -> list[str]:
        """The components Airflow's health page does not call healthy since they were last started."""
        try:
            health = self.api.health()
        except (OSError, RefusedError):
            return ["api-server"]
        return [name for name in HEALTH if not self._fresh(name, health)]

    def _fresh(self, name: str, health: Mapping[str, Any]) -> bool:
        title, key = HEALTH[name]
        component = self.components[name]
        state = health.get(title) or {}
        beat = state.get(key)
        if component.pid is None or state.get("status") != "healthy" or beat is None:
            return False
        # The heartbeat of one that was killed stays young for a while: only one from after the start counts.
        return datetime.fromisoformat(beat).timestamp() >= component.family.get(component.pid, 0.0)

    def _missing(self) -> set[str]:
        return set(self.expected) - self.api.dag_ids()

    def parsed(self) -> bool:
        """Whether all expected DAGs are there; StackError, quoting the traces, when a DAG file cannot be parsed."""
        if errors := self.api.import_errors():
            told = "\n".join(f"{error['filename']}:\n{error['stack_trace']}" for error in errors)
            raise StackError(f"DAG files cannot be parsed:\n{told}")
        return not self._missing()

    def kill(self, name: str) -> None:
        """Kill a component and all it started with SIGKILL, without a chance to tidy up."""
        self.components[name].kill()

    def restart(self, name: str, *, wait: bool = True) -> None:
        """Start a component that was killed or stopped (a running one is killed first); wait until it is healthy."""
        component = self.components[name]
        if component.alive():
            component.kill()
        component.start()
        if wait:
            self._wait(lambda: name not in self.unhealthy(), f"{name} did not get healthy again")

    def task_processes(self, dag_id: str, run_id: str, task_id: str) -> list[int]:
        """Process ids of a running task: the worker that supervises it and the task itself, which bear its id as title.

        To kill all of them is to lose the machine it ran on: Airflow notices by the missing heartbeat
        (`[scheduler] task_instance_heartbeat_timeout`). To kill the last one only is to crash the task.
        """
        scheduler = self.components["scheduler"].pid
        ids = [one["id"] for one in self.api.task_instances(dag_id, run_id) if one["task_id"] == task_id]
        found = []
        for pid in sorted(family(scheduler)) if scheduler is not None else ():
            with suppress(psutil.Error):
                title = " ".join(psutil.Process(pid).cmdline())
                if any(one in title for one in ids):
                    found.append(pid)
        return found

    def memory(self) -> int:
        """Bytes all processes of the stack take, shared pages counted once (PSS); RSS where that is unknown."""
        total = 0
        for component in self.components.values():
            component.look()
            for pid in component.family:
                try:
                    full = psutil.Process(pid).memory_full_info()
                except psutil.Error:
                    continue
                total += getattr(full, "pss", None) or full.rss
        return total

    def stop(self) -> None:
        """Stop everything this stack started, last first; a second call does nothing."""
        with uninterrupted():
            # The database alone and last: the others write to it until their end.
            database = [self.components.pop(NAME)] if NAME in self.components else []
            for components in (list(self.components.values())[::-1], database):
                for component in components:
                    component.ask()
                until = time.monotonic() + PATIENCE
                for component in components:
                    component.stop(max(0.0, until - time.monotonic()))
            self.components.clear()


def airflow(words: Sequence[str], preload: Sequence[str] = ()) -> list[str]:
    """Airflow's command line with this interpreter, some modules imported first."""
    code = "".join(f"import {module}; " for module in preload) + "from airflow.__main__ import main; main()"
    return [sys.executable, "-c", code, *words] if preload else [sys.executable, "-m", "airflow", *words]
