"""Branches pushed to a remote, requests on a forge: a bare repository, and both forges' REST in this process."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from amts_tasks.books.remote import SEEN, Remote, send
from amts_tasks.config.entities import PushConfig
from amts_tasks.config.push import local
from amts_tasks.errors import ForgeError, InputError, PublishError
from amts_tasks.forges import forge_of

Small = Any
BRANCH, DRAWS = "amts/en-zh/urn", "urn/draws.md"
TOKEN = "s3cret-t0ken"


@dataclass
class StandIn:
    """What both forges keep of a project, behind both of their REST interfaces."""

    tip: Callable[[str], str] = lambda branch: "f" * 40
    requests: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    down: bool = False
    url: str = ""

    def add(self, branch: str, **more: Any) -> dict[str, Any]:
        one = {"number": len(self.requests) + 1, "branch": branch, "base": "main", "state": "open", "author": "ana"}
        one |= {"title": "", "text": "", "files": [], "own": True, "sha": "", **more}
        self.requests.append(one)
        return one

    def answer(self, method: str, path: str, headers: Any, data: dict[str, Any]) -> tuple[int, Any]:
        self.calls.append((method, path))
        token = headers.get("PRIVATE-TOKEN") or (headers.get("Authorization") or "").partition(" ")[2]
        if token != TOKEN:
            return 401, {"message": "Bad credentials"}
        url = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        match = re.fullmatch(r"(/repos/o/n/pulls|/api/v4/projects/o%2Fn/merge_requests)(?:/(\d+))?(/\w+)?", url.path)
        if match is None:
            return 404, {"message": "Not Found"}
        github = match[1].startswith("/repos")
        show = self._pull if github else self._merge_request
        for one in self.requests:
            one["sha"] = self.tip(one["branch"]) or one["sha"]
        if method == "POST":
            branch, base = (data["head"], data["base"]) if github else (data["source_branch"], data["target_branch"])
            text = data["body"] if github else data["description"]
            return 201, show(self.add(branch, base=base, title=data["title"], text=text, author="amts"))
        if match[2]:
            one = self.requests[int(match[2]) - 1]
            if method in {"PATCH", "PUT"}:
                one |= {"title": data["title"], "text": data["body" if github else "description"]}
            if match[3]:
                names = [
                    {"filename": name} if github else {"new_path": name, "old_path": name} for name in one["files"]
                ]
                return 200, names
            return 200, show(one)
        states = {"open": {"open"}, "opened": {"open"}, "all": {"open", "closed", "merged"}}[query["state"]]
        branch = query.get("head", "").partition(":")[2] or query.get("source_branch", "")
        return 200, [
            show(one)
            for one in reversed(self.requests)
            if one["state"] in states and one["branch"] == (branch or one["branch"])
        ]

    def _pull(self, one: dict[str, Any]) -> dict[str, Any]:
        return {
            "number": one["number"],
            "url": f"{self.url}/repos/o/n/pulls/{one['number']}",
            "html_url": f"{self.url}/o/n/pull/{one['number']}",
            "state": "open" if one["state"] == "open" else "closed",
            "merged_at": "2026-01-01T00:00:00Z" if one["state"] == "merged" else None,
            "title": one["title"],
            "body": one["text"],
            "user": {"login": one["author"]},
            "head": {"ref": one["branch"], "sha": one["sha"], "repo": {"full_name": "o/n" if one["own"] else "x/n"}},
        }

    def _merge_request(self, one: dict[str, Any]) -> dict[str, Any]:
        return {
            "iid": one["number"],
            "id": 1000 + one["number"],
            "web_url": f"{self.url}/o/n/-/merge_requests/{one['number']}",
            "state": "opened" if one["state"] == "open" else one["state"],
            "title": one["title"],
            "description": one["text"],
            "author": {"username": one["author"]},
            "source_branch": one["branch"],
            "source_project_id": 1 if one["own"] else 2,
            "target_project_id": 1,
            "sha": one["sha"],
        }


@pytest.fixture
def forge() -> Iterator[StandIn]:
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, value = (
                (503, {"message": "down"})
                if stand_in.down
                else stand_in.answer(self.command, self.path, self.headers, json.loads(raw or b"{}"))
            )
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_PUT = _any  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield stand_in
        server.shutdown()
        thread.join()


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
def test_a_forge_is_asked_and_told(forge: StandIn, kind: str) -> None:
    """Through PyGithub and python-gitlab."""
    push = PushConfig("/nowhere", kind, "o/n", forge.url)  # type: ignore[arg-type]
    asked: Any = forge_of(push, TOKEN)
    made = asked.propose("amts/en-zh/urn", "main", "A title", "A text with | and 中文")
    assert (made.number, made.state, made.own, made.title) == (1, "open", True, "A title")
    forge.add("fix", own=False, files=["urn/draws.md"])
    forge.add("amts/en-zh/urn", state="closed", sha="a" * 40)
    forge.add("amts/en-zh/urn", state="merged")
    assert [(one.number, one.author) for one in asked.open_requests()] == [(2, "ana"), (1, "amts")]
    assert [(one.number, one.state) for one in asked.of_branch("amts/en-zh/urn")] == [
        (4, "merged"),
        (3, "closed"),
        (1, "open"),
    ]
    assert asked.files(asked.open_requests()[0]) == ("urn/draws.md",)
    asked.revise(made, "A title", "Another text")
    assert forge.requests[0]["text"] == "Another text"
    refused: Any = forge_of(push, "wrong")
    with pytest.raises(ForgeError, match="answered 401") as told:
        refused.open_requests()
    assert "wrong" not in str(told.value)
    forge.down = True
    with pytest.raises(ForgeError, match="answered 503"):
        asked.open_requests()
    gone: Any = forge_of(PushConfig("/nowhere", kind, "o/n", "http://127.0.0.1:9"), TOKEN)  # type: ignore[arg-type]
    with pytest.raises(ForgeError, match="cannot be reached"):
        gone.of_branch("amts/en-zh/urn")


def test_without_a_token_or_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="set \\$AMTS_FORGE_TOKEN"):
        forge_of(PushConfig("/a", "github", "o/n"), "")
    assert forge_of(PushConfig("/a"), "") is None
    monkeypatch.setitem(__import__("sys").modules, "amts_tasks.forges.gitlab", None)
    with pytest.raises(InputError, match="amts\\[forges\\]"):
        forge_of(PushConfig("/a", "gitlab", "o/n"), TOKEN)


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


def test_a_rewritten_branch_is_set_aside_and_never_overwritten(small: Small) -> None:
    configured(small, None)
    small.revise()
    small.run()
    small.zh.git("update-ref", f"refs/heads/{BRANCH}", "refs/heads/main")
    theirs = small.zh.commit({DRAWS: small.zh.read(DRAWS).replace("# 抽球", "# 取球")}, branch=BRANCH)
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    small.revise("index.md", "small book", "short book")
    results = small.run()
    assert results["publish"]["pushed"] == ["amts/en-zh/index"]
    assert remote_tips(small)[BRANCH] == theirs
    assert f"{BRANCH}: set aside: its history was rewritten at the remote" in small.shown["publish"]
    assert f"{DRAWS}: {BRANCH} is set aside" in small.shown["publish"]
    small.zh.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    assert BRANCH in small.run()["publish"]["pushed"], "once it is deleted there it begins anew"


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
    forge.add("ana-reads", files=["urn/draws_origin.md", "README"], own=False)
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
    from amts_tasks.steps.push import _not_ours_to_show

    run = small.given()
    found: Any = type("Shelf", (), {"repository": small.repo.path, "main": small.zh.git("rev-parse", "main")})
    assert "push.base_url" in _not_ours_to_show(run, found, BRANCH)
    small.edit(("remote: ../zh.git", "remote: https://example.invalid/zh.git"))
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
