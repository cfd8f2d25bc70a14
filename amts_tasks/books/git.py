"""A book in a git repository, read from a bare mirror: its blobs, never a work tree."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from amts_tasks.books.book import MOST_BYTES, NEWEST, Document, Revision, Snapshot, document, path_fault
from amts_tasks.books.history import Version, versions
from amts_tasks.books.lineage import Lineage, lineage
from amts_tasks.books.mirror import fetch, mirror_path
from amts_tasks.books.repository import FULL_ID, GitError, blobs, commit_id, git
from amts_tasks.books.settling import Young, settling, young
from amts_tasks.config import Follow, matches
from amts_tasks.errors import BookError, Fault


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    id: str
    size: int
    path: str


class GitBook:
    """A book in a repository: a path, a bundle or an address.

    The mirror is fetched when a revision is looked up by date or name, and when a commit is not yet in it; a commit
    that is there is read without any connection.
    """

    def __init__(self, location: str, root: str, cache: Path) -> None:
        self.location = location
        self.root = root
        self.cache = cache

    def revision(self, as_of: datetime | None = None, revision: str | None = None, follow: Follow = NEWEST) -> Revision:
        """See Book.revision. ``settle_days`` counts back from ``as_of``, or from now where there is none."""
        if revision is not None:
            return self._describe(self._named(revision))
        mirror = fetch(self.location, self.cache)
        candidates = self._tags(mirror, follow.name) if follow.kind == "tags" else self._branch(mirror, follow.name)
        before = None if as_of is None else as_of.timestamp()
        settled = None
        if follow.settle_days:
            settled = ((as_of or datetime.now(UTC)) - timedelta(days=follow.settle_days)).timestamp()
        for commit, date in candidates:
            # Committer dates go backwards where clocks were wrong: every commit is asked, none is inferred.
            if (before is None or date < before) and (settled is None or date <= settled):
                return self._describe(commit)
        when = "" if as_of is None else f" before {as_of.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        old = f" at least {follow.settle_days:g} days old" if follow.settle_days else ""
        first = datetime.fromtimestamp(min(date for _, date in candidates), UTC)
        raise BookError(
            f"{self.location}: no revision of the {follow.kind} {follow.name}{when}{old};"
            f" the first is of {first:%Y-%m-%d %H:%M:%S} UTC"
        )

    def snapshot(
        self, revision: Revision, documents: Sequence[str] = ("**/*.md",), exclude: Sequence[str] = ()
    ) -> Snapshot:
        """See Book.snapshot."""
        mirror = self._holding(revision.id)
        faults: list[Fault] = []
        wanted: list[_Entry] = []
        for entry in self._entries(mirror, revision.id):
            if not matches(entry.path, documents, exclude):
                continue
            fault = path_fault(entry.path)
            if fault is None and entry.mode not in {"100644", "100755", "100664"}:
                kind = {"120000": "a symbolic link", "160000": "a submodule"}.get(entry.mode, f"mode {entry.mode}")
                fault = Fault(entry.path, 0, "", kind, "a file")
            if fault is None and entry.size > MOST_BYTES:
                fault = Fault(entry.path, 0, "", f"{entry.size} bytes", f"a document of at most {MOST_BYTES} bytes")
            if fault is None:
                wanted.append(entry)
            else:
                faults.append(fault)
        contents = self._blobs(mirror, [entry.id for entry in wanted])
        read = [document(entry.path, contents[entry.id]) for entry in wanted]
        faults.extend(item for item in read if isinstance(item, Fault))
        return Snapshot(
            revision=revision,
            documents=tuple(sorted((item for item in read if isinstance(item, Document)), key=lambda item: item.path)),
            faults=tuple(sorted(faults, key=lambda fault: fault.file)),
        )

    def changed(self, a: Revision, b: Revision) -> tuple[str, ...]:
        """See Book.changed."""
        mirror = self._holding(a.id)
        self._holding(b.id)
        raw = git(mirror, "diff-tree", "-r", "-z", "--name-only", "--no-renames", "--end-of-options", a.id, b.id)
        paths = [path.decode("utf-8", "replace") for path in raw.split(b"\0") if path]
        prefix = f"{self.root}/" if self.root else ""
        return tuple(sorted(path.removeprefix(prefix) for path in paths if path.startswith(prefix)))

    def files(self, revision: Revision) -> tuple[str, ...]:
        """See Book.files."""
        entries = self._entries(self._holding(revision.id), revision.id)
        return tuple(sorted(entry.path for entry in entries if entry.mode.startswith("100")))

    def read(self, revision: Revision, path: str) -> bytes:
        """See Book.read."""
        mirror = self._holding(revision.id)
        place = f"{self.location}@{revision.id[:12]}:{path}"
        if (fault := path_fault(path)) is not None:
            raise BookError(str(fault))
        whole = f"{self.root}/{path}" if self.root else path
        raw = git(mirror, "--literal-pathspecs", "ls-tree", "-z", "--end-of-options", revision.id, "--", whole)
        match = re.match(rb"(\d+) (\w+) ([0-9a-f]{40})\t", raw)
        if match is None:
            raise BookError(f"{place}: no such file in that revision")
        if match[2] != b"blob" or match[1] == b"120000":
            kind = "symbolic link" if match[1] == b"120000" else match[2].decode()
            raise BookError(f"{place}: found a {kind}; expected a file")
        blob = match[3].decode()
        return self._blobs(mirror, [blob])[blob]

    def history(self, revision: Revision) -> Mapping[str, tuple[Version, ...]]:
        """See Book.history: what the first parents of the revision changed; a merge counts as one change."""
        return versions(self._holding(revision.id), revision.id, self.root)

    def lineage(self, revision: Revision) -> Lineage:
        """See Book.lineage."""
        return lineage(self._holding(revision.id), revision.id, self.root)

    def young(self, revision: Revision, as_of: datetime | None, follow: Follow) -> tuple[Young, ...]:
        """See Book.young. Nothing is fetched."""
        mirror = self._holding(revision.id)
        before = float("inf") if as_of is None else as_of.timestamp()
        if follow.kind == "branch":
            if not follow.settle_days:
                return ()
            counts = settling(self._branch(mirror, follow.name), revision.id, before, follow.settle_days)
            return young(mirror, revision.id, list(counts)[:1], counts, self.root)
        counts = settling(self._tags(mirror, follow.name), revision.id, before, follow.settle_days)
        newest = [commit for commit, date in self._branch(mirror, "HEAD") if date < before][:1]
        return young(mirror, revision.id, [*newest, *counts], counts, self.root)

    def contents(self, versions: Collection[Version]) -> Mapping[str, bytes]:
        """See Book.contents."""
        mirror = mirror_path(self.location, self.cache)
        return self._blobs(mirror, sorted({version.blob for version in versions if version.blob}))

    def _blobs(self, mirror: Path, ids: Sequence[str]) -> dict[str, bytes]:
        try:
            return blobs(mirror, ids)
        except GitError as error:
            raise BookError(f"{self.location}: {error}; make a complete clone of it") from error

    def _entries(self, mirror: Path, commit: str) -> list[_Entry]:
        tree = f"{commit}:{self.root}" if self.root else commit
        try:
            raw = git(mirror, "ls-tree", "-r", "-z", "-l", "--full-tree", "--end-of-options", tree)
        except GitError as error:
            raise BookError(f"{self.location}@{commit[:12]}: no folder {self.root or '/'} to read ({error})") from error
        found = []
        for line in raw.split(b"\0"):
            if line:
                facts, path = line.split(b"\t", 1)
                mode, _, blob, size = facts.decode().split()
                found.append(
                    _Entry(mode, blob, int(size) if size.isdigit() else 0, path.decode("utf-8", "surrogateescape"))
                )
        return found

    def _named(self, name: str) -> str:
        mirror = mirror_path(self.location, self.cache)
        if FULL_ID.fullmatch(name):
            self._holding(name)
            return name
        if re.search(r"[\x00-\x20~^:?*\[\\]|\.\.|@\{", name) or name.startswith("-") or not name:
            raise BookError(f"{self.location}: found the revision {name!r}; expected a commit's id, a tag or a branch")
        mirror = fetch(self.location, self.cache)
        names = [f"refs/tags/{name}", f"refs/heads/{name}", *(["HEAD"] if name == "HEAD" else [])]
        # Digits alone may also be a tag; that one is meant then.
        if re.fullmatch(r"[0-9a-f]{7,39}", name):
            names.append(name)
        for candidate in names:
            if (found := commit_id(mirror, candidate)) is not None:
                return found
        raise BookError(
            f"{self.location}: no commit, tag or branch {name!r} (or more than one commit begins so);"
            " name one of its tags or branches, or a whole id"
        )

    def _holding(self, commit: str) -> Path:
        """The mirror, once it has that commit."""
        mirror = mirror_path(self.location, self.cache)
        if not (mirror / "HEAD").exists() or commit_id(mirror, commit) is None:
            mirror = fetch(self.location, self.cache)
            if commit_id(mirror, commit) is None:
                raise BookError(
                    f"{self.location}: no commit {commit}; its history was rewritten, or the commit was never there:"
                    " name another revision, or run without one"
                )
        return mirror

    def _describe(self, commit: str) -> Revision:
        raw = git(self._holding(commit), "show", "--no-patch", "--format=%H%x00%ct%x00%s", "--end-of-options", commit)
        found, date, subject = raw.decode("utf-8", "replace").rstrip("\n").split("\0", 2)
        return Revision(found, datetime.fromtimestamp(int(date), UTC), subject)

    def _branch(self, mirror: Path, name: str) -> list[tuple[str, float]]:
        """The first-parent commits of a branch from its tip, with their committer dates."""
        ref = "HEAD" if name == "HEAD" else f"refs/heads/{name}"
        if commit_id(mirror, ref) is None:
            there = git(mirror, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").decode().split()
            one = "default branch" if name == "HEAD" else f"branch {name!r}"
            raise BookError(
                f"{self.location}: no {one}; set follow.name to one of: {', '.join(there[:20]) or '(none)'}"
            )
        raw = git(mirror, "rev-list", "--first-parent", "--timestamp", "--end-of-options", ref)
        return [(commit, float(date)) for date, commit in (line.split() for line in raw.decode().splitlines())]

    def _tags(self, mirror: Path, pattern: str) -> list[tuple[str, float]]:
        """The commits of the tags of that pattern, newest first: by the date the tag was made, then by version."""
        form = "%(refname:lstrip=2)%00%(creatordate:unix)"
        raw = git(mirror, "for-each-ref", "--sort=-version:refname", f"--format={form}", "refs/tags").decode()
        found: list[tuple[str, float]] = []
        for name, date in (line.split("\0") for line in raw.splitlines()):
            if fnmatch.fnmatchcase(name, pattern) and date:
                commit = commit_id(mirror, f"refs/tags/{name}")
                if commit is not None:
                    found.append((commit, float(date)))
        if not found:
            raise BookError(f"{self.location}: no tag like {pattern!r}; correct follow.name, or follow a branch")
        return sorted(found, key=lambda item: -item[1])
