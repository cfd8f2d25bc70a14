"""Branches that were squashed into the translation's main and that nobody deletes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from forge_stand_in import TOKEN, StandIn

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.steps.found.recovery import rebuild
from amts_tasks.steps.reviewed.review import approved_by_trailer
from amts_tasks.sync.manifest import State
from amts_tasks.text import parse

Small = Any
BRANCH = "amts/en-zh/urn"
DRAWS, ERRORS, ORIGIN = "urn/draws.md", "urn/errors.md", "urn/draws_origin.md"
MACHINE, LATER = pseudo("note the colour", "zh"), pseudo("quite independent", "zh")


def take(small: Small, tip: str = BRANCH, edit: Callable[[str], str] = str) -> str:
    """A branch's files in one commit on main, as a forge's squash makes it; the branch stays. The squash's id."""
    small.zh.git("fetch", "--quiet", str(small.repo.path), f"+refs/heads/{BRANCH}:refs/heads/taken")
    tip = "taken" if tip == BRANCH else tip
    start = small.zh.git("merge-base", "main", tip)
    texts = {path: small.zh.read(path, tip) for path in small.zh.changed(start, tip)}
    small.zh.days = max(small.zh.days, 30)
    made: str = small.zh.commit({path: edit(text) if path == DRAWS else text for path, text in texts.items()})
    small.zh.git("update-ref", "-d", "refs/heads/taken")
    return made


def edited(small: Small, path: str = DRAWS, old: str = "# 抽球", new: str = "# 取球", branch: str = "main") -> str:
    """A person's commit, to main or to a branch of ours."""
    repo = small.zh if branch == "main" else small.repo
    repo.days = max(repo.days + 1, 40)
    text = repo.read(path, branch)
    assert old in text
    made: str = repo.commit({path: text.replace(old, new)}, branch=branch)
    return made


def merged(small: Small) -> str:
    """The tree that git makes of main and the branch; the test fails where they conflict."""
    small.repo.git("fetch", "--quiet", str(small.zh.path), "+refs/heads/main:refs/heads/main")
    tree: str = small.repo.git("merge-tree", "--write-tree", "main", BRANCH)
    return tree


def later(small: Small) -> Any:
    """The next night, in which another sentence of the same document has changed."""
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    return small.run()


def ours(small: Small) -> dict[str, str]:
    found: dict[str, str] = small.storage.get_json(f"{small.name}/en-zh/state.json")["ours"]
    return found


def state_of(small: Small, words: str, branch: str = "main") -> State:
    """The state of the one block that holds these words."""
    repo = small.zh if branch == "main" else small.repo
    document = parse(repo.read(DRAWS, branch), DRAWS)
    standings = small.manifest().standings(DRAWS, document, "human")
    (state,) = {one.state for block, one in zip(document.blocks, standings, strict=True) if words in block.text}
    return state


def test_it_is_merged_and_its_chapter_goes_on_from_main(small: Small) -> None:
    small.revise()
    small.run()
    old = small.branches()[BRANCH]
    take(small)
    assert small.run()["publish"]["branches"] == {}
    assert ours(small) == {}
    assert small.run() is None, "nothing changed"
    edited(small)
    assert later(small)["plan"]["units"] == 1
    assert not any("set aside: " in line for line in small.said), "no conflict with what main has taken over"
    text = small.repo.read(DRAWS, BRANCH)
    assert all(words in text for words in ("# 取球", MACHINE, LATER))
    # It can be pushed without force, shows only what is new, and merges as it stands.
    small.repo.git("merge-base", "--is-ancestor", old, BRANCH)
    assert merged(small) == small.repo.git("rev-parse", f"{BRANCH}^{{tree}}")
    assert small.repo.changed("main", BRANCH) == [DRAWS, ORIGIN]
    assert small.repo.git("rev-list", "--count", "--first-parent", f"{old}..{BRANCH}") == "2"
    body = small.storage.get(f"{small.name}/en-zh/open/urn.md").decode()
    assert "not merged yet" not in body
    assert "| 1 sent |" in body or "quite" in body
    assert MACHINE not in small.learnt()
    assert state_of(small, MACHINE) is State.machine
    assert state_of(small, "瓮保持第一次抽取之前的样子") is State.human
    # The same night once more is the same commit.
    tip = small.branches()[BRANCH]
    small.run(force=True)
    assert small.branches()[BRANCH] == tip


