"""A PostgreSQL of our own: made, reached with its password only, stopped; and told about where it is missing."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from amts_tasks.local import postgres
from amts_tasks.local.component import Component, plain_environment, running
from amts_tasks.local.postgres import Postgres, PostgresError, missing
from amts_tasks.local.stack import ROOT, Stack

needed = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own: PostgreSQL is another user where we are root, and has to get there."""
    made = Path(tempfile.mkdtemp(prefix="amts-postgres-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def started(cluster: Postgres, folder: Path) -> Component:
    cluster.make(plain_environment())
    server = cluster.component(plain_environment(), folder / "logs" / "postgres.log")
    server.start()
    last = time.monotonic() + 60
    while not cluster.ready(server.text()):
        server.require_alive()
        assert time.monotonic() < last
        time.sleep(0.05)
    return server


@needed
def test_a_cluster_on_loopback_that_wants_its_password(folder: Path) -> None:
    import psycopg2  # type: ignore[import-untyped,unused-ignore]

    cluster = Postgres(folder / "postgres")
    server = started(cluster, folder)
    try:
        place = {"host": "127.0.0.1", "port": cluster.port, "user": "airflow", "dbname": "postgres"}
        with psycopg2.connect(password=cluster.password, **place) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_setting('server_encoding')")
            assert cursor.fetchone() == ("airflow", "UTF8")
        connection.close()
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(password="another", **place)
        process = psutil.Process(server.pid)
        assert {one.laddr.ip for one in process.net_connections("inet") if one.status == "LISTEN"} == {"127.0.0.1"}
        assert process.uids().effective != 0
        # Neither in the command line nor in a file that is left.
        assert cluster.password not in " ".join(process.cmdline())
        assert sorted(path.name for path in folder.iterdir()) == ["logs", "postgres"]
        server.look()
        family = dict(server.family)
    finally:
        server.stop()
    assert running(family) == []


@needed
@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as somebody else")
def test_a_folder_that_its_user_cannot_reach_is_told(folder: Path) -> None:
    folder.chmod(0o700)
    with pytest.raises(PostgresError, match=r"(?s)no PostgreSQL cluster could be made.*choose another --folder"):
        Postgres(folder / "postgres").make(plain_environment())
    assert not (folder / "postgres.password").exists()


def test_a_server_that_is_missing_is_told_with_debians_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PACKAGES", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt-get install postgresql" in str(missing())
    with pytest.raises(PostgresError, match="found no program postgres"):
        Stack(tmp_path / "stack", tmp_path, tmp_path, tmp_path, emulator=None, database="postgres").start()


def test_the_newest_of_debians_servers_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("9", "15", "13", "old"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "initdb").touch()
    monkeypatch.setattr(postgres, "PACKAGES", tmp_path)
    assert postgres.server("initdb") == tmp_path / "15" / "bin" / "initdb"


def test_a_driver_that_is_missing_is_told_with_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "15" / "bin").mkdir(parents=True)
    (tmp_path / "15" / "bin" / "postgres").touch()
    monkeypatch.setattr(postgres, "PACKAGES", tmp_path)
    monkeypatch.setattr(postgres, "DRIVERS", ("json", "no_such_driver"))
    user = pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.setattr(postgres, "unprivileged", lambda: user)
    assert str(missing()).startswith("found no Python module no_such_driver,")
    assert "make postgres" in str(missing())
    assert importlib.util.find_spec("json")


def test_the_drivers_are_those_of_the_image() -> None:
    wanted, image = (
        dict(re.findall(r"^([a-z0-9-]+)==([^ \\;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in ("requirements-postgres.txt", "requirements-celery.txt")
    )
    assert sorted(wanted) == ["asyncpg", "psycopg2-binary"]
    assert {name: image[name] for name in wanted} == wanted
