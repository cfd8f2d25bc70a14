"""Cases by language in tests/golden/checks: a title, the source, what the service returned, and what becomes of it.

What becomes of it is the text as it may stand in a book, or ``refused:`` with the kinds of damage.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from amts_tasks.languages import load_profiles
from amts_tasks.text import Segment
from amts_tasks.translate.check import restore

ROOT = Path(__file__).parents[1]
PROFILES = load_profiles(ROOT.parent / "config" / "languages")
CASE = re.compile(
    r"^(?P<title>[^\n]+)\n\.\n(?P<source>.*?)\n\.\n(?P<back>.*?)\n\.\n(?P<end>.*?)\n\.\n", re.DOTALL | re.MULTILINE
)
CASES = [
    pytest.param(
        path.stem,
        match["source"],
        match["back"],
        match["end"],
        id=f"{path.name}:{text[: match.start()].count(chr(10)) + 1}",
    )
    for path in sorted((ROOT / "golden" / "checks").glob("*.md"))
    for text in [path.read_text("utf-8")]
    for match in CASE.finditer(text)
]


def test_every_language_has_cases() -> None:
    assert {case.values[0] for case in CASES} == {"es", "ja", "ko", "tr", "vi", "zh"}


@pytest.mark.parametrize(("language", "source", "back", "end"), CASES)
def test_case(language: str, source: str, back: str, end: str) -> None:
    restored = restore(Segment.of(source), back, PROFILES["en"], PROFILES[language])
    kinds = "refused: " + ", ".join(fault.kind.value for fault in restored.faults)
    assert (restored.text if restored.text is not None else kinds) == end
