"""The real book: English and its translation as their repository has them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from amts_tasks.align import align_blocks
from amts_tasks.align.features import PROSE
from amts_tasks.languages import default_profile
from amts_tasks.text import parse

DATA = Path(os.environ.get("AMTS_D2L_DATA") or Path(__file__).parents[3] / "shared" / "data" / "d2l")


@pytest.mark.d2l
@pytest.mark.skipif(not (DATA / "manifest.json").is_file(), reason="the real book is not here; set AMTS_D2L_DATA")
@pytest.mark.parametrize(("language", "least"), [("zh", 0.975), ("tr", 0.995)])
def test_share_of_source_prose_that_pairs_one_to_one(language: str, least: float) -> None:
    prose = paired = 0
    for entry in json.loads((DATA / "manifest.json").read_text(encoding="utf-8")):
        if entry["lang"] != language or not (DATA / entry["source"]).is_file():
            continue
        source, target = (parse((DATA / entry[side]).read_text(encoding="utf-8")) for side in ("source", "target"))
        for bead in align_blocks(source, target, default_profile("en"), default_profile(language)):
            blocks = sum(source.blocks[index].kind in PROSE for index in bead.source)
            prose += blocks
            paired += blocks if bead.kind == "1-1" else 0
    assert prose > 2000
    assert paired / prose >= least
