"""Remotes as they are: forks, several pairs in one repository, protected branches, forges with limits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from forge_stand_in import TOKEN, StandIn

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.errors import PublishError
from amts_tasks.steps import whole

Small = Any
BRANCH, DRAWS, ORIGIN = "amts/en-zh/urn", "urn/draws.md", "urn/draws_origin.md"
MACHINE = pseudo("note the colour", "zh")


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMTS_FORGE_TOKEN", TOKEN)


def copied(repo: Any, folder: Path) -> Any:
    """A repository with everything of another one."""
    made = type(repo)(folder, days=repo.days).init()
    made.git("fetch", "--quiet", str(repo.path), "+refs/heads/*:refs/heads/*")
    return made


def tips(repo: Any) -> dict[str, str]:
    listed = repo.git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads")
    return dict(line.split(" ") for line in listed.splitlines())


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_a_fork(small: Small, forge: StandIn, kind: str) -> None:
    """Branches go to the fork, requests to the project; what the project merges is merged, though the fork keeps it."""
    fork = copied(small.zh, small.folder / "fork.git")
    forge.serve(small, kind, remote="../fork.git", there=fork, fork="me/n")
    forge.add("fix", home="me/n", files=["index.md"])
    small.revise()
    small.revise("index.md", "small book", "short book")
    results = small.run()
    assert results["publish"]["pushed"] == [BRANCH]
    assert "index.md: " in small.shown["publish"], "a request from the same fork that is not ours"
    assert tips(small.zh).keys() == {"main"}
    assert [(one["branch"], one["home"]) for one in forge.requests[1:]] == [(BRANCH, "me/n")]
    # A person works on the fork's branch; the project squashes it; nobody deletes it.
    human = fork.commit({DRAWS: fork.read(DRAWS, BRANCH).replace("# 抽球", "# 取球")}, branch=BRANCH)
    small.run()
    made = small.zh.commit({path: fork.read(path, BRANCH) for path in (DRAWS, ORIGIN)})
    forge.close(BRANCH, "merged", made)
    small.run()
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    assert small.run()["publish"]["pushed"] == [BRANCH]
    assert [one["state"] for one in forge.requests[1:]] == ["merged", "open"]
    fork.git("merge-base", "--is-ancestor", human, BRANCH)
    text = fork.read(DRAWS, BRANCH)
    assert all(words in text for words in ("# 取球", MACHINE, pseudo("quite independent", "zh")))
    assert forge.requests[-1]["text"].count("#### ") == 1


def test_two_pairs_in_one_repository(small: Small, forge: StandIn) -> None:
    """Each pair has the branches of its name and the documents below its root, and nothing of the other's."""
    both = type(small.zh)(small.folder / "both.git", days=2).init()
    both.commit(
        {f"zh/{path}": small.zh.read(path) for path in small.zh.files()}
        | {f"es/{path}": small.es.read(path) for path in small.es.files()}
    )
    push = f"    push: {{remote: ../both.git, forge: github, project: o/n, base_url: '{forge.url}'}}\n"
    for language in ("zh", "es"):
        old = f"    place: {{kind: git, location: ../{language}.git}}\n"
        small.edit((old, old.replace(f"{language}.git", f"both.git, root: {language}") + push))
    forge.tip = lambda branch: both.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")
    forge.add("ana-reads", files=["es/index.md"], home="ana/n")
    small.revise()
    small.revise("index.md", "small book", "short book")
    assert sorted(small.run()["publish"]["pushed"]) == ["amts/en-zh/index", BRANCH], "Ana's is another pair's"
    assert small.run("en-es")["publish"]["pushed"] == ["amts/en-es/urn"]
    assert tips(both).keys() == {"main", "amts/en-zh/index", BRANCH, "amts/en-es/urn"}
    es = "es/" + DRAWS
    both.commit({es: both.read(es, "amts/en-es/urn")})
    both.commit({es: both.read(es).replace("# Extraer", "# Sacar")})
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    small.run()
    small.run("en-es")
    assert not any("set aside: " in line for line in small.said)
    for pair, root in (("zh", "zh"), ("es", "es")):
        branch = f"amts/en-{pair}/urn"
        changed = both.changed(both.git("merge-base", "main", branch), branch)
        assert changed
        assert all(path.startswith(f"{root}/urn/draws") for path in changed)
        assert pseudo("quite independent", pair) in both.read(f"{root}/{DRAWS}", branch)
    assert "# Sacar" in both.read(es, "amts/en-es/urn")
    assert [one["state"] for one in forge.requests] == ["open"] * 4


HOOKS = {
    "protected": ("GH006: Protected branch update failed for $ref.", "out of the rule that protects them"),
    "rule": ("You are not allowed to push code to protected branches on this project.", "out of the rule that"),
    "hook": ("commits need a signature", "ask those who run it"),
}


