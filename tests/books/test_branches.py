from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from amts_tasks.books import commit, head, open_book, open_branches, translation_repository
from amts_tasks.books.repository import git
from amts_tasks.config import Place
from amts_tasks.errors import PublishError

WHEN = datetime(2024, 2, 1, 3, tzinfo=UTC)
AUTHOR = "AMTS <amts@example.org>"
BRANCH = "amts/en-zh/intro"


@pytest.fixture
def repository(upstream: Any, cache: Path) -> Path:
    (upstream.path / "run.sh").write_text("#!/bin/sh\n")
    (upstream.path / "run.sh").chmod(0o755)
    (upstream.path / "link.md").symlink_to("a.md")
    upstream.commit({"a.md": "a", "b.md": "b", "intro/index.md": "i"})
    place = Place("git", str(upstream.path))
    return translation_repository(place, open_book(place, cache).revision(), cache, "zh")


def shown(repository: Path, name: str) -> str:
    return git(repository, "show", name).decode()


def put(
    repository: Path, files: dict[str, bytes | None], branch: str = BRANCH, base: str = "", **more: Any
) -> str | None:
    return commit(repository, branch, base or head(repository), files, "Update\n\nBody 中文\n", AUTHOR, WHEN, **more)


def test_commits_what_differs_and_nothing_else(repository: Path) -> None:
    made = put(repository, {"a.md": "中".encode(), "new/c.md": b"c", "b.md": None, "none.md": None, "run.sh": b"2"})
    assert made is not None
    changed = git(repository, "diff-tree", "-r", "--name-status", f"{made}^", made).decode().splitlines()
    assert changed == ["M\ta.md", "D\tb.md", "A\tnew/c.md", "M\trun.sh"]
    assert git(repository, "ls-tree", made, "run.sh").startswith(b"100755"), "a mode stays"
    assert shown(repository, f"{made}:a.md") == "中"
    facts = git(repository, "show", "-s", "--format=%an|%ae|%cn|%aI|%cI|%B", made).decode()
    assert facts.startswith(
        "AMTS|amts@example.org|AMTS|2024-02-01T03:00:00+00:00|2024-02-01T03:00:00+00:00|Update\n\nBody"
    )
    assert [(branch.name, branch.commit, branch.merged) for branch in open_branches(repository)] == [
        (BRANCH, made, False)
    ]


def test_nothing_that_differs_is_no_commit(repository: Path) -> None:
    assert put(repository, {"a.md": b"a", "none.md": None}) is None
    assert open_branches(repository) == ()


def test_a_second_try_is_the_same_commit(repository: Path) -> None:
    made = put(repository, {"a.md": b"A"})
    assert made == put(repository, {"a.md": b"A"})
    assert made == "1b37f710718572952d9792827f8935bd65b797e4", "on any machine"


def test_builds_on_the_branch_and_never_over_it(repository: Path) -> None:
    base = head(repository)
    first = put(repository, {"a.md": b"1"})
    assert first is not None
    with pytest.raises(PublishError, match="build on the branch"):
        put(repository, {"a.md": b"2"}, base=base)
    second = put(repository, {"a.md": b"2"}, base=first)
    assert [branch.commit for branch in open_branches(repository)] == [second]


@pytest.mark.parametrize("branch", ["main", "master", "trunk", "a..b", "-x", "", "x.lock", "a b"])
def test_the_default_branch_and_bad_names_are_refused(repository: Path, branch: str) -> None:
    before = git(repository, "for-each-ref")
    with pytest.raises(PublishError, match="expected a"):
        put(repository, {"a.md": b"A"}, branch=branch)
    assert git(repository, "for-each-ref") == before


@pytest.mark.parametrize(
    "path", ["../x.md", "/x.md", ".git/hooks/x", "a//b.md", "x\\y.md", "link.md", "a.md/b.md", "intro", ""]
)
def test_unsafe_paths_are_refused(repository: Path, path: str) -> None:
    with pytest.raises(PublishError):
        put(repository, {path: b"x"})
    assert open_branches(repository) == ()


def test_a_root(repository: Path) -> None:
    made = put(repository, {"index.md": b"new"}, root="intro")
    assert shown(repository, f"{made}:intro/index.md") == "new"


