from __future__ import annotations

from typing import get_args

import pytest

from amts_tasks.align import align_blocks, pairs
from amts_tasks.align.beads import Bead
from amts_tasks.align.pairs import cut, paragraph_pairs
from amts_tasks.align.quality import CALIBRATIONS, Kind, fitted, log_odds, quality
from amts_tasks.languages import default_profile
from amts_tasks.text import parse

EN, TR = default_profile("en"), default_profile("tr")
SOURCE = "The urn holds ten balls. We draw 3 of them. Nobody puts them back.\n"
TARGET = "Torbada on top vardır. Bunlardan 3 tanesini çekeriz. Kimse onları geri koymaz.\n"


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_probability_that_rises_with_the_odds(kind: Kind) -> None:
    found = [quality(log_odds(share), kind) for share in (0.0, 1e-4, 0.2, 0.5, 0.8, 0.999, 1.0)]
    assert found == sorted(found)
    assert 0 <= found[0] < 0.1
    assert 0.3 < found[3] < 0.8
    assert 0.99 < found[-1] <= 1


def test_what_is_applied_is_what_was_fitted() -> None:
    assert dict(CALIBRATIONS) == fitted()
    assert set(fitted()) == set(get_args(Kind))


def test_a_sentence_is_right_when_its_paragraphs_and_itself_are() -> None:
    source, target = parse(SOURCE, "a.md"), parse(TARGET, "a.md")
    bead = Bead((0,), (0,), 0.0, "order", 0.9)
    (placed,) = paragraph_pairs(source, target, (bead,), EN, TR)
    (alone,) = cut([placed], EN, TR)
    (sure,) = cut(paragraph_pairs(source, target, (Bead((0,), (0,), 0.0, "order", 1.0),), EN, TR), EN, TR)
    assert len(alone) == len(sure) == 3
    assert [one.score for one in alone] == [round(0.9 * one.score, 4) for one in sure]
    assert max(one.score for one in alone) <= 0.9


def test_one_sentence_is_as_sure_as_its_paragraph() -> None:
    source, target = parse("The urn is full.\n", "a.md"), parse("Torba dolu.\n", "a.md")
    (pair,) = pairs(source, target, (Bead((0,), (0,), 0.0, "order", 0.8),), "sentence", EN, TR)
    assert (pair.kind, pair.score) == ("sentence", 0.8)


def test_a_pair_that_could_as_well_be_another_is_less_sure() -> None:
    clear = align_blocks(parse("# Urn `a`\n\nTen `x`.\n"), parse("# Torba `a`\n\nOn `x`.\n"), EN, TR)
    doubtful = align_blocks(parse("One of it.\n\nTen of it.\n"), parse("Ondan on tane.\n"), EN, TR)
    assert all(bead.quality > 0.99 for bead in clear)
    assert all(bead.quality < 0.9 for bead in doubtful if bead.source and bead.target)
