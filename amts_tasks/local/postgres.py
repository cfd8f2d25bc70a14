"""A PostgreSQL of the stack's own: a cluster in its folder, on loopback, with a password made for it."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from amts_tasks.errors import AmtsError
from amts_tasks.local.component import Component, free_port, write_private

NAME = "postgres"
"""Of the database in options, of the component, of its folder, and of the user it runs as where we are root."""

DRIVERS = ("psycopg2", "asyncpg")
"""Modules Airflow reaches PostgreSQL through; it takes one or the other, by component."""

PACKAGES = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu put the servers, a folder a version; they are not on the search path."""

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # The cluster is made anew at each start of the stack: there is nothing to find again after a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class PostgresError(AmtsError):
    """No PostgreSQL to run, no driver for it, or no cluster that could be made; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """One cluster; `make` it once, then start its component."""

    folder: Path
    """Its data; made, and emptied by whoever clears the stack's folder."""
    port: int = field(default_factory=free_port)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(18))

    @property
    def address(self) -> str:
        """SQLAlchemy's address of its database, password included."""
        return f"postgresql+psycopg2://airflow:{self.password}@127.0.0.1:{self.port}/postgres"

    def make(self, environment: Mapping[str, str]) -> None:
        """Make the cluster; PostgresError when a part is missing, or when it cannot be made."""
        if reason := missing():
            raise PostgresError(reason)
        user = unprivileged()
        self.folder.mkdir(parents=True, mode=0o700)
        secret = self.folder.with_name(f"{NAME}.password")
        write_private(secret, self.password)
        try:
            if user is not None:
                for path in (self.folder, secret):
                    shutil.chown(path, user, user)
            command = [str(server("initdb")), "--pgdata", str(self.folder), "--username", "airflow", "--no-sync"]
            command += ["--pwfile", str(secret), "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale"]
            done = subprocess.run(
                command,
                env=dict(environment),
                cwd="/",
                user=user,
                group=user,
                extra_groups=None if user is None else [],
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            secret.unlink()
        if done.returncode:
            said = (done.stderr or done.stdout).strip()
            if user is not None and "ermission denied" in said:
                said += (
                    f"\nroot may not run PostgreSQL, so it runs as the user {user}, who has to be able to enter every "
                    f"folder above {self.folder}: choose another --folder, such as one below /srv, or be no root"
                )
            raise PostgresError(f"{self.folder}: no PostgreSQL cluster could be made: {said}")

    def component(self, environment: Mapping[str, str], log: Path) -> Component:
        """The server, not yet started."""
        command = [str(server(NAME)), "-D", str(self.folder), "-p", str(self.port)]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        return Component(NAME, command, environment, log, self.folder, user=unprivileged())

    @staticmethod
    def ready(text: str) -> bool:
        """Whether a server that has written this takes connections."""
        return "database system is ready to accept connections" in text


def missing() -> str | None:
    """What is missing to run PostgreSQL here, and how to get it; None when nothing is."""
    try:
        server(NAME)
        unprivileged()
    except PostgresError as error:
        return str(error)
    absent = [module for module in DRIVERS if find_spec(module) is None]
    if absent:
        return (
            f"found no Python module {' and no '.join(absent)}, through which Airflow reaches PostgreSQL; "
            "`make postgres` installs them (requirements-postgres.txt)"
        )
    return None


def server(program: str) -> Path:
    """A program of PostgreSQL's server: the newest of Debian's, else the search path's; PostgresError when none."""
    versions = [path for path in PACKAGES.glob(f"*/bin/{program}") if path.parts[-3].isdecimal()]
    if versions:
        return max(versions, key=lambda path: int(path.parts[-3]))
    if found := shutil.which(program):
        return Path(found)
    raise PostgresError(
        f"found no program {program} of a PostgreSQL server, in {PACKAGES}/VERSION/bin or on the search path; "
        "install one, on Debian and Ubuntu: apt-get install postgresql"
    )


def unprivileged() -> str | None:
    """The user PostgreSQL has to run as: it refuses root. None where we are somebody else already."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(NAME).pw_name
    except KeyError:
        raise PostgresError(
            f"root may not run PostgreSQL, and there is no user {NAME} to run it as; it comes with the server, on "
            "Debian and Ubuntu: apt-get install postgresql"
        ) from None
