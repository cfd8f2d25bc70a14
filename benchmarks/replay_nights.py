"""Real nights of a book, one after another, as `amts run --as-of` and as one backfill of a real Airflow: the same?

The bundle's nights are pairs of commits, the book before and after. Here each commit gets a day of its own, in order:
the odd days bring what happened between two nights and the even days the night itself; their characters are counted
apart. The book is cut down to documents that the chosen nights changed. The translation is AMTS's own text of the first
day (accents on every vowel), with origin files, and nobody merges anything. Then every day is run again. With
`--airflow` the same days are run by `airflow backfill create` too, against an emulator of its own, and every branch
must have the same commits. Needs $AMTS_D2L_DATA.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import yaml

from amts_tasks.config import load
from amts_tasks.emulator import Emulator
from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.local.demo import make_stack
from amts_tasks.local.service import EmulatorOptions
from amts_tasks.local.stack import airflow
from amts_tasks.steps import Params, Run, whole
from amts_tasks.text import Segment, parse, render

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
PAIR = "en-vi"
FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""When the first commit is made; the runs are at 2 o'clock of the next night."""
PAID = ("CreateParallelData", "UpdateParallelData", "StartTextTranslationJob", "TranslateText")


def git(repository: Path, *words: str, stdin: bytes | None = None) -> str:
    command = ["git", f"--git-dir={repository}", *words]
    return subprocess.run(command, input=stdin, check=True, capture_output=True).stdout.decode()


