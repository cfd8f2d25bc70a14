"""What a translator is shown of a text, and what not."""

from __future__ import annotations

import pytest

from amts_tasks.text import Segment, normalise

SOURCE = "The **loss** $l$ of [a `model`](m.md), see :numref:`sec_a`."


def test_views() -> None:
    segment = Segment.of(SOURCE)
    assert segment.plain == "The loss  of a , see ."
    assert segment.masked == "The loss {0} of a {1}, see {2}."
    assert segment.letters == len("Thelossofasee")
    assert [placeholder.kind for placeholder in segment.placeholders] == ["math", "code", "role"]
    assert segment.pairs == (("**", "**"), ("[", "](m.md)"))


@pytest.mark.parametrize("kept", ["$x$", "`x`", ":cite:`a,b`", "https://example.org", "![](a.png)", "12 %", ""])
def test_nothing_to_translate(kept: str) -> None:
    assert not Segment.of(kept).translatable


def test_equal_segments_are_equal() -> None:
    assert Segment.of(SOURCE) == Segment.of(SOURCE)
    assert hash(Segment.of(SOURCE)) == hash(Segment.of(SOURCE))


def test_normalise() -> None:
    assert normalise("a \n b\tc\u00a0 d ") == "a b c d"
    assert normalise("e\u0301") == "é"
