"""The contract: what the documentation says of the service, and what it leaves open, each as a case to be run.

A case is given a Desk and asserts what is documented; what it returns is what the documentation leaves open: the
values of the emulator's switches, and remarks. The same cases hold the emulator (tests/contract) and a real account
(``amts doctor --probe``). Cases are in order: a later one may use what an earlier one made. Characters are what a case
may be billed for, with the higher price where it uses parallel data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from amts_tasks.doctor.desk import Desk
from amts_tasks.errors import AmtsError

SKY = "The sky is blue.,El cielo es azul.,Le ciel est bleu.\n"
ROWS = f'en,es,fr\n{SKY}"See ""x"", then go.",Mira y ve.,Vois et va.\n,Nada,Rien\n'
PAGE = "<html><body><p>The sky is blue.</p></body></html>"


@dataclass(slots=True)
class Answer:
    """What a case learnt."""

    switches: dict[str, Any] = field(default_factory=dict)
    """Switch → value this service behaves like."""
    remarks: dict[str, str] = field(default_factory=dict)
    """What no switch stands for."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question."""

    name: str
    asks: str
    run: Callable[[Desk], Answer | None]
    characters: int = 0
    customised: int = 0


class NotAsDocumentedError(AmtsError):
    """The service does not do what its documentation says."""


def _hold(fact: bool, seen: Any) -> None:
    """Raises NotAsDocumentedError with what was seen, or what should hold, unless the fact holds."""
    if not fact:
        raise NotAsDocumentedError(str(seen))


def _is(found: Any, wanted: Any, why: Any = None) -> None:
    """Holds that both are the same."""
    _hold(found == wanted, f"found {found!r}; expected {wanted!r}" + (f": {why}" if why else ""))


def _in(found: Any, wanted: Any) -> None:
    """Holds that one is part of the other."""
    _hold(found in wanted, f"found {found!r}; expected it in {wanted!r}")


def _languages(desk: Desk) -> Answer:
    first = desk.translate.list_languages(MaxResults=10)
    _hold(len(first["Languages"]) <= 10, "MaxResults=10 gave more than ten languages")
    found, token = {row["LanguageCode"] for row in first["Languages"]}, first.get("NextToken")
    while token:
        page = desk.translate.list_languages(MaxResults=10, NextToken=token)
        found |= {row["LanguageCode"] for row in page["Languages"]}
        token = page.get("NextToken")
    _hold({"en", "es", "fr", "zh", "tr", "auto"} <= found, sorted(found))
    return Answer(remarks={"languages": str(len(found) - 1)})


def _text(desk: Desk) -> None:
    given = {"Text": "The sky is blue.", "SourceLanguageCode": "en", "TargetLanguageCode": "es"}
    said = desk.translate.translate_text(**given)
    _hold(bool(said["TranslatedText"]), "nothing was translated")
    _is((said["SourceLanguageCode"], said["TargetLanguageCode"]), ("en", "es"))
    long = given | {"Text": "é" * 5001}
    _is(desk.code(desk.translate.translate_text, **long)[0], "TextSizeLimitExceededException")
    wrong = given | {"TargetLanguageCode": "xx"}
    _is(desk.code(desk.translate.translate_text, **wrong)[0], "UnsupportedLanguagePairException")


def _document(desk: Desk) -> None:
    said = desk.translate.translate_document(
        Document={"Content": PAGE.encode(), "ContentType": "text/html"},
        SourceLanguageCode="en",
        TargetLanguageCode="es",
    )
    _hold(said["TranslatedDocument"]["Content"].startswith(b"<html><body><p>"), said["TranslatedDocument"])


def _errors(desk: Desk) -> Answer:
    switches: dict[str, Any] = {}
    code, status = desk.code(desk.translate.get_parallel_data, Name=f"{desk.name}-none")
    _is(code, "ResourceNotFoundException")
    switches["client_error_status"] = "400" if status == 400 else "model"
    code, _ = desk.code(desk.translate.get_parallel_data, Name="not a name!")
    _in(code, {"InvalidParameterValueException", "ValidationException"})
    switches["validation_code"] = "ValidationException" if code == "ValidationException" else "declared"
    return Answer(switches)


