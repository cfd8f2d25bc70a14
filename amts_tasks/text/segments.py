"""Inline Markdown as a translator sees it: text, placeholders for what is not theirs, paired tags around parts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from amts_tasks.text.inline import Mark, scan


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A piece of Markdown that comes back from the translator as it went."""

    text: str
    kind: str
    """code math role link image html entity escape break mark footnote shortcode."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One end of a pair of marks around translatable text; both ends of a pair share name and id."""

    text: str
    """The Markdown it stands for, such as ``**``, ``[**`` or ``](https://example.org)``."""
    name: str
    """b strong and slide marks, i emphasis, s strikethrough, a link, u the description of an image."""
    id: int
    """1-based, counted over the pairs of the segment as they open."""
    open: bool


Token = str | Placeholder | Tag


@dataclass(frozen=True, slots=True)
class Segment:
    """An inline run of Markdown. Its tokens, joined, are its source; tags are paired and nested."""

    tokens: tuple[Token, ...]

    @classmethod
    def of(cls, markdown_inline: str) -> Segment:
        """The segment of any inline Markdown of any language; linear in its length."""
        return _known(markdown_inline) if len(markdown_inline) < _REMEMBERED else _segment(markdown_inline)

    @property
    def source(self) -> str:
        """The exact Markdown."""
        return "".join(token if isinstance(token, str) else token.text for token in self.tokens)

    @property
    def plain(self) -> str:
        """The text alone: without placeholders and tags."""
        return "".join(token for token in self.tokens if isinstance(token, str))

    @property
    def masked(self) -> str:
        """The text with ``{0}``, ``{1}`` … for its placeholders, and without tags."""
        parts: list[str] = []
        number = 0
        for token in self.tokens:
            if isinstance(token, str):
                parts.append(token)
            elif isinstance(token, Placeholder):
                parts.append(f"{{{number}}}")
                number += 1
        return "".join(parts)

    @property
    def letters(self) -> int:
        """How many letters the translator is shown."""
        return sum(sum(map(str.isalpha, token)) for token in self.tokens if isinstance(token, str))

    @property
    def translatable(self) -> bool:
        """Whether there is a letter to translate."""
        return any(any(map(str.isalpha, token)) for token in self.tokens if isinstance(token, str))

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """The placeholders in their order."""
        return tuple(token for token in self.tokens if isinstance(token, Placeholder))

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The tags in their order, opening and closing ones."""
        return tuple(token for token in self.tokens if isinstance(token, Tag))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The Markdown of both ends of each pair of tags, in the order in which the pairs close."""
        opened: dict[int, str] = {}
        closed: list[tuple[str, str]] = []
        for tag in self.tags:
            if tag.open:
                opened[tag.id] = tag.text
            else:
                closed.append((opened[tag.id], tag.text))
        return tuple(closed)


_REMEMBERED = 10_000
"""Characters up to which a segment is remembered: a text is looked at when it is sent, checked and compared."""


def _segment(source: str) -> Segment:
    return Segment(tuple(_tokens(source, scan(source))))


_known = lru_cache(4096)(_segment)


def _tokens(source: str, marks: list[Mark]) -> Iterator[Token]:
    position = 0
    numbers: dict[int, int] = {}
    for mark in marks:
        if mark.start > position:
            yield source[position : mark.start]
        text = source[mark.start : mark.end]
        if mark.pair is None:
            yield Placeholder(text, mark.kind)
        else:
            first = mark.pair not in numbers
            number = numbers.setdefault(mark.pair, len(numbers) + 1)
            yield Tag(text, mark.kind, number, first)
        position = mark.end
    if position < len(source):
        yield source[position:]


def normalise(text: str) -> str:
    """The text in NFC with its white space collapsed: two texts that differ only there are the same block."""
    return " ".join(unicodedata.normalize("NFC", text).split())
