"""All steps of a pair one after another, or one of them alone: what Airflow does, for the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from amts_tasks import steps
from amts_tasks.errors import BudgetExceeded, InputError
from amts_tasks.steps.run import Params, Run
from amts_tasks.translate import caller, waiting

Results = dict[str, Any]
"""What each step returned, by its name."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a command prints: a value for a machine, a text for a person."""

    value: Any
    text: str
    error: BudgetExceeded | None = None
    """What the command fails with once it has printed the value: a plan that is over its budget is a plan."""


def run(one: Run) -> Result:
    """Every step of the pair, under its lease; the reports of score and publish."""
    resolved = steps.step("resolve")(_named(one, "resolve"))
    if resolved is None:
        return Result({"pair": one.pair, "changed": False}, f"{one.pair}: nothing to do")
    results: Results = {"resolve": resolved}
    try:
        _put_chain(one, None)
        for name, function in STEPS.items():
            results[name] = function(_named(one, name), results)
    finally:
        steps.step("release")(one)
    return _result(one, results)


def step(one: Run, name: str) -> Result:
    """One step by hand, on the revisions and with the options of the ``resolve`` that was made by hand before it.

    ``plan`` looks up the revisions itself where none were fixed by hand, and makes the steps that it needs; the other
    steps want the one before them. The lease is not held between two steps: they may be days apart.
    """
    try:
        return _step(_named(one, name), name)
    finally:
        steps.step("release")(one)


@dataclass(slots=True)
class _Chain:
    """Steps made by hand, one after another."""

    by: str
    """The step that fixed the revisions: resolve or plan."""
    instant: str
    options: dict[str, Any]
    results: Results


def _step(one: Run, name: str) -> Result:
    found = one.storage.find_json(_chain_key(one))
    chain = _Chain(**found) if found else None
    if name == "resolve" or (name == "plan" and (chain is None or chain.by == "plan")):
        resolved = steps.step("resolve")(one, **({"unchanged": True} if name == "plan" else {}))
        if resolved is None:
            return Result(None, f"{one.pair}: nothing to do")
        chain = _Chain(name, one.instant.isoformat(), asdict(one.params), {"resolve": resolved})
        _put_chain(one, chain)
        if name == "resolve":
            return Result(resolved, f"artefacts under {one.storage.uri(resolved['prefix'])}/")
    if chain is None:
        raise InputError(f"{one.pair}: no revisions are fixed yet; run: amts resolve {one.pair}")
    one = _with_options(one, chain)
    results = chain.results
    for earlier in list(STEPS)[: list(STEPS).index(name)]:
        if earlier in results:
            continue
        if name != "plan":
            command = earlier.replace("_", "-")
            raise InputError(f"{one.pair}: {name} needs {earlier} first; run: amts {command} {one.pair}")
        results[earlier] = STEPS[earlier](_named(one, earlier), results)
    try:
        results[name] = STEPS[name](one, results)
    except BudgetExceeded as error:
        if name != "plan":
            raise
        return Result(_value(one, results, name), _text(one, results, name), error)
    _put_chain(one, None if name == "publish" else chain)
    return Result(_value(one, results, name), _text(one, results, name))


def _chain_key(one: Run) -> str:
    return f"{one.home}by-hand.json"


def _put_chain(one: Run, chain: _Chain | None) -> None:
    if chain is not None:
        one.storage.put_json(_chain_key(one), asdict(chain))
    elif one.storage.find_json(_chain_key(one)):
        one.storage.put_json(_chain_key(one), {})


def _with_options(one: Run, chain: _Chain) -> Run:
    """The run with the options of the step that began the chain; a budget may be given anew."""
    given, default = asdict(one.params), asdict(Params())
    known = {**chain.options, "documents": tuple(chain.options["documents"])}
    for name, value in given.items():
        if name not in {"budget", "dry_run"} and value not in {default[name], known[name]}:
            option = "--" + {"parallel_data": "[no-]parallel-data"}.get(name, name)
            raise InputError(f"{one.pair}: {option} is fixed by amts {chain.by} {one.pair}; give it there")
    if one.params.budget is not None:
        known["budget"] = one.params.budget
    return replace(one, params=Params(**known), instant=datetime.fromisoformat(chain.instant))


def _named(one: Run, name: str) -> Run:
    """The run with the step's name before each line of progress."""
    return replace(one, say=lambda line: one.say(f"{name:<13}  {line}"))


def _parallel_data(one: Run, results: Results) -> dict[str, Any]:
    request = results["upload"]["parallel_data"]
    if request is None:
        return {"action": "none"}
    steps.step("hold")(one)
    delay = float(one.config.aws.poll_seconds)
    timeout = one.config.aws.job_timeout_hours * 3600
    started = caller.ensure_parallel_data(
        one.translate, request, delay=delay, attempts=int(timeout / delay) + 1, sleep=one.sleep
    )
    one.say(f"{started.name}: {started.action if started.waiter else 'in use already'}")
    if started.waiter:
        waiting.wait(
            one.translate,
            started.waiter,
            {"Name": started.name},
            delay=delay,
            timeout=timeout,
            sleep=one.sleep,
            on_status=_changes(one),
        )
    return {"action": started.action}


def _translate(one: Run, results: Results) -> dict[str, Any]:
    request = results["upload"]["job"]
    if request is None:
        return {"job_id": None}
    steps.step("hold")(one)
    job = caller.find_or_start_job(one.translate, request, sleep=one.sleep)
    one.say(f"job {job.job_id}: {'found, started earlier' if job.adopted else 'started'}")
    waiting.wait(
        one.translate,
        "text_translation_job_done",
        {"JobId": job.job_id},
        delay=float(one.config.aws.poll_seconds),
        timeout=one.config.aws.job_timeout_hours * 3600,
        sleep=one.sleep,
        on_status=_changes(one),
    )
    one.say(f"job {job.job_id}: done")
    return {"job_id": job.job_id}


def _changes(one: Run) -> Callable[[str], None]:
    """Says each status once."""
    said: list[str] = []

    def told(status: str) -> None:
        if said[-1:] != [status]:
            said.append(status)
            one.say(status)

    return told


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
    if results["resolve"]["dry_run"]:
        parts = [_text(one, results, "plan"), _text(one, results, "publish")]
    value = {name: results[name] for name in ("plan", "score", "publish")}
    return Result(value, "\n\n".join(filter(None, parts)))


def _value(one: Run, results: Results, name: str) -> Any:
    """What a step returned; of the plan all of it."""
    if name == "plan":
        return one.storage.get_json(one.key(results["resolve"], "plan", "plan.json"))
    return results[name]


def _text(one: Run, results: Results, name: str) -> str:
    """The report that a step left for people; else what it returned."""
    if name == "score" and not results["score"]["articles"]:
        return ""
    if name in {"plan", "score", "publish"}:
        return one.storage.get(one.key(results["resolve"], name, f"{name}.txt")).decode().rstrip("\n")
    return ", ".join(f"{key} {value}" for key, value in results[name].items() if not isinstance(value, dict))
