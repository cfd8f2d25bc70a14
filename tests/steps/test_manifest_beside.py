"""The manifest beside the branch, where it is asked for: to be read, and little more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.steps import whole
from amts_tasks.steps.reviewed.review import approved
from amts_tasks.sync.manifest import State, read, write
from amts_tasks.text import parse

Small = Any
BRANCH, FILE = "amts/en-zh/urn", ".amts/urn.json"
DRAWS, ERRORS = "urn/draws.md", "urn/errors.md"
MACHINE = pseudo("note the colour of each ball in a table", "zh")


@pytest.fixture
def asked(small: Small) -> Small:
    small.edit(("    layout: origin\n    origin: human", "    layout: origin\n    origin: human\n    manifest: .amts"))
    return small


def state_of(small: Small, text: str, path: str = DRAWS) -> State:
    document = parse(small.zh.read(path), path)
    standings = small.manifest().standings(path, document, "human")
    (state,) = {one.state for block, one in zip(document.blocks, standings, strict=True) if text in block.text}
    return state


def squash(small: Small, **more: str) -> None:
    """The branch's files come into main in a commit that says nothing, and the branch goes."""
    files = {path: small.repo.read(path, BRANCH) for path in (DRAWS, "urn/draws_origin.md", FILE)}
    small.repo.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    small.zh.commit({**files, **{path.replace("__", "/"): text for path, text in more.items()}})


def lose(small: Small, *names: str) -> None:
    home = f"{small.name}/en-zh/"
    for key in [key for key in small.storage.list(home) if key.removeprefix(home).startswith(names)]:
        small.s3.delete_object(Bucket=small.name, Key=key)


def test_nobody_asked_nothing_comes_along(small: Small) -> None:
    small.revise()
    small.run()
    assert [path for path in small.repo.files(BRANCH) if path.endswith(".json")] == []


def test_each_chapter_has_a_file_of_its_own_in_its_commit(asked: Small) -> None:
    asked.revise()
    asked.revise("index.md", "small book", "short book")
    asked.run()
    known = asked.manifest()
    for branch, name, paths in (
        (BRANCH, FILE, {DRAWS, ERRORS}),
        ("amts/en-zh/index", ".amts/index.json", {"index.md"}),
    ):
        assert [path for path in asked.repo.files(branch) if path.endswith(".json")] == [name]
        found = read(asked.repo.read(name, branch).encode())
        assert found.documents == {path: known.documents[path] for path in paths}
        assert asked.repo.git("rev-list", "--count", f"main..{branch}") == "1"
    asked.merge(BRANCH, "amts/en-zh/index")
    assert asked.run()["publish"]["branches"] == {}, "its file alone changes nothing"
    asked.revise(ERRORS, "usually lies", "often lies")
    asked.run()
    assert asked.repo.changed(f"{BRANCH}^", BRANCH) == [FILE, ERRORS, "urn/errors_origin.md"]


def test_the_same_step_again_makes_the_same_commit(asked: Small) -> None:
    asked.revise()
    run = asked.given()
    results = asked.until("publish", run)
    before = asked.branches()
    assert before == results["publish"]["branches"]
    again = whole.STEPS["publish"](asked.given(), results)
    assert again["branches"] in ({}, before)
    asked.settle(run)
    assert asked.branches() == before


def test_a_forced_run_that_changes_nothing_leaves_the_branch(asked: Small) -> None:
    asked.revise()
    asked.run()
    before = asked.branches()
    asked.run(force=True)
    assert asked.branches() == before


def test_it_is_not_believed_while_storage_has_the_manifest(asked: Small) -> None:
    asked.revise()
    asked.run()
    squash(asked, **{".amts__urn.json": asked.repo.read(FILE, BRANCH).replace('"machine"', '"approved"')})
    asked.revise(ERRORS, "usually lies", "often lies")
    asked.run()
    assert state_of(asked, MACHINE) is State.machine
    assert MACHINE not in asked.learnt()


def test_when_all_is_lost_it_says_what_is_the_machines(asked: Small) -> None:
    """History holds no commit of AMTS, storage nothing that was bought: the text would count as a human's."""
    asked.revise()
    asked.run()
    squash(asked)
    lose(asked, "manifest.json", "bought", "memory")
    asked.revise(ERRORS, "usually lies", "often lies")
    asked.run()
    assert any("no manifest was found in storage" in line for line in asked.said)
    assert state_of(asked, MACHINE) is State.machine
    assert state_of(asked, "瓮保持第一次抽取之前的样子") is State.human
    assert pseudo("note the colour", "zh") not in asked.learnt()
    (record,) = (one for one in asked.manifest().documents[DRAWS] if one.state is State.machine)
    assert record.source
    assert record.service


@pytest.mark.parametrize("state", ["approved", "human"])
def test_it_makes_nothing_approved_or_a_humans(asked: Small, state: str) -> None:
    asked.revise()
    asked.run()
    asked.zh.git("fetch", "--quiet", str(asked.repo.path), f"+refs/heads/{BRANCH}:refs/heads/taken")
    forged = asked.repo.read(FILE, BRANCH).replace('"machine"', f'"{state}"')
    files = {path: asked.zh.read(path, "taken") for path in (DRAWS, "urn/draws_origin.md")}
    asked.zh.commit({**files, FILE: forged}, merge="taken")
    asked.zh.git("update-ref", "-d", "refs/heads/taken")
    lose(asked, "manifest.json")
    asked.run(force=True)
    assert state_of(asked, MACHINE) is State.machine


def test_a_file_that_somebody_broke_is_named_and_left_alone(asked: Small) -> None:
    asked.revise()
    asked.run()
    squash(asked, **{".amts__urn.json": "{", ".amts__other.json": write(asked.manifest("en-zh")).decode().replace(
        '"en-zh"', '"en-es"')})  # fmt: skip
    lose(asked, "manifest.json")
    asked.run(force=True)
    assert any(f"{FILE}@" in line and "found no JSON" in line for line in asked.said)
    assert state_of(asked, MACHINE) is State.machine, "it was bought"


def test_what_was_approved_comes_back_over_what_the_file_says(asked: Small) -> None:
    asked.revise()
    asked.run()
    asked.merge(BRANCH)
    approved(asked.given(), [DRAWS], "Reader <reader@example.org>")
    assert {row["state"] for row in json.loads(asked.zh.read(FILE))["documents"][DRAWS]} == {"human", "machine"}
    lose(asked, "manifest.json")
    asked.run(force=True)
    assert state_of(asked, MACHINE) is State.approved
