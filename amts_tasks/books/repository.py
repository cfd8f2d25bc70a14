"""git, called as an untrusted repository asks for it.

No shell; no configuration of the system; no hooks; no prompts; only https, ssh and, for paths, local transport; none of
the environment's GIT_ variables but those that say how to connect. Nothing is ever checked out here.
"""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from amts_tasks.errors import BookError

SAFE = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "safe.directory=*"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "core.quotePath=false"),
    *("-c", "i18n.commitEncoding=UTF-8"),
    *("-c", "protocol.allow=never"),
    *("-c", "protocol.https.allow=always"),
    *("-c", "protocol.ssh.allow=always"),
)
CONNECTION = (
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_PROXY_SSL_CAINFO",
)
"""The GIT_ variables that are kept: how to connect, not what to do."""

FULL_ID = re.compile(r"[0-9a-f]{40}")


class GitError(BookError):
    """git ended with an error; the message is its last line, ``stderr`` all it said."""

    def __init__(self, message: str, stderr: str = "") -> None:
        super().__init__(message, stderr)
        self.message = message
        self.stderr = stderr

    def __str__(self) -> str:
        return self.message


def git(
    repository: Path | None,
    *arguments: str,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> bytes:
    """What ``git ARGUMENTS`` prints in a bare repository; raises GitError (a BookError) with git's own last words."""
    command = ["git", *SAFE, *options]
    if repository is not None:
        command.append(f"--git-dir={repository}")
    command.extend(arguments)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in CONNECTION}
    kept.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
    kept |= {"LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true"}
    # A replacement ref would show other content under a commit's id; grafts likewise.
    kept |= {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_CONFIG_GLOBAL": os.devnull, **(environment or {})}
    try:
        done = subprocess.run(command, input=stdin, env=kept, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise GitError("git: not found; install git 2.30 or newer") from error
    if done.returncode != 0:
        stderr = done.stderr.decode("utf-8", "replace").strip()
        last = stderr.splitlines()[-1] if stderr else f"exit code {done.returncode}"
        raise GitError(re.sub(r"^(fatal|error): ", "", last), stderr)
    return done.stdout


def commit_id(repository: Path, name: str) -> str | None:
    """The id of the commit that a full ref name, or an id, leads to; None where there is none."""
    try:
        found = git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
    except GitError:
        return None
    return found.decode().split()[-1]


def blobs(repository: Path, ids: Sequence[str]) -> dict[str, bytes]:
    """The contents of blobs by id, from one ``git cat-file --batch``; raises GitError where one is missing."""
    if not ids:
        return {}
    wanted = list(dict.fromkeys(ids))
    out = git(repository, "cat-file", "--batch", stdin="".join(f"{blob}\n" for blob in wanted).encode())
    found: dict[str, bytes] = {}
    start = 0
    for blob in wanted:
        end = out.index(b"\n", start)
        header = out[start:end].split()
        if len(header) != 3 or header[1] != b"blob":
            raise GitError(f"object {blob} is missing (a partial or damaged clone)")
        start = end + 1 + int(header[2]) + 1
        found[blob] = out[end + 1 : start - 1]
    return found


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds ``path``.lock among the processes of this machine; the lock ends with the process that holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
