"""The only reader and writer of artefacts: one S3 bucket, one prefix.

An S3 object is whole or absent, so an artefact needs no second name while it is written. Everything that two runs
could write at once (the lease) goes through S3's conditional writes (If-None-Match, If-Match; Amazon S3 User Guide,
"Conditional requests", read 2026-11-22).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from amts_tasks.errors import LeaseHeld, StorageError

MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
LOST_RACE = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})


@dataclass(frozen=True, slots=True)
class Storage:
    """Artefacts under ``s3://bucket/prefix``; keys given and returned are relative to the prefix."""

    client: Any
    """A boto3 S3 client."""
    bucket: str
    prefix: str = ""

    def uri(self, key: str) -> str:
        """The ``s3://`` address of a key, or of a folder when the key ends with a slash."""
        return f"s3://{self.bucket}/{self.prefix}{key}"

    def key(self, uri: str) -> str:
        """The key of an ``s3://`` address inside this storage; StorageError for one outside it."""
        start = f"s3://{self.bucket}/{self.prefix}"
        if not uri.startswith(start):
            raise StorageError(f"{uri}: outside the storage {start}; check storage.bucket and storage.prefix")
        return uri[len(start) :]

    def address(self, key: str) -> str:
        """Where a person finds an artefact: ``s3://…`` at AWS, a URL at any other endpoint."""
        endpoint = str(self.client.meta.endpoint_url)
        at_aws = (urlsplit(endpoint).hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn"))
        return self.uri(key) if at_aws else f"{endpoint}/{self.bucket}/{quote(self.prefix + key)}"

    def put(self, key: str, data: bytes) -> None:
        """Writes an artefact whole, replacing an earlier one."""
        self._call("put_object", key, Body=data)

    def get(self, key: str) -> bytes:
        """The bytes of an artefact; StorageError when there is none."""
        data = self.find(key)
        if data is None:
            raise StorageError(f"{self.uri(key)}: no such artefact; run the step that writes it first")
        return data

    def find(self, key: str) -> bytes | None:
        """The bytes of an artefact, or None."""
        try:
            return bytes(self._call("get_object", key)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise

    def find_tagged(self, key: str) -> tuple[bytes, str] | None:
        """The bytes of an artefact and the tag of this very version of it, or None."""
        try:
            answer = self._call("get_object", key)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise
        return bytes(answer["Body"].read()), str(answer["ETag"])

    def put_unchanged(self, key: str, data: bytes, tag: str | None) -> bool:
        """Writes an artefact only if it still is the version with this tag, or with None if there still is none.

        False, and nothing written, when somebody else was faster: read it again.
        """
        condition = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        try:
            self._call("put_object", key, Body=data, **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] not in LOST_RACE | MISSING:
                raise
            return False
        return True

    def put_json(self, key: str, value: Any) -> None:
        """Writes a JSON artefact: sorted keys, one entry a line, so that a person can read and compare it."""
        self.put(key, (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode())

    def get_json(self, key: str) -> Any:
        """A JSON artefact; StorageError when it is missing or no JSON."""
        return self._parse(key, self.get(key))

    def find_json(self, key: str) -> Any:
        """A JSON artefact, or None when there is none; StorageError when it is no JSON."""
        data = self.find(key)
        return None if data is None else self._parse(key, data)

    def put_rows(self, key: str, rows: Iterable[Any]) -> None:
        """Writes JSON Lines, gzipped without a time stamp: the same rows give the same bytes."""
        lines = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
        self.put(key, gzip.compress(lines.encode(), mtime=0))

    def get_rows(self, key: str) -> list[Any]:
        """The rows of a JSON Lines artefact; StorageError when it is missing or cut short."""
        data = self.get(key)
        try:
            return [json.loads(line) for line in gzip.decompress(data).decode().split("\n") if line]
        except (EOFError, gzip.BadGzipFile, UnicodeDecodeError, ValueError) as error:
            raise StorageError(f"{self.uri(key)}: not gzipped JSON Lines ({error}); delete it and run again") from error

    def list(self, prefix: str) -> Iterator[str]:
        """The keys under a prefix, sorted."""
        token: dict[str, str] = {}
        while True:
            try:
                page = self.client.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix + prefix, **token)
            except ClientError as error:
                raise self._sentence(prefix, error) from error
            except BotoCoreError as error:
                raise StorageError(f"{self.uri(prefix)}: S3 cannot be reached ({error})") from error
            for found in page.get("Contents", ()):
                yield found["Key"][len(self.prefix) :]
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def make_bucket(self, region: str) -> None:
        """Makes the bucket unless it is there; for local set-ups, where nobody else has made it."""
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        try:
            self.client.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] not in MISSING | {"NoSuchBucket"}:
                raise self._sentence("", error) from error
            self.client.create_bucket(Bucket=self.bucket, **where)

    def take_lease(self, key: str, owner: str, now: datetime, hours: float) -> None:
        """Takes or renews the lease at a key for an owner, until ``hours`` after ``now``.

        LeaseHeld when another owner holds one that has not expired, or won the race for it just now. Taking is one
        conditional write: of two takers at the same time, S3 lets one through.
        """
        held = self._lease(key)
        since = held.since if held is not None and held.owner == owner and held.since else now.isoformat()
        expires = (now + timedelta(hours=hours)).isoformat()
        body = json.dumps({"owner": owner, "since": since, "expires": expires}).encode()
        if held is None:
            condition = {"IfNoneMatch": "*"}
        elif held.owner == owner or held.expires <= now:
            condition = {"IfMatch": held.tag}
        else:
            raise self._held(key, held)
        try:
            self._call("put_object", key, Body=body, **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] not in LOST_RACE | MISSING:
                raise
            other = self._lease(key)
            if other is None or other.owner != owner:
                raise self._held(key, other) from error

    def release_lease(self, key: str, owner: str) -> bool:
        """Frees the lease if this owner holds it; False when it was free or another's, which is left alone."""
        held = self._lease(key)
        if held is None or held.owner != owner:
            return False
        try:
            self._call("delete_object", key, IfMatch=held.tag)
        except ClientError as error:
            if error.response["Error"]["Code"] not in LOST_RACE | MISSING:
                raise
            return False
        return True

    def _held(self, key: str, held: _Lease | None) -> LeaseHeld:
        by = "another run that was faster"
        if held is not None:
            since = f" since {datetime.fromisoformat(held.since):%Y-%m-%d %H:%M}" if held.since else ""
            by = f"{held.owner}{since} (until {held.expires:%Y-%m-%d %H:%M} UTC, if it does not renew it)"
        return LeaseHeld(
            f"{self.uri(key)}: a run or command is under way: the lease of this pair is held by {by}; "
            "try again when that is over, or delete the object if it died"
        )

    def _lease(self, key: str) -> _Lease | None:
        try:
            answer = self._call("get_object", key)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise
        try:
            value = json.loads(answer["Body"].read())
            since = str(value.get("since", ""))
            return _Lease(value["owner"], datetime.fromisoformat(value["expires"]), answer["ETag"], since)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StorageError(f"{self.uri(key)}: not a lease ({error}); delete it") from error

    def _parse(self, key: str, data: bytes) -> Any:
        try:
            return json.loads(data)
        except ValueError as error:
            raise StorageError(f"{self.uri(key)}: not JSON ({error}); delete it and run again") from error

    def _call(self, operation: str, key: str, **arguments: Any) -> Any:
        try:
            return getattr(self.client, operation)(Bucket=self.bucket, Key=self.prefix + key, **arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING | LOST_RACE:
                raise
            raise self._sentence(key, error) from error
        except BotoCoreError as error:
            raise StorageError(
                f"{self.uri(key)}: S3 at {self.client.meta.endpoint_url} cannot be reached ({error}); "
                "start it, or set the endpoint and credentials of the connection"
            ) from error

    def _sentence(self, key: str, error: ClientError) -> StorageError:
        code = error.response["Error"]["Code"]
        advice = {
            "NoSuchBucket": "make the bucket, or set storage.bucket",
            "AccessDenied": "give the role s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket on it",
            "InvalidAccessKeyId": "check the credentials of the connection",
        }.get(code, "see the message of S3")
        return StorageError(f"{self.uri(key)}: {code}: {error.response['Error'].get('Message', '')}; {advice}")


@dataclass(frozen=True, slots=True)
class _Lease:
    owner: str
    expires: datetime
    tag: str
    since: str = ""
    """When its owner took it (ISO 8601); empty where that was not noted."""
