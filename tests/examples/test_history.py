"""The example's repositories: the same commits wherever they are made, and nothing of the user's is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def make(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(EXAMPLES / "history.py"), str(folder)]
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)


def git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(["git", f"--git-dir={repository}", *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    assert make(folder).returncode == 0
    return folder


def test_commit_ids_are_the_same_in_another_place_zone_and_author(made: Path, tmp_path: Path) -> None:
    again = make(tmp_path / "elsewhere", TZ="Asia/Tokyo", GIT_AUTHOR_NAME="X", GIT_COMMITTER_DATE="@1 +0000")
    assert again.stdout == make(made).stdout
    for name in ("book.git", "book-zh.git", "book-es.git"):
        there = tmp_path / "elsewhere" / name
        assert git(made / name, "for-each-ref") == git(there, "for-each-ref")


def test_book_has_four_revisions_and_a_tag_at_the_first(made: Path) -> None:
    book = made / "book.git"
    dates = git(book, "log", "--reverse", "--format=%cs", "main").split()
    assert dates == ["2025-01-13", "2025-02-03", "2025-02-24", "2025-03-24"]
    assert git(book, "rev-parse", "v1") == git(book, "rev-parse", "main~3")
    assert git(book, "log", "--format=%an <%ae>", "-1") == "AMTS Examples <examples@amts.invalid>"
    assert "R100" in git(book, "diff", "--name-status", "-M", "main~2", "main~1")


def test_repositories_are_sound(made: Path) -> None:
    for repository in made.glob("*.git"):
        git(repository, "fsck", "--strict")


def test_chinese_holds_the_english_it_was_made_from(made: Path) -> None:
    names = git(made / "book-zh.git", "ls-tree", "-r", "--name-only", "main").split()
    origins = [name for name in names if name.endswith("_origin.md")]
    assert len(origins) == 10
    for origin in origins:
        path = origin.replace("_origin.md", ".md")
        assert path in names
        english = git(made / "book.git", "rev-parse", f"v1:{path}")
        assert git(made / "book-zh.git", "rev-parse", f"main:{origin}") == english


def test_published_branches_and_merges_survive(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    make(folder)
    book = folder / "book-es.git"
    tree, tip = git(book, "rev-parse", "main^{tree}"), git(book, "rev-parse", "main")
    env = ["-c", "user.name=t", "-c", "user.email=t@t.invalid"]
    merged = git(book, *env, "commit-tree", tree, "-p", tip, "-m", "merged")
    git(book, "update-ref", "refs/heads/main", merged)
    git(book, "update-ref", "refs/heads/amts/en-es/chapter_streams", merged)
    assert make(folder).returncode == 0
    assert git(book, "rev-parse", "main", "amts/en-es/chapter_streams") == f"{merged}\n{merged}"


def test_another_repository_in_the_place_is_refused_and_left_alone(tmp_path: Path) -> None:
    book = tmp_path / "book.git"
    git(book, "init", "--quiet", "--bare", "--initial-branch=main")
    tree = git(book, "hash-object", "-t", "tree", "-w", os.devnull)
    other = git(book, "-c", "user.name=t", "-c", "user.email=t@t.invalid", "commit-tree", tree, "-m", "other")
    git(book, "update-ref", "refs/heads/main", other)
    refused = make(tmp_path)
    assert refused.returncode == 1
    assert "is there already and does not hold" in refused.stderr
    assert git(book, "rev-parse", "main") == other
    assert not list(tmp_path.glob(".making-*"))


def test_an_empty_repository_in_the_place_is_refused_with_the_same_words(tmp_path: Path) -> None:
    git(tmp_path / "book.git", "init", "--quiet", "--bare", "--initial-branch=main")
    refused = make(tmp_path)
    assert refused.returncode == 1
    assert "remove it first" in refused.stderr
