r"""Formulas of TeX on lines of their own: ``\[ … \]`` and ``\begin{align} … \end{align}``."""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.formulas import is_tex
from amts_tasks.text.page import Page

_BEGIN = re.compile(r"\\begin\{([A-Za-z]+\*?)\}")
_TAIL = re.compile(r"[ \t.,;:]*(?:\{#[^{}]*\}|\([^()\s]*\))?[ \t\r]*$")


def begin(page: Page, number: int, at: int) -> int | None:
    """A formula after whose end no prose follows."""
    line = page.lines[number]
    opened = _BEGIN.match(line, at)
    if opened:
        close = rf"\end{{{opened[1]}}}"
    elif line.startswith(("\\[", "\\\\["), at):
        close = "\\\\]" if line.startswith("\\\\[", at) else "\\]"
    else:
        return None
    if number < page.absent.get(close, 0):
        return None
    after = number
    while after < len(page.lines) and page.lines[after].strip():
        end = page.lines[after].find(close, at + 2 if after == number else 0)
        if end >= 0:
            inner = page.text[page.starts[number] + at + 2 : page.starts[after] + end]
            whole = _TAIL.match(page.lines[after], end + len(close)) and (opened or is_tex(inner))
            return page.add(Kind.math, number, after + 1) if whole else None
        after += 1
    page.absent[close] = after
    return None


def interrupts(line: str, at: int) -> bool:
    """An environment ends the paragraph before it, as does a bracket that stands alone."""
    return _BEGIN.match(line, at) is not None or line[at:].strip() in {"\\[", "\\\\["}


RULE = Rule("tex", "\\", begin, interrupts)
