"""Steps that are made again, wherever they were cut off: the same artefacts, the same request, no second job."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.errors import LeaseHeld, PublishError
from amts_tasks.steps import step, whole

Small = Any
STARTED = "StartTextTranslationJob"


def kept(small: Small) -> dict[str, bytes]:
    return {key: data for key, data in small.artefacts().items() if not key.endswith("lease.json")}


def test_every_step_twice_is_every_step_once(small: Small) -> None:
    """Each step is made again, by a process that knows nothing, as soon as it is done."""
    small.revise()
    run = small.given(evaluate=True)
    results: dict[str, Any] = {"resolve": step("resolve")(run)}
    assert step("resolve")(small.given(evaluate=True)) == results["resolve"]
    for name, function in whole.STEPS.items():
        results[name] = function(run, results)
        before, branches = kept(small), small.branches()
        again = function(small.given(evaluate=True), results)
        if name not in {"parallel_data"}:
            assert again == results[name], name
        assert kept(small) == before, name
        assert small.branches() == branches, name
    assert sorted(set(small.paid())) == ["CreateParallelData", STARTED, "TranslateText"]
    assert len(small.calls(STARTED)) == len(small.calls("CreateParallelData")) == 1
    small.settle(run)


def test_steps_cleared_after_the_run_was_over(small: Small) -> None:
    """Somebody clears tasks of a run that ended well: it finds what it found then, though the world went on."""
    small.revise()
    run = small.given()
    results = small.until("publish", run)
    small.settle(run)
    before, branches = kept(small), small.branches()
    small.forget()
    for name in ("extract", "align", "plan", "upload", "download", "publish"):
        assert whole.STEPS[name](small.given(), results) == results[name], name
    assert small.branches() == branches
    assert kept(small) == before
    assert not small.paid()
    assert small.lease(), "under a lease of its own"


def test_a_lost_answer_finds_its_job_again(small: Small) -> None:
    small.revise()
    small.order(STARTED, "lost")
    small.run()
    page = small.translate.list_text_translation_jobs()["TextTranslationJobPropertiesList"]
    assert len([job for job in page if f"-{small.name}-" in job["JobName"]]) == 1
    assert small.branches()


def test_a_crash_while_the_job_runs(small: Small) -> None:
    """The process dies after the start; the next run, by another owner, finds the job and buys nothing."""
    small.revise()
    run = small.given()
    results = small.until("parallel_data", run)
    from amts_tasks.translate import caller

    caller.find_or_start_job(run.translate, results["upload"]["job"])
    small.settle(run)
    small.run(owner="another")
    assert len(small.calls(STARTED)) == 1
    assert any("found, started earlier" in line for line in small.said)


def test_a_failed_job_is_started_again_under_another_name(small: Small) -> None:
    from amts_tasks.errors import JobFailed

    small.revise()
    small.order(STARTED, "job_failed", message="No more room.")
    with pytest.raises(JobFailed, match="No more room"):
        small.run()
    assert not small.lease()
    assert not small.branches()
    small.run()
    names = [call["parameters"]["JobName"] for call in small.calls(STARTED)]
    assert [name[-2:] for name in names] == ["-0", "-1"]
    assert small.branches()


class _Lock:
    """A branch that cannot be written, as when another process holds git's lock on it."""

    def __init__(self, small: Small, branch: str) -> None:
        self.path = small.repo.path / "refs" / "heads" / f"{branch}.lock"

    def __enter__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch()

    def __exit__(self, *_: object) -> None:
        self.path.unlink()


def two_changes(small: Small) -> Any:
    small.revise()
    small.revise("index.md", "small book", "short book")
    run = small.given()
    results = small.until("score", run)
    return run, results


