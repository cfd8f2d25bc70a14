"""``download``: what came back from the job, checked, and the documents rebuilt with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from amts_tasks import names
from amts_tasks.counts import counted
from amts_tasks.errors import OutputIncomplete, StorageError
from amts_tasks.steps.alone import ALONE, Alone, ask_alone
from amts_tasks.steps.plan import EVALUATION, book_plan, bought_before, evaluation_units, purchase
from amts_tasks.steps.resolve import hold
from amts_tasks.steps.run import Run
from amts_tasks.sync import deliver, merge_document
from amts_tasks.text import Segment
from amts_tasks.translate import caller, exchange
from amts_tasks.translate.check import Restored, restore


def download(run: Run, resolved: dict[str, Any], job_id: str | None) -> dict[str, Any]:
    """Writes the rebuilt documents, where each of their blocks came from, and what was refused; returns numbers.

    ``job_id`` is None when there was nothing to translate. A text that fails the checks is asked for once more, alone;
    if that fails too it is not used: the old translation stays, or the source where there is none, and it is listed.
    OutputIncomplete when the job is over and nothing of its output is there.
    """
    hold(run)
    if resolved["dry_run"]:
        run.say("dry run: nothing to download")
        return {"documents": 0, "refused": 0}
    back, job = _output(run, job_id) if job_id else ({}, {})
    plan = book_plan(run, resolved)
    uploaded = run.storage.get_json(run.key(resolved, "upload", "upload.json"))
    sent = {wanted.id: wanted.source for wanted in plan.wanted} if not resolved["past"] else {}
    sent |= {unit.id: unit.segment.source for unit in evaluation_units(run, resolved)}
    answers, refused = _checked(run, sent, back)
    # A refused answer of the evaluation is not asked for again: that would be choosing.
    vain = [name for name in {**refused, **uploaded.get("held_back", {})} if not name.startswith(EVALUATION)]
    alone = ask_alone(run, resolved, {name: sent[name] for name in vain})
    first = refused | uploaded.get("held_back", {})
    _remember(run, sent, answers, refused, uploaded["parallel_data"], job)
    _remember_alone(run, resolved, sent, alone, job)
    answers |= alone.answers
    refused = {
        name: [*reasons, *alone.reasons.get(name, ())] for name, reasons in first.items() if name not in alone.answers
    }

    nightly = {name: text for name, text in answers.items() if not name.startswith(EVALUATION)}
    delivered = deliver(plan, nightly)
    documents, provenance, left, damaged = [], [], [], []
    for document in plan.documents if not resolved["past"] else ():
        merged = merge_document(document, delivered[document.path])
        if merged.damaged is not None:
            damaged.append({"document": document.path, "reason": merged.damaged})
            continue
        documents.append({"path": document.path, "text": merged.text})
        provenance.append({"path": document.path, "pieces": list(merged.provenance)})
        left += [
            {
                "document": one.document,
                "block": one.block,
                "reason": one.reason,
                "shows": one.shows,
                "text": one.text,
                "refused": [
                    reason
                    for name, reasons in sorted(refused.items())
                    if name.startswith(f"{one.document}#{one.block}.")
                    for reason in reasons
                ],
            }
            for one in merged.left
        ]
    run.storage.put_rows(run.key(resolved, "download", "documents.jsonl.gz"), documents)
    run.storage.put_rows(run.key(resolved, "download", "provenance.jsonl.gz"), provenance)
    run.storage.put_json(
        run.key(resolved, "download", "review.json"),
        {
            "refused": [
                {"unit": name, "reasons": reasons, "text": sent[name]} for name, reasons in sorted(refused.items())
            ],
            "alone": [
                {"unit": name, "reasons": first[name], "text": sent[name], "answer": text}
                for name, text in sorted(alone.answers.items())
            ],
            "left": left,
            "damaged": damaged,
            "look": [{"document": one.document, "reason": one.reason} for one in plan.review],
        },
    )
    run.storage.put_json(
        run.key(resolved, "download", "evaluation.json"), _evaluation(run, resolved, answers, back, uploaded)
    )
    run.storage.put_json(run.key(resolved, "download", "answers.json"), nightly)
    run.storage.put_json(run.key(resolved, "download", "job.json"), job)
    if refused:
        run.say(
            f"{len(refused)} of {counted(len(sent), 'text')} failed the checks and are not used; see the review list"
        )
    for one in damaged:
        run.say(f"{one['document']}: not rebuilt: {one['reason']}; it stays as it is")
    run.say(f"rebuilt {counted(len(documents), 'document')}")
    return {"documents": len(documents), "refused": len(refused), "damaged": len(damaged)}


def _output(run: Run, job_id: str) -> tuple[dict[str, str], dict[str, Any]]:
    """The inner HTML of every unit that came back, and what is kept of the job."""
    job = caller.job(run.translate, job_id)
    folder = run.storage.key(job["OutputDataConfig"]["S3Uri"])
    target = run.target.service_code
    details_key = f"{folder}details/{target}.auxiliary-translation-details.json"
    try:
        details = json.loads(run.storage.get(details_key))
        files = [(one["sourceFile"], one.get("targetFile"), one.get("auxiliaryData", {})) for one in details["details"]]
    except (StorageError, ValueError, KeyError) as error:
        raise OutputIncomplete(
            f"job {job_id} is {job['JobStatus']}, but its details are not as they should be: {error}; "
            f"{job.get('Message', 'no message')}"
        ) from error
    back: dict[str, str] = {}
    missing: list[str] = []
    for source, name, auxiliary in files:
        data = run.storage.find(folder + name) if name else None
        if data is None:
            reason = auxiliary.get("error", {}).get("errorMessage", "no output")
            missing.append(f"{source}: {reason}")
            continue
        try:
            back |= exchange.read(data.decode())
        except UnicodeDecodeError as error:
            missing.append(f"{source}: its translation is not UTF-8 ({error.reason} at byte {error.start})")
    if missing and not back:
        raise OutputIncomplete(f"job {job_id}: no document came back: {'; '.join(missing[:3])}")
    for line in missing:
        run.say(f"job {job_id}: {line}; its texts are left as they were, and sent again by the next run")
    kept = {
        "id": job_id,
        "name": job["JobName"],
        "submitted": f"{job['SubmittedTime'].astimezone(UTC):%Y%m%dT%H%M%SZ}",
        "status": job["JobStatus"],
        "message": job.get("Message", ""),
        "characters": int(details.get("charactersTranslated", 0)),
        "missing": missing,
    }
    return back, kept


def _checked(run: Run, sent: Mapping[str, str], back: Mapping[str, str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The answers that passed the checks by unit id, and the reasons of the others."""
    answers: dict[str, str] = {}
    refused: dict[str, list[str]] = {}
    for name, source in sent.items():
        if name not in back:
            continue
        result: Restored = restore(Segment.of(source), back[name], run.source, run.target)
        if result.text is None:
            refused[name] = [str(fault) for fault in result.faults]
        else:
            answers[name] = result.text
    return answers, refused


