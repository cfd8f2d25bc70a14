"""A text that came back damaged is asked for once more, alone; never a third time, and never twice by one run."""

from __future__ import annotations

from typing import Any

from amts_tasks.steps import whole
from amts_tasks.steps.run import Run

Small = Any
DRAWS = "urn/draws.md"
OLD, NEW = "close to the true share", "near the true share"
"""A change in the paragraph that has formulas and a reference."""
EVERY = {"rate": 1.0}


def asked(small: Small) -> int:
    return len(small.calls("TranslateText"))


def until_download(small: Small, **options: Any) -> tuple[Run, dict[str, Any]]:
    run = small.given(**options)
    return run, small.until("translate", run)


def refused(small: Small, **options: Any) -> int:
    """How many answers a whole run refused."""
    small.runs += 1
    small.said.clear()
    run = small.given(owner=f"run {small.runs}", **options)
    results = small.until("publish", run)
    small.settle(run)
    return int(results["download"]["refused"])


def test_damaged_at_first_and_right_alone_is_published(small: Small) -> None:
    small.revise(DRAWS, OLD, NEW)
    small.order("StartTextTranslationJob", "dnt_leak")
    assert refused(small) == 0
    assert asked(small) == 1
    text = small.repo.read(DRAWS, "amts/en-zh/urn")
    assert text != small.zh.read(DRAWS)
    assert text.count("$n$") == small.zh.read(DRAWS).count("$n$")
    assert "1 answer refused at first and right when asked for alone:" in small.shown["publish"]
    assert "internal name leaked" in small.shown["publish"]
    assert any("1 refused text was asked for again, alone, for 0.0" in line for line in small.said)


def test_damaged_twice_is_listed_with_both_reasons_and_not_paid_a_third_time(small: Small) -> None:
    small.revise(DRAWS, OLD, NEW)
    small.order("StartTextTranslationJob", "dnt_leak", **EVERY)
    small.order("TranslateText", "lost_tag", **EVERY)
    assert refused(small, parallel_data=False) == 1
    assert "internal name leaked: " in small.shown["publish"]
    assert "; alone: placeholder lost: " in small.shown["publish"]
    assert small.repo.path.exists() is False or small.repo.read(DRAWS, "amts/en-zh/urn") == small.zh.read(DRAWS)
    small.forget()
    small.revise("index.md", "small book", "short book")
    small.run(parallel_data=False)
    assert asked(small) == 1, "the new text; the other one was asked for alone before"
    assert "; alone: placeholder lost: " in small.shown["publish"]


def test_what_came_back_alone_is_not_bought_again(small: Small) -> None:
    small.revise(DRAWS, OLD, NEW)
    small.order("StartTextTranslationJob", "dnt_leak")
    small.run()
    text = small.repo.read(DRAWS, "amts/en-zh/urn")
    small.forget()
    small.revise("index.md", "small book", "short book")
    results = small.run()
    assert results["plan"]["units"] == 1
    assert small.repo.read(DRAWS, "amts/en-zh/urn") == text


def test_a_task_made_again_pays_once(small: Small) -> None:
    small.revise(DRAWS, OLD, NEW)
    small.order("StartTextTranslationJob", "dnt_leak")
    run, results = until_download(small)
    first = whole.STEPS["download"](run, results)
    before = small.artefacts()
    again = small.given()
    assert whole.STEPS["download"](again, results) == first
    assert asked(small) == 1
    assert {key: value for key, value in small.artefacts().items() if "lease" not in key} == {
        key: value for key, value in before.items() if "lease" not in key
    }
    small.settle(run)


def test_an_answer_that_was_lost_is_not_paid_for_again(small: Small) -> None:
    small.revise(DRAWS, OLD, NEW)
    small.order("StartTextTranslationJob", "dnt_leak")
    small.order("TranslateText", "lost")
    run, results = until_download(small)
    assert whole.STEPS["download"](run, results)["refused"] == 1
    assert asked(small) == 1
    assert whole.STEPS["download"](small.given(), results)["refused"] == 1
    assert asked(small) == 1
    small.settle(run)
    (row,) = small.storage.get_json(small.given().key(results["resolve"], "download", "review.json"))["refused"]
    assert row["reasons"][-1] == "alone: the answer was lost on its way"


def test_a_service_that_refuses_is_asked_again_by_the_next_try(small: Small) -> None:
    small.revise(DRAWS, OLD, NEW)
    small.order("StartTextTranslationJob", "dnt_leak")
    small.order("TranslateText", "throttle")
    run, results = until_download(small)
    assert whole.STEPS["download"](run, results)["refused"] == 1, "what was bought is not lost with it"
    assert whole.STEPS["download"](small.given(), results)["refused"] == 0
    small.settle(run)


def test_beyond_the_budget_nothing_is_asked_for(small: Small) -> None:
    small.revise(DRAWS, OLD, NEW)
    small.order("StartTextTranslationJob", "dnt_leak")
    dry = small.run(dry_run=True)["plan"]["price"]
    assert refused(small, budget=dry + 0.0001) == 1
    assert asked(small) == 0
    assert "alone: not asked for: 0.00" in small.shown["publish"]
    small.revise("index.md", "small book", "short book")
    assert refused(small) == 0, "the next run can pay for it"


def test_by_force_it_is_asked_for_alone_again(small: Small) -> None:
    small.revise(DRAWS, OLD, NEW)
    small.order("StartTextTranslationJob", "dnt_leak", times=2)
    small.order("TranslateText", "lost_tag")
    assert refused(small) == 1
    assert refused(small, force=True) == 0
    assert asked(small) == 2


def test_answers_of_the_evaluation_are_not_asked_for_again(small: Small) -> None:
    small.revise(DRAWS, OLD, NEW)
    small.order("StartTextTranslationJob", "dnt_leak")
    run, results = until_download(small, evaluate=True)
    whole.STEPS["download"](run, results)
    assert asked(small) == 1
    small.settle(run)
