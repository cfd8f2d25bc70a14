"""Our branches at a remote repository: what people committed to them comes in, what we made goes out.

Nothing is ever forced, and no branch but ours is touched.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from amts_tasks.books.branches import NOTHING, OURS, contains, write_commit
from amts_tasks.books.mirror import transport
from amts_tasks.books.repository import GitError, commit_id, git, locked
from amts_tasks.errors import BookError, PublishError

REMOTE = "refs/amts/remote/"
"""The remote's branches as they are."""
SEEN = "refs/amts/seen/"
"""The remote's branches as we last left or found them; they stay when a branch goes."""
AUTHOR = ("AMTS", "amts@localhost")


@dataclass(slots=True)
class Received:
    """What was found at the remote."""

    aside: dict[str, str] = field(default_factory=dict)
    """Branch → why neither we nor the next push touches it."""
    taken: list[str] = field(default_factory=list)
    """Branches to which somebody committed there."""
    gone: list[str] = field(default_factory=list)
    """Branches that somebody deleted there: ours went with them."""
    rewritten: list[str] = field(default_factory=list)
    """Branches whose history somebody rewrote there, without the loss of anybody's work: theirs counts."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository that branches are pushed to."""

    location: str
    cache: Path
    token: str = field(default="", repr=False)

    def git(self, repository: Path, *arguments: str) -> bytes:
        options, environment = transport(self.location, self.cache.absolute())
        return git(repository, *arguments, options=options, environment={**environment, **self._login()})

    def _login(self) -> dict[str, str]:
        """The token as a header for this address alone: in no argument, no address and no file; no redirect gets it."""
        url = urlsplit(self.location)
        if not self.token or url.scheme != "https":
            return {}
        secret = base64.b64encode(f"x-access-token:{self.token}".encode()).decode()
        place = f"https://{url.netloc.rpartition('@')[2]}/"
        return {
            "GIT_CONFIG_COUNT": "2",
            "GIT_CONFIG_KEY_0": f"http.{place}.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {secret}",
            "GIT_CONFIG_KEY_1": "http.followRedirects",
            "GIT_CONFIG_VALUE_1": "false",
        }


def receive(repository: Path, remote: Remote, prefix: str) -> Received:
    """Brings our branches of that prefix in step with the remote's.

    What people committed there is kept, merged with what we have where both went on. A branch that was deleted there
    goes here too, unless it holds commits that were never there. A branch whose history was rewritten there (a rebase,
    a commit amended) is taken as it is now, unless a commit of somebody's went missing; such a one, and one that cannot
    be merged, is set aside. BookError where the remote cannot be reached.
    """
    received = Received()
    with locked(repository):
        try:
            # A mirror has no folder of its own for what git reaches a path with.
            (remote.cache.absolute() / "mirrors").mkdir(parents=True, exist_ok=True)
            remote.git(
                repository,
                *("fetch", "--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"),
                *("--no-auto-maintenance", "--", remote.location, f"+refs/heads/{prefix}*:{REMOTE}{prefix}*"),
            )
        except GitError as error:
            raise BookError(
                f"{remote.location}: git cannot fetch it: {error}; check push.remote, the network and your rights to it"
            ) from error
        refs = _refs(repository)
        names = {
            name.removeprefix(kind)
            for name in refs
            for kind in ("refs/heads/", REMOTE, SEEN)
            if name.startswith(f"{kind}{prefix}")
        }
        for name in sorted(names):
            _settle(repository, name, refs, received)
    return received


def _refs(repository: Path) -> dict[str, str]:
    listed = git(repository, "for-each-ref", "--format=%(objectname) %(refname)").decode()
    return {name: commit for commit, name in (line.split(" ", 1) for line in listed.splitlines())}


def _settle(repository: Path, name: str, refs: Mapping[str, str], received: Received) -> None:
    ours, theirs, seen = (refs.get(f"{kind}{name}") for kind in ("refs/heads/", REMOTE, SEEN))
    if theirs is None:
        if ours is not None and seen is not None and contains(repository, seen, ours):
            # Merged, or thrown away. What it held stays under its other name.
            _move(repository, f"refs/heads/{name}", None)
            received.gone.append(name)
        return
    if ours is None or contains(repository, theirs, ours):
        if ours != theirs:
            _move(repository, f"refs/heads/{name}", theirs)
        if theirs != seen:
            received.taken.append(name)
    elif seen is not None and not contains(repository, theirs, seen):
        if lost := _lost(repository, ours, theirs):
            received.aside[name] = f"its history was rewritten at the remote, and {lost} is not there any more"
            return
        _move(repository, f"refs/heads/{name}", theirs)
        received.rewritten.append(name)
    elif not contains(repository, ours, theirs):
        merged = _merge(repository, ours, theirs)
        if merged is None:
            received.aside[name] = "what was committed to it at the remote and what was committed here conflict"
            return
        _move(repository, f"refs/heads/{name}", merged)
        received.taken.append(name)
    _move(repository, f"{SEEN}{name}", theirs)


