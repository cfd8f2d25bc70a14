"""What maintainers do with our branches, and what becomes of it."""

from __future__ import annotations

from typing import Any

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.sync.manifest import State

Small = Any
BRANCH = "amts/en-zh/urn"
DRAWS = "urn/draws.md"
SENT = "We draw balls from an urn, one after the other, and note the colour of each ball in a table."
MACHINE = pseudo(SENT, "zh").replace(", ", "，").replace(".", "。")
HUMAN = "我们从瓮中一个接一个地抽球，并把每个球的颜色记入表中。"


def corrected(text: str) -> str:
    return text.replace(MACHINE, HUMAN)


def test_merged_as_it_was_stays_machine_text(small: Small) -> None:
    """Nobody touched it is not: somebody read it. It is in no parallel data and is no reference."""
    small.revise()
    small.run()
    small.merge(BRANCH)
    small.revise("index.md", "small book", "short book")
    small.run(evaluate=True)
    assert pseudo("note the colour", "zh") not in small.learnt()
    states = [record.state for record in small.manifest().documents[DRAWS]]
    assert State.machine in states
    assert BRANCH not in {
        name for name in small.branches() if small.repo.git("rev-parse", name) not in small.branches().values()
    }


def test_after_the_merge_the_next_change_begins_from_main(small: Small) -> None:
    small.revise()
    small.run()
    small.merge(BRANCH)
    assert small.run()["publish"]["branches"] == {}, "merged: nothing is left to do"
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    results = small.run()
    assert results["plan"]["units"] == 1
    assert small.repo.git("rev-parse", f"{BRANCH}^") == small.zh.git("rev-parse", "main")


def test_a_correction_on_the_branch_is_human_text(small: Small) -> None:
    """Somebody commits to our branch: their text is kept when the next change comes, and learnt from once merged."""
    small.revise()
    small.run()
    small.zh.git("fetch", "--quiet", str(small.repo.path), f"+refs/heads/{BRANCH}:refs/heads/{BRANCH}")
    small.zh.commit({DRAWS: corrected(small.zh.read(DRAWS, BRANCH))}, branch=BRANCH)
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    assert small.run()["plan"]["units"] == 1
    text = small.repo.read(DRAWS, BRANCH)
    assert HUMAN in text
    assert pseudo("quite independent", "zh") in text
    assert small.repo.git("rev-parse", f"{BRANCH}^") == small.zh.git("rev-parse", BRANCH)
    small.merge(BRANCH)
    small.revise("index.md", "small book", "short book")
    small.run()
    assert HUMAN.rstrip("。") in small.learnt()
    assert pseudo("quite independent", "zh") not in small.learnt()


def test_human_text_that_a_waiting_branch_replaces_is_still_learnt_from(small: Small) -> None:
    small.revise()
    small.run()
    before = small.learnt()
    small.revise("index.md", "small book", "short book")
    small.run()
    assert set(before.split("\n")) <= set(small.learnt().split("\n"))


def test_a_correction_in_the_merge_is_human_text(small: Small) -> None:
    small.revise()
    small.run()
    small.merge(BRANCH, edit=corrected)
    small.revise("index.md", "small book", "short book")
    small.run()
    assert f'"{SENT}",{HUMAN}' in small.learnt()


def test_both_changed_the_same_document(small: Small) -> None:
    """Neither version counts: it is set aside and named, with the branch; the others go on."""
    small.revise()
    small.run()
    before = small.branches()[BRANCH]
    small.zh.commit({DRAWS: small.zh.read(DRAWS).replace("抽球", "取球")})
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    small.revise("index.md", "small book", "short book")
    results = small.run()
    assert list(results["publish"]["branches"]) == ["amts/en-zh/index"]
    assert small.branches()[BRANCH] == before
    (line,) = [line for line in small.said if "set aside" in line and DRAWS in line]
    assert BRANCH in line
    assert str(small.repo.path) in line