def _terminology(desk: Desk) -> None:
    name = f"{desk.name}-words"
    desk.made.append(("terminology", name))
    table = {"File": b"en,es\nsky,FIRMAMENTO\n", "Format": "CSV"}
    made = desk.translate.import_terminology(Name=name, MergeStrategy="OVERWRITE", TerminologyData=table)
    _is(made["TerminologyProperties"]["TermCount"], 1)
    got = desk.translate.get_terminology(Name=name, TerminologyDataFormat="CSV")
    _in("FIRMAMENTO", desk.fetch(got["TerminologyDataLocation"]))
    said = desk.translate.translate_text(
        Text="The sky is blue.", SourceLanguageCode="en", TargetLanguageCode="es", TerminologyNames=[name]
    )
    _in("FIRMAMENTO", said["TranslatedText"])
    _is(said["AppliedTerminologies"][0]["Terms"], [{"SourceText": "sky", "TargetText": "FIRMAMENTO"}])
    arn = made["TerminologyProperties"]["Arn"]
    desk.translate.tag_resource(ResourceArn=arn, Tags=[{"Key": "amts", "Value": "probe"}])
    _is(desk.translate.list_tags_for_resource(ResourceArn=arn)["Tags"], [{"Key": "amts", "Value": "probe"}])
    desk.translate.untag_resource(ResourceArn=arn, TagKeys=["amts"])
    _is(desk.translate.list_tags_for_resource(ResourceArn=arn)["Tags"], [])
    desk.translate.delete_terminology(Name=name)
    _is(desk.code(desk.translate.get_terminology, Name=name)[0], "ResourceNotFoundException")


def _import(desk: Desk) -> Answer:
    """A file with two records and one without a source; a second import meanwhile."""
    name = desk.create("rows", desk.put("pd/rows.csv", ROWS))
    _in(desk.data(name)["Status"], {"CREATING", "ACTIVE"})
    code = ""
    if desk.data(name)["Status"] == "CREATING":
        config = {"S3Uri": f"s3://{desk.bucket}/{desk.prefix}pd/rows.csv", "Format": "CSV"}
        desk.made.append(("parallel data", f"{desk.name}-second"))
        code, _ = desk.code(desk.translate.create_parallel_data, Name=f"{desk.name}-second", ParallelDataConfig=config)
    held = desk.imported(name)
    _is(held["Status"], "ACTIVE", held.get("Message"))
    _is((held["SourceLanguageCode"], sorted(held["TargetLanguageCodes"])), ("en", ["es", "fr"]))
    _hold(held["ImportedRecordCount"] == 2, held)
    _hold(held["SkippedRecordCount"] == 1, held)
    _is(desk.fetch(desk.translate.get_parallel_data(Name=name)["DataLocation"]), ROWS)
    taken, _ = desk.code(desk.translate.create_parallel_data, Name=name, ParallelDataConfig=held["ParallelDataConfig"])
    _hold(taken in {"ConflictException", "LimitExceededException"}, f"a name that is taken answers {taken}")
    desk.kept["rows"] = name
    return Answer({"busy_code": code} if code else {}, {} if code else {"busy_code": "a second import was accepted"})


def _forbidden(desk: Desk) -> Answer:
    """A field that begins with =, in an update; meanwhile the old data stays."""
    name = desk.kept["rows"]
    uri = desk.put("pd/forbidden.csv", f"en,es,fr\n{SKY}=1+1,dos,deux\n")
    answer = desk.translate.update_parallel_data(Name=name, ParallelDataConfig={"S3Uri": uri, "Format": "CSV"})
    _is((answer["Status"], answer["LatestUpdateAttemptStatus"]), ("ACTIVE", "UPDATING"))
    during = desk.data(name)
    _is(during["Status"], "ACTIVE")
    held = desk.imported(name)
    _is(held["Status"], "ACTIVE")
    if held["LatestUpdateAttemptStatus"] == "FAILED":
        return Answer({"forbidden_start": "fail_import"}, {"forbidden_start": held.get("Message", "")})
    accepted = held["ImportedRecordCount"] == 2
    return Answer({"forbidden_start": "accept" if accepted else "fail_record"})


