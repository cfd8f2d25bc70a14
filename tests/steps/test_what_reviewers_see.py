"""What a translator reads of a run: the commit's message, the patch, the text of a request."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from amts_tasks.emulator.engines.pseudo import pseudo

Small = Any
BRANCH = "amts/en-zh/urn"
DRAWS = "urn/draws.md"


def artefact(small: Small, name: str) -> bytes:
    (key,) = [key for key in small.storage.list(f"{small.name}/en-zh/") if key.endswith(f"/publish/{name}")]
    found: bytes = small.storage.get(key)
    return found


def work_tree(small: Small, folder: Path) -> Path:
    subprocess.run(["git", "clone", "--quiet", str(small.zh.path), str(folder)], check=True, capture_output=True)
    return folder


def in_tree(folder: Path, *arguments: str, data: bytes) -> None:
    environment = {**os.environ, "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
    done = subprocess.run(["git", "-C", folder, *arguments], input=data, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_the_message_shows_the_sentence_old_and_new_by_word_and_by_character(small: Small) -> None:
    small.revise(DRAWS, "the colour of each ball", "the weight of each ball")
    small.run()
    message = small.repo.git("log", "-1", "--format=%B", BRANCH)
    assert "urn/draws.md:4, sent\n" in message
    assert "the [-colour-] of each ball.\n" in message
    assert "the {+weight+} of each ball.\n" in message
    assert "  zh old  " in message
    assert "[-我们从瓮中一个接一个-]地[-抽球，并记下每个球的颜色-]。\n" in message
    assert message.rstrip().splitlines()[-1].startswith("Translation-service: loopback ")


def test_text_that_moved_to_another_document_is_told_so(small: Small) -> None:
    line = "The standard error tells how far the mean of a sample usually lies from the true mean.\n"
    texts = {"urn/errors.md": small.book.read("urn/errors.md").replace(line + "\n", "")}
    texts[DRAWS] = small.book.read(DRAWS) + "\n" + line
    small.book.commit(texts)
    small.run()
    message = small.repo.git("log", "-1", "--format=%B", BRANCH)
    place = small.repo.read(DRAWS, BRANCH).split("\n").index("标准误差说明样本的均值通常离真实均值有多远。") + 1
    assert f"\nurn/errors.md, moved to urn/draws.md, line {place}\n" in message
    assert "deleted" not in message
    assert f"| moved to urn/draws.md, line {place} |" in artefact(small, "urn.md").decode().replace("\u200b", "")
    assert "\nurn/errors.md: 1 text moved to urn/draws.md\n" in small.shown["publish"]


def test_the_patch_is_taken_by_git_am_and_by_git_apply(small: Small, tmp_path: Path) -> None:
    small.revise()
    small.run()
    patch = artefact(small, "urn.patch")
    tree = work_tree(small, tmp_path / "am")
    in_tree(tree, "am", "-", data=patch)
    made = subprocess.run(["git", "-C", tree, "rev-parse", "HEAD^{tree}"], capture_output=True, check=True)
    assert made.stdout.decode().strip() == small.repo.git("rev-parse", f"{BRANCH}^{{tree}}")
    other = work_tree(small, tmp_path / "apply")
    in_tree(other, "apply", "-", data=patch)
    assert (other / DRAWS).read_text("utf-8") == small.repo.read(DRAWS, BRANCH)
    assert "for git am: amts patch en-zh urn\n" in small.shown["publish"] + "\n"


def test_the_text_of_a_request_has_the_changes_of_all_runs_that_still_stand(small: Small) -> None:
    small.revise()
    small.run()
    first = artefact(small, "urn.md").decode()
    assert "note</ins> the colour of each ball" in first.replace("\u200b", "")
    assert "earlier runs" not in first
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    small.run()
    texts = {
        key: small.storage.get(key).decode().replace("\u200b", "")
        for key in small.storage.list(f"{small.name}/en-zh/")
        if key.endswith("/publish/urn.md")
    }
    (second,) = [text for text in texts.values() if "quite" in text]
    assert "### Changed by earlier runs, not merged yet" in second
    assert second.index("<ins> quite</ins> independent") < second.index("earlier runs") < second.index("note</ins>")
    assert pseudo("quite independent", "zh") in re.sub("</?ins>", "", second)
    assert "30 words of the source" in second
    small.merge(BRANCH)
    small.revise("urn/errors.md", "half as large", "half as wide")
    small.run()
    texts = {
        key: small.storage.get(key).decode()
        for key in small.storage.list(f"{small.name}/en-zh/")
        if key.endswith("/publish/urn.md")
    }
    (third,) = [text for text in texts.values() if "wide" in text]
    assert "earlier runs" not in third, "they were merged"


def test_a_branch_that_the_books_build_refuses_is_withheld_and_others_go_on(small: Small) -> None:
    check = """build: ["sh", "-c", "! grep -rn 'en la tabla\\\\|{bad}' urn"]"""
    bad = pseudo("note the colour", "zh")
    path = "    place: {kind: git, location: ../zh.git}\n"
    small.edit((path, path + "    " + check.replace("{bad}", bad[:6]) + "\n"))
    small.revise()
    small.revise("index.md", "small book", "short book")
    results = small.run()
    report = small.shown["publish"]
    assert list(results["publish"]["branches"]) == ["amts/en-zh/index"]
    assert f"build of {BRANCH}: ended with 1; the branch is withheld\n  urn/draws.md:" in report
    assert "build of amts/en-zh/index: passed" in report
    assert BRANCH not in small.branches()
    assert "The book's build: passed" in artefact(small, "index.md").decode()
    # Once it takes it, the branch comes, at no cost.
    small.forget()
    small.edit((bad[:6], "never there"))
    assert list(small.run()["publish"]["branches"]) == [BRANCH]
    assert small.paid() == []