def test_a_person_went_on_with_the_branch_after_the_squash(small: Small) -> None:
    """What is new is open, is the human's, and conflicts with nothing, though both sides have the document changed."""
    small.revise()
    small.run()
    take(small)
    human = edited(small, old="* 瓮保持第一次抽取之前的样子。", new="* 瓮始终不变。", branch=BRANCH)
    small.run()
    assert list(ours(small)) == [BRANCH]
    assert f"{BRANCH}: the default branch has taken over a part of it" in small.shown["publish"]
    small.repo.git("merge-base", "--is-ancestor", human, BRANCH)
    tree = merged(small)
    assert "瓮始终不变" in small.repo.git("cat-file", "blob", f"{tree}:{DRAWS}")
    assert small.repo.changed("main", BRANCH) == [DRAWS]
    assert small.run() is None, "nothing changed"
    edited(small, ERRORS, "# 均值的误差", "# 平均的误差")
    later(small)
    text = small.repo.read(DRAWS, BRANCH)
    assert all(words in text for words in ("瓮始终不变", MACHINE, LATER))
    assert state_of(small, "瓮始终不变", BRANCH) is State.human
    assert state_of(small, MACHINE, BRANCH) is State.machine
    assert "瓮始终不变" in small.repo.git("cat-file", "blob", f"{merged(small)}:{DRAWS}")


def test_a_night_came_between_what_was_read_and_the_squash(small: Small) -> None:
    """The maintainer squashes what was read; AMTS has added a commit meanwhile. The words to read begin anew."""
    small.revise()
    small.run()
    read = small.branches()[BRANCH]
    small.revise(ERRORS, "usually lies", "often lies")
    small.run()
    before = small.storage.get_json(f"{small.name}/en-zh/state.json")["open_words"]["urn"]
    small.zh.git("fetch", "--quiet", str(small.repo.path), f"+refs/heads/{BRANCH}:refs/heads/read")
    take(small, read)
    later(small)
    assert not any("set aside: " in line for line in small.said)
    assert list(ours(small)) == [BRANCH]
    after = small.storage.get_json(f"{small.name}/en-zh/state.json")["open_words"]["urn"]
    assert 0 < after < before
    merged(small)
    assert small.repo.changed("main", BRANCH) == [DRAWS, ORIGIN, ERRORS, "urn/errors_origin.md"]
    body = small.storage.get(f"{small.name}/en-zh/open/urn.md").decode()
    assert "### Changed by earlier runs, not merged yet\n\n#### urn/errors.md" in body
    assert body.count("#### urn/draws.md") == 1, "the sentence that was squashed is told no more"


def test_what_both_have_changed_since_is_a_conflict_as_ever(small: Small) -> None:
    small.revise()
    small.run()
    take(small)
    tip = edited(small, old="# 抽球", new="# 拿球", branch=BRANCH)
    edited(small)
    later(small)
    assert any(f"set aside: {DRAWS}" in line and BRANCH in line for line in small.said)
    assert small.branches()[BRANCH] == tip, "nothing is put on top of it"


def test_a_lost_manifest_with_a_squashed_branch(small: Small) -> None:
    """The branch's commits still tell whose its texts are, also where nothing else is known any more."""
    small.revise()
    small.run()
    edited(small, old="* 瓮保持第一次抽取之前的样子。", new="* 瓮始终不变。", branch=BRANCH)
    take(small)
    small.run()
    before = small.manifest()
    for key in small.storage.list(f"{small.name}/en-zh/bought/"):
        small.s3.delete_object(Bucket=small.name, Key=key)
    assert rebuild(small.given()) is not None
    assert state_of(small, MACHINE) is State.machine
    assert state_of(small, "瓮始终不变") is State.human
    assert {one.target for one in before.documents[DRAWS]} <= {one.target for one in small.manifest().documents[DRAWS]}


