"""The emulator's state: all that lasts, and what is made of it."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

from amts_tasks.emulator import parallel_file
from amts_tasks.emulator.agenda import Agenda
from amts_tasks.emulator.buckets import Buckets
from amts_tasks.emulator.calls import CallLog
from amts_tasks.emulator.clock import Clock
from amts_tasks.emulator.engines import EngineRoom
from amts_tasks.emulator.faults import Faults
from amts_tasks.emulator.job_queue import JobQueue
from amts_tasks.emulator.memory import Memory
from amts_tasks.emulator.rates import Rates
from amts_tasks.emulator.records import Job, ParallelData, Terminology
from amts_tasks.emulator.request import Request
from amts_tasks.emulator.shelf import Shelf, replace
from amts_tasks.emulator.switches import Switches

_MEMORIES = 4


class State:
    """Everything that lasts, with the one lock its changes take."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        switches: Switches,
        engines: EngineRoom,
        import_seconds: float,
        job_seconds: float,
        seed: int,
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.switches = switches
        self.engines = engines
        self.import_seconds = import_seconds
        self.job_seconds = job_seconds
        self.seed = seed
        self.lock = threading.RLock()
        self.buckets = Buckets(folder / "s3")
        self.calls = CallLog(folder / "calls.jsonl")
        self.faults = Faults(seed)
        self.agenda = Agenda()
        self.rates = Rates()
        self.parallel_data = Shelf(folder / "translate" / "parallel_data", ParallelData)
        self.jobs = Shelf(folder / "translate" / "jobs", Job)
        self.terminologies = Shelf(folder / "translate" / "terminologies", Terminology)
        self.queue = JobQueue(self.jobs)
        for half in (folder / "translate" / "files").glob(".*.half"):
            half.unlink()
        self._memories: dict[tuple[str, str, str], Memory] = {}
        self._memory_lock = threading.Lock()

    def memory(self, digest: str, source: str, target: str) -> Memory:
        """The memory made of a kept parallel data file, made once while it is among the last few used."""
        key = (digest, source, target)
        with self._memory_lock:
            if key not in self._memories:
                file = self.file(digest)
                form = "TMX" if file.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<") else None
                form = form or ("TSV" if b"\t" in file.partition(b"\n")[0] else "CSV")
                while len(self._memories) >= _MEMORIES:
                    del self._memories[next(iter(self._memories))]
                self._memories[key] = Memory.of(parallel_file.read(file, form, self.switches), target)
            return self._memories[key]

    def keep_file(self, content: bytes) -> str:
        """Keeps a file's bytes under their own digest, which it returns."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.folder / "translate" / "files" / digest
        if not path.exists():
            replace(path, content)
        return digest

    def file(self, digest: str) -> bytes:
        """The bytes kept under a digest."""
        return (self.folder / "translate" / "files" / digest).read_bytes()

    def location(self, request: Request, digest: str, name: str) -> dict[str, str]:
        """A presigned location of a kept file, good for ``location_seconds`` of the emulator's clock."""
        now = int(self.clock.now())
        stale = request.strike.get("expired_location") is not None
        expires = now - 1 if stale else now + self.switches.location_seconds
        query = f"X-Amz-Expires={self.switches.location_seconds}&Expires={expires}"
        return {"RepositoryType": "S3", "Location": f"{request.endpoint}/_amts/files/{digest}/{name}?{query}"}


def fingerprint(value: Any) -> str:
    """SHA-256 of canonical JSON, in hex."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