def book(bundle: Path, folder: Path, nights: list[dict[str, Any]], most: int) -> tuple[list[datetime], dict[str, str]]:
    """Makes book.git; the days' instants and the documents of the first day."""
    whole_book, cut = folder / "whole.git", folder / "book.git"
    subprocess.run(["git", "clone", "-q", "--bare", bundle, whole_book], check=True)
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", cut], check=True)
    tags = [tag for night in nights for tag in (night["tag_before"], night["tag_after"])]
    chosen = sorted({
        path
        for before, after in zip(tags[::2], tags[1::2], strict=True)
        for path in git(whole_book, "diff", "--name-only", "--no-renames", before, after).split()
        if path.endswith(".md")
    })
    chosen = chosen[:: -(-len(chosen) // most)] if most else chosen
    days, first, parts = [], dict[str, str](), [b"feature done\n"]
    for number, tag in enumerate(tags):
        when = FIRST + timedelta(days=number)
        person = f"Writer <writer@example.org> {int(when.timestamp())} +0000\n"
        parts.append(f"commit refs/heads/main\nauthor {person}committer {person}data {len(tag)}\n{tag}\n".encode())
        parts.append(b"deleteall\n")
        there = set(git(whole_book, "ls-tree", "-r", "--name-only", tag).split()) & set(chosen)
        for path in sorted(there):
            data = git(whole_book, "cat-file", "blob", f"{tag}:{path}").encode()
            parts.append(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
            if number == 0:
                first[path] = data.decode()
        days.append(FIRST + timedelta(days=number, hours=14))
    git(cut, "fast-import", "--quiet", "--date-format=raw", stdin=b"".join([*parts, b"done\n"]))
    return days, first


def translation(folder: Path, documents: dict[str, str]) -> None:
    """Makes vi.git from the first day's documents, with their origins beside them."""
    made = folder / "vi.git"
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", made], check=True)
    person = f"Writer <writer@example.org> {int(FIRST.timestamp())} +0000\n"
    parts = [f"feature done\ncommit refs/heads/main\nauthor {person}committer {person}data 5\nFirst\n".encode()]
    for path, text in documents.items():
        document = parse(text, path)
        answers = {
            (block.index, one.index): "".join(
                pseudo(token, "vi") if isinstance(token, str) else token.text for token in Segment.of(one.source).tokens
            )
            for block in document.blocks
            for one in block.texts
        }
        for name, content in ((path, render(document, answers)), (path.replace(".md", "_origin.md"), text)):
            data = content.encode()
            parts.append(f"M 100644 inline {name}\ndata {len(data)}\n".encode() + data + b"\n")
    git(made, "fast-import", "--quiet", "--date-format=raw", stdin=b"".join([*parts, b"done\n"]))


def configuration(folder: Path) -> Path:
    place = {"kind": "git", "location": str(folder / "book.git")}
    text = {
        "languages": str(ROOT / "config" / "languages"),
        "book": {"name": "nights", "language": "en", "place": place, "documents": ["**/*.md"]},
        "translations": {
            "vi": {
                "place": {"kind": "git", "location": str(folder / "vi.git")},
                "layout": "origin",
                "origin": "human",
            }
        },
        "pairs": {
            PAIR: {"budget": {"run": 1000}, "review": {"words": 0, "branches": 0}, "schedule": "0 2 * * *"},
        },
        "aws": {
            "region": "us-east-1",
            "role_arn": "arn:aws:iam::123456789012:role/amts",
            "poll_seconds": 1,
            "job_timeout_hours": 1,
        },
        "storage": {"bucket": "nights"},
    }
    path = folder / "config" / "amts.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(text), encoding="utf-8")
    return path


def tips(state: Path) -> dict[str, str]:
    """Every branch of AMTS with the ids of its commits, oldest first."""
    repository = state / "repos" / "nights-vi.git"
    if not repository.exists():
        return {}
    names = git(repository, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/amts").split()
    return {name: git(repository, "log", "--reverse", "--format=%H", f"main..{name}") for name in names}


def in_order(path: Path, days: list[datetime], state: Path) -> tuple[list[dict[str, str]], list[int]]:
    """Every day as `amts run --as-of`, then every day again; the branches after each day, and what each sent."""
    os.environ["AMTS_STATE"] = str(state)
    config = load(path)
    after, sent = [], []
    with Emulator(state=state / "emulator", import_seconds=0, job_seconds=0, engine="pseudo") as service:
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        s3, translate = (
            boto3.client(name, endpoint_url=service.url, region_name="us-east-1", **keys)
            for name in ("s3", "translate")
        )
        s3.create_bucket(Bucket="nights")

        def run(day: datetime, number: int) -> Any:
            one = Run(config, PAIR, day, Params(), f"day {number}", s3, translate, sleep=lambda _: time.sleep(0.05))
            return whole.run(one).value

        for number, day in enumerate(days):
            start = time.monotonic()
            value = run(day, number)
            sent.append(value["plan"]["sent"] if "plan" in value else 0)
            after.append(tips(state))
            kind = "night" if number % 2 else "between"
            print(
                f"{number + 1:>4} {day:%Y-%m-%d} {kind:<8} {sent[-1]:>9,} characters, {len(after[-1]):>3} branches, "
                f"{time.monotonic() - start:>5.1f} s",
                flush=True,
            )
        before, paid = tips(state), len([call for call in service.calls() if call["operation"] in PAID])
        again = 0
        for number, day in enumerate(days):
            run(day, len(days) + number)
            again += tips(state) != before
        more = len([call for call in service.calls() if call["operation"] in PAID]) - paid
        print(f"every day run again: {again} of {len(days)} changed a branch, {more} calls that cost money")
    return after, sent


def _created(command: list[str], environment: dict[str, str]) -> None:
    """Tries until the backfill before it is closed, which the scheduler does in its own time."""
    last = time.monotonic() + 120
    while True:
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        if time.monotonic() > last:
            raise SystemExit(done.stdout + done.stderr)
        time.sleep(1)


def backfilled(path: Path, days: list[datetime], state: Path) -> dict[str, str]:
    """The branches after `airflow backfill create` over the days."""
    config = load(path)
    emulator = EmulatorOptions(import_seconds=0.5, job_seconds=0.5, engine="pseudo")
    dag = "amts_en_vi"
    with make_stack(config, state, emulator=emulator, say=lambda words: print(f"  {words}", flush=True)) as stack:
        stack.api.pause(dag, False)
        started = time.monotonic()
        for day in days:
            # Airflow on SQLite locks itself out of a backfill of several days: one a day, in order.
            words = ["backfill", "create", "--dag-id", dag, "--max-active-runs", "1"]
            words += ["--from-date", day.isoformat(), "--to-date", day.isoformat()]
            _created(airflow(words), dict(stack.variables))
            while not (state_of := {one["logical_date"]: one["state"] for one in stack.api.runs(dag)}) or any(
                one not in {"success", "failed"} for one in state_of.values()
            ):
                stack.require_alive()
                time.sleep(0.5)
        states = list(state_of.values())
        print(
            f"airflow backfill create: {states.count('success')} of {len(days)} days succeeded, "
            f"{time.monotonic() - started:.0f} s"
        )
        return tips(state)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--nights", type=int, default=30)
    options.add_argument("--documents", type=int, default=0, help="at most so many, evenly spaced; 0: all that changed")
    options.add_argument("--airflow", action="store_true", help="also as a backfill of a real Airflow")
    chosen = options.parse_args()
    if not (DATA / "replay.bundle").exists():
        print(f"skipped: {DATA / 'replay.bundle'} is not there")
        return
    nights = json.loads((DATA / "replay.json").read_text())[: chosen.nights]
    with tempfile.TemporaryDirectory(prefix="amts-nights-") as name:
        folder = Path(name)
        days, documents = book(DATA / "replay.bundle", folder, nights, chosen.documents)
        translation(folder, documents)
        path = configuration(folder)
        print(f"{len(days)} days, {len(documents)} documents on the first", flush=True)
        after, sent = in_order(path, days, folder / "in-order")
        print(f"characters sent: {sum(sent[1::2]):,} for the nights, {sum(sent[0::2]):,} for what lies between them")
        if chosen.airflow:
            made = backfilled(path, days, folder / "airflow")
            print(f"the backfill's branches have the same commits, day by day: {made == after[-1]}")
            for branch in sorted(made.keys() | after[-1].keys()):
                if made.get(branch) != after[-1].get(branch):
                    print(f"  {branch}: {made.get(branch)!r} and {after[-1].get(branch)!r}")


if __name__ == "__main__":
    main()
