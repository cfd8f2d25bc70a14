"""What the default branch has taken over of a branch of ours without its commits: by a squash, by a rebase, or by hand.

git does not call such a branch merged. Its text is in the translation all the same; what came after is all that is new.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from amts_tasks.books.branches import contains, tree_of, write_commit
from amts_tasks.books.history import raw_entries
from amts_tasks.books.repository import GitError, commit_id, git

LANDED = "refs/amts/landed/"
"""What is known of our branches, by a forge or by a look at their files: a commit whose parents are the last one of a
branch that was taken over, and the one of the default branch that did it."""
AUTHOR = ("AMTS", "amts@localhost")

_MOST_PATHS = 1_000
"""Paths that git is given as arguments; of more the whole history is read."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Text of a branch that the default branch has taken over."""

    commit: str
    """The id of the last commit of the branch that it holds, or held once, the text of."""
    made: str
    """The id of the commit of the default branch that has it."""


def landed(repository: Path, main: str, branch: str, tip: str) -> Landing | None:
    """What the default branch has taken over last of a branch, without its commits.

    None where there is none: the branch is new from its fork on, or is merged with its commits.
    """
    try:
        begin = git(repository, "merge-base", "--", main, tip).decode().strip()
    except GitError:
        return None
    if begin in {main, tip}:
        return None
    found = [one for one in (_noted(repository, main, branch, tip), _stood(repository, main, begin, tip)) if one]
    # Of two the one that comes after the other.
    return max(
        found, key=lambda one: sum(contains(repository, one.commit, other.commit) for other in found), default=None
    )


def note_landing(repository: Path, branch: str, head: str, made: str) -> None:
    """Notes that the commit ``head`` of a branch was taken over, and is the commit ``made`` in the branch that did it,
    which need not be the default branch. Nothing where either commit is not known here."""
    if commit_id(repository, head) is None or commit_id(repository, made) is None:
        return
    message = f"{branch} was merged as {made}\n"
    known = write_commit(repository, tree_of(repository, made), (head, made), message, AUTHOR, _when(repository, made))
    git(repository, "update-ref", "-m", "amts", "--end-of-options", LANDED + branch, known)


def noted(repository: Path, prefix: str) -> dict[str, Landing]:
    """What was noted of our branches whose names begin with ``prefix``."""
    form = f"--format=%(parent) %(refname:lstrip={LANDED.count('/')})"
    listed = git(repository, "for-each-ref", form, f"{LANDED}{prefix}").decode().splitlines()
    rows = (line.split(" ", 2) for line in listed)
    return {name: Landing(head, made) for head, made, name in rows}


def stood(repository: Path, main: str, commit: str, paths: Collection[str]) -> set[str]:
    """The files that the default branch has had, after a commit of ours was made from it, as that commit has them.

    None where the commit is not known here any more.
    """
    try:
        begin = git(repository, "merge-base", "--", main, commit).decode().strip()
    except GitError:
        return set()
    written = _differ(repository, begin, commit)
    wanted = sorted(path for path in paths if path in written)
    return {
        path for _, (_, _, _, blob, _), path, _ in _line(repository, begin, main, wanted) if blob == written.get(path)
    }


