"""Branches that were squashed into the translation's main and that nobody deletes."""

from __future__ import annotations

from typing import Any

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.sync.manifest import State

Small = Any
BRANCH = "amts/en-zh/urn"
DRAWS, ERRORS = "urn/draws.md", "urn/errors.md"
MACHINE = pseudo("note the colour", "zh")
HUMAN = "我们把颜色记入表中。"


def take(small: Small, branch: str = BRANCH, tip: str = "") -> str:
    """A branch's files in one commit on main, as a forge's squash makes it; the branch stays. The squash's id."""
    small.zh.git("fetch", "--quiet", str(small.repo.path), f"+refs/heads/{branch}:refs/heads/taken")
    tip = tip or "taken"
    start = small.zh.git("merge-base", "main", tip)
    there = small.zh.files(tip)
    files = {path: small.zh.read(path, tip) if path in there else None for path in small.zh.changed(start, tip)}
    made = small.zh.commit(files)
    small.zh.git("update-ref", "-d", "refs/heads/taken")
    return made


def merges_cleanly(small: Small, branch: str = BRANCH) -> str:
    """What git makes of a merge of the branch into main; the test fails where it conflicts."""
    small.repo.git("fetch", "--quiet", str(small.zh.path), "+refs/heads/main:refs/heads/main")
    return small.repo.git("merge-tree", "--write-tree", "main", branch)


def edited(small: Small, path: str = DRAWS, old: str = "# 抽球", new: str = "# 取球", branch: str = "main") -> None:
    repo = small.zh if branch == "main" else small.repo
    repo.days = max(repo.days, 30)
    repo.commit({path: repo.read(path, branch).replace(old, new)}, branch=branch)


def test_a_squashed_branch_is_merged_and_the_chapter_goes_on_from_main(small: Small) -> None:
    small.revise()
    small.run()
    old = small.branches()[BRANCH]
    take(small)
    results = small.run()
    assert results["publish"]["branches"] == {}
    assert small.storage.get_json(f"{small.name}/en-zh/state.json")["ours"] == {}
    assert small.run() is None, "nothing changed"
    # People go on with main: no conflict with a branch whose text they have taken.
    edited(small)
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    results = small.run()
    assert results["plan"]["units"] == 1
    text = small.repo.read(DRAWS, BRANCH)
    assert "# 取球" in text
    assert MACHINE in text
    assert pseudo("quite independent", "zh") in text
    # It can be pushed without force, and shows nothing but what is new.
    small.repo.git("merge-base", "--is-ancestor", old, BRANCH)
    assert small.repo.git("merge-base", BRANCH, small.zh.git("rev-parse", "main")) == small.zh.git("rev-parse", "main")
    assert small.repo.changed(small.zh.git("rev-parse", "main"), BRANCH) == [DRAWS, "urn/draws_origin.md"]
    assert merges_cleanly(small) == small.repo.git("rev-parse", f"{BRANCH}^{{tree}}")
    states = {record.state for record in small.manifest().documents[DRAWS]}
    assert State.machine in states
    assert MACHINE not in small.learnt()
