"""A bare copy, in the cache, of a repository somewhere: its branches, its tags and which branch is the default.

Nothing is ever thrown out of it: a revision read once stays readable when the history is rewritten upstream.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path

from amts_tasks.books.repository import GitError, git, locked
from amts_tasks.errors import BookError

REFSPECS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")


def is_path(location: str) -> bool:
    """Whether a location is on this machine: a path or a file address."""
    return location.startswith(("/", "file://"))


def mirror_path(location: str, cache: Path) -> Path:
    """Where the mirror of a location is, named for it and for its digest."""
    name = re.sub(r"[^\w.-]", "-", location.rstrip("/").rpartition("/")[2]).removesuffix(".git") or "book"
    return cache / "mirrors" / f"{name}-{hashlib.sha256(location.encode()).hexdigest()[:12]}.git"


def fetch(location: str, cache: Path) -> Path:
    """The mirror of ``location``, brought up to date; raises BookError with what to do when that fails.

    Two processes at once take turns; the second finds nothing left to fetch.
    """
    mirror = mirror_path(location, cache)
    with locked(mirror):
        try:
            if not (mirror / "HEAD").exists():
                git(None, "init", "--quiet", "--bare", "--initial-branch=main", "--", str(mirror))
            options, environment = transport(location, cache)
            listed = git(
                None, "ls-remote", "--symref", "--", location, options=options, environment=environment
            ).decode("utf-8", "replace")
            git(
                mirror,
                *("fetch", "--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"),
                *("--no-auto-maintenance", "--", location, *REFSPECS),
                options=options,
                environment=environment,
            )
            _complete(mirror, listed)
            default = _default_branch(listed)
            git(mirror, "symbolic-ref", "HEAD", f"refs/heads/{default or 'main'}")
        except GitError as error:
            raise BookError(f"{location}: {_advice(location, error)}") from error
    return mirror


def transport(location: str, cache: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """The options and variables with which git reaches a location."""
    if is_path(location):
        # The process at the other end reads this file and no -c of ours; it refuses what another user owns without it.
        ours = cache / "mirrors" / "gitconfig"
        text = "[safe]\n\tdirectory = *\n"
        if not ours.exists() or ours.read_text("utf-8") != text:
            # Whole or not at all: another mirror's fetch may be reading it.
            with tempfile.NamedTemporaryFile("w", dir=ours.parent, delete=False) as written:
                written.write(text)
            Path(written.name).replace(ours)
        return ("-c", "protocol.file.allow=always"), {"GIT_CONFIG_GLOBAL": str(ours)}
    # The user's own configuration says how to reach and to log in to a server.
    user = Path.home() / ".gitconfig"
    return (), {"GIT_CONFIG_GLOBAL": str(user)} if user.exists() else {}


def _complete(mirror: Path, listed: str) -> None:
    """Raises GitError where a branch did not come along: from a shallow clone git brings none, and calls that a
    success."""
    there = git(mirror, "for-each-ref", "--format=%(refname)", "refs/heads").decode().split()
    lacking = set(re.findall(r"^[0-9a-f]{40}\t(refs/heads/\S+)$", listed, re.MULTILINE)) - set(there)
    if lacking:
        raise GitError(f"no {', '.join(sorted(lacking))}", "rejected: shallow")


def _default_branch(listed: str) -> str | None:
    """The default branch in the answer of ``git ls-remote --symref``; a bundle only tells its commit."""
    symbolic = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", listed, re.MULTILINE)
    if symbolic:
        return symbolic[1]
    refs = {name: commit for commit, name in re.findall(r"^([0-9a-f]{40})\t(\S+)$", listed, re.MULTILINE)}
    heads = {
        name.removeprefix("refs/heads/"): commit for name, commit in refs.items() if name.startswith("refs/heads/")
    }
    if "HEAD" in refs:
        heads = {name: commit for name, commit in heads.items() if commit == refs["HEAD"]}
    usual = [name for name in ("main", "master") if name in heads] or sorted(heads)
    return usual[0] if usual and (len(heads) == 1 or usual[0] in {"main", "master"}) else None


def _advice(location: str, error: GitError) -> str:
    said = error.stderr or str(error)
    if "shallow" in said:
        return "a shallow clone, which lacks its history; complete it with: git fetch --unshallow"
    if is_path(location) and not Path(location.removeprefix("file://")).exists():
        return "no such path; make the repository first, or correct `location`"
    if "does not appear to be a git repository" in said or "not recognized as a supported" in said:
        return f"no git repository or bundle ({error}); correct `location`, or use kind: folder"
    if "lack these prerequisite commits" in said.lower() or "prerequisite" in said:
        return "a bundle that lacks the commits it builds on; make one with: git bundle create FILE --all"
    return f"git cannot fetch it: {error}; check the address, the network and your rights to it"
