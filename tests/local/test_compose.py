"""docker-compose.yaml and the Dockerfile, against the rest of the repository: what can be told without Docker."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from amts_tasks.cli import parser
from amts_tasks.local.environment import airflow_environment, new_secrets
from amts_tasks.local.stack import AIRFLOW, POOLS, ROOT

COMPOSE = ROOT / "docker-compose.yaml"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return loaded


def test_every_component_has_a_service(compose: dict[str, Any]) -> None:
    assert {*AIRFLOW, "worker", "init", "postgres", "redis", "emulator"} <= set(compose["services"])


def test_what_is_waited_for_is_there_and_can_be_waited_for(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for needed, how in (service.get("depends_on") or {}).items():
            condition = how["condition"]
            assert condition in {"service_healthy", "service_completed_successfully"}, name
            assert condition != "service_healthy" or "healthcheck" in compose["services"][needed], needed


def test_volumes_are_declared_and_used(compose: dict[str, Any]) -> None:
    used = {volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", ())}
    assert used == set(compose["volumes"])


def test_ports_are_published_on_loopback_only(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    for name, value in compose["x-airflow"]["environment"].items():
        if re.search(r"SECRET|FERNET|SQL_ALCHEMY_CONN|RESULT_BACKEND", name):
            assert "${AMTS_" in value, name
            assert ":?" in value, name


def test_the_connection_is_json_and_points_at_the_emulator(compose: dict[str, Any]) -> None:
    connection = json.loads(compose["x-airflow"]["environment"]["AIRFLOW_CONN_AWS_DEFAULT"])
    port = compose["services"]["emulator"]["command"][compose["services"]["emulator"]["command"].index("--port") + 1]
    for service in ("translate", "s3", "sts"):
        assert connection["extra"]["service_config"][service]["endpoint_url"] == f"http://emulator:{port}"


def test_init_makes_the_pools_of_the_local_stack(compose: dict[str, Any]) -> None:
    script = compose["services"]["init"]["command"][-1]
    made = [shlex.split(line)[3:] for line in script.splitlines() if "pools set" in line]
    assert made == [[name, str(slots), words, "--include-deferred"] for name, (slots, words) in POOLS.items()]


@pytest.mark.parametrize("service", ["emulator", "amts_bucket"])
def test_the_commands_of_ours_are_understood(compose: dict[str, Any], service: str) -> None:
    program, *words = compose["services"][service]["command"]
    assert program == "amts"
    parser().parse_args(words)


def test_every_setting_of_airflow_exists(compose: dict[str, Any]) -> None:
    (airflow,) = importlib.util.find_spec("airflow").submodule_search_locations  # type: ignore[union-attr, misc]
    known = yaml.safe_load((Path(airflow) / "config_templates" / "config.yml").read_text(encoding="utf-8"))
    here = Path()
    local = airflow_environment(home=here, port=1, dags=here, plugins=here, secrets=new_secrets())
    for variable in {*compose["x-airflow"]["environment"], *local}:
        match = re.fullmatch(r"AIRFLOW__([A-Z_]+?)__([A-Z_]+)", variable)
        if match and match[1] != "CELERY":  # of a provider that only the image has
            assert match[2].lower() in known[match[1].lower()]["options"], variable


def test_the_image_copies_what_is_there_and_its_packages_are_those_of_the_tests() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = [word for words in re.findall(r"^COPY (.+) \S+$", dockerfile, re.MULTILINE) for word in words.split()]
    assert [word for word in copied if not (ROOT / word).exists()] == []
    tested, image = (pins(ROOT / name) for name in ("requirements.txt", "requirements-celery.txt"))
    assert {name: version for name, version in image.items() if name in tested} == tested
    # 5.7 breaks the provider: ImportError at the scheduler's start.
    assert tuple(int(part) for part in image["celery"].split(".")[:2]) < (5, 7)


def pins(path: Path) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^ \\;]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(found)
