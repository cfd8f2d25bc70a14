"""A text whose answer was refused is asked for once more, alone, in real time: out of its document it often comes back
whole.

What was asked is noted before it is asked, and what came back at once, so a task made again pays for nothing twice. A
text is asked for alone once under the same service and settings, whatever becomes of it; ``force`` asks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from amts_tasks import names
from amts_tasks.counts import counted
from amts_tasks.errors import ServiceError
from amts_tasks.steps.plan import book_plan, budget_of, purchase, terms
from amts_tasks.steps.run import Run
from amts_tasks.text import Segment
from amts_tasks.translate import caller, exchange, requests
from amts_tasks.translate.check import restore

ALONE = "alone"
"""What stands for the parallel data of such an answer: TranslateText takes none, and no run's data is called so."""


@dataclass(frozen=True, slots=True)
class Alone:
    """What came of asking alone."""

    answers: Mapping[str, str]
    """Inline Markdown of what came back right, by unit id."""
    reasons: Mapping[str, list[str]]
    """Why the others are refused still, by unit id: the reasons of the second answer, or why there is none."""


@dataclass(slots=True)
class _Till:
    """What may still be spent, in US dollars."""

    left: float
    spent: float = 0.0
    asked: int = 0
    closed: str = field(default="")
    """Why nothing more is asked for."""


def ask_alone(run: Run, resolved: dict[str, Any], refused: Mapping[str, str]) -> Alone:
    """Asks for refused texts (inline Markdown by unit id) alone, those once asked for excepted, while the budget lasts.

    A service that does not answer costs nothing of what was bought: the texts stay refused.
    """
    answers: dict[str, str] = {}
    reasons: dict[str, list[str]] = {}
    till = _Till(budget_of(run) - book_plan(run, resolved).price) if refused else _Till(0.0)
    for name, source in refused.items():
        back = _answer(run, resolved, source, till)
        if back.get("inner") is None:
            reasons[name] = [f"alone: {back['why']}"]
            continue
        restored = restore(Segment.of(source), back["inner"], run.source, run.target)
        if restored.text is None:
            reasons[name] = [f"alone: {fault}" for fault in restored.faults]
        else:
            answers[name] = restored.text
    if till.asked:
        run.say(
            f"{counted(till.asked, 'refused text was', 'refused texts were')} asked for again, alone, for "
            f"{till.spent:.4f} USD: "
            f"{len(answers)} of {len(refused)} are right now"
        )
    return Alone(answers, reasons)


def _answer(run: Run, resolved: dict[str, Any], source: str, till: _Till) -> dict[str, Any]:
    """The service's answer to a text (``inner``), asked for now or before; else why there is none (``why``)."""
    key = f"{run.home}alone/{purchase(run)}/{names.digest(source)[:32]}.json"
    this = [resolved["prefix"], resolved["force_number"]]
    known: dict[str, Any] | None = run.storage.find_json(key)
    if known and (known["run"] == this or not run.params.force):
        return known
    inner = exchange.inner_html(Segment.of(source))
    price = len(inner) * run.config.aws.price.standard_per_million / 1_000_000
    if len(inner.encode()) > requests.TEXT_BYTES:
        return {"why": f"not asked for: TranslateText takes {requests.TEXT_BYTES:,} bytes"}
    if till.closed or price > till.left + 1e-9:
        return {"why": till.closed or f"not asked for: {price:.4f} USD, and {max(till.left, 0):.4f} are left"}
    asked = {"run": this, "source": source, "why": "the answer was lost on its way"}
    run.storage.put_json(key, asked)
    try:
        answer = caller.translate_text(
            run.translate,
            requests.translate_text(
                inner,
                run.source.service_code,
                run.target.service_code,
                terminology=names.terminology_name(run.config.book.name, run.pair) if terms(run) else None,
                formality=run.target.formality,
            ),
        )
    except ServiceError as error:
        if isinstance(error.__cause__, ClientError):  # told, so nothing was done and nothing is billed
            run.storage.put_json(key, known)
        till.closed = f"not asked for: {error}"
        return {"why": till.closed}
    till.left -= price
    till.spent += price
    till.asked += 1
    run.storage.put_json(key, {**asked, "inner": answer, "why": ""})
    return {"inner": answer}
