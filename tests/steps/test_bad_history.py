"""Histories and files that are not as they should be: a clear word, nothing lost, nothing published."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.errors import BookError

Small = Any
DRAWS = "urn/draws.md"
ZH, ES = "amts/en-zh/urn", "amts/en-es/urn"
CONFLICT = "<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> topic\n"


def rewritten(repo: Any) -> None:
    """The same files on a new first commit; nothing of the old history is left."""
    files = {path: repo.read(path) for path in repo.files()}
    repo.commit(files, branch="anew")
    repo.git("update-ref", "refs/heads/main", "anew")
    repo.git("update-ref", "-d", "refs/heads/anew")
    for tag in repo.git("tag").split():
        repo.git("tag", "-d", tag)
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "--quiet", "--prune=now")


@pytest.mark.parametrize("path", [DRAWS, "urn/draws_origin.md", "the source"])
def test_a_merge_that_nobody_finished(small: Small, path: str) -> None:
    small.revise()
    small.revise("index.md", "small book", "short book")
    repo, file = (small.book, DRAWS) if path == "the source" else (small.zh, path)
    repo.commit({file: repo.read(file) + "\n" + CONFLICT})
    line = repo.read(file).split("\n").index("<<<<<<< HEAD") + 1
    small.run()
    (said,) = [said for said in small.said if "set aside:" in said]
    assert f"{DRAWS}:{line}" in said
    assert "merge conflict" in said
    assert "finish that merge" in said
    assert list(small.branches()) == ["amts/en-zh/index"]


def test_the_recorded_revision_is_gone(small: Small) -> None:
    """The source's history was written anew, and the mirror with it: told by name, and what to do."""
    small.revise()
    small.run("en-es")
    small.merge(ES, language="es")
    old = small.storage.get_json(f"{small.name}/en-es/published.json")[DRAWS]["source_revision"]
    rewritten(small.book)
    small.book.git("tag", "v1", "main")
    shutil.rmtree(small.folder / ".amts" / "mirrors", ignore_errors=True)
    for mirror in (small.folder / ".amts").rglob("book-*.git"):
        shutil.rmtree(mirror)
    before = small.branches("es")
    small.forget()
    with pytest.raises(BookError) as caught:
        small.run("en-es")
    message = str(caught.value)
    for words in (old[:12], "branch main", "rewritten", "--force"):
        assert words in message, (words, message)
    with pytest.raises(BookError) as caught:
        small.run("en-es", force=True)
    message = str(caught.value)
    for words in (old[:12], DRAWS, "rewritten", "layout: inferred", "source_revision"):
        assert words in message, (words, message)
    assert not small.paid()
    assert small.branches("es") == before
    assert not small.lease("en-es")
    small.edit(("    layout: revision\n    source_revision: v1\n", "    layout: inferred\n"))
    small.s3.delete_object(Bucket=small.name, Key=f"{small.name}/en-es/published.json")
    assert small.run("en-es", force=True)["plan"]["units"] == 0, "as it says, and it goes on"
    assert small.run("en-es") is None


def test_the_translations_history_was_rewritten_under_an_open_branch(small: Small) -> None:
    small.revise()
    small.run()
    before = small.branches()
    rewritten(small.zh)
    small.revise("index.md", "small book", "short book")
    small.forget()
    with pytest.raises(BookError) as caught:
        small.run()
    for words in (ZH, "nothing in common", str(small.repo.path), "Delete"):
        assert words in str(caught.value), str(caught.value)
    assert not small.paid()
    assert small.branches() == before
    assert not small.lease()
    small.repo.git("update-ref", "-d", f"refs/heads/{ZH}")
    small.run()
    assert set(small.branches()) == {ZH, "amts/en-zh/index"}, "as it says, and it goes on"


def test_a_shallow_clone_of_the_source(small: Small) -> None:
    small.revise()
    small.book.git(
        "clone", "--quiet", "--bare", "--depth=1", f"file://{small.book.path}", str(small.folder / "cut.git")
    )
    small.edit(("location: ../book.git", "location: ../cut.git"))
    with pytest.raises(BookError, match=r"cut.git: a shallow clone.*--unshallow"):
        small.run()
    assert not small.paid()
    assert not small.branches()


def test_a_renamed_document_is_not_called_deleted_where_its_new_name_is_not_looked_at(small: Small) -> None:
    small.book.commit({DRAWS: None, "urn/drawing.md": small.book.read(DRAWS)})
    small.run(documents=("index.md",), dry_run=True)
    assert DRAWS not in small.shown["plan"]
    small.run(dry_run=True)
    assert f"{DRAWS} -> urn/drawing.md" in small.shown["plan"]
    assert "no such document any more" not in small.shown["plan"]


def test_a_deleted_chapter_is_left_alone_and_listed(small: Small) -> None:
    small.book.commit({DRAWS: None, "urn/errors.md": None})
    small.run()
    for path in (DRAWS, "urn/errors.md"):
        assert f"{path}: the source has no such document any more; delete it when you are sure" in small.shown["plan"]
    assert not small.branches()
    assert not small.paid() or "StartTextTranslationJob" not in small.paid()


def test_two_documents_with_the_same_text_keep_each_its_own_translation(small: Small) -> None:
    """And what changed in both is bought once."""
    english, chinese = small.book.read("urn/errors.md"), small.zh.read("urn/errors.md")
    english = english.replace(":label:`sec_errors`\n", "")
    other = chinese.replace(":label:`sec_errors`\n", "").replace("误差", "偏差")
    small.book.commit({"rank/errors.md": english})
    small.zh.commit({"rank/errors.md": other, "rank/errors_origin.md": english})
    small.run()
    assert not small.branches(), "nothing changed"
    old, new = "Four times as many draws make", "Nine times as many draws give"
    small.book.commit({path: small.book.read(path).replace(old, new) for path in ("urn/errors.md", "rank/errors.md")})
    assert small.run()["plan"]["units"] == 1
    for path, branch, own in (("urn/errors.md", ZH, "误差"), ("rank/errors.md", "amts/en-zh/rank", "偏差")):
        text = small.repo.read(path, branch)
        assert f"标准{own}说明" in text
        assert pseudo("Nine times", "zh") in text
