"""Branches pushed to a remote, requests on a forge: a bare repository, and both forges' interfaces in this process."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from forge_stand_in import TOKEN, StandIn

from amts_tasks.books.remote import SEEN, Remote, send
from amts_tasks.config.push import local
from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.errors import PublishError

Small = Any
BRANCH, DRAWS = "amts/en-zh/urn", "urn/draws.md"


def configured(small: Small, forge: StandIn | None, kind: str = "github", **more: str) -> None:
    """Pushing to the translation's own repository."""
    lines = {
        "remote": "../zh.git",
        **({"forge": kind, "project": "o/n", "base_url": forge.url} if forge else {}),
        **more,
    }
    text = "".join(f"      {name}: {value}\n" for name, value in lines.items())
    path = "    place: {kind: git, location: ../zh.git}\n"
    small.edit((path, f"{path}    push:\n{text}"))
    if forge:
        forge.tip = lambda branch: small.zh.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMTS_FORGE_TOKEN", TOKEN)


def remote_tips(small: Small) -> dict[str, str]:
    listed = small.zh.git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads")
    return dict(line.split(" ") for line in listed.splitlines())


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_branches_are_pushed_and_a_persons_commits_come_back(small: Small, forge: StandIn, kind: str) -> None:
    configured(small, forge, kind)
    main = remote_tips(small)["main"]
    small.revise()
    results = small.run()
    tips = remote_tips(small)
    assert tips == {"main": main, BRANCH: small.branches()[BRANCH]}
    (request,) = forge.requests
    assert (request["branch"], request["base"], request["title"]) == (BRANCH, "main", "Update urn (en-zh)")
    assert "| 4 sent |" in request["text"]
    assert results["publish"]["pushed"] == [BRANCH]
    assert results["publish"]["requests"][BRANCH].startswith(forge.url)
    assert small.run() is None, "nothing changed"
    # A person corrects the text there, and writes around ours.
    human = "我们抽球，并把每个球的颜色记入表中。"
    text = small.zh.read(DRAWS, BRANCH)
    small.zh.commit({DRAWS: text.replace(text.splitlines()[3], human)}, branch=BRANCH)
    request["text"] = "Ana reads this.\n" + request["text"]
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    results = small.run()
    assert results["plan"]["units"] == 1
    assert human in small.zh.read(DRAWS, BRANCH)
    assert small.zh.git("rev-list", "--count", f"main..{BRANCH}") == "3"
    assert request["text"].startswith("Ana reads this.\n<!-- amts")
    assert "quite" in request["text"]
    assert len(forge.requests) == 1
    records = small.manifest().documents[DRAWS]
    assert sum(one.state.value == "human" for one in records) > sum(one.state.value == "machine" for one in records)
    assert f"{BRANCH}: taken in" in small.shown["publish"]
    everything = [*small.said, *small.shown.values(), *map(repr, small.artefacts().values())]
    assert not any(TOKEN in text for text in everything)
    # It is merged and its branch deleted; the next change begins anew, with a request of its own.
    small.zh.git("update-ref", "refs/heads/main", f"refs/heads/{BRANCH}")
    small.zh.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    request["state"] = "merged"
    small.revise("urn/errors.md", "half as large", "half as wide")
    small.run()
    assert [one["state"] for one in forge.requests] == ["merged", "open"]
    assert f"{human.rstrip('。')}" in small.learnt()


def test_a_branch_that_lost_somebodys_commit_is_set_aside_and_never_overwritten(small: Small) -> None:
    configured(small, None)
    small.revise()
    small.run()
    ana = small.zh.commit({DRAWS: small.zh.read(DRAWS, BRANCH).replace("# 抽球", "# 取球")}, branch=BRANCH)
    small.run()
    # Somebody else throws it away by a forced push.
    small.zh.git("update-ref", f"refs/heads/{BRANCH}", "refs/heads/main")
    theirs = small.zh.commit({DRAWS: small.zh.read(DRAWS).replace("# 抽球", "# 拿球")}, branch=BRANCH)
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    small.revise("index.md", "small book", "short book")
    results = small.run()
    assert results["publish"]["pushed"] == ["amts/en-zh/index"]
    assert remote_tips(small)[BRANCH] == theirs
    why = f"its history was rewritten at the remote, and the commit {ana[:12]} is not there any more"
    assert f"{BRANCH}: set aside: {why}; delete it" in small.shown["publish"]
    assert f"{DRAWS}: {BRANCH} is set aside" in small.shown["publish"]
    small.zh.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    assert BRANCH in small.run()["publish"]["pushed"], "once it is deleted there it begins anew"


