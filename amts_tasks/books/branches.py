"""Commits on branches of a bare repository, by plumbing alone: no work tree, no hooks, no push.

The same base, files, message, author and date make the same commit id on every machine, so that a second try changes
nothing.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from amts_tasks.books.book import path_fault
from amts_tasks.books.repository import GitError, blobs, commit_id, git
from amts_tasks.errors import BookError, PublishError

OURS = "amts/"
"""What the names of our branches begin with."""

NOTHING = "0" * 40
"""How git writes the id of what is not there."""


def commit(
    repository: Path,
    branch: str,
    base_commit: str,
    files: Mapping[str, bytes | None],
    message: str,
    author: str,
    when: datetime,
    *,
    root: str = "",
) -> str | None:
    """Commits ``files`` (None: deleted) on top of ``base_commit`` and moves ``branch`` there; the new commit's id.

    None when nothing differs from the base. Paths are relative to ``root``, the book's root in the repository;
    ``author`` is ``Name <mail>``. The branch may be new, or must be contained in the base: what somebody committed to
    it is never lost. Raises PublishError, and leaves the repository as it was, for the default branch, for a branch
    that moved meanwhile, for unsafe paths, and for a path that is a link or a folder.
    """
    _refuse_default(repository, branch)
    match = re.fullmatch(r"([^<>\n]+) <([^<>\n]*)>", author)
    if match is None or when.tzinfo is None:
        raise PublishError(
            f"author and date: found {author!r}, {when!r}; expected 'Name <mail>' and a date with a time zone"
        )
    ref = f"refs/heads/{branch}"
    try:
        base = commit_id(repository, base_commit)
        if base is None:
            raise PublishError(f"{repository}: no commit {base_commit} to build on; fetch the translation again")
        old = commit_id(repository, ref)
        tree = tree_with(repository, base, files, root)
        if tree == tree_of(repository, base):
            return None
        new = write_commit(repository, tree, (base,), message, (match[1], match[2]), when)
        if new == old:
            return new
        if old is not None and not contains(repository, base, old):
            raise PublishError(
                f"{repository}: branch {branch} is at {old[:12]}, which {base[:12]} does not hold;"
                " build on the branch, or delete it once it is merged"
            )
        git(repository, "update-ref", "-m", "amts", "--end-of-options", ref, new, old or NOTHING)
    except GitError as error:
        raise PublishError(f"{repository}: branch {branch} was not written: {error}") from error
    return new


def head(repository: Path) -> str:
    """The id of the last commit of the default branch; raises BookError where there is none."""
    found = commit_id(repository, "HEAD")
    if found is None:
        raise BookError(f"{repository}: its default branch has no commit")
    return found


def advance(repository: Path, branch: str, new: str, old: str) -> bool:
    """Moves a branch of ours from one commit to one that holds it; False where it is not at ``old`` any more."""
    ref = f"refs/heads/{branch}"
    if not branch.startswith(OURS) or not contains(repository, new, old) or commit_id(repository, ref) != old:
        return False
    git(repository, "update-ref", "-m", "amts", "--end-of-options", ref, new, old)
    return True


def _refuse_default(repository: Path, branch: str) -> None:
    try:
        git(repository, "check-ref-format", f"refs/heads/{branch}")
        default = git(repository, "symbolic-ref", "--quiet", "HEAD").decode().strip()
    except GitError as error:
        raise PublishError(
            f"{repository}: found the branch {branch!r} ({error}); expected a name such as amts/en-zh/intro"
        ) from error
    if branch in {"main", "master"} or branch.startswith("-") or default == f"refs/heads/{branch}":
        raise PublishError(
            f"{repository}: found the branch {branch!r}; expected a branch of ours, such as amts/en-zh/intro"
        )


def tree_with(repository: Path, base: str, files: Mapping[str, bytes | None], root: str = "") -> str:
    """The id of a commit's tree with ``files`` written over it; raises PublishError as ``commit`` does."""
    return write_tree(repository, base, {f"{root}/{path}" if root else path: data for path, data in files.items()})


def tree_of(repository: Path, commit: str) -> str:
    """The id of a commit's tree."""
    return git(repository, "rev-parse", "--verify", "--end-of-options", commit + "^{tree}").decode().split()[-1]


