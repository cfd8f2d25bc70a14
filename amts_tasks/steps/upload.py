"""``upload``: the parallel data and the exchange documents in S3, and the requests that the service is to get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from amts_tasks import names
from amts_tasks.counts import counted
from amts_tasks.memory import ParallelData, build, summary
from amts_tasks.memory.near import NearIndex, share
from amts_tasks.memory.parallel_file import FORBIDDEN_START
from amts_tasks.steps.align import memory_of
from amts_tasks.steps.extract import texts_of
from amts_tasks.steps.kept.memory import former, opened
from amts_tasks.steps.plan import EVALUATION, book_plan, bought_before, evaluation_units, refused_before, terms
from amts_tasks.steps.resolve import hold
from amts_tasks.steps.run import Run
from amts_tasks.text import Segment, Text, parse, split
from amts_tasks.translate import caller, exchange, requests
from amts_tasks.translate.exchange import Unit

RENAMED = 0.5
"""A document of whose text this share is that of a held-out one is that document under another name."""
NOTHING: dict[str, Any] = {"parallel_data": None, "job": None}


def upload(run: Run, resolved: dict[str, Any]) -> dict[str, Any]:
    """Writes what the job reads; returns ``{"parallel_data": request | None, "job": request | None}``.

    None where there is nothing to import or to translate. The terminology, whose import takes no time, is imported
    here. Everything in the requests is a pure function of the run's content, so a second try asks for the same.
    """
    hold(run)
    if resolved["dry_run"]:
        run.say("dry run: nothing is uploaded")
        return NOTHING
    learnt = parallel_data(run, resolved)
    refused = refused_before(run, resolved, _digest(learnt))
    nightly = _nightly(run, resolved)
    held_back = {unit.id: refused[unit.segment.source] for unit in nightly if unit.segment.source in refused}
    if held_back:
        run.say(
            f"{counted(len(held_back), 'text is not sent: its answer was', 'texts are not sent: their answers were')} "
            "refused before, under the same settings and parallel data; see the review list (force asks again)"
        )
    units = [unit for unit in nightly if unit.id not in held_back]
    units += [unit for unit in _evaluation(run, resolved, learnt) if unit.segment.source not in refused]
    if not units:
        run.say("nothing to translate")
        report = {"units": 0, "parallel_data": _digest(learnt), "held_back": held_back}
        run.storage.put_json(run.key(resolved, "upload", "upload.json"), report)
        return NOTHING
    documents = _documents(run, units)
    content = names.digest({
        "documents": [[document.name, document.html] for document in documents],
        "parallel_data": _digest(learnt),
        "formality": run.target.formality,
        "terms": [list(term) for term in terms(run)],
        "force": resolved["force_number"],
        "service": resolved["service"],
    })
    folder = f"translate/{content[:16]}"
    for document in documents:
        run.storage.put(run.key(resolved, "upload", f"{folder}/input/{document.name}"), document.html.encode())
    report = {
        "units": len(units),
        "documents": len(documents),
        "folder": folder,
        "parallel_data": _digest(learnt),
        "rows": learnt.rows if learnt else 0,
        "held_back": held_back,
    }
    run.storage.put_json(run.key(resolved, "upload", "upload.json"), report)
    run.say(f"uploaded {counted(len(documents), 'exchange document')} with {counted(len(units), 'text')}")
    terminology = import_terminology(run)
    data = _parallel_data_request(run, learnt, _guard(run, _guarded(run, resolved))) if learnt else None
    job = requests.start_text_translation_job(
        names.job_name(run.config.book.name, run.pair, resolved["source"], content, 0),
        run.storage.uri(run.key(resolved, "upload", f"{folder}/input/x"))[:-1],
        run.storage.uri(run.key(resolved, "upload", f"{folder}/output/x"))[:-1],
        run.config.aws.role_arn,
        run.source.service_code,
        run.target.service_code,
        terminology=terminology,
        parallel_data=names.parallel_data_name(run.config.book.name, run.pair) if learnt else None,
        formality=run.target.formality,
    )
    return {"parallel_data": data, "job": job}


def parallel_data(run: Run, resolved: dict[str, Any]) -> ParallelData | None:
    """The parallel data of this run, written to storage with a report of what was left out; None without any."""
    if not run.customised:
        return None
    guarded = _guarded(run, resolved)
    memory = memory_of(run, resolved)
    renamed = _renamed(run, resolved, guarded)
    made = build(
        memory.trusted(),
        run.source,
        run.target,
        held_out={*run.settings.held_out, *renamed},
        held_out_texts=guarded,
        former=former(run, memory),
        granularity=run.granularity,
        form=lambda text: exchange.inner_html(Segment.of(text)),
    )
    if not made.rows:
        run.say("no human or approved text to learn from: the job runs without parallel data")
        return None
    left = [{"reason": one.reason, "document": one.document, "source": one.source} for one in made.left_out]
    run.storage.put_rows(run.key(resolved, "upload", "left-out.jsonl.gz"), left)
    run.storage.put(run.key(resolved, "upload", "parallel-data.txt"), summary(made).encode())
    _keep(run, made)
    reasons = ", ".join(f"{count} {reason}" for reason, count in made.reasons.items())
    run.say(f"parallel data: {counted(made.rows, 'row')}, {len(made.csv):,} bytes; left out: {reasons or 'nothing'}")
    return _imported_before(run, made, _guard(run, guarded))


def _keep(run: Run, made: ParallelData) -> None:
    """Keeps the newest parallel data by itself too: what would be imported, and what was left out of it."""
    run.storage.put(f"{run.home}parallel-data/{made.digest}.csv", made.csv)
    about = {"digest": made.digest, "rows": made.rows, "left_out": made.reasons, "bytes": len(made.csv)}
    barred = [list(row) for row in made.texts if any(side.startswith(FORBIDDEN_START) for side in row)]
    run.storage.put_json(f"{run.home}parallel-data/made.json", {**about, "only_tmx": barred})
    run.storage.put(f"{run.home}parallel-data/made.txt", summary(made).encode())


def _guarded(run: Run, resolved: dict[str, Any]) -> list[str]:
    """The texts that are scored, and their sentences: nothing like them may be learnt from."""
    return run.remembered(resolved, "guarded", lambda: sorted(set(_held_out(run, resolved))))


def _held_out(run: Run, resolved: dict[str, Any]) -> Iterator[str]:
    texts = texts_of(run, resolved)
    missing = [path for path in run.settings.held_out if path not in texts.held]
    known: list[str] = []
    for path in run.settings.held_out:
        # A document that the translation no longer has under this name: as the book, or the memory, knows it.
        source = texts.held[path][0] if path in texts.held else texts.source.get(path, "")
        known += [text.source for text in _texts(source, path)]
    if missing:
        with opened(run) as index:
            known += [unit.source for unit in index if unit.document in missing]
    for text in known:
        yield text
        yield from (text[start:end] for start, end in split(text, run.source))


def _renamed(run: Run, resolved: dict[str, Any], guarded: Sequence[str]) -> tuple[str, ...]:
    """Documents that are held out ones under another name: most of their text is theirs."""
    texts = texts_of(run, resolved)
    missing = [path for path in run.settings.held_out if path not in texts.held]
    if not missing:
        return ()
    index = NearIndex(guarded)
    found = []
    for path, text in sorted(texts.base.items()):
        if path not in run.settings.held_out and share((one.source for one in _texts(text, path)), index) >= RENAMED:
            run.say(f"held out: {path} holds the text of {' or '.join(missing)}: it is left out of the parallel data")
            found.append(path)
    return tuple(found)


def _guard(run: Run, texts: Sequence[str]) -> str:
    """A digest of what must not be in the parallel data."""
    return names.digest([list(run.settings.held_out), sorted(texts)])


def _imported_before(run: Run, made: ParallelData, guard: str) -> ParallelData:
    """The parallel data to be used: the last imported when fewer than ``minimum_change`` of its rows changed."""
    key = f"{run.home}parallel-data/imported.json"
    last = run.storage.find_json(key)
    # With other held-out texts the last import may hold what is to be scored now.
    alike = last and last["service"] == run.service.key and last["guard"] == guard
    if alike and last["digest"] != made.digest:
        before = run.storage.find(f"{run.home}parallel-data/{last['digest']}.csv")
        if before is not None:
            changed = len(set(before.split(b"\n")) ^ set(made.csv.split(b"\n")))
            if changed < run.settings.minimum_change:
                run.say(
                    f"parallel data: {counted(changed, 'row')} changed, fewer than "
                    f"{run.settings.minimum_change}: not imported"
                )
                return replace(made, csv=before, digest=last["digest"], rows=last["rows"])
    return made


def _parallel_data_request(run: Run, made: ParallelData, guard: str) -> dict[str, Any]:
    key = f"{run.home}parallel-data/{made.digest}.csv"
    run.storage.put(key, made.csv)
    record = {
        "digest": made.digest,
        "rows": made.rows,
        "service": run.service.key,
        "guard": guard,
    }
    run.storage.put_json(f"{run.home}parallel-data/imported.json", record)
    about = f"AMTS {run.config.book.name} {run.pair}: {made.rows} pairs"
    name = names.parallel_data_name(run.config.book.name, run.pair)
    return requests.create_parallel_data(name, run.storage.uri(key), made.digest, about)


def import_terminology(run: Run) -> str | None:
    """The name of the pair's terminology, imported when the service has not this very one; None without a glossary."""
    glossary = terms(run)
    if not glossary:
        return None
    name = names.terminology_name(run.config.book.name, run.pair)
    file = requests.terminology_csv(run.source.service_code, run.target.service_code, glossary)
    imported = caller.ensure_terminology(
        run.translate, requests.import_terminology(name, file, f"AMTS {run.config.book.name} {run.pair}")
    )
    run.say(f"terminology {name}: {counted(len(glossary), 'term')}" + ("" if imported else ", unchanged"))
    return name


