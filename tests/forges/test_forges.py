"""GitHub and GitLab through PyGithub and python-gitlab, against a stand-in with their pages, limits and refusals."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from forge_stand_in import TOKEN, StandIn

from amts_tasks.config import PushConfig
from amts_tasks.errors import ForgeError, InputError
from amts_tasks.forges import Patience, forge_of
from amts_tasks.forges.patience import MOST_SECONDS

BRANCH = "amts/en-zh/urn"
BOTH = pytest.mark.parametrize("kind", ["github", "gitlab"])


def asked(forge: StandIn, kind: str, token: str = TOKEN, **more: Any) -> Any:
    push = PushConfig("/nowhere", kind, "o/n", base_url=more.pop("url", forge.url), **more)  # type: ignore[arg-type]
    return forge_of(push, token, Patience(forge.sleep, lambda: forge.now))


@BOTH
def test_it_is_asked_and_told(forge: StandIn, kind: str) -> None:
    one = asked(forge, kind)
    made = one.propose(BRANCH, "main", "A title", "A text with | and 中文")
    assert (made.number, made.state, made.own, made.title, made.made) == (1, "open", True, "A title", "")
    forge.add("fix", home="ana/n", files=["urn/draws.md"])
    forge.add(BRANCH, state="closed", sha="a" * 40)
    forge.add(BRANCH, state="merged", sha="b" * 40, made="c" * 40)
    assert [(one.number, one.author) for one in one.open_requests()] == [(2, "ana"), (1, "amts")]
    assert [(one.number, one.state, one.made) for one in one.of_branch(BRANCH)] == [
        (4, "merged", "c" * 40),
        (3, "closed", ""),
        (1, "open", ""),
    ]
    assert one.files(one.open_requests()[0]).paths == ("urn/draws.md",)
    one.revise(made, "A title", "Another text")
    assert forge.requests[0]["text"] == "Another text"


def test_without_a_token_or_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = Patience(lambda seconds: None, lambda: StandIn.now)
    with pytest.raises(InputError, match="set \\$AMTS_FORGE_TOKEN"):
        forge_of(PushConfig("/a", "github", "o/n"), "", nobody)
    assert forge_of(PushConfig("/a"), "", nobody) is None
    monkeypatch.setitem(__import__("sys").modules, "amts_tasks.forges.gitlab", None)
    with pytest.raises(InputError, match="amts\\[forges\\]"):
        forge_of(PushConfig("/a", "gitlab", "o/n"), TOKEN, nobody)


@BOTH
def test_every_page_is_read(forge: StandIn, kind: str) -> None:
    for number in range(253):
        forge.add(f"fix-{number}", home="ana/n")
    for state in ("closed",) * 120:
        forge.add(BRANCH, state=state, sha="a" * 40)
    forge.requests[7]["files"] = [f"chapter/{number:04}.md" for number in range(777)]
    one = asked(forge, kind)
    assert sorted(request.number for request in one.open_requests()) == list(range(1, 254))
    pages = [path for _, path in forge.calls if "per_page=100" in path]
    assert len(pages) == {"github": 3, "gitlab": 4}[kind], "a hundred a page"
    assert [request.number for request in one.of_branch(BRANCH)] == list(range(373, 253, -1))
    files = one.files(next(request for request in one.open_requests() if request.number == 8))
    assert files.paths == tuple(forge.requests[7]["files"])
    assert files.more == ""


@pytest.mark.parametrize(
    ("kind", "count", "told"),
    [
        ("github", 2_999, ""),
        ("github", 3_001, "it touches 3,000 files or more, of which GitHub lists the first"),
        ("gitlab", 1_000, ""),
        ("gitlab", 1_001, "it touches 1000+ files, of which GitLab lists 1,000"),
    ],
)
def test_what_a_forge_does_not_list_is_told(forge: StandIn, kind: str, count: int, told: str) -> None:
    forge.add("fix", home="ana/n", files=[f"{number:05}.md" for number in range(count)])
    one = asked(forge, kind)
    files = one.files(one.open_requests()[0])
    assert files.more == told
    assert len(files.paths) == min(count, 3_000 if kind == "github" else 1_000)


def test_files_that_gitlab_is_still_counting_are_not_taken_for_all(forge: StandIn) -> None:
    forge.add("fix", home="ana/n", files=[], counted=None)
    one = asked(forge, "gitlab")
    assert one.files(one.open_requests()[0]).more == "GitLab has not listed its files yet"
    # Few files with many lines are cut as well; the number tells.
    forge.requests[0] |= {"files": ["a.md"], "counted": "3"}
    assert one.files(one.open_requests()[0]).more == "it touches 3 files, of which GitLab lists 1"


LIMITS = [
    ("github", 403, {"Retry-After": "30"}, {"message": "You have exceeded a secondary rate limit."}, 30),
    ("github", 429, {"Retry-After": "30"}, {"message": "Too many"}, 30),
    ("github", 403, {}, {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}, 60),
    ("github", 429, {}, {"message": "slow down"}, 60),
    ("github", 403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1772330442"}, {"message": "limit"}, 43),
    ("gitlab", 429, {"Retry-After": "30"}, "Retry later", 30),
    ("gitlab", 429, {"RateLimit-Remaining": "0", "RateLimit-Reset": "1772330442"}, "Retry later", 43),
    ("gitlab", 429, {}, {"message": {"error": "This endpoint has been requested too many times."}}, 60),
]


@pytest.mark.parametrize(("kind", "status", "headers", "body", "seconds"), LIMITS)
def test_a_short_limit_is_waited_for(
    forge: StandIn, kind: str, status: int, headers: dict[str, str], body: Any, seconds: float
) -> None:
    """1772330442 is 42 seconds after the clock that the stand-in and AMTS are given."""
    said: list[str] = []
    forge.answers.append((status, headers, body))
    forge.add("fix", home="ana/n")
    push = PushConfig("/nowhere", kind, "o/n", base_url=forge.url)  # type: ignore[arg-type]
    one: Any = forge_of(push, TOKEN, Patience(forge.sleep, lambda: forge.now, said.append))
    assert len(one.open_requests()) == 1
    assert forge.slept == [seconds]
    assert said[0].endswith(f"waiting for {seconds} s")
    # Nobody is asked to create a thing twice, but by a limit: what was refused was not done.
    forge.answers.append((status, {"Retry-After": "2"}, body))
    assert one.propose(BRANCH, "main", "A title", "").number == 2
    assert len(forge.requests) == 2


@BOTH
def test_a_limit_in_the_middle_of_a_list(forge: StandIn, kind: str) -> None:
    for number in range(250):
        forge.add(f"fix-{number}", home="ana/n")
    forge.quota = 2
    with pytest.raises(ForgeError, match=r"asked more than it allows; it answers again at 03:00:0[01] UTC"):
        asked(forge, kind).open_requests()
    assert forge.slept == [], "an hour is not waited for"
    forge.quota, forge.now = 5, forge.now.replace(hour=2, minute=58)
    calls = len(forge.calls)
    one = asked(forge, kind)
    # The window began two minutes ago for the stand-in: a minute or two are waited for.
    forge._used = 3
    assert len(one.open_requests()) == 250
    assert 110 <= sum(forge.slept) <= 125
    assert len(forge.calls) - calls < 10


@BOTH
def test_patience_ends(forge: StandIn, kind: str) -> None:
    """A limit that never ends is given up within the bound, and nothing is asked after that."""
    forge.answers += [(429, {"Retry-After": "0"}, {"message": "slow down"})] * 100
    one = asked(forge, kind)
    with pytest.raises(ForgeError, match="the next run asks again"):
        one.of_branch(BRANCH)
    assert 100 < sum(forge.slept) <= MOST_SECONDS
    calls = len(forge.calls)
    assert calls < 12, "longer each time"
    with pytest.raises(ForgeError, match="asked more than it allows"):
        one.open_requests()
    assert len(forge.calls) == calls


@BOTH
def test_trouble_is_tried_again_but_nothing_is_made_twice(forge: StandIn, kind: str) -> None:
    bad = (502, {}, "<html><head><title>502</title></head>\n<body>Bad   Gateway</body></html>")
    forge.answers += [bad, bad]
    one = asked(forge, kind)
    assert one.of_branch(BRANCH) == ()
    assert forge.slept == [5, 25]
    forge.down = True
    with pytest.raises(ForgeError, match=r"answered 503: 503 Service Unavailable; that is its own trouble"):
        one.of_branch(BRANCH)
    calls = len(forge.calls)
    with pytest.raises(ForgeError, match="answered 503"):
        one.propose(BRANCH, "main", "A title", "")
    assert len(forge.calls) == calls + 1
    gone = asked(forge, kind, url="http://127.0.0.1:9")
    with pytest.raises(ForgeError, match=r"cannot be reached \(.*check push.base_url and the network"):
        gone.of_branch(BRANCH)


@pytest.mark.parametrize(
    ("kind", "status", "body", "told"),
    [
        (
            "github",
            401,
            {"message": "Bad credentials"},
            r"401: Bad credentials; .*make a new one, and put it into \$AMT",
        ),
        ("gitlab", 401, {"message": "401 Unauthorized"}, r"the token is not valid, or not any more"),
        ("github", 403, {"message": "Resource not accessible by personal access token"}, "'Contents' and 'Pull requ"),
        ("gitlab", 403, {"message": "403 Forbidden"}, "the scope api and the role Developer for o/n"),
        ("github", 404, {"message": "Not Found"}, "no o/n, or the token may not see it: check push.project"),
        (
            "gitlab",
            404,
            {"message": "404 Project Not Found"},
            "no o/n, or the token may not see it: check push.project",
        ),
        (
            "github",
            422,
            {"message": "Validation Failed", "errors": [{"message": "No commits"}]},
            "Failed: No commits; ",
        ),
        ("gitlab", 400, {"message": {"title": ["is too long"]}}, "is too long"),
        ("github", 410, "<html>Gone\n</html>", "410: Gone; check push.project, push.base_url"),
    ],
)
def test_a_refusal_says_what_to_do(forge: StandIn, kind: str, status: int, body: Any, told: str) -> None:
    forge.answers.append((status, {}, body))
    with pytest.raises(ForgeError, match=told):
        asked(forge, kind).open_requests()
    assert forge.slept == []


@BOTH
def test_an_open_request_is_not_opened_again(forge: StandIn, kind: str) -> None:
    one = asked(forge, kind)
    one.propose(BRANCH, "main", "A title", "")
    with pytest.raises(ForgeError, match="already exists"):
        one.propose(BRANCH, "main", "A title", "")


@BOTH
def test_a_fork_asks_the_project(forge: StandIn, kind: str) -> None:
    """Branches are pushed to a fork: requests come from there, and only those are ours."""
    forge.add(BRANCH, home="o/n", state="closed")
    forge.add(BRANCH, home="ana/n")
    one = asked(forge, kind, fork="me/n")
    made = one.propose(BRANCH, "main", "A title", "A text")
    assert made.own
    assert forge.requests[2]["home"] == "me/n"
    assert [request.number for request in one.of_branch(BRANCH)] == [3]
    assert {request.number: request.own for request in one.open_requests()} == {2: False, 3: True}
    one.revise(made, "A title", "Another text")
    assert forge.requests[2]["text"] == "Another text"


@BOTH
def test_the_token_shows_nowhere(forge: StandIn, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    token = "wr0ng-t0ken"
    caplog.set_level(logging.DEBUG)
    one = asked(forge, kind, token)
    forge.answers.append((403, {"Retry-After": "1"}, {"message": "secondary rate limit"}))
    with pytest.raises(ForgeError) as told:
        one.open_requests()
    assert token not in caplog.text
    assert token not in f"{told.value!r} {told.value.__cause__!r} {told.value.__context__!r}"
