"""What may be spent, on what, and what a person may ask for."""

from __future__ import annotations

from typing import Any

import pytest

from amts_tasks.errors import BudgetExceeded

Small = Any


def test_over_the_budget_nothing_is_paid(small: Small) -> None:
    small.revise()
    with pytest.raises(BudgetExceeded) as caught:
        small.run(budget=0.001)
    message = str(caught.value)
    assert "92 characters" in message
    assert "0.0055 USD" in message
    assert "budget.run is 0.0010 USD" in message
    assert "nothing was sent" in message
    assert "plan/plan.txt" in message
    assert not small.calls()
    assert not small.lease()
    assert small.run()["plan"]["units"] == 1


def test_over_the_budget_of_the_evaluation(small: Small) -> None:
    small.edit((
        "  en-es:\n    held_out: [rank/orders.md]\n    budget: {run: 5, evaluation: 5}",
        "  en-es:\n    held_out: [rank/orders.md]\n    budget: {run: 5, evaluation: 0.001}",
    ))
    with pytest.raises(BudgetExceeded, match=r"192 characters.*budget.evaluation is 0.0010 USD"):
        small.run("en-es", evaluate=True)
    assert not small.calls()
    assert small.run("en-es")["plan"]["units"] == 0


def test_a_dry_run_stops_after_the_plan(small: Small) -> None:
    small.revise()
    results = small.run(dry_run=True, budget=0.001, evaluate=True)
    assert results["plan"]["units"] == 1
    assert not small.calls()
    assert not small.branches()
    assert "dry run" in results["publish"]["not_published"]
    assert any("would be sent for up to 0.0055 USD" in line for line in small.said)
    assert small.run()["plan"]["units"] == 1, "a dry run leaves the work undone"


def test_without_money_what_is_free_goes_and_the_rest_waits(small: Small) -> None:
    small.edit(("    budget: {run: 5, evaluation: 5}\n  zh-en:", "    budget: {run: 0, evaluation: 5}\n  zh-en:"))
    small.revise()
    small.revise("urn/errors.md", "\\sqrt{n}", "\\sqrt{m}")
    results = small.run()
    assert list(results["publish"]["branches"]) == ["amts/en-zh/urn"]
    assert "\\sqrt{m}" in small.repo.read("urn/errors.md", "amts/en-zh/urn")
    why = "urn/draws.md: it costs 0.0055 USD, and budget.run is 0: nothing that is paid for is sent"
    assert why in small.shown["publish"]
    again = small.run()
    assert (again["publish"]["branches"], again["plan"]["waiting"]) == ({}, 1), "it waits, and that is no fault"
    assert why in small.shown["publish"]
    assert not small.paid()


def test_too_little_money_does_not_hold_up_what_is_free(small: Small) -> None:
    small.revise()
    small.revise("urn/errors.md", "\\sqrt{n}", "\\sqrt{m}")
    assert list(small.run(budget=0.001)["publish"]["branches"]) == ["amts/en-zh/urn"]
    assert not small.paid()
    why = "it alone costs 0.0055 USD, more than budget.run (0.0010): it waits until that is raised"
    assert f"urn/draws.md: {why}" in small.shown["publish"]


def test_the_plan_says_what_the_memory_has_that_is_like_what_is_sent(small: Small) -> None:
    small.revise()
    small.run(dry_run=True)
    run = small.given()
    (key,) = [key for key in run.storage.list(f"{run.home}") if key.endswith("/plan/plan.json")]
    report = run.storage.get_json(key)
    (match,) = report["matches"]
    assert (match["id"], match["characters"]) == ("urn/draws.md#3.0", 92)
    assert (match["band"], match["score"] >= 85) == ("85-94", True)
    assert report["bands"]["85-94"] == {"texts": 1, "characters": 92}
    assert set(report["bands"]) == {"101", "100", "95-99", "85-94", "75-84", "50-74", "new"}
    table = run.storage.get(key.replace("plan.json", "plan.txt")).decode()
    assert "what is sent, by its best match in the memory" in table


