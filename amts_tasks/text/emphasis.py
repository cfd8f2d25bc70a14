"""Pairing of emphasis marks: the delimiter algorithm of CommonMark 0.31, section 6.2, and a departure for CJK."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


@dataclass(slots=True)
class Run:
    """A run of ``*``, ``_`` or ``~``, of which ``count`` characters from ``start`` on are still unpaired."""

    start: int
    count: int
    mark: str
    can_open: bool
    can_close: bool
    length: int
    """Characters of the whole run, as written."""


@dataclass(frozen=True, slots=True)
class Span:
    """A paired mark: the characters of its two ends."""

    open_start: int
    open_end: int
    close_start: int
    close_end: int


def _is_cjk(character: str) -> bool:
    return "\u2e80" <= character <= "\uffdc" or "\U00020000" <= character <= "\U0003ffff"


def _is_punctuation(character: str) -> bool:
    return character in _ASCII_PUNCTUATION or (character > "\x7f" and unicodedata.category(character)[0] in "PS")


def run(source: str, start: int, end: int) -> Run:
    """The run of marks at source[start:end], with what it can do there.

    CommonMark lets ``**“Term”**了`` be text, because a closing mark between punctuation and a letter closes nothing.
    Chinese, Japanese and Korean have no spaces that would help: their letters outside of a mark count as punctuation.
    """
    mark = source[start]
    before = source[start - 1] if start else " "
    after = source[end] if end < len(source) else " "
    space_before, space_after = before.isspace(), after.isspace()
    breaks_before = not space_before and _is_punctuation(before)
    breaks_after = not space_after and _is_punctuation(after)
    loose_before = space_before or breaks_before or _is_cjk(before)
    loose_after = space_after or breaks_after or _is_cjk(after)
    left = not space_after and (not breaks_after or loose_before)
    right = not space_before and (not breaks_before or loose_after)
    if mark == "_":
        return Run(
            start,
            end - start,
            mark,
            left and (not right or loose_before),
            right and (not left or loose_after),
            end - start,
        )
    return Run(start, end - start, mark, left, right, end - start)


def pair(runs: list[Run]) -> list[Span]:
    """All pairs among the runs, properly nested; the runs keep what is left of them. Linear in their number."""
    spans: list[Span] = []
    openers: list[Run] = []
    bottom: dict[tuple[str, bool, int], int] = {}
    for closer in runs:
        if closer.can_close:
            key = (closer.mark, closer.can_open, closer.length % 3)
            while closer.count:
                found = _opener(openers, closer, bottom.get(key, 0))
                if found < 0:
                    bottom[key] = len(openers)
                    break
                opener = openers[found]
                width = 2 if closer.count > 1 and opener.count > 1 else 1
                opener.count -= width
                at = opener.start + opener.count
                spans.append(Span(at, at + width, closer.start, closer.start + width))
                closer.start += width
                closer.count -= width
                del openers[found + (1 if opener.count else 0) :]
                for known, height in bottom.items():
                    if height > len(openers):
                        bottom[known] = len(openers)
        if closer.can_open and closer.count and not (closer.mark == "~" and closer.count < 2):
            openers.append(closer)
    return spans


def _opener(openers: list[Run], closer: Run, lowest: int) -> int:
    for index in range(len(openers) - 1, lowest - 1, -1):
        opener = openers[index]
        if opener.mark != closer.mark:
            continue
        if closer.mark == "~":
            if opener.count == closer.count == 2:
                return index
            continue
        both = opener.can_close or closer.can_open
        if both and (opener.length + closer.length) % 3 == 0 and (opener.length % 3 or closer.length % 3):
            continue
        return index
    return -1