@pytest.mark.parametrize("how", ["rebased", "amended", "squashed", "without ours"])
def test_a_branch_that_was_rewritten_without_a_loss_is_taken_as_it_is(small: Small, how: str) -> None:
    configured(small, None)
    small.revise()
    small.run()
    person = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
    ana = small.zh.commit({DRAWS: small.zh.read(DRAWS, BRANCH).replace("# 抽球", "# 取球")}, branch=BRANCH)
    small.run()
    machine = small.zh.git("rev-parse", f"{ana}^")
    small.zh.commit({"index.md": small.zh.read("index.md").replace("小书", "书")})
    text = small.zh.read(DRAWS, ana)
    small.zh.git("update-ref", f"refs/heads/{BRANCH}", "main" if how in {"rebased", "without ours"} else machine)
    if how == "rebased":
        small.zh.commit({path: small.zh.read(path, machine) for path in (DRAWS, "urn/draws_origin.md")}, branch=BRANCH)
        small.zh.commit({DRAWS: text}, branch=BRANCH)
    elif how == "squashed":
        tree = small.zh.git("rev-parse", f"{ana}^{{tree}}")
        made = small.zh.git(*person, "commit-tree", tree, "-p", f"{machine}^", "-m", "One")
        small.zh.git("update-ref", f"refs/heads/{BRANCH}", made)
    else:
        # Her commit again, with another word, and her name and date as git keeps them.
        when = small.zh.git("show", "-s", "--format=%at", ana)
        text = (
            (text if how == "amended" else small.zh.read(DRAWS)).replace("# 取球", "# 拿球").replace("# 抽球", "# 拿球")
        )
        small.zh.commit({DRAWS: text}, branch=BRANCH, when=datetime.fromtimestamp(int(when), UTC))
    theirs = remote_tips(small)[BRANCH]
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    results = small.run()
    assert f"{BRANCH}: taken in as it was rewritten at the remote" in small.shown["publish"]
    assert results["publish"]["pushed"] == [BRANCH]
    small.zh.git("merge-base", "--is-ancestor", theirs, BRANCH)
    now = small.zh.read(DRAWS, BRANCH)
    assert ("# 拿球" if how in {"amended", "without ours"} else "# 取球") in now
    assert pseudo("note the colour", "zh") in now
    assert pseudo("quite independent", "zh") in now


def test_both_sides_went_on(small: Small) -> None:
    """Commits here that were not pushed yet, and commits there: merged where they can be, else set aside."""
    configured(small, None)
    small.revise()
    small.run()
    repo = small.repo
    repo.days = 40
    repo.commit({DRAWS: repo.read(DRAWS, BRANCH).replace("# 抽球", "# 取球")}, branch=BRANCH)
    there = small.zh.commit({"urn/errors.md": small.zh.read("urn/errors.md") + "\n注意。\n"}, branch=BRANCH)
    small.run()
    tip = remote_tips(small)[BRANCH]
    assert small.zh.git("merge-base", "--is-ancestor", there, tip) == ""
    assert "# 取球" in small.zh.read(DRAWS, BRANCH)
    assert "注意" in small.zh.read("urn/errors.md", BRANCH)
    repo.commit({DRAWS: repo.read(DRAWS, BRANCH).replace("# 取球", "# 我们的")}, branch=BRANCH)
    there = small.zh.commit({DRAWS: small.zh.read(DRAWS, BRANCH).replace("# 取球", "# 他们的")}, branch=BRANCH)
    small.run()
    assert remote_tips(small)[BRANCH] == there
    assert "conflict" in small.shown["publish"]


