"""Commands on a configured book, through the command line and against a service at an endpoint."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from amts_tasks import __version__, cli

Small = Any
Amts = Callable[..., tuple[int, str, str]]
COMMANDS = [
    "run",
    "resolve",
    "extract",
    "plan",
    "upload",
    "parallel-data",
    "translate",
    "download",
    "publish",
    "report",
    "patch",
    "export",
    "import",
    "approve",
    "manifest",
    "config",
    "setup",
    "roundtrip",
    "align",
    "merge",
    "score",
    "emulator",
    "demo",
    "doctor",
    "up",
    "down",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([command, "--help"])
    assert stopped.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(f"usage: amts {command}")
    assert "--config FILE" in said


def test_those_are_all_commands() -> None:
    listed = cli.parser().format_help().split("COMMAND\n")[1].split("\n\noptions")[0].split("\noptions")[0]
    assert sorted(re.findall(r"^    ([a-z-]+)", listed, re.MULTILINE)) == sorted(COMMANDS)


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"amts {__version__}\n"


@pytest.mark.parametrize("words", [[], ["translat", "en-zh"], ["run"], ["run", "en-zh", "--as-of", "soon"]])
def test_wrong_usage_is_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(words)
    assert stopped.value.code == 2
    assert "usage: amts" in capsys.readouterr().err


def test_a_whole_run_and_another(small: Small, amts: Amts) -> None:
    small.revise()
    status, out, err = amts("run", "en-zh", "--evaluate")
    assert status == 0
    assert "amts/en-zh/urn" in out
    assert "BLEU" in out
    assert "en-zh, English to Chinese" in out
    for name in ("resolve", "extract", "align", "upload", "parallel_data", "translate", "download", "score"):
        assert re.search(rf"^ +[\d.]+ s  {name} ", err, re.MULTILINE), name
    assert "budget left" in err, "the plan is progress"
    assert "BLEU" not in err, "the result is not said twice"
    status, out, err = amts("--json", "run", "en-zh")
    assert status == 0
    assert json.loads(out) == {"changed": False, "pair": "en-zh"}


def test_general_options_before_and_after_the_command(small: Small, amts: Amts) -> None:
    for words in (("--json", "config", "check"), ("config", "check", "--json"), ("config", "--json", "check")):
        status, out, _ = amts(*words)
        assert status == 0
        assert json.loads(out)["pairs"] == ["en-es", "en-zh", "zh-en"]
    status, out, _ = amts("config", "check", "--config", str(small.folder / "none.yaml"))
    assert status == 2


def test_config_check_tells_every_fault(small: Small, amts: Amts) -> None:
    status, out, err = amts("config", "check")
    assert status == 0
    assert "no faults" in out
    small.edit(("layout: revision", "layout: revsion"), ("poll_seconds: 1", "poll_seconds: 0"))
    status, out, err = amts("config", "check")
    assert (status, out) == (2, "")
    assert 'translations.es.layout: found "revsion"' in err
    assert "aws.poll_seconds: found 0; expected a whole number of at least 1" in err
    assert all(line.startswith(f"amts: {small.path}:") for line in err.splitlines())
    status, out, err = amts("--json", "config", "check")
    assert status == 2
    faults = json.loads(out)["faults"]
    assert {"layout": "layout", "poll_seconds": "poll_seconds"}.keys() <= {
        one["where"].split(".")[-1] for one in faults
    }
    assert all(one["line"] for one in faults)


def test_config_check_reads_the_reservations_beside_it(small: Small, amts: Amts) -> None:
    beside = small.path.parent / "reserved.yaml"
    beside.write_text("a.md: {who: x, until: 2020-01-31}\nb.md: {who: y, until: 2999-01-01}\n", "utf-8")
    status, out, _ = amts("config", "check")
    assert status == 0
    assert "2 reservations, 1 of them over:\n  a.md, by x, until 2020-01-31: take it off" in out
    beside.write_text("a.md: {who: x, until: soon}\nb.md: {until: 2999-01-01, languages: [xx]}\n", "utf-8")
    status, out, err = amts("config", "check")
    assert (status, out) == (2, "")
    for words in (f"{beside}:1: a.md.until: found", f"{beside}:2: b.md.who: ", 'b.md.languages: found "xx"', "zh, es"):
        assert words in err, (words, err)
    small.edit(("poll_seconds: 1", "poll_seconds: 0"))
    status, out, err = amts("--json", "config", "check")
    files = [one["file"].rpartition("/")[2] for one in json.loads(out)["faults"]]
    assert files == ["amts.yaml", "reserved.yaml", "reserved.yaml"], "those of both files at once"


def test_a_plan_is_only_json_on_standard_output(small: Small, amts: Amts) -> None:
    small.revise()
    status, out, _err = amts("plan", "en-zh", "--dry-run", "--json")
    assert status == 0
    plan = json.loads(out)
    assert plan["pair"] == "en-zh"
    assert plan["documents"] == 4
    assert plan["blocks"] == {"kept": 13, "moved": 0, "patched": 0, "sent": 1, "swapped": 0}
    assert plan["characters"]["sent"] == 92
    assert {"price", "budget_left", "revisions"} <= plan.keys()
    (item,) = plan["items"]
    assert (item["document"], item["provenance"], item["characters"]) == ("urn/draws.md", "sent", 92)
    document = small.book.read("urn/draws.md")
    assert item["text"] in document[slice(*item["span"])]
    assert not small.calls()
    assert not small.lease()


def test_a_plan_is_always_of_today(small: Small, amts: Amts) -> None:
    """Also after a run, and where nothing changed: then everything is kept."""
    small.run()
    _, out, _ = amts("plan", "en-zh", "--json")
    assert json.loads(out)["blocks"]["sent"] == 0
    small.revise()
    _, out, _ = amts("plan", "en-zh", "--json")
    assert json.loads(out)["blocks"]["sent"] == 1


def test_a_plan_beside_a_run_says_which_run_is_under_way(small: Small, amts: Amts) -> None:
    small.revise()
    night = small.given(owner="amts_en_zh scheduled__2026-03-01", now=datetime.now(UTC))
    results = small.until("extract", night)
    before = small.artefacts()
    status, out, err = amts("plan", "en-zh")
    assert (status, out) == (1, "")
    assert f"is held by amts_en_zh scheduled__2026-03-01 since {night.clock():%Y-%m-%d %H:%M} (until " in err
    assert "a run or command is under way" in err
    assert "try again when that is over" in err
    assert small.artefacts() == before, "the run's work is left alone"
    assert results["extract"]["source"] == 4
    small.settle(night)
    assert amts("plan", "en-zh")[0] == 0


def test_a_plan_over_its_budget_is_printed_and_fails(small: Small, amts: Amts) -> None:
    small.revise()
    status, out, err = amts("plan", "en-zh", "--budget", "0.001", "--json")
    assert status == 1
    assert json.loads(out)["budget_left"] < 0
    assert "budget.run is 0.0010 USD" in err


def test_steps_one_by_one(small: Small, amts: Amts) -> None:
    small.revise()
    said = {}
    for name in [
        "resolve",
        "extract",
        "align",
        "plan",
        "upload",
        "parallel-data",
        "translate",
        "download",
        "score",
        "publish",
    ]:
        status, said[name], err = amts(name, "en-zh")
        assert status == 0, (name, err)
        assert not small.lease()
    assert "92" in said["plan"]
    assert "action create" in said["parallel-data"]
    assert "job_id" in said["translate"]
    assert "amts/en-zh/urn" in said["publish"]
    assert list(small.branches()) == ["amts/en-zh/urn"]
    assert small.run() is None, "the same as a whole run"
    status, _, err = amts("extract", "en-zh")
    assert (status, "amts resolve en-zh" in err) == (2, True), "the chain is over"


def test_a_step_before_its_time(small: Small, amts: Amts) -> None:
    status, _, err = amts("upload", "en-zh")
    assert status == 2
    assert "no revisions are fixed yet; run: amts resolve en-zh" in err
    amts("resolve", "en-zh")
    status, _, err = amts("parallel-data", "en-zh")
    assert status == 2
    assert "parallel_data needs extract first; run: amts extract en-zh" in err


def test_the_options_of_resolve_hold_for_the_steps_after_it(small: Small, amts: Amts) -> None:
    small.revise()
    small.revise("index.md", "small book", "short book")
    amts("resolve", "en-zh", "--documents", "index.md", "--revision", "v1", "--no-parallel-data")
    status, out, _ = amts("plan", "en-zh", "--json")
    assert json.loads(out)["revisions"]["source"] == small.book.git("rev-parse", "v1")
    assert json.loads(out)["documents"] == 1
    status, _, err = amts("upload", "en-zh", "--force")
    assert status == 2
    assert "--force is fixed by amts resolve en-zh; give it there" in err


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["run", "en-fr"], 2, "no pair 'en-fr'; it has: en-es, en-zh, zh-en"),
        (["run", "en-zh", "--revision", "v9"], 2, "no commit, tag or branch 'v9'"),
        (["run", "en-zh", "--emulator"], 2, "--emulator and --endpoint exclude each other"),
        (["run", "en-zh", "--as-of", "2020-01-01"], 2, "before 2020-01-01"),
        (["run", "en-zh", "--budget", "0.0001"], 1, "budget.run is 0.0001 USD"),
        (["align", "nowhere"], 2, "no pair 'nowhere'"),
        (["score", "nowhere", "there", "--lang", "zh"], 2, "nowhere: no such file or folder"),
    ],
)
def test_what_goes_wrong(small: Small, amts: Amts, words: list[str], status: int, said: str) -> None:
    small.revise()
    found, out, err = amts(*words)
    assert (found, out) == (status, "")
    assert said in err
    assert "Traceback" not in err
    assert not small.lease()


def test_a_lease_that_is_held(small: Small, amts: Amts) -> None:
    small.until("resolve", small.given(owner="the other run", now=datetime.now(UTC)))
    status, _, err = amts("run", "en-zh")
    assert status == 1
    assert "held by the other run" in err


@pytest.mark.parametrize("command", [["run", "en-zh"], ["setup"]])
def test_a_service_that_is_down(small: Small, amts: Amts, command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    from amts_tasks.cli import clients

    once = clients.ClientConfig(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=1)
    monkeypatch.setattr(clients, "ClientConfig", lambda **options: once)
    status, _, err = amts(*command, endpoint="http://127.0.0.1:9")
    assert status == 1
    assert "127.0.0.1:9" in err
    assert "Traceback" not in err


def test_an_endpoint_that_is_none(amts: Amts) -> None:
    status, _, err = amts("run", "en-zh", endpoint="localhost:5000")
    assert status == 2
    assert "give one such as http://127.0.0.1:5000" in err


def test_setup_makes_the_bucket(small: Small, amts: Amts) -> None:
    small.edit((f"bucket: {small.name}", f"bucket: {small.name}-new"))
    for _ in range(2):
        assert amts("setup")[0] == 0
    assert f"{small.name}-new" in [one["Name"] for one in small.s3.list_buckets()["Buckets"]]
