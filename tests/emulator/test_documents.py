"""TranslateDocument, XLIFF jobs, detected languages, settings."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError
from lxml import etree

from amts_tasks.emulator import Emulator, Switches, xliff

WORDS = 'en,zh\nHello.,你好。\nGood <g id="1">morning</g>.,<g id="1">早上</g>好。\n'
XLIFF = """<?xml version="1.0" encoding="utf-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
 <file original="a" source-language="en" datatype="plaintext"><body>
  <trans-unit id="1"><source>Hello.</source><note>first</note></trans-unit>
  <trans-unit id="2"><source>Good <g id="1">morning</g>.</source><target>old</target></trans-unit>
  <trans-unit id="3" translate="no"><source>Hello.</source></trans-unit>
  <group translate="no"><trans-unit id="4"><source>Hello.</source></trans-unit></group>
  <trans-unit id="5"><source>See <ph id="1">&lt;b&gt;</ph> &amp; more.</source></trans-unit>
 </body></file>
</xliff>"""


@pytest.fixture
def echo(tmp_path, clock, at):
    with Emulator(tmp_path / "echo", clock=clock, engine="echo", job_seconds=60) as emulator:
        desk = at(emulator)
        yield desk
        desk.close()


def document(desk, content: bytes, kind: str, **more):
    given = {"SourceLanguageCode": "en", "TargetLanguageCode": "fr"} | more
    return desk.translate.translate_document(Document={"Content": content, "ContentType": kind}, **given)


def refused(desk, *args, **more) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        document(desk, *args, **more)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def test_translate_document(echo):
    table = {"File": b"en,fr\nrate,taux\n", "Format": "CSV"}
    echo.translate.import_terminology(Name="words", MergeStrategy="OVERWRITE", TerminologyData=table)
    page = b"<html><body><p>The rate.</p></body></html>"
    said = document(echo, page, "text/html", TerminologyNames=["words"], Settings={"Formality": "FORMAL"})
    assert said["TranslatedDocument"]["Content"] == b"<html><body><p>The taux.</p></body></html>"
    assert said["AppliedTerminologies"] == [{"Name": "words", "Terms": [{"SourceText": "rate", "TargetText": "taux"}]}]
    assert said["AppliedSettings"] == {"Formality": "FORMAL"}
    assert document(echo, b"One.\nTwo.\n", "text/plain")["TranslatedDocument"]["Content"] == b"One.\nTwo.\n"
    bill = echo.emulator.costs()
    assert bill["operations"]["TranslateDocument"]["characters"] == len("The rate.") + len("One.\nTwo.\n")


def test_documents_that_are_refused(echo):
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert "office" in refused(echo, b"x", office)[1]
    assert refused(echo, b"x", "image/png")[0] == "InvalidRequestException"
    assert refused(echo, b"\xff", "text/plain")[0] == "InvalidRequestException"
    assert refused(echo, b"x" * 102_401, "text/plain")[0] == "InvalidRequestException"
    assert refused(echo, b"x", "text/plain", SourceLanguageCode="de")[0] == "UnsupportedLanguagePairException"
    assert "Brevity" in refused(echo, b"x", "text/plain", Settings={"Brevity": "ON"})[1]


def test_an_xliff_job(desk):
    desk.import_rows("rows", WORDS.replace("Good <g", '"Good <g').replace('"1"', '""1""').replace(".,<g", '.","<g')
                     .replace("好。\n", '好。"\n', 2).replace('你好。"', "你好。"))  # fmt: skip
    desk.put("in/a.xlf", XLIFF)
    desk.put("in/b.xlf", XLIFF.replace('version="1.2" xmlns', 'version="2.0" xmlns'))
    job_id = desk.start(
        ParallelDataNames=["rows"],
        InputDataConfig={"S3Uri": "s3://book/in/", "ContentType": "application/x-xliff+xml"},
    )
    desk.emulator.clock.advance(60)
    assert desk.job(job_id)["JobStatus"] == "COMPLETED_WITH_ERROR"
    folder = f"out/123456789012-TranslateText-{job_id}/"
    root = etree.fromstring(desk.text(f"{folder}zh.a.xlf").encode())
    name = {"x": xliff.NAMESPACE}
    assert root.xpath("x:file/@target-language", namespaces=name) == ["zh"]
    units = {unit.get("id"): unit for unit in root.iter(f"{{{xliff.NAMESPACE}}}trans-unit")}
    targets = {number: unit.findall("x:target", name) for number, unit in units.items()}
    assert {number: len(found) for number, found in targets.items()} == {"1": 1, "2": 1, "3": 0, "4": 0, "5": 1}
    assert targets["1"][0].text == "你好。"
    assert etree.tostring(targets["2"][0], encoding="unicode").partition(">")[2].startswith('<g id="1">早上</g>好。')
    assert targets["5"][0].find("x:ph", name).text == "<b>"
    assert [child.tag.rpartition("}")[2] for child in units["1"]] == ["source", "target", "note"]
    details = json.loads(desk.text(f"{folder}details/zh.auxiliary-translation-details.json"))
    assert "expected XLIFF 1.2" in details["details"][1]["auxiliaryData"]["error"]["errorMessage"]


def test_a_detected_source(echo):
    said = echo.translate.translate_text(
        Text="Ceci est une phrase en français, assez longue.", SourceLanguageCode="auto", TargetLanguageCode="en"
    )
    assert said["SourceLanguageCode"] == "fr"
    with pytest.raises(echo.translate.exceptions.DetectedLanguageLowConfidenceException) as error:
        echo.translate.translate_text(Text="12 + 3", SourceLanguageCode="auto", TargetLanguageCode="en")
    assert error.value.response["DetectedLanguageCode"] == "en"
    echo.put("in/a.html", "<html><body>Dies ist ein deutscher Satz über das Wetter.</body></html>")
    echo.put("in/b.html", "<html><body>1 2 3</body></html>")
    job_id = echo.start(SourceLanguageCode="auto", TargetLanguageCodes=["en"])
    echo.emulator.clock.advance(60)
    folder = f"out/123456789012-TranslateText-{job_id}/"
    details = json.loads(echo.text(f"{folder}details/en.auxiliary-translation-details.json"))
    assert details["details"][0]["sourceLanguage"] == "de"
    assert "could not be detected" in details["details"][1]["auxiliaryData"]["error"]["errorMessage"]


@pytest.mark.parametrize(
    ("source", "target", "shown"),
    [
        ("en", "de", {"Formality": "FORMAL", "Profanity": "MASK", "Brevity": "ON"}),
        ("en", "zh", {"Profanity": "MASK"}),
        ("es", "en", {"Profanity": "MASK", "Brevity": "ON"}),
        ("en", "hi", {"Formality": "FORMAL"}),
    ],
)
def test_settings_apply_where_the_service_does(echo, source, target, shown):
    said = echo.translate.translate_text(
        Text="x",
        SourceLanguageCode=source,
        TargetLanguageCode=target,
        Settings={"Formality": "FORMAL", "Profanity": "MASK", "Brevity": "ON"},
    )
    assert said["AppliedSettings"] == shown


def test_quotas_of_a_job(tmp_path, clock, at):
    for switches, said in (
        (Switches(job_documents=1), "at most 1 documents"),
        (Switches(job_bytes=10), "of 10 bytes"),
    ):
        with Emulator(clock=clock, engine="echo", switches=switches) as emulator:
            desk = at(emulator)
            for name in ("a", "b"):
                desk.put(f"in/{name}.html", "<html><body>Hello.</body></html>")
            with pytest.raises(ClientError, match=said):
                desk.start()
            desk.close()
