"""The manifest is gone: it is made again from the translation's history, and machine text stays machine text."""

from __future__ import annotations

from typing import Any

import pytest

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.steps.reviewed.review import approved
from amts_tasks.sync.manifest import Manifest, State
from amts_tasks.text import parse

Small = Any
BRANCH = "amts/en-zh/urn"
DRAWS, ERRORS = "urn/draws.md", "urn/errors.md"
MACHINE = pseudo("note the colour of each ball in a table", "zh")


def nights(small: Small) -> None:
    """Three nights with merges: one as it is, one corrected in the merge, one still open; and a commit by a human."""
    small.revise()
    small.run()
    small.merge(BRANCH)
    small.revise(ERRORS, "usually lies", "often lies")
    small.book.commit({"urn/new.md": "# Turns\n\nEvery turn is new.\n\nNo turn is old.\n"})
    small.run()
    new = pseudo("No turn is old", "zh")
    small.merge(BRANCH, edit=lambda text: text.replace(new, "没有一轮是旧的"))
    small.zh.commit({"index.md": small.zh.read("index.md").replace("小书", "书")})
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    small.revise("index.md", "small book", "short book")
    small.run()


def states(small: Small, manifest: Manifest) -> dict[tuple[str, str], State]:
    """The state of every block that stands: on the default branch, and on the open branches."""
    found = {}
    for branch in ("main", *small.branches()):
        for path in small.repo.files(branch):
            if path.endswith(".md") and not path.endswith("_origin.md"):
                document = parse(small.repo.read(path, branch), path)
                for block, standing in zip(document.blocks, manifest.standings(path, document, "human"), strict=True):
                    if block.text.strip():
                        found[path, block.text] = standing.state
    return found


def lose(small: Small, *names: str) -> None:
    for name in names:
        small.s3.delete_object(Bucket=small.name, Key=f"{small.name}/en-zh/{name}")


def test_the_same_states_block_by_block(small: Small) -> None:
    nights(small)
    before, published = small.manifest(), small.storage.get_json(f"{small.name}/en-zh/published.json")
    known = states(small, before)
    assert set(known.values()) == {State.human, State.machine}
    lose(small, "manifest.json", "published.json")
    small.forget()
    assert small.run() is None, "nothing changed"
    assert any("no manifest was found in storage" in line for line in small.said)
    assert states(small, small.manifest()) == known
    again = small.storage.get_json(f"{small.name}/en-zh/published.json")
    assert {path: row["source_revision"] for path, row in again.items()} == {
        path: row["source_revision"] for path, row in published.items()
    }
    assert not small.paid()


def test_nothing_is_learnt_from_machine_text_afterwards(small: Small) -> None:
    nights(small)
    lose(small, "manifest.json", "memory/parts.json")
    small.revise("index.md", "full urn", "heavy urn")
    small.run()
    learnt = small.learnt()
    assert pseudo("note the colour", "zh") not in learnt
    assert pseudo("Every turn", "zh") not in learnt
    assert "没有一轮是旧的" in learnt
    assert "no manifest was found" in small.shown["publish"]


def test_a_squashed_merge_whose_message_says_nothing(small: Small) -> None:
    """The branch is gone, and the commit looks like anybody's: what the service returned is known all the same."""
    small.revise()
    small.run()
    text = small.repo.read(DRAWS, BRANCH)
    small.repo.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    small.zh.commit({DRAWS: text, "urn/draws_origin.md": small.book.read(DRAWS)})
    small.revise(ERRORS, "usually lies", "often lies")
    small.run()
    lose(small, "manifest.json")
    small.revise(ERRORS, "often lies", "mostly lies")
    small.run()
    assert pseudo("note the colour", "zh") not in small.learnt()


def test_squashed_merges_of_which_history_holds_nothing(small: Small) -> None:
    """The only branch was squashed and deleted before the manifest went: no commit of AMTS is left anywhere."""
    small.revise()
    small.run()
    text = small.repo.read(DRAWS, BRANCH)
    small.repo.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    small.zh.commit({DRAWS: text, "urn/draws_origin.md": small.book.read(DRAWS)})
    lose(small, "manifest.json")
    small.revise(ERRORS, "usually lies", "often lies")
    small.run()
    assert pseudo("note the colour", "zh") not in small.learnt()
    assert any("no manifest was found in storage" in line for line in small.said)
    (state,) = {state for (_, text), state in states(small, small.manifest()).items() if MACHINE in text}
    assert state is State.machine


