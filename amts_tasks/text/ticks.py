"""Runs of backticks: which of them ends the code span that another begins."""

from __future__ import annotations

import re
from bisect import bisect_right

_TICKS = re.compile(r"`+")


class Ticks:
    """The runs of backticks of a text, so that the end of a code span is found without a search."""

    __slots__ = ("_source", "_starts")

    def __init__(self, source: str) -> None:
        self._source = source
        self._starts: dict[int, list[int]] | None = None  # by length; looked for when they are asked for

    def end(self, start: int) -> int:
        """Where the run of backticks ends that begins here."""
        return _TICKS.match(self._source, start).end()  # type: ignore[union-attr]

    def close(self, start: int, end: int) -> int | None:
        """Where the code span that source[start:end] opens ends; None where it does not."""
        if self._starts is None:
            self._starts = {}
            for match in _TICKS.finditer(self._source):
                self._starts.setdefault(match.end() - match.start(), []).append(match.start())
        starts = self._starts.get(end - start, [])
        next_one = bisect_right(starts, start)
        return starts[next_one] + end - start if next_one < len(starts) else None