def test_only_some_documents(small: Small) -> None:
    """They alone are brought up to date; the memory is the whole book's all the same."""
    small.revise()
    small.revise("index.md", "small book", "short book")
    results = small.run(documents=("index.md",))
    assert results["plan"]["units"] == 1
    assert list(small.branches()) == ["amts/en-zh/index"]
    assert "标准误差" in small.learnt()
    assert results["plan"]["review"] == 0
    small.forget()
    assert small.run()["plan"]["units"] == 1
    assert list(small.branches()) == ["amts/en-zh/index", "amts/en-zh/urn"]


def test_text_that_moved_is_found_in_documents_that_were_not_asked_for(small: Small) -> None:
    sentence = "Four times as many draws make the error half as large.\n"
    small.book.commit({"index.md": small.book.read("index.md") + "\n" + sentence})
    results = small.run(documents=("index.md",))
    assert results["plan"]["units"] == 0
    assert "抽取次数变为四倍" in small.repo.read("index.md", "amts/en-zh/index")
    assert not small.paid()


def test_the_grain_of_the_parallel_data(small: Small) -> None:
    text = "The urn is full. Nobody sees its balls.\n"
    chinese = "瓮是满的。没有人看见里面的球。\n"
    document = small.book.read("index.md") + "\n" + text
    small.book.commit({"index.md": document})
    small.zh.commit({"index.md": small.zh.read("index.md") + "\n" + chinese, "index_origin.md": document})
    small.revise()
    small.run(granularity="paragraph")
    assert "The urn is full. Nobody sees its balls.,瓮是满的。没有人看见里面的球。" in small.learnt()
    small.revise("urn/errors.md", "Four times", "Nine times")
    small.run(granularity="sentence")
    assert "The urn is full.,瓮是满的。\n" in small.learnt()
    assert "Nobody sees its balls.,没有人看见里面的球。" in small.learnt()


def test_without_parallel_data(small: Small) -> None:
    small.revise()
    results = small.run(parallel_data=False, evaluate=True)
    assert results["plan"]["price"] == pytest.approx(92 * 15 / 1e6, abs=1e-4)
    assert "CreateParallelData" not in small.paid()
    (job,) = small.calls("StartTextTranslationJob")
    assert "ParallelDataNames" not in job["parameters"]
    assert small.storage.get_json(f"{small.name}/en-zh/scores.json")[0]["parallel_data"] == "none"


def test_few_changes_are_not_imported(small: Small) -> None:
    small.edit(("  en-zh:\n", "  en-zh:\n    minimum_change: 5\n"))
    small.revise()
    small.run()
    learnt = small.learnt()
    small.forget()
    small.zh.commit({"index.md": small.zh.read("index.md").replace("瓮之书", "瓮之书卷")})
    small.revise("urn/errors.md", "Four times", "Nine times")
    small.run()
    assert small.paid() == ["StartTextTranslationJob"]
    assert small.learnt() == learnt
    assert any("fewer than 5: not imported" in line for line in small.said)


def test_few_changes_are_imported_when_the_test_text_changed(small: Small) -> None:
    """The data in use was cleaned of the old test text only."""
    small.edit(("  en-zh:\n", "  en-zh:\n    minimum_change: 50\n"))
    small.revise()
    small.run()
    near = "Four times as many draws make the error half as large."
    assert "half as large" in small.learnt()
    held = small.book.read("rank/orders.md") + "\n" + near + "\n"
    chinese = small.zh.read("rank/orders.md") + "\n四倍的抽取使误差减半。\n"
    small.book.commit({"rank/orders.md": held})
    small.zh.commit({"rank/orders.md": chinese, "rank/orders_origin.md": held})
    small.run(evaluate=True)
    assert "half as large" not in small.learnt()
