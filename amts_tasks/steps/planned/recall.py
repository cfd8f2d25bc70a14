"""The memory asked while a run plans: what humans made of a text before. Its answers are kept with the plan.

The plan is made again by later steps, and on other machines; what is in the memory by then must not change it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from amts_tasks.memory import Lookup
from amts_tasks.memory.lookup import usable
from amts_tasks.steps.kept.memory import lookup
from amts_tasks.steps.run import Run
from amts_tasks.sync.document.recalled import Question, Recall, Recalled
from amts_tasks.sync.document.ties import LEAST_LETTERS, Held, Ties
from amts_tasks.sync.manifest import State
from amts_tasks.sync.sentence.patch import Languages
from amts_tasks.text import Segment


@contextmanager
def recollection(run: Run, resolved: dict[str, Any]) -> Iterator[Recall]:
    """Asks the memory, and keeps the answers when the plan is made; a plan made again gets those that are kept."""
    key = run.key(resolved, "plan", "recalled.json")
    kept = run.storage.find_json(key)
    if kept is not None and kept["owner"] == run.owner:
        yield recalled(run, resolved)
        return
    with lookup(run) as look:
        asked = _Asked(look, Languages(run.source, run.target, _own(run)))
        yield asked
    rows = [{"question": asdict(one), "answer": asdict(answer)} for one, answer in asked.answers.items() if answer]
    run.storage.put_json(key, {"owner": run.owner, "answers": rows})


def recalled(run: Run, resolved: dict[str, Any]) -> Recall:
    """The answers that the plan was made with."""
    answers = {}
    for row in run.storage.get_json(run.key(resolved, "plan", "recalled.json"))["answers"]:
        around = row["question"].pop("around")
        question = Question(**row["question"], around=tuple(around) if around is not None else None)
        answers[question] = Recalled(**{**row["answer"], "state": State(row["answer"]["state"])})
    return answers.get


@dataclass(slots=True)
class _Asked:
    look: Lookup
    languages: Languages
    answers: dict[Question, Recalled | None] = field(default_factory=dict)
    ties: Ties = field(init=False)

    def __post_init__(self) -> None:
        self.ties = Ties(self._former, self.languages)

    def __call__(self, question: Question) -> Recalled | None:
        if question not in self.answers:
            self.answers[question] = self._answer(question)
        return self.answers[question]

    def _answer(self, question: Question) -> Recalled | None:
        if question.around is None and Segment.of(question.source).letters < LEAST_LETTERS:
            return None
        found = self.look.certain(question.source, question.document, question.around, self.languages.own_links)
        if found is not None:
            unit, in_context = found
            return Recalled(unit.target, State(unit.state), unit.document, in_context)
        if question.around is not None:
            return None
        # A sentence with a link that each document has of its own is looked for as a whole text only.
        if any(pattern.search(question.source) for pattern in self.languages.own_links):
            return None
        tied = self.ties.sentence(question.source, question.document)
        return Recalled(tied.text, tied.state, tied.document) if tied is not None else None

    def _former(self) -> Iterator[Held]:
        """The texts of this book that its translation no longer holds, the newest first: sentences of them live on."""
        units = [unit for unit in self.look.index.former(imported=False) if usable(unit)]
        for unit in reversed(units):
            yield Held(unit.document, unit.source, unit.target, State(unit.state))


def _own(run: Run) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, run.target.own_links))