def _folder(desk: Desk) -> Answer:
    """Parallel data named by a folder, as the model's text has it."""
    desk.put("pd/one/rows.csv", ROWS)
    name = desk.create("folder", f"s3://{desk.bucket}/{desk.prefix}pd/one/")
    return Answer({"import_folder": desk.imported(name)["Status"] == "ACTIVE"})


def _refusals(desk: Desk) -> Answer:
    remarks = {}
    desk.put("bad/details/a.html", PAGE)
    for what, folder, more in (
        ("a nested folder named details", "bad/", {}),
        ("two parallel data", "bad/", {"ParallelDataNames": [desk.kept["rows"]] * 2}),
        (
            "a target the parallel data lack",
            "bad/",
            {"ParallelDataNames": [desk.kept["rows"]], "TargetLanguageCodes": ["de"]},
        ),
    ):
        code, status = desk.code(desk.start, folder=folder, **more)
        _hold(bool(code) or "details" not in what, "a folder named details was accepted")
        remarks[what] = f"{code or 'accepted'} ({status})"
    code, _ = desk.code(
        desk.start,
        folder="bad/",
        InputDataConfig={"S3Uri": f"s3://{desk.bucket}/", "ContentType": "text/html"},
    )
    _hold(bool(code), "documents at the top level were accepted")
    return Answer(remarks=remarks)


def _job(desk: Desk) -> Answer:
    """Two targets, a nested document, a protected span, parallel data."""
    desk.put(
        "in/a.html", '<html><body><p>The sky is blue.</p><p>See <span translate="no">f(x)</span>.</p></body></html>'
    )
    desk.put("in/sub/b.html", '<html><body><p title="The sky">The sky is blue.</p></body></html>')
    more = {"ParallelDataNames": [desk.kept["rows"]], "TargetLanguageCodes": ["es", "fr"]}
    job_id = desk.start("in/", ClientToken=f"{desk.name}-t", **more)
    switches: dict[str, Any] = {}
    again = desk.start("in/", ClientToken=f"{desk.name}-t", **more)
    remarks = {"same token and parameters": "the same job" if again == job_id else "another job"}
    output = desk.job(job_id)["OutputDataConfig"]["S3Uri"]
    _hold(output.endswith(f"-TranslateText-{job_id}/"), output)
    job = desk.ended(job_id)
    _is(job["JobStatus"], "COMPLETED", job.get("Message"))
    remarks["message"] = job.get("Message", "")
    folder = job["OutputDataConfig"]["S3Uri"]
    names = desk.keys(folder)
    _hold("es.a.html" in names, names)
    _hold("details/fr.auxiliary-translation-details.json" in names, names)
    details = desk.details(job, "es")
    _is(details["documentCountWithCustomerError"], "0")
    shown = {row["sourceFile"]: row["targetFile"] for row in details["details"]}
    nested = next(target for source, target in shown.items() if source.endswith("b.html"))
    remarks["nested target file"] = nested
    switches["nested_output"] = "keep" if "/" in nested else "flat"
    counts = job["JobDetails"]
    switches["count_languages"] = counts["TranslatedDocumentsCount"] == 4
    _hold(counts["TranslatedDocumentsCount"] in {2, 4}, counts)
    text = desk.text(f"{folder}es.a.html")
    _hold('<span translate="no">f(x)</span>' in text, text)
    bare = sum(map(len, ("The sky is blue.", "See .", "The sky is blue.")))
    billed = int(details["charactersTranslated"])
    remarks["characters translated"] = f"{billed}, {bare} without the protected span and titles"
    switches["bill_protected"] = billed >= bare + len("f(x)")
    remarks["title attribute"] = "kept" if 'title="The sky"' in desk.text(folder + nested) else "translated"
    found = desk.translate.list_text_translation_jobs(Filter={"JobName": desk.name})
    mine = [one for one in found["TextTranslationJobPropertiesList"] if one["JobId"] == job_id]
    switches["job_name_filter"] = "prefix" if mine else "exact"
    return Answer(switches, remarks)