def _lost(repository: Path, ours: str, theirs: str) -> str:
    """The first commit of a person that a branch held and a rewritten one does not hold; empty where there is none.

    A commit is held also where another one makes the same change, or is the same one rewritten (amended, rebased: by
    the same author at the same time), or where the files that the branch had changed are as they were. What AMTS itself
    made can be made again.
    """
    options = ["--cherry-pick", "--right-only", "--no-merges", "--reverse", "--format=%H %ce %ae %at"]
    raw = git(repository, "log", *options, "--end-of-options", f"{theirs}...{ours}").decode("utf-8", "replace")
    rows = [line.split(" ", 2) for line in raw.splitlines()]
    there = git(repository, "log", "--format=%ae %at", "--end-of-options", theirs, f"^{ours}").decode(
        "utf-8", "replace"
    )
    again = set(there.splitlines())
    missing = [
        commit
        for commit, committer, author in rows
        if author not in again and {committer, author.split(" ")[0]} != {AUTHOR[1]}
    ]
    if not missing:
        return ""
    lost = f"the commit {missing[0][:12]}"
    try:
        begin = git(repository, "merge-base", "--", theirs, ours).decode().strip()
    except GitError:
        return lost
    options = ["diff-tree", "-r", "-z", "--no-renames", "--name-only", "--end-of-options"]
    had, differ = (set(git(repository, *options, old, ours).split(b"\0")) for old in (begin, theirs))
    return lost if had & differ - {b""} else ""


def _merge(repository: Path, ours: str, theirs: str) -> str | None:
    """A merge of both; None where they conflict."""
    try:
        tree = git(repository, "merge-tree", "--write-tree", "--no-messages", ours, theirs).decode().split()[0]
    except GitError:
        return None
    dates = git(repository, "show", "--no-patch", "--format=%ct", "--end-of-options", ours, theirs).decode().split()
    when = datetime.fromtimestamp(max(map(int, dates)), UTC)
    return write_commit(repository, tree, (ours, theirs), "Merge what was committed at the remote\n", AUTHOR, when)


def _move(repository: Path, ref: str, commit: str | None) -> None:
    if commit is None:
        git(repository, "update-ref", "-m", "amts", "-d", ref)
    else:
        git(repository, "update-ref", "-m", "amts", "--end-of-options", ref, commit)


def forget(repository: Path, branch: str, head: str) -> bool:
    """Takes one of our branches away unless it holds what ``head`` does not; whether it is gone."""
    ours = commit_id(repository, f"refs/heads/{branch}")
    if ours is None:
        return True
    if not contains(repository, head, ours):
        return False
    _move(repository, f"refs/heads/{branch}", None)
    return True


def pushed(repository: Path, branch: str) -> bool:
    """Whether the remote's branch, as last seen, is ours as it is."""
    ours, theirs = (commit_id(repository, f"{kind}{branch}") for kind in ("refs/heads/", REMOTE))
    return ours is not None and ours == theirs


def send(repository: Path, remote: Remote, branch: str) -> None:
    """Pushes one of our branches, as a fast-forward of what is there.

    PublishError for a branch that is none of ours, where the remote's holds something that ours does not, and where git
    cannot push, with what the remote said; nothing is changed there then.
    """
    tip = commit_id(repository, f"refs/heads/{branch}")
    if not branch.startswith(OURS) or tip is None:
        raise PublishError(f"{remote.location}: found the branch {branch!r} to push; expected one of ours, amts/…")
    try:
        remote.git(repository, "push", "--quiet", "--no-verify", "--", remote.location, f"{tip}:refs/heads/{branch}")
    except GitError as error:
        if "rejected" in error.stderr and ("fetch first" in error.stderr or "non-fast-forward" in error.stderr):
            raise PublishError(
                f"{branch}: somebody pushed to it meanwhile; the next run takes that in, and pushes then"
            ) from error
        raise PublishError(f"{branch}: git cannot push it to {remote.location}: {_refusal(error)}") from error
    for kind in (REMOTE, SEEN):
        _move(repository, f"{kind}{branch}", tip if tip != NOTHING else None)


def _refusal(error: GitError) -> str:
    """Why a remote did not take a push, in its own words, and what to do."""
    # git's last line only says that something failed.
    said = [match[1].strip() for match in re.finditer(r"(?m)^remote: *(?:error: *)?(.*\w.*)$", error.stderr)]
    said += [match[1] for match in re.finditer(r"(?m)^ ! \[remote rejected\].*\((.+)\)$", error.stderr)]
    reason = "; ".join(dict.fromkeys(said))[:400]
    words = reason or str(error)
    if re.search(r"(?i)protected|GH006|GH013|\brules?\b", reason):
        return f"{words}; let AMTS push to amts/… there: take these branches out of the rule that protects them"
    if re.search(r"(?i)hook", reason):
        return f"{words}; a hook of the remote refuses it: ask those who run it"
    return f"{words}; check push.remote, and that the token or key may push there"


def made_by(repository: Path, main: str, branch: str) -> tuple[str, ...]:
    """The services that made text of a branch's commits, by their ``Translation-service`` trailers."""
    form = "--format=%(trailers:key=Translation-service,valueonly)"
    raw = git(repository, "log", form, "--end-of-options", f"refs/heads/{branch}", f"^{main}").decode(
        "utf-8", "replace"
    )
    return tuple(dict.fromkeys(line.strip() for line in raw.splitlines() if line.strip()))
