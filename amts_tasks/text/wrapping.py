"""Texts in lines of so many columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from amts_tasks.text.segments import Segment

_NO_LINE_START = frozenset("，。、；：！？）】」』”’》〉…—,.;:!?)]}%")
_NO_LINE_END = frozenset("（【「『“‘《〈([{")


def wrapped(text: str, first: int, others: int) -> list[str]:
    """The text in lines of so many columns at most, broken at spaces and between Chinese or Japanese characters."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        room = others if lines else first
        if line and columns(line.rstrip() + piece.rstrip()) + len(line) - len(line.rstrip()) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """What may not be broken, with the spaces after it; placeholders are left whole."""
    kept = {one.text for one in Segment.of(text).placeholders if " " in one.text}
    held = ""
    position = 0
    while position < len(text):
        whole = next((one for one in kept if text.startswith(one, position)), text[position])
        position += len(whole)
        following = text[position : position + 1]
        held += whole
        wide = _is_wide(whole[-1]) and following != "" and (_is_wide(following) or following == " ")
        ends = whole[-1] == " " and following != " "
        if ends or (wide and following not in _NO_LINE_START and whole[-1] not in _NO_LINE_END and following != " "):
            yield held
            held = ""
    if held:
        yield held


def _is_wide(character: str) -> bool:
    # Korean has spaces between its words, and is broken there.
    return unicodedata.east_asian_width(character) in "WF" and not "\uac00" <= character <= "\ud7a3"


def columns(text: str) -> int:
    """How wide a text is; a Chinese, Japanese or Korean character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
