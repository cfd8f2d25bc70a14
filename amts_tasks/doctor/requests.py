"""Cases of the contract about single requests: languages, text, documents, terminology, errors, rates."""

from __future__ import annotations

from typing import Any

from amts_tasks.doctor.case import PAGE, Answer, among, hold, same
from amts_tasks.doctor.desk import Desk


def languages(desk: Desk) -> Answer:
    first = desk.translate.list_languages(MaxResults=10)
    hold(len(first["Languages"]) <= 10, "MaxResults=10 gave more than ten languages")
    found, token = {row["LanguageCode"] for row in first["Languages"]}, first.get("NextToken")
    while token:
        page = desk.translate.list_languages(MaxResults=10, NextToken=token)
        found |= {row["LanguageCode"] for row in page["Languages"]}
        token = page.get("NextToken")
    hold({"en", "es", "fr", "zh", "tr", "auto"} <= found, sorted(found))
    return Answer(remarks={"languages": str(len(found) - 1)})


def text(desk: Desk) -> None:
    given = {"Text": "The sky is blue.", "SourceLanguageCode": "en", "TargetLanguageCode": "es"}
    said = desk.translate.translate_text(**given)
    hold(bool(said["TranslatedText"]), "nothing was translated")
    same((said["SourceLanguageCode"], said["TargetLanguageCode"]), ("en", "es"))
    long = given | {"Text": "é" * 5001}
    same(desk.code(desk.translate.translate_text, **long)[0], "TextSizeLimitExceededException")
    wrong = given | {"TargetLanguageCode": "xx"}
    same(desk.code(desk.translate.translate_text, **wrong)[0], "UnsupportedLanguagePairException")


def document(desk: Desk) -> None:
    said = desk.translate.translate_document(
        Document={"Content": PAGE.encode(), "ContentType": "text/html"},
        SourceLanguageCode="en",
        TargetLanguageCode="es",
    )
    hold(said["TranslatedDocument"]["Content"].startswith(b"<html><body><p>"), said["TranslatedDocument"])


def errors(desk: Desk) -> Answer:
    switches: dict[str, Any] = {}
    code, status = desk.code(desk.translate.get_parallel_data, Name=f"{desk.name}-none")
    same(code, "ResourceNotFoundException")
    switches["client_error_status"] = "400" if status == 400 else "model"
    code, _ = desk.code(desk.translate.get_parallel_data, Name="not a name!")
    among(code, {"InvalidParameterValueException", "ValidationException"})
    switches["validation_code"] = "ValidationException" if code == "ValidationException" else "declared"
    return Answer(switches)


def terminology(desk: Desk) -> None:
    name = f"{desk.name}-words"
    desk.made.append(("terminology", name))
    table = {"File": b"en,es\nsky,FIRMAMENTO\n", "Format": "CSV"}
    made = desk.translate.import_terminology(Name=name, MergeStrategy="OVERWRITE", TerminologyData=table)
    same(made["TerminologyProperties"]["TermCount"], 1)
    got = desk.translate.get_terminology(Name=name, TerminologyDataFormat="CSV")
    among("FIRMAMENTO", desk.fetch(got["TerminologyDataLocation"]))
    said = desk.translate.translate_text(
        Text="The sky is blue.", SourceLanguageCode="en", TargetLanguageCode="es", TerminologyNames=[name]
    )
    among("FIRMAMENTO", said["TranslatedText"])
    same(said["AppliedTerminologies"][0]["Terms"], [{"SourceText": "sky", "TargetText": "FIRMAMENTO"}])
    arn = made["TerminologyProperties"]["Arn"]
    desk.translate.tag_resource(ResourceArn=arn, Tags=[{"Key": "amts", "Value": "probe"}])
    same(desk.translate.list_tags_for_resource(ResourceArn=arn)["Tags"], [{"Key": "amts", "Value": "probe"}])
    desk.translate.untag_resource(ResourceArn=arn, TagKeys=["amts"])
    same(desk.translate.list_tags_for_resource(ResourceArn=arn)["Tags"], [])
    desk.translate.delete_terminology(Name=name)
    same(desk.code(desk.translate.get_terminology, Name=name)[0], "ResourceNotFoundException")


def rates(desk: Desk) -> Answer:
    """Forty lists in a row, of which ten a second are allowed."""
    for _ in range(40):
        code, status = desk.code(desk.translate.list_parallel_data, MaxResults=1)
        if code:
            switches: dict[str, Any] = {"request_rates": True}
            if code == "TooManyRequestsException":
                switches["throttle_status"] = str(status)
            return Answer(switches, {"throttle": f"{code} ({status})"})
    return Answer({"request_rates": False})
