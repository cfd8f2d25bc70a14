"""What differs between two versions of a text, by word; by character where words are not written apart."""

from __future__ import annotations

from difflib import SequenceMatcher

import regex
from rapidfuzz.distance import Indel

READABLE = 250_000
"""Product of the two lengths in tokens up to which the longest common stretches are looked for, as a reader would: that
takes up to the third power of the length. Beyond it the shortest difference is told, and beyond `MOST` only the common
beginning and end."""
MOST = 100_000_000

Span = tuple[str, bool]
"""A piece of a text, and whether the other version lacks it."""

# A word is letters and digits with their marks; a character of Chinese or of the kana stands for itself everywhere.
_WORDS = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}]|[[\p{L}\p{M}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}]]+|\s+|\X",
    regex.VERSION1 | regex.DOTALL,
)
_CHARACTERS = regex.compile(r"[\p{Latin}\p{N}]+|\s+|\X", regex.VERSION1 | regex.DOTALL)


def word_diff(old: str, new: str, *, characters: bool = False) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Both texts as spans, which joined are the text; neighbours differ in kind, none is empty.

    `characters`: the text's language writes words without spaces (its profile's `joiner` is empty), so every character
    counts by itself, but for words in Latin letters. White space between two differences belongs to them. A space, a
    line break and several of them are the same: lines that only broke elsewhere show no difference.
    """
    pattern = _CHARACTERS if characters else _WORDS
    left, right = pattern.findall(old), pattern.findall(new)
    shown: tuple[list[Span], list[Span]] = ([], [])
    codes = _codes(list(map(_alike, left)), list(map(_alike, right)))
    for place, (kind, a, b, c, d) in enumerate(codes):
        between = 0 < place < len(codes) - 1 and kind == "equal" and not "".join(left[a:b]).strip()
        same = kind == "equal" and not between
        for side, tokens in ((0, left[a:b]), (1, right[c:d])):
            _add(shown[side], "".join(tokens), not same)
    return tuple(shown[0]), tuple(shown[1])


def _alike(token: str) -> str:
    return " " if token.isspace() else token


def _codes(left: list[str], right: list[str]) -> list[tuple[str, int, int, int, int]]:
    if len(left) * len(right) <= READABLE:
        return list(SequenceMatcher(None, left, right, autojunk=False).get_opcodes())
    if len(left) * len(right) <= MOST:
        return [tuple(code) for code in Indel.opcodes(left, right)]  # type: ignore[misc]
    most = min(len(left), len(right))
    start = next((n for n in range(most) if left[n] != right[n]), most)
    end = next((n for n in range(most - start) if left[-1 - n] != right[-1 - n]), most - start)
    a, b = len(left) - end, len(right) - end
    codes = [("equal", 0, start, 0, start), ("replace", start, a, start, b), ("equal", a, len(left), b, len(right))]
    return [code for code in codes if code[1] < code[2] or code[3] < code[4]]


def _add(spans: list[Span], text: str, changed: bool) -> None:
    if text and spans and spans[-1][1] == changed:
        spans[-1] = (spans[-1][0] + text, changed)
    elif text:
        spans.append((text, changed))