def test_a_base_that_is_not_there(repository: Path) -> None:
    with pytest.raises(PublishError, match="no commit"):
        put(repository, {"a.md": b"A"}, base="f" * 40)


@pytest.mark.parametrize("author", ["nobody", "a <b>\nc <d>", "<x@y>"])
def test_an_author_that_is_none(repository: Path, author: str) -> None:
    with pytest.raises(PublishError, match="expected 'Name <mail>'"):
        commit(repository, BRANCH, head(repository), {"a.md": b"A"}, "m", author, WHEN)


class TestTranslationRepository:
    def test_follows_the_translation_and_keeps_ours(self, repository: Path, upstream: Any, cache: Path) -> None:
        made = put(repository, {"a.md": b"ours"})
        tip = upstream.commit({"b.md": "theirs"})
        place = Place("git", str(upstream.path))
        again = translation_repository(place, open_book(place, cache).revision(), cache, "zh")
        assert again == repository
        assert head(repository) == tip
        assert [branch.commit for branch in open_branches(repository)] == [made]
        assert upstream.git("branch", "--list").split() == ["*", "trunk"], "nothing is pushed"

    def test_knows_what_was_merged(self, repository: Path, upstream: Any, cache: Path) -> None:
        put(repository, {"a.md": b"ours"})
        upstream.git("pull", "--quiet", "--ff-only", str(repository), BRANCH)
        place = Place("git", str(upstream.path))
        translation_repository(place, open_book(place, cache).revision(), cache, "zh")
        assert [branch.merged for branch in open_branches(repository)] == [True]

    def test_somebody_elses_work_on_our_branch_counts(self, repository: Path, upstream: Any, cache: Path) -> None:
        put(repository, {"a.md": b"ours"})
        upstream.git("fetch", "--quiet", str(repository), f"{BRANCH}:{BRANCH}")
        upstream.git("checkout", "--quiet", BRANCH)
        edited = upstream.commit({"a.md": "edited by hand"}, day=20)
        upstream.git("checkout", "--quiet", "trunk")
        place = Place("git", str(upstream.path))
        revision = open_book(place, cache).revision()
        translation_repository(place, revision, cache, "zh")
        assert [branch.commit for branch in open_branches(repository)] == [edited]
        ours = put(repository, {"b.md": b"more"}, base=edited)
        translation_repository(place, revision, cache, "zh")
        assert [branch.commit for branch in open_branches(repository)] == [ours], "ours holds theirs"

    def test_of_an_older_revision(self, upstream: Any, cache: Path) -> None:
        upstream.commit({"a.md": "1"})
        upstream.commit({"a.md": "2"})
        place = Place("git", str(upstream.path))
        book = open_book(place, cache)
        gone = book.revision()
        upstream.git("reset", "--quiet", "--hard", "HEAD~1")
        upstream.commit({"a.md": "3"})
        book.revision()
        repository = translation_repository(place, gone, cache)
        assert shown(repository, f"{gone.id}:a.md") == "2"

    def test_of_a_folder_is_the_same_everywhere(self, tmp_path: Path) -> None:
        heads = []
        for name in ("one", "two"):
            folder = tmp_path / name / "zh"
            folder.mkdir(parents=True)
            (folder / "a.md").write_text("甲", "utf-8")
            (folder / "x.png").write_bytes(b"\0\xff")
            place = Place("folder", str(folder))
            revision = open_book(place, tmp_path).revision()
            repository = translation_repository(place, revision, tmp_path / name)
            translation_repository(place, revision, tmp_path / name)
            heads.append(head(repository))
        assert heads[0] == heads[1]
        assert shown(repository, "HEAD:a.md") == "甲"
        assert put(repository, {"a.md": "乙".encode()}) is not None

    def test_of_a_folder_that_changed_goes_on_from_it(self, tmp_path: Path) -> None:
        (tmp_path / "zh").mkdir()
        place = Place("folder", str(tmp_path / "zh"))
        for text in ("1", "2"):
            (tmp_path / "zh" / "a.md").write_text(text)
            revision = open_book(place, tmp_path).revision()
            repository = translation_repository(place, revision, tmp_path / "cache")
        assert git(repository, "rev-list", "--count", "HEAD") == b"2\n"
        assert shown(repository, "HEAD:a.md") == "2"
