"""`amts report` and `amts patch`: what the newest run left, found without an address."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Small = Any
Amts = Callable[..., tuple[int, str, str]]
BRANCH = "amts/en-zh/urn"
DRAWS = "urn/draws.md"


def am(small: Small, folder: Path, patch: bytes) -> str:
    """The tree that `git am` makes of a patch on the translation's default branch."""
    subprocess.run(["git", "clone", "--quiet", str(small.zh.path), str(folder)], check=True, capture_output=True)
    environment = {**os.environ, "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
    done = subprocess.run(["git", "-C", folder, "am"], input=patch, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    shown = subprocess.run(["git", "-C", folder, "rev-parse", "HEAD^{tree}"], capture_output=True, check=True)
    return shown.stdout.decode().strip()


@pytest.mark.parametrize("words", [("report",), ("patch",), ("patch", "en-zh", "urn")])
def test_before_anything_was_published(small: Small, amts: Amts, words: tuple[str, ...]) -> None:
    status, out, err = amts(*(words if len(words) > 1 else (*words, "en-zh")))
    assert (status, out) == (2, "")
    assert "run it first: amts run en-zh" in err


def test_the_newest_report_is_what_the_run_printed(small: Small, amts: Amts) -> None:
    small.revise()
    small.run(evaluate=True)
    printed = small.shown["publish"]
    status, out, _ = amts("report", "en-zh")
    assert status == 0
    assert out.startswith("en-zh, the book as of 2026-")
    assert printed in out
    assert small.shown["score"] in out
    # Neither looking ahead nor looking back says how the pair is.
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    small.run(dry_run=True)
    assert amts("report", "en-zh")[1] == out
    value = json.loads(amts("report", "en-zh", "--json")[1])
    assert value["branches"] == {BRANCH: small.branches()[BRANCH]}
    assert value["text"].rstrip("\n") == printed
    assert value["scores"][0]["pair"] == "en-zh"
    assert value["waiting"] == []
    assert set(value["review"]) >= {"refused", "alone", "damaged", "look"}
    small.run()
    assert json.loads(amts("report", "en-zh", "--json")[1])["branches"] == {BRANCH: small.branches()[BRANCH]}


def test_without_an_evaluation_there_is_no_table(small: Small, amts: Amts) -> None:
    small.revise()
    small.run()
    assert "BLEU" not in amts("report", "en-zh")[1]
    value = json.loads(amts("report", "en-zh", "--json")[1])
    assert (value["score"], value["scores"]) == (None, None)


def test_a_patch_has_all_of_a_branch_whoever_committed(small: Small, amts: Amts, tmp_path: Path) -> None:
    small.revise()
    small.run()
    words = ("approve", "en-zh", DRAWS, "--by", "Reader <reader@example.org>")
    assert amts(*words)[0] == 0
    small.repo.commit({"urn/notes.md": "# 笔记\n"}, branch=BRANCH)
    small.revise("urn/errors.md", "half as large", "half as wide")
    small.revise("index.md", "small book", "short book")
    small.run()
    status, out, _ = amts("patch", "en-zh")
    assert status == 0
    rows = [line.split() for line in out.splitlines()]
    assert [(row[0], row[1], row[3:]) for row in rows] == [
        ("index", small.branches()["amts/en-zh/index"][:12], ["1", "commit"]),
        ("urn", small.branches()[BRANCH][:12], ["3", "commits"]),
    ]
    file = tmp_path / "urn.patch"
    status, out, _ = amts("patch", "en-zh", "urn", "-o", str(file))
    assert (status, out) == (0, f"{file}: 3 commits of {BRANCH}; git am {file}\n")
    assert am(small, tmp_path / "tree", file.read_bytes()) == small.repo.git("rev-parse", f"{BRANCH}^{{tree}}")
    assert b"From: Writer <writer@example.org>" in file.read_bytes()
    value = json.loads(amts("patch", "en-zh", BRANCH, "--json")[1])
    assert value["patch"].encode() == file.read_bytes()
    assert value["commit"] == small.branches()[BRANCH]


def test_a_branch_with_a_merge_in_it_is_one_patch(small: Small, amts: Amts, tmp_path: Path) -> None:
    small.revise()
    small.run()
    base = small.branches()[BRANCH]
    small.repo.git("update-ref", "refs/heads/side", base)
    small.repo.commit({"urn/notes.md": "# 笔记\n"}, branch="side")
    small.repo.commit({"urn/more.md": "# 更多\n"}, branch=BRANCH)
    small.repo.commit({"urn/notes.md": "# 笔记\n"}, branch=BRANCH, merge="side")
    small.revise("urn/errors.md", "half as large", "half as wide")
    small.run()
    file = tmp_path / "urn.patch"
    assert amts("patch", "en-zh", "urn", "-o", str(file))[0] == 0
    assert file.read_bytes().count(b"\nSubject: ") == 1
    assert am(small, tmp_path / "tree", file.read_bytes()) == small.repo.git("rev-parse", f"{BRANCH}^{{tree}}")


def test_a_merged_branch_has_no_patch_any_more(small: Small, amts: Amts) -> None:
    small.revise()
    small.run()
    small.merge(BRANCH)
    small.revise("index.md", "small book", "short book")
    small.run()
    assert [line.split()[0] for line in amts("patch", "en-zh")[1].splitlines()] == ["index"]
    status, _, err = amts("patch", "en-zh", "urn")
    assert status == 2
    assert "no open branch of 'urn' when the last run ended (open were: index)" in err


def test_wrong_words_and_places(small: Small, amts: Amts, tmp_path: Path) -> None:
    small.revise()
    small.run()
    status, _, err = amts("patch", "en-zh", "-o", "x.patch")
    assert (status, "amts patch PAIR CHAPTER -o FILE" in err) == (2, True)
    status, _, err = amts("patch", "en-zh", "urn", "-o", str(tmp_path / "no" / "x.patch"))
    assert (status, "give a file in a folder that exists" in err) == (2, True)
    status, _, err = amts("patch", "zh-en")
    assert (status, "ask for en-zh" in err) == (2, True)
    assert amts("report", "en-fr")[0] == 2


def test_without_credentials_the_way_to_the_local_state_is_told(
    small: Small, amts: Amts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    # No address of this machine, where none would be asked for; without credentials nothing is sent there.
    status, out, err = amts("report", "en-zh", endpoint="http://s3.example.invalid")
    assert (status, out) == (1, "")
    assert "asked for with --emulator too" in err