def file_at(repository: Path, commit: str, path: str) -> bytes | None:
    """The contents of a file in a commit; None where it is not there, or is no plain file."""
    raw = git(repository, "--literal-pathspecs", "ls-tree", "-z", "--end-of-options", commit, "--", path)
    facts = raw.partition(b"\t")[0].split()
    if len(facts) != 3 or facts[1] != b"blob" or facts[0] == b"120000":
        return None
    blob = facts[2].decode()
    return blobs(repository, [blob])[blob]


def files_at(repository: Path, commit: str, root: str = "") -> dict[str, str]:
    """Path below ``root`` → id of the contents, of every plain file in a commit; none where ``root`` is not there."""
    try:
        raw = git(repository, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", f"{commit}:{root}")
    except GitError:
        if root:
            return {}
        raise
    found = {}
    for line in raw.split(b"\0"):
        facts, _, path = line.partition(b"\t")
        if facts.startswith(b"100"):
            found[path.decode("utf-8", "surrogateescape")] = facts.split()[2].decode()
    return found


def contains(repository: Path, commit: str, ancestor: str) -> bool:
    """Whether ``ancestor`` is ``commit`` or one of those it descends from."""
    try:
        git(repository, "merge-base", "--is-ancestor", "--end-of-options", ancestor, commit)
    except GitError as error:
        # No is an exit code without a word.
        if error.stderr:
            raise
        return False
    return True


def write_tree(repository: Path, base: str | None, files: Mapping[str, bytes | None]) -> str:
    """The id of the base's tree with ``files`` written over it, made in an index of its own."""
    modes = _modes(repository, base) if base else {}
    lines: list[bytes] = []
    for path, data in sorted(files.items()):
        if (fault := path_fault(path)) is not None or ".git" in path.lower().split("/"):
            raise PublishError(f"{repository}: {fault or f'found the path {path!r}; expected one outside .git'}")
        parents = {path[:end] for end, letter in enumerate(path) if letter == "/"}
        if parents & modes.keys() or any(known.startswith(f"{path}/") for known in modes):
            raise PublishError(
                f"{repository}: {path} meets a file where it has a folder, or a folder; expected a new path"
            )
        mode = modes.get(path, "100644")
        if mode not in {"100644", "100755"}:
            raise PublishError(
                f"{repository}: {path} is a symbolic link or a submodule; expected a file, or a new path"
            )
        if data is None:
            if path in modes:
                lines.append(f"0 {NOTHING}\t{path}".encode())
            continue
        blob = git(repository, "hash-object", "-w", "-t", "blob", "--no-filters", "--stdin", stdin=data).decode()
        lines.append(f"{mode} {blob.strip()}\t{path}".encode())
    with tempfile.TemporaryDirectory(prefix="amts-index-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git(repository, "read-tree", *([base] if base else ["--empty"]), environment=index)
        git(repository, "update-index", "-z", "--index-info", stdin=b"\0".join([*lines, b""]), environment=index)
        return git(repository, "write-tree", environment=index).decode().strip()


def _modes(repository: Path, commit: str) -> dict[str, str]:
    raw = git(repository, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
    lines = [line.decode("utf-8", "surrogateescape").split("\t", 1) for line in raw.split(b"\0") if line]
    return {path: facts.split()[0] for facts, path in lines}


def write_commit(
    repository: Path, tree: str, parents: tuple[str, ...], message: str, author: tuple[str, str], when: datetime
) -> str:
    """The id of a new commit of a tree, by an author's name and mail, who is the committer too; no branch is moved."""
    date = f"@{int(when.astimezone(UTC).timestamp())} +0000"
    who: dict[str, str] = {}
    for role in ("AUTHOR", "COMMITTER"):
        who |= {f"GIT_{role}_NAME": author[0], f"GIT_{role}_EMAIL": author[1], f"GIT_{role}_DATE": date}
    options = [item for parent in parents for item in ("-p", parent)]
    made = git(repository, "commit-tree", tree, *options, "-F", "-", stdin=message.encode(), environment=who)
    return made.decode().strip()
