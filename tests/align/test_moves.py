"""Blocks that the translators put elsewhere, and blocks that one side does not have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from amts_tasks.align import Bead, align_blocks
from amts_tasks.align.blocks import monotone
from amts_tasks.align.meaning import Floats
from amts_tasks.languages import default_profile
from amts_tasks.text import ParsedDocument, parse

EN, ZH = default_profile("en"), default_profile("zh")
SUBJECTS = ("snow", "bread", "trains", "chess", "glaciers", "violins", "bees", "volcanoes", "tides", "kites")


class ByWord:
    """Vectors by the subject a sentence names, the same in either language; no subject, no direction."""

    def knows(self, *languages: str) -> bool:
        return {"en", "zh"} >= set(languages)

    def pooled(self, texts: Sequence[str], /) -> Floats:
        rows = np.zeros((len(texts), len(SUBJECTS) + 1), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for place, subject in enumerate(SUBJECTS):
                row[place] = subject in text
            row[-1] = 0.2
        return rows

    def finish(self, pooled: Floats, /) -> Floats:
        return pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-9)


def english(subjects: Sequence[str]) -> str:
    return (
        "\n\n".join(f"This paragraph tells of {subject} and of little else that matters." for subject in subjects)
        + "\n"
    )


def chinese(subjects: Sequence[str]) -> str:
    return "\n\n".join(f"这一段主要讲的是{subject}，别的几乎都不讲。" for subject in subjects) + "\n"


Said = tuple[str, str, str]


def found(source: str, target: str, vectors: ByWord | None = None) -> tuple[list[Said], tuple[Bead, ...]]:
    """First words of what pairs with what, and how."""
    one, other = parse(source), parse(target)
    beads = align_blocks(one, other, EN, ZH, vectors, moves=True)
    return [(said(one, bead.source), said(other, bead.target), bead.method) for bead in beads], beads


def said(document: ParsedDocument, indices: Sequence[int]) -> str:
    text = " ".join(document.blocks[index].text for index in indices)
    return " ".join(subject for subject in SUBJECTS if subject in text)


@pytest.mark.parametrize("place", range(len(SUBJECTS) + 1))
def test_an_added_block_shifts_nothing(place: int) -> None:
    more = list(SUBJECTS)
    more.insert(place, "nothing in particular")
    pairs, _ = found(english(SUBJECTS), chinese(more), ByWord())
    assert [(a, b) for a, b, _ in pairs if a] == [(subject, subject) for subject in SUBJECTS]


@pytest.mark.parametrize("place", range(len(SUBJECTS)))
def test_a_missing_block_shifts_nothing(place: int) -> None:
    less = [subject for number, subject in enumerate(SUBJECTS) if number != place]
    pairs, _ = found(english(SUBJECTS), chinese(less), ByWord())
    assert [(a, b) for a, b, _ in pairs if b] == [(subject, subject) for subject in less]


def test_a_moved_paragraph_is_found_by_what_it_says() -> None:
    order = [*SUBJECTS[1:8], SUBJECTS[0], *SUBJECTS[8:]]
    pairs, beads = found(english(SUBJECTS), chinese(order), ByWord())
    assert ("snow", "snow", "moved+meaning") in pairs
    assert {(a, b) for a, b, _ in pairs} == {(subject, subject) for subject in SUBJECTS}
    still = monotone(beads)
    assert [index for bead in still for index in bead.target] == sorted(i for bead in beads for i in bead.target)
    assert [bead.method for bead in still].count("omission") == 2


@pytest.mark.parametrize(
    ("block", "method"),
    [
        (":label:`sec_of_its_own`", "moved+equal"),
        ("```\nprint('a cell that was put elsewhere')\n```", "moved+equal"),
        ("$$y = \\sum_i a_i x_i + b_0 \\log c_i$$", "moved+equal"),
        ("The weights of :numref:`fig_scale` and `nn.Linear(7, 3)` are $w_{17}$.", "moved+anchor"),
    ],
)
def test_a_moved_block_is_found_by_its_anchors_without_vectors(block: str, method: str) -> None:
    there = block.replace("The weights of", "权重").replace(" and ", "和").replace(" are ", "是")
    marks = [f"See `step_{number}` of {subject}." for number, subject in enumerate(SUBJECTS)]
    source = "\n\n".join([block, *marks]) + "\n"
    target = "\n\n".join([*(mark.replace("See", "参见") for mark in marks), there]) + "\n"
    one, other = parse(source), parse(target)
    moved = [bead for bead in align_blocks(one, other, EN, ZH, moves=True) if bead.method.startswith("moved")]
    assert [bead.method for bead in moved] == [method]
    assert one.blocks[moved[0].source[0]].start == 0
    assert other.blocks[moved[0].target[0]].text.strip() == there


def test_a_paragraph_that_became_a_list_is_one_bead() -> None:
    source = "Three things matter: snow falls, bread rises, and trains run late in winter.\n\nThen there is chess.\n"
    target = "有三件重要的事情：\n\n* 下snow了；\n* bread发起来了；\n* 冬天trains总是晚点。\n\n还有chess。\n"
    pairs, _ = found(source, target, ByWord())
    assert [(a, b) for a, b, _ in pairs] == [("snow bread trains", "snow bread trains"), ("chess", "chess")]


def test_nothing_left_over_is_paired_by_mere_chance() -> None:
    pairs, _ = found(english(["snow", "bread"]), chinese(["chess", "bees"]), ByWord())
    assert not any(method.startswith("moved") for _, _, method in pairs)
