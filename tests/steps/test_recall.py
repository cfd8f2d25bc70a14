"""Text that a human translated once is not bought again: the memory is asked before the service."""

from __future__ import annotations

import io
from typing import Any

import pytest

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.steps.kept.memory import imported
from amts_tasks.sync.manifest import State
from amts_tasks.text import parse

Small = Any
DRAWS, ERRORS = "urn/draws.md", "urn/errors.md"
OLD, NEW = "write down the colour of each ball", "note the colour of each ball in a table"
HUMAN = "我们从瓮中一个接一个地抽球，并记下每个球的颜色。"
BRANCH = "amts/en-zh/urn"


def plan_of(small: Small, name: str = "plan.json") -> Any:
    keys = [key for key in small.storage.list(f"{small.name}/en-zh/") if key.endswith(f"/plan/{name}")]
    newest = max(keys, key=lambda key: small.s3.head_object(Bucket=small.name, Key=key)["LastModified"])
    return small.storage.get_json(newest)


def state_of(small: Small, words: str, path: str = DRAWS) -> State:
    document = parse(small.repo.read(path, BRANCH), path)
    standings = small.manifest().standings(path, document, "human")
    (state,) = {one.state for block, one in zip(document.blocks, standings, strict=True) if words in block.text}
    return state


@pytest.mark.parametrize("merged", [True, False])
def test_a_source_that_goes_back_gets_its_human_text_back_and_pays_nothing(small: Small, merged: bool) -> None:
    small.revise()
    small.run()
    assert HUMAN not in small.repo.read(DRAWS, BRANCH)
    if merged:
        small.merge(BRANCH)
    small.revise(DRAWS, NEW, OLD)
    small.forget()
    results = small.run()
    assert results["plan"]["sent"] == 0
    assert small.paid() == []
    assert HUMAN in small.repo.read(DRAWS, BRANCH)
    assert state_of(small, HUMAN) is State.human
    made = plan_of(small)
    assert [item["provenance"] for item in made["items"] if OLD in item["text"]] == ["memory"]
    assert made["reused"]["memory"]["blocks"] == 1
    assert "1 block, " in small.shown["plan"]
    # It is the text of that place: nobody need read it again.
    assert not [line for line in small.shown["publish"].split("\n") if "see that it fits" in line]


def test_a_sentence_comes_back_and_what_a_human_made_of_the_others_since_stays(small: Small) -> None:
    two = "Every draw is kept. The colours are counted at the end of the day."
    theirs = "每次抽取都保留下来。颜色在一天结束时统计。"
    other = "The colours are never counted by anybody at all."
    small.book.commit({ERRORS: small.book.read(ERRORS) + f"\n{two}\n"})
    small.zh.commit({
        ERRORS: small.zh.read(ERRORS) + f"\n{theirs}\n",
        ERRORS.replace(".md", "_origin.md"): small.book.read(ERRORS),
    })
    small.run()
    small.revise(ERRORS, "The colours are counted at the end of the day.", other)
    small.run()
    small.merge(BRANCH, edit=lambda text: text.replace("都保留下来", "都好好保留下来"))
    small.revise(ERRORS, other, "The colours are counted at the end of the day.")
    small.forget()
    results = small.run()
    assert (results["plan"]["sent"], small.paid()) == (0, [])
    assert "每次抽取都好好保留下来。颜色在一天结束时统计。" in small.repo.read(ERRORS, BRANCH)
    assert state_of(small, "好好保留", ERRORS) is State.human


def test_machine_text_is_no_memory_of_a_human(small: Small) -> None:
    small.revise()
    small.run()
    small.merge(BRANCH)
    small.revise(DRAWS, NEW, "count the balls of each colour")
    small.run()
    small.merge(BRANCH)
    small.revise(DRAWS, "count the balls of each colour", NEW)
    assert small.run()["plan"]["sent"] == 0
    words = pseudo("note the colour", "zh")
    assert plan_of(small)["reused"]["memory"]["blocks"] == 0
    assert state_of(small, words) is State.machine
    assert words not in small.learnt()


NEWS = "A drawn ball goes back into the urn before the next one is drawn."


def bring(small: Small, source: str, target: str) -> None:
    table = f"source\ttarget\n{source}\t{target}\n".encode()
    imported(small.given(), io.BytesIO(table), "others.tsv", "tsv")


def test_an_imported_memory_is_used_and_is_to_be_read(small: Small) -> None:
    bring(small, NEWS, "抽出的球在下一次抽取之前放回瓮中。")
    small.book.commit({DRAWS: small.book.read(DRAWS) + f"\n{NEWS}\n"})
    results = small.run()
    assert results["plan"]["sent"] == 0
    assert "抽出的球在下一次抽取之前放回瓮中。" in small.repo.read(DRAWS, BRANCH)
    assert "an imported memory: see that it fits here" in small.shown["publish"]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The mean is `numpy.mean` of all the draws there are.", "均值是所有抽取的`numpy.average`。"),
        ("Nobody has ever translated this sentence.", "Nobody has ever translated this sentence."),
    ],
    ids=["another placeholder", "not translated"],
)
def test_what_is_not_surely_a_translation_is_sent(small: Small, source: str, target: str) -> None:
    bring(small, source, target)
    small.book.commit({DRAWS: small.book.read(DRAWS) + f"\n{source}\n"})
    assert small.run()["plan"]["units"] == 1
    assert plan_of(small)["reused"]["memory"]["blocks"] == 0


def test_later_steps_and_a_plan_made_again_go_by_the_answers_of_the_first(small: Small) -> None:
    small.book.commit({DRAWS: small.book.read(DRAWS) + f"\n{NEWS}\n"})
    run = small.given(owner="a")
    small.until("plan", run)
    first = plan_of(small, "recalled.json")
    bring(small, NEWS, "抽出的球在下一次抽取之前放回瓮中。")
    again = small.given(owner="a")
    results = small.until("publish", again)
    small.settle(again)
    assert plan_of(small, "recalled.json") == first
    assert results["plan"]["sent"] > 0
    # What the service made of it, with the import among its parallel data, is the service's.
    assert state_of(small, "抽出的球在下一次抽取之前放回瓮中。") is State.machine


def test_the_newest_of_two_translations_of_a_document_counts(small: Small) -> None:
    better = HUMAN.replace("记下", "仔细记下")
    small.run(force=True)
    small.zh.commit({DRAWS: small.zh.read(DRAWS).replace(HUMAN, better)})
    small.run()
    small.revise()
    small.run()
    small.merge(BRANCH)
    small.revise(DRAWS, NEW, OLD)
    small.run()
    assert better in small.repo.read(DRAWS, BRANCH)
