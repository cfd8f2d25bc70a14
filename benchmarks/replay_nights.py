"""Real nights of a book, one after another, as `amts run --as-of` and as one backfill of a real Airflow: the same?

The bundle's nights are pairs of commits, the book before and after. Here each commit gets a day of its own, in order:
the odd days bring what happened between two nights and the even days the night itself; their characters are counted
apart. With `--no-between` a day is a night with all that happened since the one before. The book is cut down to
documents that the chosen nights changed. The translation is AMTS's own text of the first day (accents on every vowel),
with origin files, and nobody merges anything. Then every day is run again. With `--airflow` the same days are run by
one `airflow backfill create` too (on PostgreSQL; where there is none, by one a day on SQLite), against an emulator of
its own, and every branch must have the same commits. Needs $AMTS_D2L_DATA.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import boto3
import yaml

from amts_tasks.config import load
from amts_tasks.emulator import Emulator
from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.local.demo import make_stack
from amts_tasks.local.postgres import missing
from amts_tasks.local.service import EmulatorOptions
from amts_tasks.local.stack import Stack, airflow
from amts_tasks.steps import Params, Run, whole
from amts_tasks.text import Segment, parse, render

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
PAIR = "en-vi"
DAG = "amts_en_vi"
FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""When the first commit is made; the runs are at 2 o'clock of the next night."""
PAID = ("CreateParallelData", "UpdateParallelData", "StartTextTranslationJob", "TranslateText")


def git(repository: Path, *words: str, stdin: bytes | None = None) -> str:
    command = ["git", f"--git-dir={repository}", *words]
    return subprocess.run(command, input=stdin, check=True, capture_output=True).stdout.decode()


def book(
    bundle: Path, folder: Path, nights: list[dict[str, Any]], most: int, between: bool = True
) -> tuple[list[datetime], dict[str, str]]:
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
    if not between:
        tags = [tags[0], *tags[1::2]]
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


def in_order(path: Path, days: list[datetime], nights: list[bool], state: Path) -> tuple[dict[str, str], list[int]]:
    """Every day as `amts run --as-of`, then every day again; the branches after the last day, and what each sent."""
    os.environ["AMTS_STATE"] = str(state)
    config = load(path)
    sent = []
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
            kind = "night" if nights[number] else "between"
            print(
                f"{number + 1:>4} {day:%Y-%m-%d} {kind:<8} {sent[-1]:>9,} characters, {len(tips(state)):>3} branches, "
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
    return before, sent


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
    """The branches after `airflow backfill create` over the days: one on PostgreSQL, one a day where there is none."""
    config = load(path)
    emulator = EmulatorOptions(import_seconds=0, job_seconds=0, engine="pseudo")
    without = missing()
    if without:
        print(f"no PostgreSQL, so a backfill a day on SQLite: {without}")
    spans = [(day, day) for day in days] if without else [(days[0], days[-1])]
    say = partial(print, " ", flush=True)
    with make_stack(config, state, emulator=emulator, database="sqlite" if without else "postgres", say=say) as stack:
        stack.api.pause(DAG, False)
        started = time.monotonic()
        for first, last in spans:
            # Logical dates are the cron's, at 2 o'clock; both ends are instants, and belong to it.
            words = ["backfill", "create", "--dag-id", DAG, "--max-active-runs", "1"]
            words += ["--from-date", first.isoformat(), "--to-date", last.isoformat()]
            _created(airflow(words), dict(stack.variables))
            followed(stack, days[: days.index(last) + 1], started)
        runs = stack.api.runs(DAG)
        order(runs, days)
        succeeded = [run["state"] for run in runs].count("success")
        print(
            f"airflow backfill create, {len(spans)} in all: {succeeded} of {len(days)} days succeeded, "
            f"{time.monotonic() - started:.0f} s"
        )
        return tips(state)


def followed(stack: Stack, days: list[datetime], started: float) -> None:
    """Waits until the runs of all these days are over, and tells of each as it ends."""
    told: set[str] = set()
    while len(told) < len(days):
        for run in stack.api.runs(DAG):
            if run["state"] in {"success", "failed"} and run["logical_date"] not in told:
                told.add(run["logical_date"])
                print(
                    f"{len(told):>4} {run['logical_date'][:10]} {run['state']}, {run['duration']:>5.1f} s; "
                    f"{time.monotonic() - started:.0f} s since the first",
                    flush=True,
                )
        stack.require_alive()
        time.sleep(1)


def order(runs: list[dict[str, Any]], days: list[datetime]) -> None:
    """Tells whether each day had one run, one after another, none begun before the one before it was over."""
    begun = sorted(runs, key=lambda run: run["start_date"])
    dates = [datetime.fromisoformat(run["logical_date"]) for run in begun]
    overlaps = sum(after["start_date"] < before["end_date"] for before, after in pairwise(begun))
    print(f"one run a day, in the order of the days: {dates == days}; runs that overlap: {overlaps}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--nights", type=int, default=30)
    options.add_argument("--documents", type=int, default=0, help="at most so many, evenly spaced; 0: all that changed")
    options.add_argument("--airflow", action="store_true", help="also as a backfill of a real Airflow")
    options.add_argument("--no-between", action="store_true", help="no days of their own between the nights")
    chosen = options.parse_args()
    if not (DATA / "replay.bundle").exists():
        print(f"skipped: {DATA / 'replay.bundle'} is not there")
        return
    nights = json.loads((DATA / "replay.json").read_text())[: chosen.nights]
    with tempfile.TemporaryDirectory(prefix="amts-nights-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL is another user where we are root
        days, documents = book(DATA / "replay.bundle", folder, nights, chosen.documents, not chosen.no_between)
        translation(folder, documents)
        path = configuration(folder)
        print(f"{len(days)} days, {len(documents)} documents on the first", flush=True)
        kinds = [number > 0 and (chosen.no_between or number % 2 == 1) for number in range(len(days))]
        after, sent = in_order(path, days, kinds, folder / "in-order")
        night = sum(count for count, kind in zip(sent, kinds, strict=True) if kind)
        print(f"characters sent: {night:,} for the nights, {sum(sent) - night:,} for what lies between them")
        if chosen.airflow:
            made = backfilled(path, days, folder / "airflow")
            print(f"the backfill's branches have the same commits, day by day: {made == after}")
            for branch in sorted(made.keys() | after.keys()):
                if made.get(branch) != after.get(branch):
                    print(f"  {branch}: {made.get(branch)!r} and {after.get(branch)!r}")


if __name__ == "__main__":
    main()
