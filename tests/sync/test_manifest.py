"""The manifest: read, written, rebuilt, and what it says of a translation that was edited since."""

from __future__ import annotations

import json

import pytest

from amts_tasks.align import Bead
from amts_tasks.errors import InputError
from amts_tasks.sync.manifest import Manifest, Record, Replaced, State, read, rebuild, write
from amts_tasks.text import parse

PATH = "a/doc.md"
BASE = parse("# One\n\nTwo words.\n", PATH)
TARGET = parse("# Uno\n\nDos palabras.\n\nUna nota.\n", PATH)
BEADS = (Bead((0,), (0,)), Bead((2,), (2,)), Bead((), (4,)))


def made(origin: str = "machine") -> Manifest:
    return rebuild("en-es", {PATH: BASE}, {PATH: TARGET}, {PATH: BEADS}, lambda _: origin, lambda _: "r1", "2024-01-01")


def test_it_is_read_as_it_was_written() -> None:
    manifest = made().merge({"é.md": ()})
    data = write(manifest)
    assert read(data) == manifest
    assert write(read(data)) == data
    assert data.decode().count("\n") < 20
    assert json.loads(data)["version"] == 2


def test_first_contact_stands_as_declared() -> None:
    nothing = Manifest("en-es")
    assert {one.state for one in nothing.standings(PATH, TARGET, "machine")} == {State.machine}
    assert {one.state for one in nothing.standings(PATH, TARGET, "post-edited")} == {State.human}
    assert not any(one.edited for one in nothing.standings(PATH, TARGET, "human"))


def test_an_edit_makes_a_block_human_and_only_that_one() -> None:
    edited = parse(TARGET.text.replace("Dos palabras", "Dos vocablos"), PATH)
    standings = made().standings(PATH, edited, "machine")
    assert [(one.state, one.edited) for one in standings[::2]] == [
        (State.machine, False),
        (State.human, True),
        (State.machine, False),
    ]


def test_rebuilt_records_say_what_each_block_was_made_from() -> None:
    one, two, note = made("human").documents[PATH]
    assert one.source
    assert two.source
    assert (note.source, note.revision, note.state) == ("", "", State.human)


def test_merging_replaces_and_removes_documents() -> None:
    record = Record("x", State.approved, "kept")
    manifest = made().merge({PATH: None, "b.md": [record]})
    assert manifest.documents == {"b.md": (record,)}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff", "found no JSON"),
        (b"[]", 'found no "format": "amts-manifest"'),
        (b'{"format": "amts-manifest", "version": 3}', "found version 3; this AMTS knows versions up to 2"),
        (b'{"format": "amts-manifest", "version": true}', "found version True"),
        (b'{"format": "amts-manifest", "version": 1, "pair": "x"}', "found a record this AMTS cannot read"),
        (
            b'{"format": "amts-manifest", "version": 1, "pair": "x", "documents": {"a": [{"state": "good"}]}}',
            "not a valid State",
        ),
    ],
)
def test_what_is_no_manifest_of_ours_is_an_input_error(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(data, "manifest.json")


def test_what_a_text_replaced_is_read_back_and_version_1_knew_nothing_of_it() -> None:
    record = Record("x", State.machine, "sent", replaced=Replaced(("a «b»", "c"), ("损失",)))
    manifest = Manifest("en-es", {"b.md": (record,)})
    data = write(manifest)
    assert read(data) == manifest
    assert "损失" in data.decode(), "a person can read it"
    old = write(made()).replace(b'"version": 2', b'"version": 1')
    assert read(old) == made()
