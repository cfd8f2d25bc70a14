"""moto's S3, kept on disk.

After each S3 request that changed something, the object it named is read back from moto's backend and written to the
folder (a bucket-wide request compares the whole bucket). moto's state is the truth, so copies, multipart uploads and
metadata come out as moto made them. moto's own recorder was not used: it replays requests, grows for ever, and a kill
in mid-write spoils it. All S3 requests take one lock: moto checks ``If-None-Match`` and writes in two steps, and throws
an overwritten object away while another thread may still read it.

One file an object: a line of JSON (key, metadata, dates), then the bytes, so that a kill leaves the old or the new
whole. Kept: buckets, their Region and versioning, the newest version of each object and its metadata. Not kept: older
versions, tags, access rules, unfinished multipart uploads.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.parse import quote

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import FakeDeleteMarker, s3_backends

from amts_tasks.emulator.shelf import replace

ACCOUNT = DEFAULT_ACCOUNT_ID
"""The account everything belongs to."""


@dataclass(frozen=True, slots=True)
class Location:
    """An ``s3://bucket/key`` taken apart."""

    bucket: str
    key: str

    @classmethod
    def of(cls, uri: str) -> Location:
        """Of a URI the service model's pattern has accepted."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return cls(bucket, key)


class Buckets:
    """The objects, in moto and on disk; every method is safe in any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.lock = threading.RLock()
        self._written: dict[tuple[str, str], tuple[Any, ...]] = {}

    def load(self) -> None:
        """Empties moto's S3 and fills it from the folder."""
        with self.lock:
            s3_backends[ACCOUNT]["aws"].reset()
            for folder in sorted(self._folder.iterdir()) if self._folder.is_dir() else ():
                if (folder / "bucket.json").exists():
                    self._load_bucket(folder / "bucket.json")
                else:
                    rmtree(folder)  # a kill met the deletion of a bucket half-way

    def forget(self) -> None:
        """Empties moto's S3; the folder stays."""
        with self.lock:
            s3_backends[ACCOUNT]["aws"].reset()

    def region(self, bucket: str) -> str | None:
        """The bucket's Region, None when there is no such bucket."""
        held = self._moto.buckets.get(bucket)
        return None if held is None else str(held.region_name)

    def read(self, location: Location) -> bytes | None:
        """The object's bytes, or None."""
        with self.lock:
            found = self._key(location.bucket, location.key)
            return None if found is None else bytes(found.value)

    def list(self, bucket: str, prefix: str) -> tuple[tuple[str, int], ...]:
        """(key, size in bytes) of every object under the prefix, sorted by key."""
        with self.lock:
            return tuple(
                (name, int(key.contentsize)) for name, key in sorted(self._objects(bucket)) if name.startswith(prefix)
            )

    def write(self, location: Location, content: bytes, content_type: str) -> None:
        """Puts an object, in moto and on disk."""
        with self.lock:
            key = self._moto.put_object(location.bucket, location.key, content)
            key.set_metadata({"Content-Type": content_type})
            self.keep(location.bucket, location.key)

    def keep(self, bucket: str, key: str) -> None:
        """Brings the folder level with moto for one object."""
        with self.lock:
            if bucket not in self._moto.buckets:
                self.keep_bucket(bucket)
                return
            path = self._path(bucket, key)
            found = self._key(bucket, key)
            if found is None:
                path.unlink(missing_ok=True)
                self._written.pop((bucket, key), None)
                return
            stamp = (found.last_modified, found.etag, found.version_id, id(found))
            if self._written.get((bucket, key)) == stamp:
                return
            self._keep_description(bucket)
            header = {
                "key": key,
                "metadata": dict(found.metadata),
                "etag": found.etag.strip('"'),
                "storage": found.storage_class,
                "modified": found.last_modified.isoformat(),
                "version": found.version_id,
            }
            replace(path, json.dumps(header, ensure_ascii=False).encode() + b"\n" + bytes(found.value))
            self._written[(bucket, key)] = stamp

    def keep_bucket(self, bucket: str) -> None:
        """Brings the folder level with moto for a whole bucket."""
        with self.lock:
            if bucket not in self._moto.buckets:
                if (self._folder / bucket).is_dir():
                    (self._folder / bucket / "bucket.json").unlink(missing_ok=True)
                    rmtree(self._folder / bucket)
                for place in [place for place in self._written if place[0] == bucket]:
                    del self._written[place]
                return
            self._keep_description(bucket)
            present = {name for name, _ in self._objects(bucket)}
            for gone in [key for place, key in self._written if place == bucket and key not in present]:
                self.keep(bucket, gone)
            for name in sorted(present):
                self.keep(bucket, name)

    def keep_all(self) -> None:
        """Brings the folder level with moto for everything."""
        with self.lock:
            for bucket in sorted({place for place, _ in self._written} | set(self._moto.buckets) | self._folders()):
                self.keep_bucket(bucket)

    @property
    def _moto(self) -> Any:
        return s3_backends[ACCOUNT]["aws"]

    def _folders(self) -> set[str]:
        return {path.parent.name for path in self._folder.glob("*/bucket.json")}

    def _objects(self, bucket: str) -> Iterator[tuple[str, Any]]:
        held = self._moto.buckets.get(bucket)
        for name, key in held.keys.items() if held is not None else ():
            if not isinstance(key, FakeDeleteMarker):
                yield name, key

    def _key(self, bucket: str, name: str) -> Any:
        held = self._moto.buckets.get(bucket)
        found = held.keys.get(name) if held is not None else None
        return None if isinstance(found, FakeDeleteMarker) else found

    def _keep_description(self, bucket: str) -> None:
        held = self._moto.buckets[bucket]
        description = {"region": held.region_name, "versioning": held.versioning_status}
        stamp = tuple(description.values())
        if self._written.get((bucket, "")) != stamp:
            replace(self._folder / bucket / "bucket.json", json.dumps(description).encode())
            self._written[(bucket, "")] = stamp

    def _load_bucket(self, description: Path) -> None:
        bucket = description.parent.name
        about = json.loads(description.read_text(encoding="utf-8"))
        held = self._moto.create_bucket(bucket, about["region"])
        held.versioning_status = about["versioning"]
        self._written[(bucket, "")] = tuple(about.values())
        for half in description.parent.glob(".*.half"):
            half.unlink()
        for path in sorted(description.parent.glob("*.object")):
            line, _, content = path.read_bytes().partition(b"\n")
            header = json.loads(line)
            key = self._moto.put_object(
                bucket,
                header["key"],
                content,
                storage=header["storage"],
                etag=header["etag"],
                disable_notification=True,
            )
            key.set_metadata(header["metadata"], replace=True)
            key._version_id = header["version"]
            key.last_modified = datetime.fromisoformat(header["modified"]).astimezone(UTC).replace(tzinfo=None)
            self._written[(bucket, header["key"])] = (key.last_modified, key.etag, key.version_id, id(key))

    def _path(self, bucket: str, key: str) -> Path:
        safe = quote(key, safe=" ")
        if len(safe) > 200:
            safe = f"{safe[:120]}~{sha256(key.encode()).hexdigest()[:32]}"
        return self._folder / bucket / f"{safe}.object"
