"""Cases of the contract about parallel data: its import, what fails it, its end."""

from __future__ import annotations

from amts_tasks.doctor.case import Answer, among, hold, same
from amts_tasks.doctor.desk import Desk

SKY = "The sky is blue.,El cielo es azul.,Le ciel est bleu.\n"
ROWS = f'en,es,fr\n{SKY}"See ""x"", then go.",Mira y ve.,Vois et va.\n,Nada,Rien\n'


def import_(desk: Desk) -> Answer:
    """A file with two records and one without a source; a second import meanwhile."""
    name = desk.create("rows", desk.put("pd/rows.csv", ROWS))
    among(desk.data(name)["Status"], {"CREATING", "ACTIVE"})
    code = ""
    if desk.data(name)["Status"] == "CREATING":
        config = {"S3Uri": f"s3://{desk.bucket}/{desk.prefix}pd/rows.csv", "Format": "CSV"}
        desk.made.append(("parallel data", f"{desk.name}-second"))
        code, _ = desk.code(desk.translate.create_parallel_data, Name=f"{desk.name}-second", ParallelDataConfig=config)
    held = desk.imported(name)
    same(held["Status"], "ACTIVE", held.get("Message"))
    same((held["SourceLanguageCode"], sorted(held["TargetLanguageCodes"])), ("en", ["es", "fr"]))
    hold(held["ImportedRecordCount"] == 2, held)
    hold(held["SkippedRecordCount"] == 1, held)
    same(desk.fetch(desk.translate.get_parallel_data(Name=name)["DataLocation"]), ROWS)
    taken, _ = desk.code(desk.translate.create_parallel_data, Name=name, ParallelDataConfig=held["ParallelDataConfig"])
    hold(taken in {"ConflictException", "LimitExceededException"}, f"a name that is taken answers {taken}")
    desk.kept["rows"] = name
    return Answer({"busy_code": code} if code else {}, {} if code else {"busy_code": "a second import was accepted"})


def forbidden(desk: Desk) -> Answer:
    """A field that begins with =, in an update; meanwhile the old data stays."""
    name = desk.kept["rows"]
    uri = desk.put("pd/forbidden.csv", f"en,es,fr\n{SKY}=1+1,dos,deux\n")
    answer = desk.translate.update_parallel_data(Name=name, ParallelDataConfig={"S3Uri": uri, "Format": "CSV"})
    same((answer["Status"], answer["LatestUpdateAttemptStatus"]), ("ACTIVE", "UPDATING"))
    during = desk.data(name)
    same(during["Status"], "ACTIVE")
    held = desk.imported(name)
    same(held["Status"], "ACTIVE")
    if held["LatestUpdateAttemptStatus"] == "FAILED":
        return Answer({"forbidden_start": "fail_import"}, {"forbidden_start": held.get("Message", "")})
    accepted = held["ImportedRecordCount"] == 2
    return Answer({"forbidden_start": "accept" if accepted else "fail_record"})


def folder(desk: Desk) -> Answer:
    """Parallel data named by a folder, as the model's text has it."""
    desk.put("pd/one/rows.csv", ROWS)
    name = desk.create("folder", f"s3://{desk.bucket}/{desk.prefix}pd/one/")
    return Answer({"import_folder": desk.imported(name)["Status"] == "ACTIVE"})


def delete(desk: Desk) -> Answer:
    name, waited = desk.kept["rows"], 0.0
    same(desk.translate.delete_parallel_data(Name=name)["Status"], "DELETING")
    while (code := desk.code(desk.translate.get_parallel_data, Name=name)[0]) == "":
        hold(waited < 3600, "still there after an hour")
        desk.sleep(5)
        waited += 5
    same(code, "ResourceNotFoundException")
    return Answer({"delete_seconds": waited})