def test_a_trailer_on_a_squashed_branch_still_counts(small: Small) -> None:
    small.revise()
    small.run()
    tree = small.repo.git("rev-parse", f"{BRANCH}^{{tree}}")
    person = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
    parents = ("-p", "main", "-p", BRANCH)
    made = small.repo.git(*person, "commit-tree", tree, *parents, "-m", "Read\n\nReviewed-by: Ana <ana@example.org>")
    small.repo.git("update-ref", f"refs/heads/{BRANCH}", made)
    take(small)
    assert approved_by_trailer(small.given()).approved
    assert state_of(small, MACHINE) is State.approved


def test_a_translation_at_recorded_revisions(small: Small) -> None:
    """What each document was made from is known also after people have changed what was squashed, branch or none."""
    branch = "amts/en-es/urn"
    for delete in (False, True):
        small.revise() if not delete else small.revise(DRAWS, "one after the other", "one by one")
        small.run("en-es")
        repo = small.published("es")
        small.es.commit({DRAWS: repo.read(DRAWS, branch)})
        small.es.commit({DRAWS: small.es.read(DRAWS).replace("# Extraer", "# Sacar").replace("bolas de", "bolitas de")})
        if delete:
            repo.git("update-ref", "-d", f"refs/heads/{branch}")
        small.run("en-es")
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    assert small.run("en-es")["plan"]["units"] == 1
    text = small.published("es").read(DRAWS, branch)
    assert pseudo("quite independent", "es") in text
    assert "# Sacar" in text
    assert pseudo("one by one", "es") in text


def test_a_translation_in_a_folder(small: Small) -> None:
    """Whoever copies a branch's files into the folder has merged it: there is no other way."""
    folder = small.folder / "zh"
    folder.mkdir()
    for path in small.zh.files():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(small.zh.read(path), "utf-8")
    small.edit((
        "    place: {kind: git, location: ../zh.git}\n    follow: {kind: branch, name: main}\n",
        "    place: {kind: folder, location: ../zh}\n",
    ))
    small.revise()
    small.run()
    for path in (DRAWS, ORIGIN):
        (folder / path).write_text(small.repo.read(path, BRANCH), "utf-8")
    assert small.run()["publish"]["branches"] == {}
    assert ours(small) == {}
    text = (folder / DRAWS).read_text("utf-8")
    (folder / DRAWS).write_text(text.replace("# 抽球", "# 取球"), "utf-8")
    later(small)
    assert not any("set aside: " in line for line in small.said)
    now = small.repo.read(DRAWS, BRANCH)
    assert all(words in now for words in ("# 取球", MACHINE, LATER))


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMTS_FORGE_TOKEN", TOKEN)


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_a_forge_knows_of_a_squash_that_changed_the_text(small: Small, forge: StandIn, kind: str) -> None:
    """Corrected while it was merged, or merged with what main had of its own: no file is as the branch has it."""
    forge.serve(small, kind)
    small.revise()
    small.run()
    old = small.zh.git("rev-parse", BRANCH)
    made = take(small, edit=lambda text: text.replace("# 抽球", "# 取球"))
    small.run()
    assert list(ours(small)) == [BRANCH], "nobody said yet that it is merged"
    forge.close(BRANCH, "merged", made)
    assert small.run()["publish"]["branches"] == {}
    assert ours(small) == {}
    later(small)
    assert [one["state"] for one in forge.requests] == ["merged", "open"]
    small.zh.git("merge-base", "--is-ancestor", old, BRANCH)
    assert small.zh.git("rev-parse", BRANCH) == small.branches()[BRANCH]
    text = small.zh.read(DRAWS, BRANCH)
    assert all(words in text for words in ("# 取球", MACHINE, LATER))
    merged(small)
    assert small.repo.changed("main", BRANCH) == [DRAWS, ORIGIN]
    assert MACHINE not in small.learnt()
    assert state_of(small, MACHINE) is State.machine
    assert state_of(small, "# 取球") is State.human