def _nightly(run: Run, resolved: dict[str, Any]) -> list[Unit]:
    if resolved["past"]:
        return []
    return [Unit(wanted.id, Segment.of(wanted.source)) for wanted in book_plan(run, resolved).wanted]


def _evaluation(run: Run, resolved: dict[str, Any], learnt: ParallelData | None) -> list[Unit]:
    """The texts to be scored that were not bought under the very same parallel data before."""
    before = {row.source for row in bought_before(run, resolved) if row.parallel_data == _digest(learnt)}
    known = set() if run.params.force else before
    return [unit for unit in evaluation_units(run, resolved) if unit.segment.source not in known]


def _documents(run: Run, units: list[Unit]) -> list[exchange.ExchangeDocument]:
    made: list[exchange.ExchangeDocument] = []
    for prefix in ("", EVALUATION):
        of = [unit for unit in units if unit.id.startswith(EVALUATION) == bool(prefix)]
        made += [
            replace(document, name=prefix + document.name)
            for document in exchange.documents(of, run.source.service_code)
        ]
    return made


def _digest(learnt: ParallelData | None) -> str:
    return learnt.digest if learnt else ""


def _texts(text: str, path: str) -> Iterator[Text]:
    return (one for block in parse(text, path).blocks for one in block.texts)
