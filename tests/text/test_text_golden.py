"""Cases a translator can read and add to: tests/golden/text/*.md, each a title, a document and its outline.

The outline has a line for each block that is not blank, and below it each of its texts as the translator is sent it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from amts_tasks.languages import default_profile
from amts_tasks.roundtrip.engines import swapcase
from amts_tasks.text import Kind, Segment, parse, render, same_structure
from amts_tasks.translate.check import restore
from amts_tasks.translate.exchange import inner_html

GOLDEN = Path(__file__).parent.parent / "golden" / "text"
CASE = re.compile(r"^(?P<title>[^\n]+)\n\.\n(?P<source>.*?)^\.\n(?P<outline>.*?)^\.\n", re.DOTALL | re.MULTILINE)
CASES = [
    pytest.param(match["source"], match["outline"], id=f"{path.name}:{text[: match.start()].count(chr(10)) + 1}")
    for path in sorted(GOLDEN.glob("*.md"))
    for text in [path.read_text("utf-8")]
    for match in CASE.finditer(text)
]
ENGLISH = default_profile("en")


def outline(text: str) -> str:
    lines = []
    for block in parse(text).blocks:
        if block.kind == Kind.blank:
            continue
        words = [block.kind.value]
        words += [str(block.level)] if block.level else []
        words += [f"tab={block.tab}"] if block.tab else []
        words += ["labels=" + ",".join(block.labels)] if block.labels else []
        lines.append(" ".join(words))
        lines += ["  " + inner_html(Segment.of(run.source)) for run in block.texts]
    return "".join(line + "\n" for line in lines)


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_outline(source: str, expected: str) -> None:
    assert outline(source) == expected


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_comes_back_with_other_letters_and_the_same_structure(source: str, expected: str) -> None:
    document = parse(source)
    replacements = {}
    for block in document.blocks:
        for run in block.texts:
            segment = Segment.of(run.source)
            back = swapcase(f"<body>{inner_html(segment)}").removeprefix("<body>")
            restored = restore(segment, back, ENGLISH, ENGLISH)
            assert restored.text is not None, restored.faults
            replacements[block.index, run.index] = restored.text
    assert same_structure(document, parse(render(document, replacements))) is None


def test_every_case_is_found() -> None:
    assert len(CASES) > 120
