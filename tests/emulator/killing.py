"""A program that kills the emulator at random moments, many times, and looks at what each kill left.

    python tests/emulator/killing.py STATE ROUNDS SEED

Each round forks a server, lets clients write objects, start jobs and import parallel data until the kill (SIGKILL), and
then reads the state folder and asks the next server. Prints JSON: what was acknowledged and what the kills met. It ends
with an AssertionError at the first thing that is lost, torn or in no legal state.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from amts_tasks.emulator import serve

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=kill/20260101/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=" + "0" * 64
)
PAGE = "<html><body>" + "<p>Hello.</p>" * 200 + "</body></html>"
SHOWN = PAGE.replace("Hello.", "你好。")
JOB_STATES = {"SUBMITTED", "IN_PROGRESS", "COMPLETED"}
DATA_STATES = {"CREATING", "ACTIVE"}
DOCUMENTS = ("a.html", "sub/b.html")


class Server:
    """A forked emulator."""

    def __init__(self, state: Path) -> None:
        read, write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.dup2(write, 1)
            serve(state=state, import_seconds=0.05, job_seconds=0.05, engine="echo")
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            self.address = urlsplit(pipe.readline().split()[1]).netloc

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        try:
            connection.request(method, path, body, {"Authorization": SIGNED.format("s3")} | headers)
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status == 200, (method, path, answer.status, content[:300])
            return content
        finally:
            connection.close()

    def call(self, operation: str, **given: Any) -> dict[str, Any]:
        target = {"X-Amz-Target": f"AWSShineFrontendService_20170701.{operation}"}
        signed = {"Authorization": SIGNED.format("translate")}
        found: dict[str, Any] = json.loads(self.send("POST", "/", json.dumps(given).encode(), **target, **signed))
        return found


class World:
    """What the clients were told, and may therefore rely on."""

    def __init__(self, state: Path, seed: int) -> None:
        self.state = state
        self.chance = random.Random(seed)
        self.objects: dict[str, set[bytes]] = {}
        """Key → what may stand there: the last acknowledged bytes, and those that were on their way."""
        self.jobs: dict[str, str] = {}
        """Name → id, of acknowledged starts."""
        self.tried: set[str] = set()
        """Names of jobs whose start was sent."""
        self.ended: set[str] = set()
        self.data: set[str] = set()
        self.met: Counter[str] = Counter()

    def write(self, server: Server, seed: int) -> None:
        chance = random.Random(seed)
        while True:
            key = f"keys/{chance.randrange(8)}"
            content = chance.randbytes(chance.randrange(1, 200_000))
            self.objects.setdefault(key, {b""}).add(content)
            server.send("PUT", f"/book/{key}", content)
            self.objects[key] = {content}

    def start(self, server: Server, seed: int) -> None:
        for number in range(10_000):
            name = f"job-{seed}-{number}"
            self.tried.add(name)
            self.jobs[name] = self.submit(server, name)

    def submit(self, server: Server, name: str) -> str:
        answer = server.call(
            "StartTextTranslationJob",
            JobName=name,
            ClientToken=name,
            InputDataConfig={"S3Uri": "s3://book/in/", "ContentType": "text/html"},
            OutputDataConfig={"S3Uri": "s3://book/out/"},
            DataAccessRoleArn="arn:aws:iam::123456789012:role/kill",
            SourceLanguageCode="en",
            TargetLanguageCodes=["zh"],
            ParallelDataNames=["base"],
        )
        return str(answer["JobId"])

    def load(self, server: Server, seed: int) -> None:
        for number in range(10_000):
            config = {"S3Uri": "s3://book/pd/a.csv", "Format": "CSV"}
            name = f"data-{seed}-{number}"
            with contextlib.suppress(AssertionError):  # one import at a time
                if number % 2 or not self.data:
                    server.call("CreateParallelData", Name=name, ParallelDataConfig=config, ClientToken=name)
                    self.data.add(name)
                else:
                    held = sorted(self.data)[-1]
                    server.call("UpdateParallelData", Name=held, ParallelDataConfig=config, ClientToken=name)

    def round(self, server: Server, seed: int) -> None:
        """Clients at work until the server is killed under them."""
        failures: list[BaseException] = []

        def until_the_end(deed: Any) -> None:
            try:
                deed(server, seed)
            except (OSError, http.client.HTTPException):
                pass
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=until_the_end, args=(deed,)) for deed in (self.write, self.start, self.load)]
        for thread in threads:
            thread.start()
        time.sleep(self.chance.uniform(0.01, 0.35))
        server.kill()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def look(self) -> None:
        """The state folder as the kill left it: every file whole."""
        for path in (self.state / "translate").rglob("*.json"):
            record = json.loads(path.read_text(encoding="utf-8"))
            if path.parent.name == "jobs":
                assert record["status"] in JOB_STATES, record
                self.met["job"] += record["status"] != "COMPLETED"
                if record["status"] == "COMPLETED":
                    self.whole(record["id"])
            else:
                assert record["status"] in DATA_STATES, record
                self.met["import"] += record["pending"] is not None
        for path in (self.state / "s3").rglob("*.object"):
            line, _, content = path.read_bytes().partition(b"\n")
            key = json.loads(line)["key"]
            if key.startswith("keys/"):
                assert content in self.objects[key], f"{key} is torn"
            elif key.endswith(".html") and key.startswith("out/"):
                assert content.decode() == SHOWN, f"{key} is torn"
            elif key.endswith("details.json"):
                assert json.loads(content)["documentCountWithCustomerError"] == "0"
        halves = sum(1 for _ in self.state.rglob("*.half"))
        self.met["write"] += halves

    def whole(self, job_id: str) -> None:
        """A job that says COMPLETED has everything it says."""
        folder = self.state / "s3" / "book"
        stem = f"out%2F123456789012-TranslateText-{job_id}%2F"
        for name in ("zh.a.html", "sub%2Fzh.b.html", "details%2Fzh.auxiliary-translation-details.json"):
            assert (folder / f"{stem}{name}.object").exists(), (job_id, name)

    def ask(self, server: Server) -> None:
        """The next server knows everything that was acknowledged, and each start at most once."""
        names: Counter[str] = Counter()
        token: dict[str, str] = {}
        while True:
            page = server.call("ListTextTranslationJobs", MaxResults=500, **token)
            for job in page["TextTranslationJobPropertiesList"]:
                names[job["JobName"]] += 1
                assert job["JobStatus"] in JOB_STATES, job
                assert job["JobId"] == self.jobs.setdefault(job["JobName"], job["JobId"])
                assert job["JobStatus"] == "COMPLETED" or job["JobName"] not in self.ended, job
                if job["JobStatus"] == "COMPLETED":
                    self.ended.add(job["JobName"])
            if "NextToken" not in page:
                break
            token = {"NextToken": page["NextToken"]}
        assert set(self.jobs) <= set(names) <= self.tried, set(self.jobs) ^ set(names)
        assert not [name for name, count in names.items() if count > 1]
        for name in sorted(self.tried - set(names)):  # never acknowledged, not kept: the client's retry starts it
            self.jobs[name] = self.submit(server, name)
        for name in self.data:
            held = server.call("GetParallelData", Name=name)["ParallelDataProperties"]
            assert held["Status"] in DATA_STATES, held
            assert held.get("LatestUpdateAttemptStatus", "ACTIVE") in {"UPDATING", "ACTIVE"}, held
        for key, may in self.objects.items():
            if b"" in may:
                continue  # its first write was never acknowledged
            assert server.send("GET", f"/book/{key}") in may, key


def main(state: Path, rounds: int, seed: int) -> dict[str, Any]:
    world = World(state, seed)
    server = Server(state)
    server.send("PUT", "/book")
    for name in DOCUMENTS:
        server.send("PUT", f"/book/in/{name}", PAGE.encode())
    server.send("PUT", "/book/pd/a.csv", "en,zh\nHello.,你好。\n".encode())
    server.call("CreateParallelData", Name="base", ParallelDataConfig={"S3Uri": "s3://book/pd/a.csv", "Format": "CSV"},
                ClientToken="base")  # fmt: skip
    while server.call("GetParallelData", Name="base")["ParallelDataProperties"]["Status"] != "ACTIVE":
        time.sleep(0.01)
    for number in range(rounds):
        world.round(server, seed * 1000 + number)
        world.look()
        server = Server(state)
        world.ask(server)
    for _ in range(2000):
        server.send("POST", "/_amts/clock", b'{"advance": 1}')
        world.ask(server)
        if len(world.ended) == len(world.tried):
            break
    assert len(world.ended) == len(world.tried), f"{len(world.tried) - len(world.ended)} jobs never end"
    calls = len(json.loads(server.send("GET", "/_amts/calls")))
    server.kill()
    world.look()
    told = {"rounds": rounds, "jobs": len(world.jobs), "parallel_data": len(world.data), "calls": calls}
    return {**told, "met": dict(world.met)}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
