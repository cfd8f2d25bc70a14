"""Alignments as cases of text: a title, the pair, and between lone dots source, target and the beads expected."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from amts_tasks.align import align_blocks, align_sentences, pairs
from amts_tasks.align.encoders import vectors_for
from amts_tasks.languages import default_profile, split_pair
from amts_tasks.text import Block, parse

GOLDEN = Path(__file__).parents[1] / "golden" / "align"


class Case(NamedTuple):
    pair: str
    source: str
    target: str
    expected: list[str]


def cases(name: str) -> list[object]:
    found = []
    head: list[tuple[int, str]] = []
    parts: list[list[str]] | None = None
    for number, line in enumerate((GOLDEN / name).read_text(encoding="utf-8").split("\n"), start=1):
        if line != ".":
            if parts is not None:
                parts[-1].append(line)
            elif line:
                head.append((number, line))
        elif parts is None:
            parts = [[]]
        elif len(parts) < 3:
            parts.append([])
        else:
            (at, title), (_, pair) = head
            source, target = ("\n".join(lines) for lines in parts[:2])
            found.append(pytest.param(Case(pair, source, target, parts[2]), id=f"{at}-{title}"))
            head, parts = [], None
    assert not head
    return found


@pytest.mark.parametrize("case", cases("sentences.txt"))
def test_sentences(case: Case) -> None:
    profiles = [default_profile(code) for code in split_pair(case.pair)]
    beads = align_sentences(case.source.split("\n"), case.target.split("\n"), *profiles)
    assert [f"{list(bead.source)}:{list(bead.target)}" for bead in beads] == case.expected


@pytest.mark.parametrize("case", cases("blocks.txt"))
def test_blocks(case: Case) -> None:
    profiles = [default_profile(code) for code in split_pair(case.pair)]
    source, target = parse(case.source + "\n"), parse(case.target + "\n")
    beads = align_blocks(source, target, *profiles)
    lines = [
        f"{shown([source.blocks[i] for i in bead.source])} = {shown([target.blocks[j] for j in bead.target])}"
        for bead in beads
    ]
    assert lines == case.expected


@pytest.mark.parametrize("case", cases("pairs.txt"))
def test_pairs(case: Case) -> None:
    """The pairs of a document as `amts align` cuts them, with the encoder; lines of a text joined by a space."""
    codes = split_pair(case.pair)
    profiles = [default_profile(code) for code in codes]
    vectors = vectors_for(*codes)
    assert vectors is not None
    source, target = parse(case.source + "\n"), parse(case.target + "\n")
    beads = align_blocks(source, target, *profiles, vectors, moves=True)
    paragraphs = pairs(source, target, beads, "paragraph", *profiles)
    found = pairs(source, target, beads, "sentence", *profiles, vectors)
    lines = "\n\n".join(f"{' '.join(one.source.split())}\n= {' '.join(one.target.split())}" for one in found)
    assert lines.split("\n") == case.expected
    # Nothing of a paragraph pair is lost or said twice in its sentence pairs.
    for side in ("source", "target"):
        cut, whole = ("".join("".join(getattr(one, side) for one in some).split()) for some in (found, paragraphs))
        assert cut == whole


def shown(blocks: list[Block]) -> str:
    """The first line of each block that says something."""
    firsts = []
    for block in blocks:
        lines = block.text.strip().split("\n")
        firsts.append(next(line for line in lines if not line.startswith(("```", "#@tab"))))
    return " + ".join(firsts) or "-"