def test_a_reviewed_merge_is_approved_again(small: Small) -> None:
    small.revise()
    small.run()
    small.zh.git("fetch", "--quiet", str(small.repo.path), f"+refs/heads/{BRANCH}:refs/heads/taken")
    tree = small.zh.git("rev-parse", "taken^{tree}")
    made = small.zh.git(
        *("-c", "user.name=Writer", "-c", "user.email=w@example.org", "commit-tree", tree, "-p", "main", "-p", "taken"),
        *("-m", "Merge\n\nReviewed-by: Reader <reader@example.org>"),
    )
    small.zh.git("update-ref", "refs/heads/main", made)
    small.zh.git("update-ref", "-d", "refs/heads/taken")
    lose(small, "manifest.json")
    small.revise(ERRORS, "usually lies", "often lies")
    small.run()
    (state,) = {state for (_, text), state in states(small, small.manifest()).items() if MACHINE in text}
    assert state is State.approved


def test_what_was_approved_without_a_commit_is_approved_again(small: Small) -> None:
    small.revise()
    small.run()
    small.merge(BRANCH)
    small.revise(ERRORS, "usually lies", "often lies")
    small.run()
    approved(small.given(), ["urn/*.md"], "Reader <reader@example.org>")
    known = states(small, small.manifest())
    assert set(known.values()) == {State.human, State.approved}
    (key,) = small.storage.list(f"{small.name}/en-zh/approvals/")
    act = small.storage.get_json(key)
    assert (act["by"], act["how"], len(act["blocks"])) == ("Reader <reader@example.org>", "approve", 2)
    assert {row["document"] for row in act["blocks"]} == {DRAWS, ERRORS}
    assert all(row["source"] for row in act["blocks"])
    lose(small, "manifest.json")
    small.run(force=True)
    assert any("1 act of approval is kept" in line for line in small.said)
    assert states(small, small.manifest()) == known
    small.revise("index.md", "full urn", "heavy urn")
    small.run()
    assert pseudo("note the colour", "zh") in small.learnt()
    small.zh.commit({DRAWS: small.zh.read(DRAWS).replace(MACHINE, MACHINE + "X")})
    lose(small, "manifest.json")
    small.run(force=True)
    (state,) = {state for (_, text), state in states(small, small.manifest()).items() if MACHINE + "X" in text}
    assert state is State.human, "another text than the one that was approved"


def test_what_was_approved_of_a_machine_made_book_before_anything_was_published(small: Small) -> None:
    """No commit of AMTS, nothing bought: the acts are all that is known."""
    small.edit(("    layout: origin\n    origin: human", "    layout: origin\n    origin: machine"))
    approved(small.given(), [DRAWS], "Reader <reader@example.org>")
    known = states(small, small.manifest())
    lose(small, "manifest.json")
    small.run(force=True)
    again = states(small, small.manifest())
    assert {state for (path, _), state in again.items() if path == DRAWS} >= {State.approved}
    assert {key: state for key, state in again.items() if key[0] == DRAWS} == {
        key: state for key, state in known.items() if key[0] == DRAWS
    }
    assert {state for (path, _), state in again.items() if path != DRAWS} == {State.machine}


@pytest.mark.parametrize("origin", ["human", "machine"])
def test_first_contact_is_no_loss(small: Small, origin: str) -> None:
    small.edit(("    layout: origin\n    origin: human", f"    layout: origin\n    origin: {origin}"))
    small.revise()
    small.run()
    assert not any("no manifest" in line for line in small.said)
    known = small.manifest()
    lose(small, "manifest.json")
    small.run(force=True)
    assert any("1 commit of AMTS" in line for line in small.said)
    rebuilt = states(small, small.manifest())
    assert all(rebuilt[key] in {state, State.machine} for key, state in states(small, known).items())
    assert State[origin] in set(rebuilt.values())


def test_the_reverse_pair_restores_what_the_other_wrote(small: Small) -> None:
    small.revise()
    small.run()
    small.merge(BRANCH)
    lose(small, "manifest.json")
    small.run("zh-en", evaluate=True)
    assert small.storage.find(f"{small.name}/en-zh/manifest.json") is not None
    assert any("is made again" in line for line in small.said)
