"""``score``: the held-out documents as the job translated them, and as the service does without parallel data."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from amts_tasks import names
from amts_tasks.counts import counted
from amts_tasks.errors import ServiceError
from amts_tasks.score import Article, Cut, as_table, baseline, cut, make_report, score_article, scores_json
from amts_tasks.steps.align import origin_of
from amts_tasks.steps.plan import EVALUATION, evaluation_units, terms
from amts_tasks.steps.planned.references import references
from amts_tasks.steps.resolve import hold
from amts_tasks.steps.run import Run
from amts_tasks.steps.upload import import_terminology
from amts_tasks.translate import caller, exchange, requests
from amts_tasks.translate.advice import code
from amts_tasks.translate.check import restore
from amts_tasks.translate.service import Service


def score(run: Run, resolved: dict[str, Any]) -> dict[str, Any]:
    """Writes the report and its numbers; returns the average's and the report's address. Nothing without evaluation.

    Both columns are of the same segments. Where the service has no translation without parallel data, the row stays
    and says why.
    """
    hold(run)
    if not resolved["evaluate"] or resolved["dry_run"]:
        return {"articles": 0}
    documents = references(run, resolved)
    with_data: dict[str, str | None] = run.storage.get_json(run.key(resolved, "download", "evaluation.json"))
    without = _baseline(run, resolved)
    made_by = _service(run, resolved)
    plain = replace(made_by, message="")
    articles: list[Article] = []
    for number, one in enumerate(documents, start=1):
        if one.machine:
            run.say(
                f"{one.path}: {counted(one.machine, 'block is', 'blocks are')} machine text: no references, not scored"
            )
        ours = cut(one.source, one.text, one.beads, with_data)
        theirs: tuple[Cut, Service] | str
        theirs = without if isinstance(without, str) else (cut(one.source, one.text, one.beads, without), plain)
        origin = origin_of(run, one.path)
        articles.append(score_article(one.path, origin, (ours, made_by), theirs, run.target))  # type: ignore[arg-type]
        run.say(f"scored {number} of {len(documents)}: {one.path}")
    uploaded = run.storage.get_json(run.key(resolved, "upload", "upload.json"))
    about = {
        "book": run.config.book.name,
        "source_revision": resolved["source"],
        "target_revision": resolved["target"],
        "parallel_data": uploaded["parallel_data"] or "none",
    }
    report = make_report(run.pair, articles, reverse=run.settings.reverse, about=about)
    table = as_table(report)
    run.storage.put(run.key(resolved, "score", "scores.json"), scores_json([report]))
    run.storage.put(f"{run.home}scores.json", scores_json([report]))
    run.storage.put(run.key(resolved, "score", "score.txt"), table.encode())
    run.storage.put(f"{run.home}score.txt", table.encode())
    run.show("score", table.rstrip("\n"))
    average = report.rows[-1]
    return {
        "articles": len(articles),
        "share": round(average.share, 4),
        "average": {one.metric: round(one.value, 4) for one in average.scores["as_is"]},
        "report": run.storage.address(run.key(resolved, "score", "score.txt")),
    }


def _service(run: Run, resolved: dict[str, Any]) -> Service:
    """Who translated: this service, with what it said of the job; of the job that bought the texts where none ran."""
    key = f"{run.home}evaluated-by.json"
    job = run.storage.get_json(run.key(resolved, "download", "job.json"))
    if job:
        run.storage.put_json(key, {"message": job["message"]})
    message = job.get("message") or (run.storage.find_json(key) or {}).get("message", "")
    return Service.of(run.translate, run.config.aws.role_arn, message)


def _baseline(run: Run, resolved: dict[str, Any]) -> dict[str, str | None] | str:
    """The hypothesis of every unit without parallel data, or why there is none; what was answered before is kept."""
    service = Service.of(run.translate, run.config.aws.role_arn)
    key = f"{run.home}baseline/{service.key}.json"
    stored = run.storage.find(key)
    known = baseline.read(stored, run.storage.uri(key)) if stored else {}
    asked = 0
    back: dict[str, str | None] = {}
    units = evaluation_units(run, resolved)
    # The terminology is given to both: what the two columns differ by is the parallel data alone.
    terminology = import_terminology(run) if units else None
    glossary = [list(term) for term in terms(run)]
    settings = {"formality": run.target.formality, "content": "html", "terms": names.digest(glossary)}
    try:
        for unit in units:
            inner = exchange.inner_html(unit.segment)
            place = baseline.key(inner, run.source.service_code, run.target.service_code, settings, service)
            if place not in known:
                if len(inner.encode()) > requests.TEXT_BYTES:
                    back[unit.id.removeprefix(EVALUATION)] = None
                    continue
                request = requests.translate_text(
                    inner,
                    run.source.service_code,
                    run.target.service_code,
                    terminology=terminology,
                    formality=run.target.formality,
                )
                known[place] = caller.translate_text(run.translate, request)
                asked += 1
                if asked % 100 == 0:
                    run.say(f"translated {asked} texts without parallel data")
            restored = restore(unit.segment, known[place], run.source, run.target)
            back[unit.id.removeprefix(EVALUATION)] = restored.text
    except ServiceError as error:
        cause = error.__cause__
        if cause is None or code(cause) != "UnsupportedLanguagePairException":
            raise
        return _reason(str(cause))
    finally:
        if asked:
            run.storage.put(key, baseline.write(known))
    return back


def _reason(message: str) -> str:
    """What the service says beyond that it does not support the pair, without botocore's words before it."""
    words = message.partition("operation: ")[2] or message
    return re.sub(r"^Unsupported language pair: \S+ to \S+?\. (?=\S)", "", words)
