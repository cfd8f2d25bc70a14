"""A masked text as words: fixed spans by kind, tags aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from amts_tasks.emulator.engines.engine import FIRST_FIXED, is_fixed, is_tag
from amts_tasks.lexicon import Link, cut

SPAN = "\ue000"
"""What a fixed span's word begins with; its kind follows."""


@dataclass(slots=True)
class Tokens:
    """A masked text as words; its fixed spans are words by kind, their characters kept aside."""

    words: list[str]
    spaced: list[bool]
    spans: dict[int, str]
    """Position → the fixed span's character."""
    tags: list[tuple[int, str]]
    """(position it stands before, character) of each tag, in order."""


def tokens(text: str, fixed: Sequence[str], language: str) -> Tokens:
    """The words of a masked text."""
    found = Tokens([], [], {}, [])
    for word in cut(text, language):
        if is_tag(word.text):
            found.tags.append((len(found.words), word.text))
            continue
        shown = word.text
        if is_fixed(word.text):
            number = ord(word.text) - FIRST_FIXED
            found.spans[len(found.words)] = word.text
            shown = SPAN + span_kind(fixed[number] if number < len(fixed) else "")
        found.words.append(shown)
        found.spaced.append(word.spaced)
    return found


def span_kind(content: str) -> str:
    """What an untranslatable span is: by its first mark, or its role's name; letters and digits are one kind."""
    if content.startswith(":"):
        return content[: content.find(":", 1) + 1] or ":"
    return content[:1] if content[:1] and not content[:1].isalnum() else "w"


def tied(left: Tokens, right: Tokens) -> list[Link]:
    """Positions of the same fixed span on both sides."""
    places = {character: place for place, character in right.spans.items()}
    return [(place, places[character]) for place, character in left.spans.items() if character in places]


def finer(found: Tokens, cut_word: Callable[[str], tuple[str, ...]]) -> Tokens:
    """The same text with words cut into pieces, which stand without a space between them."""
    out = Tokens([], [], {}, [])
    places: list[int] = []
    for place, (word, spaced) in enumerate(zip(found.words, found.spaced, strict=True)):
        places.append(len(out.words))
        if place in found.spans:
            out.spans[len(out.words)] = found.spans[place]
        pieces = cut_word(word)
        out.words += pieces
        out.spaced += [spaced] + [False] * (len(pieces) - 1)
    places.append(len(out.words))
    out.tags = [(places[place], character) for place, character in found.tags]
    return out