def _remember(
    run: Run,
    sent: Mapping[str, str],
    answers: Mapping[str, str],
    refused: Mapping[str, list[str]],
    parallel_data: str,
    job: Mapping[str, Any],
) -> None:
    """Keeps what was bought, and what was bought in vain, so that the same text is not bought again."""
    if not job:
        return
    if refused:
        vain: Iterable[dict[str, Any]] = (
            {"source": sent[name], "reasons": reasons, "parallel_data": parallel_data}
            for name, reasons in refused.items()
        )
        run.storage.put_rows(f"{run.home}refused/{purchase(run)}/{job['submitted']}-{job['name']}.jsonl.gz", vain)
    rows: Iterable[dict[str, str]] = (
        {"source": sent[name], "target": text, "parallel_data": parallel_data} for name, text in answers.items()
    )
    run.storage.put_rows(f"{run.home}bought/{purchase(run)}/{job['submitted']}-{job['name']}.jsonl.gz", rows)


def _remember_alone(
    run: Run, resolved: dict[str, Any], sent: Mapping[str, str], alone: Alone, job: Mapping[str, Any]
) -> None:
    """Keeps what was bought alone; under the name of this run, so that made again it is written again."""
    if alone.answers:
        rows: Iterable[dict[str, str]] = (
            {"source": sent[name], "target": text, "parallel_data": ALONE} for name, text in alone.answers.items()
        )
        when = job.get("submitted") or f"{run.instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        name = names.digest([resolved["prefix"], resolved["force_number"]])[:16]
        run.storage.put_rows(f"{run.home}bought/{purchase(run)}/{when}-{ALONE}-{name}.jsonl.gz", rows)


def _evaluation(
    run: Run,
    resolved: dict[str, Any],
    answers: Mapping[str, str],
    back: Mapping[str, str],
    uploaded: Mapping[str, Any],
) -> dict[str, str | None]:
    """The hypothesis of every text to be scored; None where the service's answer was refused or missing."""
    before = {
        row.source: row.target for row in bought_before(run, resolved) if row.parallel_data == uploaded["parallel_data"]
    }
    return {
        # A refused answer is not made good by an earlier one: that would be choosing.
        unit.id.removeprefix(EVALUATION): answers.get(unit.id) if unit.id in back else before.get(unit.segment.source)
        for unit in evaluation_units(run, resolved)
    }
