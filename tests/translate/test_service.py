"""The identity of a service: what is part of it and what is not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from amts_tasks.translate.service import Service, account_of

ROLE = "arn:aws:iam::123456789012:role/amts"


def client(endpoint: str, region: str = "us-east-1") -> SimpleNamespace:
    return SimpleNamespace(meta=SimpleNamespace(partition="aws", region_name=region, endpoint_url=endpoint))


AWS = Service.of(client("https://translate.us-east-1.amazonaws.com"), ROLE)


def test_it_is_read_off_the_client() -> None:
    assert Service("aws", "123456789012", "us-east-1", "translate.us-east-1.amazonaws.com") == AWS
    assert AWS.real


@pytest.mark.parametrize("host", ["127.0.0.1:4000", "127.0.0.1:4001", "localhost:80", "[::1]:4000"])
def test_a_local_emulator_is_the_same_on_any_port(host: str) -> None:
    service = Service.of(client(f"http://{host}"), ROLE)
    assert service.key == Service.of(client("http://127.0.0.1:9"), ROLE).key != AWS.key
    assert not service.real


def test_every_part_but_the_message_makes_the_key() -> None:
    others = [
        Service.of(client("https://translate.us-east-1.amazonaws.com"), "210987654321"),
        Service.of(client("https://translate.us-east-1.amazonaws.com", "eu-west-1"), ROLE),
        Service.of(client("http://emulator.example:80"), ROLE),
        Service.of(client("http://emulator.example:81"), ROLE),
    ]
    assert len({service.key for service in [AWS, *others]}) == 5
    assert Service.of(client("https://translate.us-east-1.amazonaws.com"), ROLE, "done").key == AWS.key


@pytest.mark.parametrize(
    ("text", "account"), [(ROLE, "123456789012"), ("123456789012", "123456789012"), ("x", ""), ("", "")]
)
def test_an_account_is_found_in_an_arn(text: str, account: str) -> None:
    assert account_of(text) == account
