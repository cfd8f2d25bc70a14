"""The report says how far the translation is behind, and when nights pass and nothing is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

Small = Any
NOW = datetime.fromisoformat("2026-03-01T02:00:00+00:00")


def test_what_waits_ages_and_quiet_nights_are_told(small: Small) -> None:
    small.edit(("    budget: {run: 5, evaluation: 5}\n  zh-en:", "    budget: {run: 5, evaluation: 5}\n    review: "
                "{branches: 1, quiet_nights: 3}\n  zh-en:"))  # fmt: skip
    small.revise()
    small.revise("index.md", "small book", "short book")
    results = small.run()
    first = results["publish"]["freshness"]
    assert 0.5 < first["share"] < 1
    assert first["behind"] == 1
    assert "of the book is in step with its source; behind longest" in small.shown["publish"]
    for night in (1, 2, 3):
        assert small.run(now=NOW + timedelta(days=night)) is None
        told = [line for line in small.said if "3 nights in a row nothing was published" in line]
        assert bool(told) == (night == 3)
    small.merge("amts/en-zh/index")
    later = small.run(now=NOW + timedelta(days=4))["publish"]["freshness"]
    assert (later["share"], later["behind"], later["stalest"]) == (1.0, 0, "")
    assert "100.0% of the book is in step" in small.shown["publish"]
