"""The parallel data that a pair has at the service and in storage: told, fetched, compared, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from amts_tasks import names
from amts_tasks.counts import counted
from amts_tasks.errors import InputError
from amts_tasks.memory.parallel_file import Difference, Form, Row, difference, rows_of, several, written
from amts_tasks.steps.resolve import hold, release
from amts_tasks.steps.run import Run
from amts_tasks.translate import caller, requests
from amts_tasks.translate.advice import advised


def name_of(run: Run) -> str:
    """The name of the pair's parallel data at the service."""
    return names.parallel_data_name(run.config.book.name, run.pair)


def resources(run: Run) -> list[dict[str, Any]]:
    """Every parallel data of the account, those of the configured pairs first; `pair` is None for others'.

    `in_step`: whether its content is what was imported last; None where AMTS imported nothing.
    """
    pairs = {names.parallel_data_name(run.config.book.name, pair): pair for pair in run.config.pairs}
    with advised(run.translate, "listing the parallel data"):
        found = [_told(run, one, pairs.get(one["Name"])) for one in caller.all_parallel_data(run.translate)]
    return sorted(found, key=lambda row: (row["pair"] is None, row["name"]))


def show(run: Run) -> tuple[dict[str, Any], str]:
    """The pair's parallel data: at the service, as imported last, as made last."""
    name = name_of(run)
    with advised(run.translate, f"asking for the parallel data {name}"):
        found = caller.parallel_data(run.translate, name)
    told = _told(run, found, run.pair) if found else None
    value: dict[str, Any] = {"name": name, "service": told, "imported": _imported(run), "made": _made(run)}
    lines = [f"{name}"]
    if told is None:
        lines.append("at the service: nothing; a run that has something to translate imports it")
    else:
        lines.append(
            f"at the service: {told['status']}, {counted(told['records'], 'record')}, "
            f"{counted(told['characters'], 'character')}, "
            f"{told['failed']} failed, {told['skipped']} skipped, changed {told['updated']}"
        )
        if told["message"]:
            lines.append(f"  {told['message']}")
    if value["imported"]:
        lines.append(
            f"imported last: {counted(value['imported']['rows'], 'row')}, sha256 {value['imported']['digest'][:12]}"
        )
    text = run.storage.find(f"{run.home}parallel-data/made.txt")
    lines.append("made last: " + (text.decode().rstrip("\n") if text else "nothing; amts upload makes it"))
    return value, "\n".join(lines)


def download(run: Run, form: Form, others: Sequence[Run] = ()) -> tuple[bytes, str, int]:
    """The file imported last in a form, its name, and its rows; with `others` a table of several target languages.

    InputError where nothing was imported, or a table of several is asked for as TMX or with another source language.
    """
    rows, barred = _rows(run)
    name = name_of(run)
    if not others:
        data = written([*rows, *(barred if form == "tmx" else ())], _codes(run), form)
        return data, f"{name}.{form}", len(rows) + (len(barred) if form == "tmx" else 0)
    if form == "tmx":
        raise InputError("--also: several targets are written as CSV or TSV; leave out --format tmx")
    columns = {run.target.service_code: rows}
    for other in others:
        _ = other.settings
        if other.settings.source != run.settings.source or other.target.service_code in columns:
            raise InputError(f"--also {other.pair}: expected a pair from {run.settings.source} to another language")
        columns[other.target.service_code] = _rows(other)[0]
    data = several(run.source.service_code, columns, form)
    return data, f"{names.parallel_data_name(run.config.book.name, run.settings.source)}.{form}", data.count(b"\n") - 1


def compared(run: Run) -> Difference:
    """The newest made beside the last imported; InputError where none was made."""
    made = _made(run)
    if made is None:
        raise InputError(f"{run.pair}: no parallel data was made yet; run: amts run {run.pair}")
    imported = _imported(run)
    return difference(_file(run, imported["digest"]) if imported else [], _file(run, made["digest"]))


def delete(run: Run) -> None:
    """Deletes the pair's parallel data at the service; under the pair's lease, as a job may be using it.

    InputError where there is none.
    """
    name = name_of(run)
    hold(run)
    try:
        with advised(run.translate, f"deleting the parallel data {name}"):
            if caller.parallel_data(run.translate, name) is None:
                raise InputError(f"{name}: the service has no such parallel data; amts parallel-data list shows all")
            run.translate.delete_parallel_data(Name=name)
        # Else the next run would take what is gone for imported.
        run.storage.put_json(f"{run.home}parallel-data/imported.json", None)
    finally:
        release(run)


def _told(run: Run, found: dict[str, Any], pair: str | None) -> dict[str, Any]:
    last = run.storage.find_json(f"{run.config.book.name}/{pair}/parallel-data/imported.json") if pair else None
    digest = requests.digest_of(found.get("Description"))
    updated = found.get("LastUpdatedAt") or found.get("CreatedAt")
    return {
        "pair": pair,
        "name": found["Name"],
        "status": found["Status"],
        "update": found.get("LatestUpdateAttemptStatus"),
        "records": found.get("ImportedRecordCount", 0),
        "characters": found.get("ImportedDataSize", 0),
        "failed": found.get("FailedRecordCount", 0),
        "skipped": found.get("SkippedRecordCount", 0),
        "message": found.get("Message", ""),
        "digest": digest,
        "in_step": digest == last["digest"] if last else None,
        "updated": updated.isoformat(timespec="seconds") if updated else None,
    }


def _codes(run: Run) -> tuple[str, str]:
    return run.source.service_code, run.target.service_code


def _imported(run: Run) -> dict[str, Any] | None:
    found: dict[str, Any] | None = run.storage.find_json(f"{run.home}parallel-data/imported.json")
    return found or None


def _made(run: Run) -> dict[str, Any] | None:
    found: dict[str, Any] | None = run.storage.find_json(f"{run.home}parallel-data/made.json")
    return found or None


def _rows(run: Run) -> tuple[list[Row], list[Row]]:
    """The rows of the file imported last, and those that only a TMX takes."""
    imported, made = _imported(run), _made(run)
    if imported is None:
        raise InputError(f"{run.pair}: no parallel data was imported yet; run: amts run {run.pair}")
    same = made is not None and made["digest"] == imported["digest"]
    barred = [(source, target) for source, target in made["only_tmx"]] if made and same else []
    return _file(run, imported["digest"]), barred


def _file(run: Run, digest: str) -> list[Row]:
    _, rows = rows_of(run.storage.get(f"{run.home}parallel-data/{digest}.csv"))
    return [(source, target) for source, target in rows]


__all__ = ["compared", "delete", "download", "name_of", "resources", "show"]
