"""The plan and the report say how far the translation is behind, and when nights pass and nothing is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from amts_tasks.sync.identity import billed_block
from amts_tasks.text import parse

Small = Any
DRAWS = "urn/draws.md"
NOW = datetime.fromisoformat("2026-03-01T02:00:00+00:00")


def test_what_waits_ages_and_quiet_nights_are_told(small: Small) -> None:
    small.edit(("    budget: {run: 5, evaluation: 5}\n  zh-en:", "    budget: {run: 5, evaluation: 5}\n    review: "
                "{branches: 1, quiet_nights: 3}\n  zh-en:"))  # fmt: skip
    small.revise()
    small.revise("index.md", "small book", "short book")
    results = small.run()
    first = results["publish"]["freshness"]
    assert 0.5 < first["share"] < 1
    assert first["behind"] == 1
    assert 0.4 < first["merged"] < first["share"]
    assert "merged, the rest on open branches); behind longest" in small.shown["publish"]
    for night in (1, 2, 3):
        assert small.run(now=NOW + timedelta(days=night)) is None
        told = [line for line in small.said if "3 nights in a row nothing was published" in line]
        assert bool(told) == (night == 3)
    small.merge("amts/en-zh/index")
    later = small.run(now=NOW + timedelta(days=4))["publish"]["freshness"]
    assert (later["share"], later["behind"], later["stalest"]) == (1.0, 0, "")
    assert "100.0% of the book is in step" in small.shown["publish"]
    assert later["merged"] < 1, "urn waits on its branch"
    small.merge("amts/en-zh/urn")
    assert small.run(now=NOW + timedelta(days=5))["publish"]["freshness"]["merged"] == 1.0
    assert "100.0% of the book is in step with its source" in small.shown["publish"].split("\n")


CONFLICT = "\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> topic\n"


def size(small: Small, *paths: str) -> int:
    return sum(billed_block(block) for path in paths for block in parse(small.book.read(path), path).blocks)


@pytest.mark.parametrize("how", ["marks", "bytes", "both"])
def test_documents_set_aside_are_behind_and_named(small: Small, how: str) -> None:
    small.revise("index.md", "small book", "short book")
    english = small.book.read(DRAWS)
    if how == "marks":
        small.book.commit({DRAWS: english + CONFLICT})
        reason = f"{DRAWS}:{english.count(chr(10)) + 2}: found the marks of a merge conflict in the source"
    elif how == "bytes":
        small.book.commit({DRAWS: english.encode() + b"\xff\n"})
        reason = f"{DRAWS}:{english.count(chr(10)) + 1}: found byte 0xff, which is not UTF-8"
    else:
        small.revise()
        small.run()
        small.zh.commit({DRAWS: small.zh.read(DRAWS).replace("每个球的颜色", "各个球的颜色")})
        reason = f"{DRAWS}: found changes on amts/en-zh/urn and other changes on the default branch"
    found = small.run()["publish"]["freshness"]
    whole = size(small, "index.md", DRAWS, "urn/errors.md", "rank/orders.md") if how != "bytes" else 0
    if whole and how != "marks":
        assert found["share"] == pytest.approx(1 - size(small, DRAWS) / whole, abs=1e-4)
    assert 0.5 < found["share"] < 0.8
    assert (found["set_aside"], found["behind"], found["stalest"]) == (1, 1, DRAWS)
    report = small.shown["publish"]
    assert "1 document set aside counts as behind; behind longest" in report
    assert "1 document is set aside; nothing of them changes until that is mended:\n  " + reason in report
    assert "100.0%" not in report


def test_a_branch_that_is_withheld_is_behind(small: Small) -> None:
    small.edit(("    layout: origin\n", "    layout: origin\n    build: ['false']\n"))
    small.revise()
    small.revise("index.md", "small book", "short book")
    small.run()
    assert not small.branches()
    found = small.storage.get_json(f"{small.name}/en-zh/freshness.json")
    assert set(found["since"]) == {DRAWS, "index.md"}
    (line,) = [line for line in small.shown["publish"].split("\n") if "of the book is in step" in line]
    assert not line.startswith("100.0%")
    small.edit(("build: ['false']", "build: ['true']"))
    assert small.run()["publish"]["freshness"]["share"] == 1


def test_a_change_that_costs_nothing_is_behind_too_while_it_waits(small: Small) -> None:
    (small.path.parent / "reserved.yaml").write_text("urn/*.md: {who: Ana, until: 2026-06-10}\n", "utf-8")
    small.revise(DRAWS, "$n$ draws", "$m$ draws")
    results = small.run()
    assert results["plan"]["sent"] == 0
    assert results["publish"]["freshness"]["share"] < 0.95
    assert results["publish"]["freshness"]["stalest"] == DRAWS


def plan_of(small: Small, **options: Any) -> Any:
    """The plan as `amts plan --json` prints it, and its table in what was shown."""
    run = small.given(**options)
    results = small.until("plan", run)
    small.settle(run)
    return small.storage.get_json(f"{results['resolve']['prefix']}/plan/plan.json")


def test_the_plan_tells_how_far_the_translation_is_behind_before_the_run(small: Small) -> None:
    assert plan_of(small)["freshness"] == {
        "share": 1.0, "merged": 1.0, "stalest": "", "days": 0.0, "behind": 0, "set_aside": 0
    }  # fmt: skip
    assert "before this run 100.0% of the book is in step with its source\n" in small.shown["plan"] + "\n"
    small.book.days = 10
    small.revise()  # of 12 January: before anything of AMTS was run
    small.book.commit({DRAWS: small.book.read(DRAWS).replace("urn, 10", "urn, 30")})
    small.book.commit({"new.md": "# News\n\nA new document.\n"})
    fresh = plan_of(small)["freshness"]
    assert (fresh["stalest"], fresh["behind"]) == (DRAWS, 2)
    assert round(fresh["days"]) == (NOW - datetime.fromisoformat("2026-01-12T00:00:00+00:00")).days
    assert 0.5 < fresh["share"] < 1
    assert "behind longest, 48 days or more: urn/draws.md" in small.shown["plan"]
    small.run()
    later = plan_of(small, force=True)["freshness"]
    assert (later["share"], later["behind"]) == (1.0, 0), "it is in step on open branches"
    assert later["merged"] == fresh["share"]
    assert "before this run 100.0% of the book is in step with its source (" in small.shown["plan"]
    assert "merged, the rest on open branches)" in small.shown["plan"]


def test_what_waits_keeps_its_age_from_plan_to_plan(small: Small) -> None:
    small.edit(("    budget: {run: 5, evaluation: 5}\n  zh-en:", "    budget: {run: 5, evaluation: 5}\n    review: "
                "{branches: 1}\n  zh-en:"))  # fmt: skip
    small.revise("index.md", "small book", "short book")
    small.book.days = 20
    small.revise()
    published = small.run()["publish"]["freshness"]
    assert (published["stalest"], published["behind"]) == (DRAWS, 1)
    later = plan_of(small, now=NOW + timedelta(days=3), force=True)["freshness"]
    assert later == {**published, "days": published["days"] + 3}


def test_the_plan_counts_documents_set_aside_as_behind_like_the_report(small: Small) -> None:
    small.book.commit({DRAWS: small.book.read(DRAWS) + CONFLICT})
    before = plan_of(small)["freshness"]
    assert (before["set_aside"], before["behind"], before["stalest"]) == (1, 1, DRAWS)
    assert "1 document set aside counts as behind; behind longest" in small.shown["plan"]
    assert small.run()["publish"]["freshness"] == before


def test_a_reverse_pair_is_never_behind(small: Small) -> None:
    assert plan_of(small, pair="zh-en", evaluate=True)["freshness"] is None