def test_a_conflict_that_was_settled_goes_on(small: Small) -> None:
    small.revise()
    small.run()
    small.zh.commit({DRAWS: small.zh.read(DRAWS).replace("抽球", "取球")})
    small.revise("index.md", "small book", "short book")
    small.run()
    small.repo.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    small.forget()
    results = small.run()
    assert results["plan"]["units"] == 0, "it was bought once"
    assert "# 取球" in small.repo.read(DRAWS, BRANCH)
    assert MACHINE in small.repo.read(DRAWS, BRANCH)


def test_people_go_on_with_a_document_whose_branch_waits(small: Small) -> None:
    """Other paragraphs than the branch's: nothing is set aside, and the branch stays one that git merges by itself."""
    small.revise()
    small.run()
    first = small.branches()[BRANCH]
    small.zh.commit({DRAWS: small.zh.read(DRAWS).replace("瓮保持第一次", "瓮仍然保持第一次")})
    results = small.run()
    assert not any("set aside: " in line for line in small.said)
    assert (results["publish"]["branches"], small.branches()[BRANCH]) == ({}, first), "nothing is new for it"
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    assert list(small.run()["publish"]["branches"]) == [BRANCH]
    tip = small.branches()[BRANCH]
    now = small.repo.read(DRAWS, BRANCH)
    assert MACHINE in now
    assert "瓮仍然保持第一次" in now
    assert pseudo("quite independent", "zh") in now
    made = small.repo.git("show", "--format=", "--unified=0", tip, "--", DRAWS)
    assert "仍然" not in made, "what people wrote comes with a merge of theirs, not as ours"
    small.zh.git("fetch", "--quiet", str(small.repo.path), f"+refs/heads/{BRANCH}:refs/heads/taken")
    tree = small.zh.git("merge-tree", "--write-tree", "main", "taken")
    assert small.zh.git("show", f"{tree}:{DRAWS}") + "\n" == now
    assert "瓮仍然保持第一次" in small.learnt()
    assert pseudo("quite independent", "zh") not in small.learnt()


def test_machine_blocks_of_a_held_out_document_are_no_reference(small: Small) -> None:
    held = "rank/orders.md"
    small.revise(
        held, "Ranks do not change when all values are doubled.", "Ranks stay when all the values are tripled."
    )
    small.run()
    small.merge("amts/en-zh/rank")
    results = small.run(evaluate=True)
    scores = small.storage.get_json(f"{small.name}/en-zh/scores.json")[0]["rows"][0]
    assert scores["segments"] == 3
    assert scores["share"] < 1
    assert results["score"]["share"] < 1
    assert any("1 block is machine text" in line for line in small.said)


def test_what_waits_on_a_branch_is_no_reference(small: Small) -> None:
    held = "rank/orders.md"
    small.revise(
        held, "Ranks do not change when all values are doubled.", "Ranks stay when all the values are tripled."
    )
    small.run()
    small.run(evaluate=True)
    rows = small.storage.get_json(f"{small.name}/en-zh/scores.json")[0]["rows"]
    assert rows[0]["segments"] == 4, "the reference is the old one, made from the old source"
    assert rows[0]["share"] == 1


def test_a_book_made_by_machine_teaches_nothing(small: Small) -> None:
    small.edit(("    layout: origin\n    origin: human", "    layout: origin\n    origin: machine"))
    small.revise()
    results = small.run()
    assert results["plan"]["sent"]
    assert small.paid() == ["StartTextTranslationJob"], "no parallel data"
    assert any("without parallel data" in line for line in small.said)


def test_a_text_that_somebody_replaced_is_not_an_edit_of_it(small: Small) -> None:
    """A branch that is thrown away leaves the old machine text what it was."""
    small.edit(("    layout: origin\n    origin: human", "    layout: origin\n    origin: machine"))
    small.revise()
    small.run()
    small.repo.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    small.revise("index.md", "small book", "short book")
    small.run()
    assert {record.state for record in small.manifest().documents[DRAWS]} == {State.machine}
    assert any("without parallel data" in line for line in small.said)
