"""The real book's pairs as TMX: translate-toolkit and the emulator's importer read every unit that is written."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from amts_tasks.align import Pair, align_blocks, pairs
from amts_tasks.emulator import parallel_file as importer
from amts_tasks.emulator.switches import Switches
from amts_tasks.languages import default_profile
from amts_tasks.memory import build, tmx
from amts_tasks.memory.carried import Carried, Head
from amts_tasks.memory.parallel_data import BAD_START
from amts_tasks.memory.parallel_file import rows_of, written
from amts_tasks.text import parse

DATA = Path(os.environ.get("AMTS_D2L_DATA") or Path(__file__).parents[3] / "shared" / "data" / "d2l")
EN, ZH = default_profile("en"), default_profile("zh")
DOCUMENTS = 24
"""Of 72: pairing without an encoder costs most of the time."""

pytestmark = [
    pytest.mark.d2l,
    pytest.mark.skipif(not (DATA / "manifest.json").is_file(), reason="the real book is not here; set AMTS_D2L_DATA"),
]


@pytest.fixture(scope="module")
def book() -> list[Pair]:
    """The paragraph pairs of every third Chinese document."""
    entries = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    chosen = [one for one in entries if one["lang"] == "zh"][::3][:DOCUMENTS]
    found: list[Pair] = []
    for entry in chosen:
        source, target = (
            parse((DATA / entry[side]).read_text(encoding="utf-8"), entry["article"]) for side in ("source", "target")
        )
        found += pairs(source, target, align_blocks(source, target, EN, ZH), "paragraph", EN, ZH)
    assert len(found) > 800
    return found


def toolkit(data: bytes) -> list[tuple[str, str]]:
    from translate.storage import tmx as toolkit_tmx

    store = toolkit_tmx.tmxfile(io.BytesIO(data), "en", "zh")
    return [(unit.source, unit.target) for unit in store.units]


def test_a_memory_reads_back_unit_by_unit(book: list[Pair]) -> None:
    kept = [Carried(one.source, one.target, str(n), one.document, "human") for n, one in enumerate(book)]
    file = io.BytesIO()
    assert tmx.write(file, kept, Head("en", "zh")) == len(book)
    ours = [(one.source, one.target) for one in tmx.read(io.BytesIO(file.getvalue()), "x", "en", "zh")]
    assert ours == [(one.source, one.target) for one in book]
    assert len(toolkit(file.getvalue())) == len(book)


def test_parallel_data_are_the_same_to_both_readers(book: list[Pair]) -> None:
    data = build(book, EN, ZH)
    file = written(data.texts, ("en", "zh"), "tmx")
    imported = importer.read(file, "TMX", Switches())
    assert (imported.failed, imported.skipped) == (0, 0)
    assert [(source, row["zh"]) for source, row in imported.records.items()] == list(data.texts)
    assert toolkit(file) == list(data.texts)
    # The CSV holds the same but for the rows it may not hold, which are counted.
    assert len(importer.read(data.csv, "CSV", Switches()).records) == len(rows_of(data.csv)[1]) == data.rows > 700
    assert len(data.texts) - data.rows == data.reasons.get(BAD_START, 0)