def _prefix(desk: Desk) -> Answer:
    """An input URI without its closing slash, with a neighbour that begins the same; and a token used before."""
    desk.put("open/a.html", PAGE)
    desk.put("open-too/b.html", PAGE)
    code, status = desk.code(desk.start, folder="open", ClientToken=f"{desk.name}-t")
    if code:
        return Answer({"strict_tokens": True}, {"token with other parameters": f"{code} ({status})"})
    job = desk.ended(desk.made[-1][1])
    both = job["JobDetails"]["InputDocumentsCount"] == 2
    return Answer({"strict_tokens": False, "open_prefix": "prefix" if both else "folder"})


def _auto(desk: Desk) -> Answer:
    code, status = desk.code(desk.start, folder="in/", SourceLanguageCode="auto", ParallelDataNames=[desk.kept["rows"]])
    ended = code or str(desk.ended(desk.made[-1][1])["JobStatus"])
    told = {"auto with parallel data": f"{ended} ({status})"}
    return Answer({"auto_with_parallel_data": ended == "COMPLETED"}, told)


def _stop(desk: Desk) -> Answer:
    job_id = desk.start("in/", JobName=f"{desk.name}-stop")
    said = desk.translate.stop_text_translation_job(JobId=job_id)["JobStatus"]
    job = desk.ended(job_id)
    _hold(job["JobStatus"] in {"STOPPED", "COMPLETED"}, job)
    again = desk.translate.stop_text_translation_job(JobId=job_id)["JobStatus"]
    return Answer(remarks={"stop answers": said, "then": job["JobStatus"], "stop of an ended job answers": again})


def _rates(desk: Desk) -> Answer:
    """Forty lists in a row, of which ten a second are allowed."""
    for _ in range(40):
        code, status = desk.code(desk.translate.list_parallel_data, MaxResults=1)
        if code:
            switches: dict[str, Any] = {"request_rates": True}
            if code == "TooManyRequestsException":
                switches["throttle_status"] = str(status)
            return Answer(switches, {"throttle": f"{code} ({status})"})
    return Answer({"request_rates": False})


def _delete(desk: Desk) -> Answer:
    name, waited = desk.kept["rows"], 0.0
    _is(desk.translate.delete_parallel_data(Name=name)["Status"], "DELETING")
    while (code := desk.code(desk.translate.get_parallel_data, Name=name)[0]) == "":
        _hold(waited < 3600, "still there after an hour")
        desk.sleep(5)
        waited += 5
    _is(code, "ResourceNotFoundException")
    return Answer({"delete_seconds": waited})


CASES: tuple[Case, ...] = (
    Case("languages", "the languages, page by page", _languages),
    Case("text", "TranslateText, its limit and a pair it does not have", _text, 16),
    Case("document", "TranslateDocument with HTML", _document, 60),
    Case("errors", "codes and statuses of errors", _errors),
    Case("terminology", "a terminology's life, its terms and its tags", _terminology, 16),
    Case("import", "an import, its counts, and a second one meanwhile", _import),
    Case("forbidden", "an update, and a field that begins with =", _forbidden),
    Case("folder", "parallel data named by a folder", _folder),
    Case("refusals", "jobs that are refused", _refusals, customised=200),
    Case("job", "a job with two targets, nesting and protected text", _job, customised=600),
    Case("prefix", "an input without its slash, and a token used twice", _prefix, 100),
    Case("auto", "a detected source together with parallel data", _auto, customised=300),
    Case("stop", "a job that is stopped", _stop, 200),
    Case("rates", "too many requests", _rates),
    Case("delete", "how long deleted parallel data are seen", _delete),
)


def switches_of(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """All the switches that were learnt."""
    return {name: value for answer in answers.values() for name, value in answer.switches.items()}