def test_publish_dies_after_the_first_of_two_branches_and_is_tried_again(small: Small) -> None:
    run, results = two_changes(small)
    with _Lock(small, "amts/en-zh/urn"), pytest.raises(PublishError, match="amts/en-zh/urn"):
        whole.STEPS["publish"](run, results)
    first = small.branches()
    assert list(first) == ["amts/en-zh/index"]
    assert small.storage.find(f"{small.name}/en-zh/state.json") is None
    whole.STEPS["publish"](small.given(), results)
    assert list(small.branches()) == ["amts/en-zh/index", "amts/en-zh/urn"]
    assert small.branches()["amts/en-zh/index"] == first["amts/en-zh/index"]
    small.settle(run)
    assert small.run() is None


def test_publish_dies_after_the_first_of_two_branches_and_another_run_comes(small: Small) -> None:
    """Machine text on the branch that was written must not pass for a human's in the run after."""
    run, results = two_changes(small)
    with _Lock(small, "amts/en-zh/urn"), pytest.raises(PublishError):
        whole.STEPS["publish"](run, results)
    small.settle(run)
    small.forget()
    results = small.run(owner="another")
    assert results["plan"]["units"] == 0
    assert not small.paid(), "everything was bought"
    assert list(small.branches()) == ["amts/en-zh/index", "amts/en-zh/urn"]
    small.revise("urn/errors.md", "Four times", "Nine times")
    small.run()
    assert pseudo("short book", "zh") not in small.learnt()
    assert pseudo("note the colour", "zh") not in small.learnt()


def test_somebody_commits_to_our_branch_meanwhile(small: Small) -> None:
    """Between resolve and publish: their commit is not lost, the run fails and says why, the next one builds on it."""
    small.revise()
    small.run()
    small.revise("urn/draws.md", "independent of the draws", "quite independent of the draws")
    run = small.given()
    results = small.until("score", run)
    text = small.repo.read("urn/draws.md", "amts/en-zh/urn")
    theirs = small.repo.commit({"urn/draws.md": text.replace("抽球", "取球")}, branch="amts/en-zh/urn")
    with pytest.raises(PublishError, match=theirs[:12]):
        whole.STEPS["publish"](run, results)
    assert small.branches()["amts/en-zh/urn"] == theirs
    small.settle(run)
    small.run()
    assert small.repo.git("rev-parse", "amts/en-zh/urn^") == theirs
    assert pseudo("quite independent", "zh") in small.repo.read("urn/draws.md", "amts/en-zh/urn")


def test_every_step_renews_the_lease(small: Small) -> None:
    run = small.given()
    results = small.until("resolve", run)
    first = small.storage.get_json(f"{small.name}/en-zh/lease.json")["expires"]
    later = small.given(now=run.instant + timedelta(minutes=50))
    whole.STEPS["extract"](later, results)
    assert small.storage.get_json(f"{small.name}/en-zh/lease.json")["expires"] > first
    small.settle(run)


def test_a_step_stops_where_another_run_has_begun(small: Small) -> None:
    """A run that was away for longer than its lease lasts does not go on beside the next one."""
    run = small.given()
    results = small.until("extract", run)
    other = small.given(owner="another", now=run.instant + timedelta(hours=4))
    step("resolve")(other)
    with pytest.raises(LeaseHeld, match="another"):
        whole.STEPS["align"](small.given(now=run.instant + timedelta(hours=4)), results)
    small.settle(other)


def test_a_missing_document_is_sent_again_by_the_next_run(small: Small) -> None:
    small.revise()
    small.order(STARTED, "document_errors", documents="evaluation/*")
    results = small.run(evaluate=True)
    assert results["score"]["articles"] == 1
    assert any("sent again by the next run" in line for line in small.said)
    assert "not translated: evaluation/0001.html" in small.shown["publish"]
    scores = small.storage.get_json(f"{small.name}/en-zh/scores.json")[0]["rows"][0]
    assert scores["with_parallel_data"]["missing"] == 4, "the source text stands in, and the report says so"
    assert small.run(evaluate=True)["score"]["articles"] == 1
    scores = small.storage.get_json(f"{small.name}/en-zh/scores.json")[0]["rows"][0]
    assert scores["with_parallel_data"]["missing"] == 0
    assert small.run(evaluate=True) is None
