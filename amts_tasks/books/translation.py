"""The bare repository that ``publish`` commits to: a copy of the translation's, or made from its folder."""

from __future__ import annotations

from pathlib import Path

from amts_tasks.books.book import Revision
from amts_tasks.books.branches import NOTHING, OURS, contains, tree_of, write_commit, write_tree
from amts_tasks.books.directory import EPOCH, FolderBook
from amts_tasks.books.mirror import fetch, mirror_path
from amts_tasks.books.repository import GitError, commit_id, git, locked
from amts_tasks.config import Place
from amts_tasks.errors import BookError

AUTHOR = ("AMTS", "amts@localhost")
"""Name and mail of the commits that bring a folder into a repository."""

THEIRS = "refs/remotes/translation/"
"""Where the translation's own branches are kept, apart from ours."""


def translation_repository(place: Place, revision: Revision, cache: Path, name: str = "", *, ours: bool = True) -> Path:
    """The bare repository that ``publish`` commits to, ``cache/repos/NAME.git``, with ``revision`` in it.

    For a git place it follows the translation's own branches and keeps ours; for a folder its main holds the folder's
    files, by AMTS at 1970-01-01, so that it has the same commit wherever it is made. It is a copy: the translation's
    own repository is never written to here. ``ours``: branches of ours that the translation's repository has are taken
    over; not where branches are pushed, since ``receive`` does that and sets aside what does not fit. Raises BookError
    where the revision cannot be had.
    """
    label = name or mirror_path(place.location, cache).name.removesuffix(".git")
    repository = cache.absolute() / "repos" / f"{label}.git"
    with locked(repository):
        if not (repository / "HEAD").exists():
            git(None, "init", "--quiet", "--bare", "--initial-branch=main", "--", str(repository))
        if place.kind == "folder":
            _import(repository, FolderBook(place.location, place.root), revision, place.root)
        else:
            _follow(repository, place.location, cache.absolute(), revision, ours)
    return repository


def _follow(repository: Path, location: str, cache: Path, revision: Revision, ours: bool) -> None:
    mirror = mirror_path(location, cache)
    if not (mirror / "HEAD").exists() or commit_id(mirror, revision.id) is None:
        mirror = fetch(location, cache)
    try:
        git(
            repository,
            *("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--", str(mirror)),
            *(f"+refs/heads/*:{THEIRS}*", "+refs/tags/*:refs/tags/*"),
            options=("-c", "protocol.file.allow=always"),
        )
        default = git(mirror, "symbolic-ref", "HEAD").decode().strip()
        git(repository, "symbolic-ref", "HEAD", default)
        _take_over(repository, ours)
        if commit_id(repository, revision.id) is None:
            # A commit that no branch holds any more; the mirror keeps it.
            git(
                repository,
                *("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", str(mirror)),
                f"+{revision.id}:refs/amts/bases/{revision.id}",
                options=("-c", "protocol.file.allow=always", "-c", "uploadpack.allowAnySHA1InWant=true"),
            )
    except GitError as error:
        raise BookError(f"{location}: revision {revision.id[:12]} cannot be copied to {repository}: {error}") from error


def _take_over(repository: Path, ours: bool) -> None:
    """The translation's branches become the repository's.

    One of ours stays as we left it while it holds what the translation's repository has under its name. Where it does
    not, theirs counts: somebody has worked on it there, and what we have made beside it can be made again.
    """
    listed = git(repository, "for-each-ref", "--format=%(objectname) %(refname)", THEIRS).decode()
    for line in listed.splitlines():
        theirs, _, name = line.partition(" ")
        name = name.removeprefix(THEIRS)
        if name.startswith(OURS) and not ours:
            continue
        old = commit_id(repository, f"refs/heads/{name}")
        if old is None or not (name.startswith(OURS) and contains(repository, old, theirs)):
            git(
                repository, "update-ref", "-m", "amts", "--end-of-options", f"refs/heads/{name}", theirs, old or NOTHING
            )


def _import(repository: Path, book: FolderBook, revision: Revision, root: str) -> None:
    prefix = f"{root}/" if root else ""
    files = {prefix + path: book.read(revision, path) for path in book.files(revision)}
    main = "refs/heads/main"
    old = commit_id(repository, main)
    tree = write_tree(repository, None, files)
    if old is not None and tree == tree_of(repository, old):
        return
    message = f"The translation as its folder holds it\n\nFolder-Digest: {revision.id}\n"
    new = write_commit(repository, tree, (old,) if old else (), message, AUTHOR, EPOCH)
    git(repository, "update-ref", "-m", "amts", "--end-of-options", main, new, old or NOTHING)