def test_a_request_closed_without_a_merge_stays_closed(small: Small, forge: StandIn) -> None:
    configured(small, forge)
    small.revise()
    small.run()
    forge.requests[0]["state"] = "closed"
    small.revise("index.md", "small book", "short book")
    small.run()
    assert "request 1 was closed without a merge, and its branch is still there" in small.shown["publish"]
    assert [one["branch"] for one in forge.requests] == [BRANCH, "amts/en-zh/index"]
    forge.requests[0]["sha"] = remote_tips(small)[BRANCH]
    small.zh.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    results = small.run()
    assert results["publish"]["pushed"] == []
    assert "it waits until its source changes again" in small.shown["publish"]
    assert BRANCH not in remote_tips(small)
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    assert small.run()["publish"]["pushed"] == [BRANCH]
    assert [(one["branch"], one["state"]) for one in forge.requests][2:] == [(BRANCH, "open")]
    assert forge.requests[0]["state"] == "closed"


def test_documents_in_a_request_of_somebody_else_wait(small: Small, forge: StandIn) -> None:
    configured(small, forge)
    forge.add("ana-reads", files=["urn/draws_origin.md", "README"], home="ana/n")
    small.revise()
    results = small.run()
    assert results["plan"]["waiting"] == 1
    assert f"{DRAWS}: GitHub request 1 by ana touches it" in small.shown["publish"]
    # While the forge is down, what was known counts, and the run goes on.
    forge.down = True
    small.revise("index.md", "small book", "short book")
    results = small.run()
    assert results["publish"]["pushed"] == ["amts/en-zh/index"]
    assert results["publish"]["requests"] == {}
    assert f"{DRAWS}: GitHub request 1 by ana touches it" in small.shown["publish"]
    assert "answered 503" in small.shown["publish"]
    assert "the requests known from the last run count" in small.shown["publish"]
    forge.down = False
    forge.requests[0]["state"] = "merged"
    results = small.run()
    assert results["publish"]["pushed"] == [BRANCH]
    assert set(results["publish"]["requests"]) == {BRANCH, "amts/en-zh/index"}, "what was missing is asked for now"


def test_text_of_the_emulator_never_leaves_the_machine(small: Small, forge: StandIn) -> None:
    small.revise()
    small.run()
    configured(small, forge, base_url="https://github.invalid")
    results = small.run()
    assert results["publish"]["pushed"] == []
    assert BRANCH not in remote_tips(small)
    assert "which is not Amazon Translate, and push.base_url is not on this machine" in small.shown["publish"]
    from amts_tasks.steps.published.push import _not_ours_to_show

    run = small.given()
    found: Any = type("Shelf", (), {"repository": small.repo.path, "main": small.zh.git("rev-parse", "main")})
    assert "push.base_url" in _not_ours_to_show(run, found, BRANCH)
    small.edit(("remote: ../zh.git", "remote: https://example.invalid/o/n.git"))
    assert "push.remote" in _not_ours_to_show(small.given(), found, BRANCH)


def test_only_our_branches_are_ever_pushed(small: Small) -> None:
    small.revise()
    small.run()
    remote = Remote(str(small.zh.path), small.folder / ".amts", "t")
    for branch in ("main", "master", "refs/heads/main", "amts/en-zh/nothing"):
        with pytest.raises(PublishError, match="expected one of ours"):
            send(small.repo.path, remote, branch)
    assert small.repo.git("for-each-ref", SEEN) == ""
    # The token travels in the environment of git, for one address alone, and shows nowhere.
    remote = Remote("https://example.org/zh.git", small.folder, TOKEN)
    assert TOKEN not in repr(remote)
    login = remote._login()
    assert login["GIT_CONFIG_KEY_0"] == "http.https://example.org/.extraHeader"
    assert base64.b64decode(login["GIT_CONFIG_VALUE_0"].split(" ")[-1]).decode() == f"x-access-token:{TOKEN}"
    assert Remote("ssh://git@example.org/zh.git", small.folder, TOKEN)._login() == {}


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("/srv/a.git", True),
        ("file:///srv/a.git", True),
        ("http://127.0.0.1:8080/a", True),
        ("https://localhost/a", True),
        ("https://[::1]/a", True),
        ("git@localhost:a.git", True),
        ("https://example.org/a", False),
        ("git@example.org:a.git", False),
        ("ssh://git@example.org/localhost", False),
        ("https://localhost.example.org/a", False),
        ("", False),
    ],
)
def test_what_is_on_this_machine(address: str, here: bool) -> None:
    assert local(address) is here
