"""What a dialect adds to CommonMark: a rule a file, each for one construct of whole lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from amts_tasks.text.page import Page


def never(line: str, at: int) -> bool:
    """The construct does not end a paragraph before it."""
    return False


@dataclass(frozen=True, slots=True)
class Rule:
    """One construct of a dialect."""

    dialect: str
    """The family it belongs to: ``d2l``, ``myst``, ``mkdocs`` …"""
    first: str
    """The characters a line that begins the construct may begin with."""
    begin: Callable[[Page, int, int], int | None]
    """Adds the blocks that begin in this line at this character; the line after them, None where it does not apply."""
    interrupts: Callable[[str, int], bool] = never
    """Whether the construct ends the paragraph in the line before it."""
