"""Terminology files and where their terms apply."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from amts_tasks.emulator import terminology_file
from amts_tasks.emulator.engines import Term

CSV = b"en,fr,de\nrate,taux,Rate\nSGD,,SGD\n"
TMX = b"""<?xml version="1.0"?><tmx version="1.4"><header srclang="en"/><body>
<tu><tuv xml:lang="en"><seg>rate</seg></tuv><tuv xml:lang="fr"><seg>taux</seg></tuv></tu>
<tu><tuv xml:lang="fr"><seg>orphelin</seg></tuv></tu></body></tmx>"""


def bring(desk, content: bytes, form: str = "CSV", **more):
    data = {"File": content, "Format": form} | more
    return desk.translate.import_terminology(Name="words", MergeStrategy="OVERWRITE", TerminologyData=data)


def test_a_tmx_file_and_what_was_skipped(desk):
    made = bring(desk, TMX, "TMX")
    shown = made["TerminologyProperties"]
    assert (shown["Format"], shown["TermCount"], shown["SkippedTermCount"]) == ("TMX", 1, 1)
    status, body = desk.http("GET", made["AuxiliaryDataLocation"]["Location"])
    assert status == 200
    assert json.loads(body)["messages"] == [{"content": "Number 2 TU element", "message": "The source term is empty"}]
    assert "AuxiliaryDataLocation" in desk.translate.get_terminology(Name="words")


@pytest.mark.parametrize("form", ["CSV", "TSV", "TMX"])
def test_a_terminology_comes_in_any_format(desk, form):
    bring(desk, CSV)
    got = desk.translate.get_terminology(Name="words", TerminologyDataFormat=form)
    assert got["TerminologyDataLocation"]["Location"].partition("?")[0].endswith(f"words.{form.lower()}")
    content = desk.http("GET", got["TerminologyDataLocation"]["Location"])[1]
    again = terminology_file.read(content, form)
    assert again.terms("en", "de", "UNI") == (Term("rate", "Rate"), Term("SGD", "SGD"))


@pytest.mark.parametrize(
    ("directionality", "source", "target", "count"),
    [("UNI", "en", "fr", 1), ("UNI", "fr", "en", 0), ("MULTI", "fr", "en", 1), ("MULTI", "de", "fr", 1),
     ("MULTI", "en", "en", 0), ("MULTI", "en", "es", 0)],
)  # fmt: skip
def test_directions(directionality, source, target, count):
    assert len(terminology_file.read(CSV, "CSV").terms(source, target, directionality)) == count


def test_long_terms_are_skipped_and_the_last_of_two_counts():
    found = terminology_file.read(f"en,fr\na,b\n{'x' * 201},y\na,c\n,d\ne\n".encode(), "CSV")
    assert found.rows == [["a", "c"]]
    assert found.skipped == 3


@pytest.mark.parametrize(
    ("content", "form"),
    [(b"", "CSV"), (b"en\na\n", "CSV"), (b"en,xx\na,b\n", "CSV"), (b"en,fr\n", "CSV"), (b"\xff\xfe", "TSV"),
     (b"<tmx", "TMX"), (b'<!DOCTYPE t [<!ENTITY a "b">]><tmx/>', "TMX"), (b'en,fr\n"a,b\n', "CSV")],
)  # fmt: skip
def test_files_that_are_none(desk, content, form):
    with pytest.raises(ClientError) as error:
        bring(desk, content, form)
    assert error.value.response["Error"]["Code"] == "InvalidParameterValueException"
    assert desk.translate.list_terminologies()["TerminologyPropertiesList"] == []
