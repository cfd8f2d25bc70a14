"""Formulas within inline Markdown: what a dollar sign or an escaped bracket begins."""

from __future__ import annotations

import re

from amts_tasks.text.ticks import Ticks

_TEX = re.compile(r"\\[A-Za-z]|[=^_+<>]")
_INLINE_MATH = re.compile(r"\$(?![\s$])(?:[^$\\]|\\.)++(?<!\s)\$", re.DOTALL)
_DISPLAY_MATH = re.compile(r"\$\$(?!\$)(?:[^$\\]|\\.|\$(?!\$))++\$\$", re.DOTALL)
_AMOUNT = re.compile(r"\$\d[^\\]*\Z", re.DOTALL)


def is_tex(content: str) -> bool:
    """Whether what stands in escaped brackets is a formula and not prose that somebody escaped."""
    return _TEX.search(content) is not None


class Formulas:
    """Where the formulas of a text end; what has no end is looked for once."""

    def __init__(self, source: str, ticks: Ticks) -> None:
        self.source = source
        self.ticks = ticks
        self.closed: dict[str, int] = {}  # where the next end is
        self.unended: set[str] = set()  # what has no end in the rest of the text

    def in_brackets(self, start: int) -> int | None:
        r"""The end of a formula in ``\(…\)`` or ``\[…\]``, also with doubled backslashes; None for an escape."""
        begin = start + (3 if self.source.startswith("\\", start + 1) else 2)
        close = self.source[start : begin - 1] + (")" if self.source[begin - 1] == "(" else "]")
        end = self.closed.get(close, -1)
        if end < begin and close not in self.unended:
            end = self.closed[close] = self.source.find(close, begin)
        if end < begin:
            self.unended.add(close)
            return None
        if self.source.find(self.source[start:begin], begin, end) >= 0:
            return None
        content = self.source[begin:end]
        single = close[-1] == ")" and len(content.strip()) == 1
        return end + len(close) if single or is_tex(content) else None

    def in_dollars(self, start: int) -> int | None:
        """The end of a formula in ``$…$`` or ``$$…$$``; None for a dollar sign."""
        display = _DISPLAY_MATH.match(self.source, start)
        if display:
            return display.end()
        if self.source.startswith("$$", start):
            return None
        inline = _INLINE_MATH.match(self.source, start)
        if inline is None or self._cuts_code(start, inline.end()):
            return None
        # "$5 or US$6" is two amounts of money.
        amount = self.source[inline.end() : inline.end() + 1].isdigit()
        if amount and _AMOUNT.match(self.source, start, inline.end()):
            return None
        return inline.end()

    def _cuts_code(self, start: int, end: int) -> bool:
        """Whether code begins in the range that ends behind it: ``$5 (`a$b`)`` holds an amount and code."""
        at = self.source.find("`", start, end)
        while at >= 0:
            run = self.ticks.end(at)
            close = self.ticks.close(at, run)
            if close is not None and close > end:
                return True
            at = self.source.find("`", close or run, end)
        return False