def joined(repository: Path, main: str, start: str, tip: str, both: Mapping[str, str] | None = None) -> str:
    """The id of a merge of a branch with the default branch, of which that has, or has taken over, all up to ``start``:
    the default branch's files, with what the branch changed after that. ``both`` holds the ids of the blobs of files
    that both changed, by path.

    What goes on from there can be pushed without force, and is compared with the default branch as it is: the same
    text is not changed twice. No branch is moved.
    """
    raw = git(repository, "diff-tree", "-r", "-z", "--no-renames", "--no-commit-id", "--end-of-options", start, tip)
    fields = raw.split(b"\0")
    lines = []
    for entry, path in zip(fields[0:-1:2], fields[1::2], strict=True):
        _, mode, _, blob, _ = entry.removeprefix(b":").split(b" ")
        blob = (both or {}).get(path.decode("utf-8", "replace"), blob.decode()).encode()
        lines.append(b"%s %s\t%s" % (mode.replace(b"000000", b"0"), blob, path))
    with tempfile.TemporaryDirectory(prefix="amts-index-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git(repository, "read-tree", main, environment=index)
        git(
            repository,
            *("update-index", "-z", "--replace", "--index-info"),
            stdin=b"\0".join([*lines, b""]),
            environment=index,
        )
        tree = git(repository, "write-tree", environment=index).decode().strip()
    message = "Merge what the default branch has had since this branch began\n"
    when = max(_when(repository, main), _when(repository, tip))
    return write_commit(repository, tree, (tip, main), message, AUTHOR, when)


def _when(repository: Path, commit: str) -> datetime:
    raw = git(repository, "show", "--no-patch", "--format=%ct", "--end-of-options", commit)
    return datetime.fromtimestamp(int(raw.split()[0]), UTC)


def _noted(repository: Path, main: str, branch: str, tip: str) -> Landing | None:
    """What was noted of the branch, where it holds of this tip and of this default branch."""
    ref = LANDED + branch
    head, made = (commit_id(repository, f"{ref}^{number}") for number in (1, 2))
    if head is None or made is None:
        return None
    holds = contains(repository, tip, head) and contains(repository, main, made)
    return Landing(head, made) if holds and not contains(repository, main, head) else None


def _stood(repository: Path, main: str, begin: str, tip: str) -> Landing | None:
    """The last commit of a branch that began at ``begin`` all of whose files stood on the default branch, at one commit
    after that, as it has them, or as that commit itself merged them; files that it took away stood there no more."""
    made = _files(repository, begin, tip)
    at_first = {path: old for files in made.values() for path, (old, _) in files.items()}
    # What stood before the first of these commits: the branch need not have begun on the default branch itself.
    now = at_first | {path: new for path, new in _differ(repository, begin, main).items() if path in at_first}
    steps: dict[str, dict[str, str]] = {}
    touched: set[str] = set()
    for commit, (_, _, old, new, _), path, _ in _line(repository, begin, main, at_first):
        if path in now:
            steps.setdefault(commit, {})[path] = new
            now[path] = now[path] if path in touched else old
            touched.add(path)
    # The newest first: what stands behind the best one found is no better.
    left = [(commit, files) for commit, files in made.items() if files]
    found = None
    for made_by, step in steps.items():
        now |= step
        for place, (commit, files) in enumerate(left):
            rest = [path for path, (_, new) in files.items() if now[path] != new]
            if not rest or (step.keys() >= set(rest) and _merged(repository, made_by, commit, rest)):
                found, left = Landing(commit, made_by), left[:place]
                break
    return found


def _merged(repository: Path, made: str, commit: str, paths: Collection[str]) -> bool:
    """Whether a commit of the default branch made of some files what git makes of a merge of another commit into the
    one before it: a squash or rebase of files that both sides had changed."""
    try:
        raw = git(repository, "merge-tree", "--write-tree", "--no-messages", f"{made}^1", commit)
    except GitError:
        return False
    return not _differ(repository, tree_of(repository, made), raw.decode().split()[0]).keys() & set(paths)


def _files(repository: Path, begin: str, tip: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Commit → path → blobs at ``begin`` and there, of what a branch has changed since; the newest commit first."""
    line = git(repository, "rev-list", "--topo-order", "--ancestry-path", tip, f"^{begin}").decode().split()
    asked = "".join(f"{commit} {begin}\n" for commit in line)
    raw = git(repository, "diff-tree", "--stdin", "-r", "-z", "--no-renames", stdin=asked.encode())
    found: dict[str, dict[str, tuple[str, str]]] = {commit: {} for commit in line}
    for commit, (_, _, old, new, _), path, _ in raw_entries(raw):
        found[commit][path] = (old, new)
    return found


def _line(
    repository: Path, begin: str, main: str, paths: Collection[str]
) -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    """What the default branch did to some files since a commit, merge by merge, the oldest first; perhaps to others."""
    form = ["--first-parent", "-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--reverse", "--format=%x00%H"]
    given = sorted(paths) if len(paths) <= _MOST_PATHS else []
    if paths:
        yield from raw_entries(git(repository, "--literal-pathspecs", "log", *form, f"{begin}..{main}", "--", *given))


def _differ(repository: Path, old: str, new: str) -> dict[str, str]:
    """Path → blob in the new one, of what differs between two commits or trees."""
    raw = git(repository, "diff-tree", "-r", "-z", "--no-renames", "--no-commit-id", "--end-of-options", old, new)
    return {path: blob for _, (_, _, _, blob, _), path, _ in raw_entries(raw)}
