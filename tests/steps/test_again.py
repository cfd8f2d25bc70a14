"""Runs after runs: nothing is done twice, and nothing is bought twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from amts_tasks.emulator.engines.pseudo import pseudo

Small = Any


def test_nothing_changed_is_nothing_done(small: Small) -> None:
    small.revise()
    small.run()
    small.forget()
    before = small.artefacts()
    assert small.run() is None
    assert small.calls() == [], "not one call of any kind"
    assert small.artefacts() == before
    assert not small.lease()
    assert "nothing to do" in small.said[-1]


def test_evaluation_asked_for_later_runs_once(small: Small) -> None:
    small.revise()
    small.run()
    assert small.run(evaluate=True)["score"]["articles"] == 1
    small.forget()
    assert small.run(evaluate=True) is None
    assert small.run() is None
    assert not small.calls()


def test_a_run_after_the_evaluation_buys_nothing_twice(small: Small) -> None:
    """With the same parallel data the held-out texts are there already, in both columns."""
    small.run(evaluate=True)
    small.forget()
    # A document that nobody learns from: the parallel data stays as it is.
    small.revise("rank/orders.md", "all values are doubled", "all values are tripled")
    results = small.run(evaluate=True)
    assert small.paid() == ["StartTextTranslationJob"]
    assert results["plan"]["units"] == 1
    assert small.storage.get_json(f"{small.name}/en-zh/scores.json")[0]["rows"][0]["with_parallel_data"]["missing"] == 0
    report = [key for key in small.storage.list(f"{small.name}/en-zh/") if key.endswith("upload/upload.json")]
    assert sorted(small.storage.get_json(key)["units"] for key in report) == [1, 4]


def test_force_starts_a_new_job_and_buys_everything_again(small: Small) -> None:
    small.revise()
    small.run(evaluate=True)
    (first,) = small.calls("StartTextTranslationJob")
    small.forget()
    small.run(evaluate=True, force=True)
    (job,) = small.calls("StartTextTranslationJob")
    assert job["parameters"]["JobName"] != first["parameters"]["JobName"]
    assert not small.calls("CreateParallelData")
    key = next(k for k in small.storage.list(f"{small.name}/en-zh/") if k.endswith(f"{small.shown and 'upload.json'}"))
    assert small.storage.get_json(key)["units"] >= 4
    small.forget()
    small.run(evaluate=True, force=True)
    (again,) = small.calls("StartTextTranslationJob")
    assert again["parameters"]["JobName"] != job["parameters"]["JobName"], "each force is a purchase of its own"


def test_a_branch_that_waits_is_not_bought_again(small: Small) -> None:
    small.revise()
    small.run()
    (first,) = small.branches().values()
    small.revise("urn/draws.md", "independent of the draws", "quite independent of the draws")
    results = small.run()
    assert results["plan"]["units"] == 1, "only what is newly changed"
    (second,) = small.branches().values()
    assert small.repo.git("rev-parse", f"{second}^") == first, "one more commit on the same branch"
    text = small.repo.read("urn/draws.md", "amts/en-zh/urn")
    assert pseudo("note the colour of each ball in a table", "zh") in text
    assert pseudo("quite independent", "zh") in text


def test_two_chapters_change_one_after_the_other(small: Small) -> None:
    small.revise()
    small.run()
    before = small.branches()
    small.revise("index.md", "small book", "short book")
    results = small.run()
    assert results["plan"]["units"] == 1
    assert list(results["publish"]["branches"]) == ["amts/en-zh/index"]
    assert small.branches()["amts/en-zh/urn"] == before["amts/en-zh/urn"]


def test_a_branch_whose_change_was_taken_back_is_taken_back(small: Small) -> None:
    """The old human text is the translation of the old source: it comes from main, and is not bought."""
    small.revise()
    small.run()
    small.forget()
    small.revise("urn/draws.md", "note the colour of each ball in a table", "write down the colour of each ball")
    small.run()
    assert small.repo.read("urn/draws_origin.md", "amts/en-zh/urn") == small.zh.read("urn/draws_origin.md")


def test_an_earlier_date_than_the_one_published_only_reports(small: Small) -> None:
    small.revise()
    earlier = small.book.days
    small.revise("index.md", "small book", "short book")
    small.run()
    small.forget()
    before, state = small.branches(), small.storage.get(f"{small.name}/en-zh/state.json")
    results = small.run(now=datetime(2026, 1, 1 + earlier, 1, tzinfo=UTC))
    assert not small.paid()
    assert small.branches() == before
    assert "later source" in results["publish"]["not_published"]
    assert "nothing of this is sent" in small.shown["plan"]
    assert small.storage.get(f"{small.name}/en-zh/state.json") == state
    assert small.run() is None, "the present has not changed by a look at the past"


def test_a_run_of_a_revision_by_name(small: Small) -> None:
    small.revise()
    small.revise("index.md", "small book", "short book")
    results = small.run(revision="v1")
    assert results["plan"]["units"] == 0
    assert not small.branches()
    assert small.run()["plan"]["units"] == 2


@pytest.mark.parametrize("what", ["granularity", "parallel_data", "documents"])
def test_other_settings_are_another_run(small: Small, what: str) -> None:
    small.run()
    value = {"granularity": "sentence", "parallel_data": False, "documents": ("urn/*",)}[what]
    assert small.run(**{what: value}) is not None
    assert small.run(**{what: value}) is None


def test_other_texts_of_one_service_are_not_another_services(small: Small) -> None:
    """What one service answered is never used when another is spoken to: here, another account's."""
    small.revise()
    small.run()
    small.edit(("123456789012", "210987654321"))
    small.repo.git("update-ref", "-d", "refs/heads/amts/en-zh/urn")
    small.forget()
    assert small.run()["plan"]["units"] == 1
    assert "StartTextTranslationJob" in small.paid()
