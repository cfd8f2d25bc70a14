"""What the runs left behind: the emulator's calls, the scores in storage, the branches in the repositories."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from amts_tasks.config import Config
from amts_tasks.local.service import s3_client


def calls(endpoint: str) -> list[dict[str, Any]]:
    """Every Translate call the emulator answered, oldest first."""
    content = _ask(endpoint, "calls")
    found: list[dict[str, Any]] = content["calls"] if isinstance(content, dict) else content
    return found


def costs(endpoint: str) -> dict[str, Any]:
    """What the emulator's calls and jobs would have cost: see docs/emulator.md, "Calls and costs"."""
    found: dict[str, Any] = _ask(endpoint, "costs")
    return found


def _ask(endpoint: str, what: str) -> Any:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{endpoint}/_amts/{what}", timeout=30) as answer:
        return json.loads(answer.read())


def scores(endpoint: str, config: Config) -> tuple[list[Any], str]:
    """The newest score reports of every pair that has some, by pair, and their tables, one after another."""
    client = s3_client(endpoint, config.aws.region)
    reports: list[Any] = []
    tables: list[str] = []
    for pair in sorted(config.pairs):
        home = f"{config.storage.prefix}{config.book.name}/{pair}/"
        found = {}
        for name in ("scores.json", "score.txt"):
            try:
                found[name] = client.get_object(Bucket=config.storage.bucket, Key=home + name)["Body"].read()
            except client.exceptions.NoSuchKey:
                break
        else:
            reports += json.loads(found["scores.json"])
            tables.append(found["score.txt"].decode())
    return reports, "\n".join(tables)


def branches(folder: Path) -> list[tuple[Path, str, str]]:
    """The branches AMTS left for review in the bare repositories of a folder: repository, branch, its last subject."""
    found = []
    for repository in sorted(folder.glob("*.git")):
        command = ["git", "-c", "safe.directory=*", f"--git-dir={repository}", "for-each-ref"]
        command += ["--format=%(refname:short)%09%(contents:subject)", "refs/heads/amts/"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        for row in done.stdout.splitlines():
            branch, _, subject = row.partition("\t")
            found.append((repository, branch, subject))
    return found
