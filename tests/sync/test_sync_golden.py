"""Cases as text: base, new source, translation, merged text; what is sent comes back with `MT ` before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import Versioned, deliver, merge_document, plan_book
from amts_tasks.text import parse

FOLDER = Path(__file__).parents[1] / "golden" / "sync"
MARK = "====\n"


def cases() -> Iterator[object]:
    for path in sorted(FOLDER.glob("*.md")):
        line = 1
        for number, part in enumerate(path.read_text(encoding="utf-8").split("\n########\n")):
            title, *sections = part.lstrip("\n").split(MARK)
            assert len(sections) == 4, f"{path.name}: case {number + 1} has {len(sections)} sections; expected 4"
            yield pytest.param(*sections, id=f"{path.stem}:{line} {title.strip()}")
            line += part.count("\n") + 2


@pytest.mark.parametrize(("base", "source", "target", "expected"), list(cases()))
def test_merge(base: str, source: str, target: str, expected: str) -> None:
    english, other = default_profile("en"), default_profile("es")
    path = "chapter/doc.md"
    old, ours = parse(base, path), parse(target, path)
    book = Versioned(
        {path: old}, {path: parse(source, path)}, {path: ours}, {path: align_blocks(old, ours, english, other)}
    )
    plan = plan_book("en-es", {}, book, other, source_profile=english)
    answers = {text.id: f"MT {text.source}" for text in plan.wanted}
    merged = merge_document(plan.documents[0], deliver(plan, answers)[path])
    assert merged.damaged is None
    assert merged.text == expected