@pytest.mark.parametrize("how", HOOKS)
def test_a_remote_that_does_not_take_a_branch(small: Small, forge: StandIn, how: str) -> None:
    """It is said in the remote's words; the other branches are pushed; the run fails, and the next one tries again."""
    forge.serve(small, "github")
    hook = small.zh.path / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    said, todo = HOOKS[how]
    hook.write_text(f'#!/bin/sh\nref=$1\ncase "$ref" in */urn) echo "error: {said}" >&2; exit 1;; esac\n')
    hook.chmod(0o755)
    small.revise()
    small.revise("index.md", "small book", "short book")
    with pytest.raises(PublishError) as told:
        small.run()
    assert said.split(" $")[0] in str(told.value)
    assert str(told.value).endswith(todo) or todo in str(told.value)
    assert tips(small.zh).keys() == {"main", "amts/en-zh/index"}
    assert [one["branch"] for one in forge.requests] == ["amts/en-zh/index"]
    assert f"not pushed: {BRANCH}: git cannot push it to" in small.shown["publish"]
    assert not small.lease()
    done = small.storage.get_json(f"{small.name}/en-zh/state.json")
    assert set(done["open_words"]) == {"index", "urn"}, "what is done is noted all the same"
    hook.unlink()
    small.forget()
    assert small.run()["publish"]["pushed"] == [BRANCH]
    assert not small.paid()
    assert [one["branch"] for one in forge.requests] == ["amts/en-zh/index", BRANCH]


def test_a_branch_was_pushed_to_while_the_run_was_under_way(small: Small, forge: StandIn) -> None:
    """Nothing is forced: the next run takes it in, and pushes then."""
    forge.serve(small, "github")
    small.revise()
    small.run()
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    run = small.given(owner="slow")
    results = small.until("score", run)
    human = small.zh.commit({DRAWS: small.zh.read(DRAWS, BRANCH).replace("# 抽球", "# 取球")}, branch=BRANCH)
    results["publish"] = whole.STEPS["publish"](run, results)
    small.settle(run)
    assert tips(small.zh)[BRANCH] == human
    assert f"to be tried again: {BRANCH}: somebody pushed to it meanwhile" in small.shown["publish"]
    assert small.run()["publish"]["pushed"] == [BRANCH]
    text = small.zh.read(DRAWS, BRANCH)
    assert all(words in text for words in ("# 取球", MACHINE, pseudo("quite independent", "zh")))


def test_a_base_branch_that_moved_on(small: Small, forge: StandIn) -> None:
    """Other chapters change on main while a branch waits: it merges as it stands, and needs nothing from anybody."""
    forge.serve(small, "github")
    small.revise()
    small.run()
    before = tips(small.zh)[BRANCH]
    small.zh.commit({"index.md": small.zh.read("index.md").replace("小书", "书")})
    small.run()
    assert tips(small.zh)[BRANCH] == before, "no commit that only says so"
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    small.run()
    assert small.zh.git("rev-parse", f"{BRANCH}^") == before
    small.zh.git("merge-tree", "--write-tree", "main", BRANCH)


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_a_request_of_which_not_all_files_are_listed_may_touch_every_document(
    small: Small, forge: StandIn, kind: str
) -> None:
    forge.serve(small, kind)
    many = [f"pictures/{number:05}.png" for number in range(3_500)]
    forge.add("pictures", home="ana/n", files=["index.md", *many])
    small.revise()
    small.revise("index.md", "small book", "short book")
    results = small.run()
    assert results["plan"]["waiting"] == 2
    assert results["publish"]["pushed"] == []
    count = "3,000 files or more, of which GitHub lists the first" if kind == "github" else "1000+ files, of which"
    assert (
        f"{DRAWS}: {'GitHub' if kind == 'github' else 'GitLab'} request 1 by ana may touch it: it touches {count}"
        in (small.shown["publish"])
    )
    assert "request 1 by ana touches it" in small.shown["publish"]
    forge.requests[0]["state"] = "closed"
    assert sorted(small.run()["publish"]["pushed"]) == ["amts/en-zh/index", BRANCH]


def test_a_forge_with_limits_stops_no_run(small: Small, forge: StandIn) -> None:
    """A short limit is waited for; of a long one the run goes by what it knew, and asks no more."""
    forge.serve(small, "github")
    forge.add("ana-reads", files=[DRAWS], home="ana/n")
    small.revise()
    small.revise("index.md", "small book", "short book")
    forge.answers.append((403, {"Retry-After": "20"}, {"message": "You have exceeded a secondary rate limit."}))

    def run(owner: str) -> Any:
        given = small.given(owner=owner)
        slow = replace(
            given, sleep=lambda seconds: given.sleep(seconds) or forge.sleep(seconds), clock=lambda: forge.now
        )
        return whole.run(slow).value

    results = run("first")
    assert 20 in forge.slept
    assert results["publish"]["pushed"] == ["amts/en-zh/index"]
    assert any("GitHub, o/n: asked more than it allows" in line for line in small.said)
    small.revise("urn/errors.md", "usually lies", "often lies")
    forge.quota, calls = 0, len(forge.calls)
    slept = len(forge.slept)
    results = run("second")
    assert results["publish"]["pushed"] == [BRANCH], "git has no limit"
    assert results["publish"]["requests"] == {}
    assert f"{DRAWS}: GitHub request 1 by ana touches it" in small.shown["publish"]
    assert "it answers again at" in small.shown["publish"]
    assert len(forge.calls) - calls == 2, "once when the run began and once when it pushed"
    assert max(forge.slept[slept:], default=0) <= 300
    forge.quota = None
    assert set(run("third")["publish"]["requests"]) == {BRANCH, "amts/en-zh/index"}
