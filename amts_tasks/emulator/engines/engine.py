"""The interface of an engine.

An engine is shown plain text in which every span it must not translate, every tag and every glossary term stands as
one character of the private use area. The emulator has parsed the HTML, used exact matches of the parallel data, cut
sentences and hidden the terms before, and puts everything back after, so no engine has to know of markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

FIRST_FIXED, FIRST_OPEN, FIRST_CLOSE = 0xE000, 0xE800, 0xEC00
"""A segment's fixed spans count from U+E000, its opening tags from U+E800, their closing tags from U+EC00."""
LAST = 0xEFFF


def is_fixed(character: str) -> bool:
    """Whether the character stands for a span that comes back byte for byte."""
    return len(character) == 1 and FIRST_FIXED <= ord(character) < FIRST_OPEN


def is_tag(character: str) -> bool:
    """Whether the character stands for an opening or closing tag."""
    return len(character) == 1 and FIRST_OPEN <= ord(character) <= LAST


@dataclass(frozen=True, slots=True)
class Example:
    """A row of the parallel data in masked form; spans that are the same on both sides have the same character."""

    source: str
    target: str
    fixed: tuple[str, ...] = ()
    """The plain content of each fixed span, by number: an engine may learn from what kind it is."""


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry that applies to the pair."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A text to be translated; ``fixed`` as in Example."""

    text: str
    fixed: tuple[str, ...] = ()


class EngineError(Exception):
    """An engine could not do its work; the sentence says which one, what happened and, where one knows, what to do."""


class NoEngineError(Exception):
    """No engine can serve the pair without parallel data; the sentence says what to install."""


class Engine(Protocol):
    """What translates."""

    @property
    def name(self) -> str:
        """As it is shown in every job's Message and details."""
        ...

    @property
    def whole(self) -> bool:
        """Whether it wants segments as they are, not cut into sentences."""
        ...

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """One text a segment, in order, each with the segment's private characters (as well as the engine can).

        Raises EngineError, in bounded time, where it cannot.
        """
        ...
