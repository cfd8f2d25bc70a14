"""The baseline's cache: what a key depends on, and what is no cache."""

from __future__ import annotations

import pytest

from amts_tasks.errors import StorageError
from amts_tasks.score.baseline import key, read, write
from amts_tasks.translate.service import Service

SERVICE = Service("aws", "123456789012", "us-east-1", "loopback", "engine: a")


def test_a_key_depends_on_everything_that_changes_the_answer() -> None:
    keys = {
        key("text", "en", "zh", {}, SERVICE),
        key("other", "en", "zh", {}, SERVICE),
        key("text", "zh", "en", {}, SERVICE),
        key("text", "en", "zh", {"formality": "FORMAL"}, SERVICE),
        key("text", "en", "zh", {}, Service("aws", "123456789012", "eu-west-1", "loopback", "engine: a")),
        key("text", "en", "zh", {}, Service("aws", "123456789012", "us-east-1", "loopback", "engine: b")),
    }
    assert len(keys) == 6


def test_a_key_does_not_depend_on_the_order_of_settings() -> None:
    assert key("t", "en", "zh", {"a": 1, "b": 2}, SERVICE) == key("t", "en", "zh", {"b": 2, "a": 1}, SERVICE)


def test_answers_come_back_and_order_does_not_show() -> None:
    answers = {"b": "译文\n", "a": "\u2028"}
    assert read(write(answers)) == answers
    assert write(answers) == write(dict(reversed(answers.items())))


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"version":2,"answers":{}}', b'{"version":1,"answers":{"a":1}}', b"\xff"]
)
def test_what_is_no_cache_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(StorageError, match=r"^x\.json: "):
        read(data, "x.json")
