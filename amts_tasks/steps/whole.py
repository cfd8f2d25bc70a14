"""All steps of a pair one after another, or one of them alone: what Airflow does, for the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from amts_tasks import steps
from amts_tasks.errors import InputError
from amts_tasks.steps.run import Run
from amts_tasks.translate import caller, waiting

Results = dict[str, Any]
"""What each step returned, by its name."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a command prints: a value for a machine, a text for a person."""

    value: Any
    text: str


def run(one: Run) -> Result:
    """Every step of the pair, under its lease; the report of the last one."""
    resolved = steps.step("resolve")(one)
    if resolved is None:
        return Result({"pair": one.pair, "changed": False}, f"{one.pair}: nothing to do")
    results: Results = {"resolve": resolved}
    try:
        for name, function in STEPS.items():
            one.say(name)
            results[name] = function(one, results)
    finally:
        steps.step("release")(one)
    return _result(one, results)


def step(one: Run, name: str) -> Result:
    """One step, on the revisions that ``resolve`` fixed last and on what the steps before it left in storage."""
    pointer = f"{one.home}by-hand.json"
    if name == "resolve":
        resolved = steps.step("resolve")(one)
        if resolved is not None:
            # Steps by hand may be days apart: no lease is held between them.
            steps.step("release")(one)
            one.storage.put_json(pointer, {"resolve": resolved})
        return Result(resolved, "nothing to do" if resolved is None else f"artefacts under {resolved['prefix']}/")
    results = one.storage.find_json(pointer)
    if results is None:
        raise InputError(f"{one.pair}: no revisions are fixed yet; run: amts resolve {one.pair}")
    before = list(STEPS)[: list(STEPS).index(name)]
    missing = [earlier for earlier in before if earlier not in results]
    if missing:
        raise InputError(
            f"{one.pair}: {name} needs {missing[0]} first; run: amts {missing[0].replace('_', '-')} {one.pair}"
        )
    results[name] = STEPS[name](one, results)
    one.storage.put_json(pointer, results)
    return Result(results[name], _text(one, results, name))


def _parallel_data(one: Run, results: Results) -> dict[str, Any]:
    request = results["upload"]["parallel_data"]
    if request is None:
        return {"action": "none"}
    delay = float(one.config.aws.poll_seconds)
    started = caller.ensure_parallel_data(one.translate, request, delay=delay)
    one.say(f"parallel data {started.name}: {started.action if started.waiter else 'in use already'}")
    if started.waiter:
        waiting.wait(one.translate, started.waiter, {"Name": started.name}, delay=delay, on_status=one.say)
    return {"action": started.action}


def _translate(one: Run, results: Results) -> dict[str, Any]:
    request = results["upload"]["job"]
    if request is None:
        return {"job_id": None}
    job = caller.find_or_start_job(one.translate, request)
    one.say(f"job {job.job_id}: {'found, started earlier' if job.adopted else 'started'}")
    waiting.wait(
        one.translate,
        "text_translation_job_done",
        {"JobId": job.job_id},
        delay=float(one.config.aws.poll_seconds),
        timeout=one.config.aws.job_timeout_hours * 3600,
        on_status=one.say,
    )
    return {"job_id": job.job_id}


STEPS: dict[str, Callable[[Run, Results], Any]] = {
    "extract": lambda one, results: steps.step("extract")(one, results["resolve"]),
    "align": lambda one, results: steps.step("align")(one, results["resolve"]),
    "plan": lambda one, results: steps.step("plan")(one, results["resolve"]),
    "upload": lambda one, results: steps.step("upload")(one, results["resolve"]),
    "parallel_data": _parallel_data,
    "translate": _translate,
    "download": lambda one, results: steps.step("download")(one, results["resolve"], results["translate"]["job_id"]),
    "score": lambda one, results: steps.step("score")(one, results["resolve"]),
    "publish": lambda one, results: steps.step("publish")(one, results["resolve"]),
}


def _result(one: Run, results: Results) -> Result:
    parts = [_text(one, results, "score"), _text(one, results, "publish")]
    return Result({name: results[name] for name in ("plan", "score", "publish")}, "\n".join(filter(None, parts)))


def _text(one: Run, results: Results, name: str) -> str:
    """The report that a step left for people; else what it returned."""
    resolved = results["resolve"]
    if name == "parallel_data" or name == "translate":
        return ", ".join(f"{key} {value}" for key, value in results[name].items())
    found = one.storage.find(one.key(resolved, name, f"{name}.txt"))
    if found is not None:
        return found.decode().rstrip("\n")
    return ", ".join(f"{key} {value}" for key, value in results[name].items() if not isinstance(value, dict))