def test_a_person_went_on_with_a_branch_whose_request_was_squashed(small: Small, forge: StandIn) -> None:
    """The forge has no open request for it: one is opened for what is new."""
    forge.serve(small, "github")
    small.revise()
    small.run()
    made = take(small, edit=lambda text: text.replace("# 抽球", "# 取球"))
    forge.close(BRANCH, "merged", made)
    text = small.zh.read(ERRORS, BRANCH)
    human = small.zh.commit({ERRORS: text.replace("# 均值的误差", "# 平均的误差")}, branch=BRANCH)
    small.run()
    assert [one["state"] for one in forge.requests] == ["merged", "open"]
    small.zh.git("merge-base", "--is-ancestor", human, BRANCH)
    assert small.zh.changed("main", BRANCH) == [ERRORS]
    assert small.zh.git("merge-base", "main", BRANCH) == small.zh.git("rev-parse", "main")
    assert small.run() is None
    assert len(forge.requests) == 2


def test_merged_into_another_branch_is_not_merged(small: Small, forge: StandIn) -> None:
    forge.serve(small, "github")
    small.revise()
    small.run()
    small.zh.git("update-ref", "refs/heads/draft", "main")
    text = small.zh.read(DRAWS, BRANCH).replace("# 抽球", "# 取球")
    made = small.zh.commit({DRAWS: text, ORIGIN: small.zh.read(ORIGIN, BRANCH)}, branch="draft")
    forge.close(BRANCH, "merged", made)
    small.revise("index.md", "small book", "short book")
    small.run()
    assert BRANCH in ours(small), "main does not have it"
    assert f"{BRANCH}: request 1 was merged, and the default branch does not have it yet" in small.shown["publish"]
    assert [one["branch"] for one in forge.requests] == [BRANCH, "amts/en-zh/index"]
    small.zh.git("update-ref", "refs/heads/main", "refs/heads/draft")
    small.run()
    assert BRANCH not in ours(small)


def test_a_request_that_was_closed_for_its_text_was_taken_by_hand_is_no_refusal(small: Small, forge: StandIn) -> None:
    forge.serve(small, "github")
    small.revise()
    small.run()
    take(small)
    forge.close(BRANCH, "closed")
    small.run()
    assert "closed without a merge" not in small.shown["publish"]
    results = later(small)
    assert results["plan"]["waiting"] == 0
    assert [one["state"] for one in forge.requests] == ["closed", "open"]


def test_of_a_request_that_was_closed_what_main_has_taken_over_before_is_not_refused(
    small: Small, forge: StandIn
) -> None:
    forge.serve(small, "github")
    small.revise()
    small.run()
    forge.close(BRANCH, "merged", take(small))
    small.revise(ERRORS, "usually lies", "often lies")
    small.run()
    forge.close(BRANCH, "closed")
    small.zh.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    results = later(small)
    assert results["publish"]["pushed"] == [BRANCH]
    assert f"{ERRORS}: request 2 was closed without a merge" in small.shown["publish"]
    assert f"{DRAWS}: request" not in small.shown["publish"]
    assert small.zh.changed("main", BRANCH) == [DRAWS, ORIGIN]


def test_a_forge_that_cannot_be_asked_has_said_it_once(small: Small, forge: StandIn) -> None:
    """What it said is kept with our branches; a run that waits for it has not to sleep for long."""
    forge.serve(small, "github")
    small.revise()
    small.run()
    forge.close(BRANCH, "merged", take(small, edit=lambda text: text.replace("# 抽球", "# 取球")))
    small.run()
    forge.down = True
    small.revise("index.md", "small book", "short book")
    run = replace(small.given(owner="late"), sleep=forge.sleep)
    small.until("plan", run)
    small.settle(run)
    assert sum(forge.slept) <= 30
    assert not any("set aside: " in line for line in small.said)
