"""Artefacts and leases on moto's S3, in process."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from amts_tasks.errors import LeaseHeld, StorageError
from amts_tasks.storage import Storage

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def storage() -> Iterator[Storage]:
    with mock_aws():
        client = boto3.client("s3", "us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
        made = Storage(client, "amts-test", "books/")
        made.make_bucket("us-east-1")
        yield made


def test_what_was_put_comes_back(storage: Storage) -> None:
    storage.put("a/b", b"\x00\xff")
    assert storage.get("a/b") == b"\x00\xff"
    assert storage.uri("a/b") == "s3://amts-test/books/a/b"
    assert storage.key("s3://amts-test/books/a/b") == "a/b"
    assert list(storage.list("a/")) == ["a/b"]


def test_rows_are_the_same_bytes_each_time(storage: Storage) -> None:
    rows = [{"b": 1, "a": "é"}, {"a": "线"}]
    storage.put_rows("one", rows)
    storage.put_rows("two", [{"a": "é", "b": 1}, {"a": "线"}])
    assert storage.get("one") == storage.get("two")
    assert storage.get_rows("one") == rows


def test_more_keys_than_a_page_are_listed(storage: Storage) -> None:
    for number in range(1005):
        storage.put(f"many/{number:04}", b"")
    assert len(list(storage.list("many/"))) == 1005


def test_a_missing_artefact_says_which(storage: Storage) -> None:
    with pytest.raises(StorageError, match=r"s3://amts-test/books/nothing: no such artefact"):
        storage.get("nothing")
    assert storage.find_json("nothing") is None


@pytest.mark.parametrize(
    ("data", "read"), [(b"{", "get_json"), (b"plain", "get_rows"), (b"\x1f\x8b\x08\x00", "get_rows")]
)
def test_a_damaged_artefact_says_which(storage: Storage, data: bytes, read: str) -> None:
    storage.put("bad", data)
    with pytest.raises(StorageError, match="s3://amts-test/books/bad: not"):
        getattr(storage, read)("bad")


def test_a_missing_bucket_says_what_to_do(storage: Storage) -> None:
    with pytest.raises(StorageError, match=r"make the bucket, or set storage\.bucket"):
        Storage(storage.client, "amts-other").put("a", b"")


def test_one_owner_at_a_time(storage: Storage) -> None:
    storage.take_lease("lease", "nightly", NOW, 1)
    storage.take_lease("lease", "nightly", NOW + timedelta(minutes=5), 1)
    held = r"held by nightly since 2026-03-01 02:00 \(until 2026-03-01 03:05 UTC, if it does not renew it\); try again"
    with pytest.raises(LeaseHeld, match=held) as caught:
        storage.take_lease("lease", "backfill", NOW + timedelta(minutes=10), 1)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - it crosses processes
    assert not storage.release_lease("lease", "backfill")
    assert storage.release_lease("lease", "nightly")
    assert not storage.release_lease("lease", "nightly")
    storage.take_lease("lease", "backfill", NOW, 1)


def test_an_expired_lease_is_taken_over(storage: Storage) -> None:
    storage.take_lease("lease", "dead", NOW, 1)
    storage.take_lease("lease", "next", NOW + timedelta(hours=1), 1)
    assert not storage.release_lease("lease", "dead")


def test_of_two_takers_at_once_one_gets_it(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    # Both looked and saw no lease; the other one wrote first.
    unseen = Storage._lease
    looks = iter([None])
    monkeypatch.setattr(Storage, "_lease", lambda self, key: next(looks, unseen(self, key)))
    storage.client.put_object(
        Bucket="amts-test", Key="books/lease", Body=b'{"owner": "fast", "expires": "2026-03-01T03:00:00+00:00"}'
    )
    with pytest.raises(LeaseHeld, match="held by fast"):
        storage.take_lease("lease", "slow", NOW, 1)


def test_an_unreachable_endpoint_is_named() -> None:
    client = boto3.client(
        "s3",
        "us-east-1",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=boto3.session.Config(retries={"max_attempts": 0}),
    )
    with pytest.raises(StorageError, match=r"S3 at http://127\.0\.0\.1:9 cannot be reached"):
        Storage(client, "amts-test").get("a")
