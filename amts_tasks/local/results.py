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
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{endpoint}/_amts/calls", timeout=30) as answer:
        content = json.loads(answer.read())
    found: list[dict[str, Any]] = content["calls"] if isinstance(content, dict) else content
    return found


def scores(endpoint: str, config: Config) -> dict[str, Any]:
    """The newest scores of every pair that has some: pair → what its `score` step wrote."""
    client = s3_client(endpoint, config.aws.region)
    bucket, prefix = config.storage.bucket, config.storage.prefix
    newest: dict[str, tuple[Any, str]] = {}
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}{config.book.name}/"):
        for found in page.get("Contents", ()):
            key = found["Key"]
            if not key.endswith("/score/scores.json"):
                continue
            pair = key.removeprefix(prefix).split("/")[1]
            newest[pair] = max(newest.get(pair, (found["LastModified"], key)), (found["LastModified"], key))
    return {
        pair: json.loads(client.get_object(Bucket=bucket, Key=key)["Body"].read())
        for pair, (_, key) in sorted(newest.items())
    }


def scores_text(found: dict[str, Any]) -> str:
    """The score table of all pairs, as a person reads it; empty without scores."""
    return json.dumps(found, ensure_ascii=False, indent=1) if found else ""


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
