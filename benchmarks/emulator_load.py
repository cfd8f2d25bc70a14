"""The emulator under load: 200 clients, 10,000 describe calls while 1,000 jobs go through the queue.

The server is a process of its own; the clients are threads of this one, over bare HTTP, so that what is timed is the
server. The rival is moto's own S3 in the same server process: GETs of a small object by the same clients. Every answer
is checked: the job asked for, a status the model has, never an earlier one than seen before; in the end every job is
COMPLETED and has its output.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

CLIENTS, DESCRIBES, JOBS = 200, 10_000, 1_000
JOB_SECONDS = 60
ORDER = ["SUBMITTED", "IN_PROGRESS", "COMPLETED"]
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=" + "0" * 64
)


class Client:
    """One connection that stays open."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=120)

    def translate(self, operation: str, parameters: dict[str, object]) -> dict[str, object]:
        headers = {
            "X-Amz-Target": f"AWSShineFrontendService_20170701.{operation}",
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": SIGNED.format("translate"),
        }
        return json.loads(self.send("POST", "/", json.dumps(parameters).encode(), headers))

    def send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
        headers = {"Authorization": SIGNED.format("s3")} if headers is None else headers
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status == 200, (answer.status, content[:500])
        return content

    def close(self) -> None:
        self._connection.close()


@contextmanager
def emulator() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as state:
        words = [sys.executable, "-m", "amts_tasks.cli", "emulator", "--state", state, "--engine", "echo"]
        words += ["--import-seconds", "0", "--job-seconds", str(JOB_SECONDS)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield process.stdout.readline().split()[1]
            finally:
                process.terminate()


def timed(url: str, calls: int, deed: Callable[[Client, int], None]) -> float:
    """Requests a second of ``calls`` deeds by all the clients together."""
    numbers, lock, failures = itertools.count(), threading.Lock(), []

    def work() -> None:
        client = Client(url)
        try:
            while True:
                with lock:
                    number = next(numbers)
                if number >= calls:
                    return
                deed(client, number)
        except BaseException as error:
            failures.append(error)
        finally:
            client.close()

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return calls / (time.perf_counter() - started)


def main() -> None:
    with emulator() as url:
        client = Client(url)
        client.send("PUT", "/bench")
        client.send("PUT", "/bench/in/a.html", b"<html><body><p>Hello.</p></body></html>")
        request = {
            "InputDataConfig": {"S3Uri": "s3://bench/in/", "ContentType": "text/html"},
            "OutputDataConfig": {"S3Uri": "s3://bench/out/"},
            "DataAccessRoleArn": "arn:aws:iam::123456789012:role/bench",
            "SourceLanguageCode": "en",
            "TargetLanguageCodes": ["zh"],
        }
        ids: list[str] = [""] * JOBS

        def start(client: Client, number: int) -> None:
            ids[number] = str(
                client.translate("StartTextTranslationJob", {**request, "ClientToken": f"t{number}"})["JobId"]
            )

        starts = timed(url, JOBS, start)
        assert len(set(ids)) == JOBS
        waiting = client.translate("ListTextTranslationJobs", {"Filter": {"JobStatus": "SUBMITTED"}, "MaxResults": 500})
        assert len(waiting["TextTranslationJobPropertiesList"]) == 500  # type: ignore[arg-type]

        seen = [0] * JOBS
        wrong: list[str] = []
        lock = threading.Lock()

        def describe(client: Client, number: int) -> None:
            job = number % JOBS
            with lock:
                before = seen[job]
            shown = client.translate("DescribeTextTranslationJob", {"JobId": ids[job]})["TextTranslationJobProperties"]
            place = ORDER.index(shown["JobStatus"])  # type: ignore[index]
            with lock:
                if shown["JobId"] != ids[job] or place < before:  # type: ignore[index]
                    wrong.append(f"{shown} after {ORDER[before]}")
                seen[job] = max(seen[job], place)

        quiet = timed(url, DESCRIBES, describe)
        rival = timed(url, DESCRIBES // 5, lambda client, number: client.send("GET", "/bench/in/a.html") and None)

        done = threading.Event()

        def push() -> None:
            """The clock goes on until every job has been through."""
            pusher = Client(url)
            while not done.is_set():
                pusher.send("POST", "/_amts/clock", json.dumps({"advance": JOB_SECONDS}).encode(), {})
                shown = pusher.translate(
                    "ListTextTranslationJobs", {"Filter": {"JobStatus": "SUBMITTED"}, "MaxResults": 1}
                )
                running = pusher.translate(
                    "ListTextTranslationJobs", {"Filter": {"JobStatus": "IN_PROGRESS"}, "MaxResults": 1}
                )
                if not shown["TextTranslationJobPropertiesList"] and not running["TextTranslationJobPropertiesList"]:
                    done.set()
            pusher.close()

        clock = threading.Thread(target=push)
        clock.start()
        moving = timed(url, DESCRIBES, describe)
        clock.join()
        for number in range(JOBS):
            describe(client, number)
        assert not wrong, wrong[:3]
        assert seen == [2] * JOBS, f"{sum(place != 2 for place in seen)} jobs did not end COMPLETED"
        for job in ids:
            page = client.send("GET", f"/bench/out/123456789012-TranslateText-{job}/zh.a.html")
            assert page == b"<html><body><p>Hello.</p></body></html>"
        client.close()
    print(f"{CLIENTS} clients, {JOBS} jobs, load {os.getloadavg()[0]:.1f}")
    print(f"start job            {starts:7.0f} a second, {starts / rival:.2f} x moto's GET")
    print(f"describe, none moves {quiet:7.0f} a second, {quiet / rival:.2f} x moto's GET")
    print(f"describe, all move   {moving:7.0f} a second, {moving / rival:.2f} x moto's GET")
    print(f"moto's S3 GET        {rival:7.0f} a second")
    print(f"no wrong state, no lost job, {2 * DESCRIBES + JOBS} describes, {JOBS} outputs whole")


if __name__ == "__main__":
    main()
