"""Sentences of a masked text: a plain rule, so that a paragraph's known sentences can be found in the parallel data."""

from __future__ import annotations

import regex

from amts_tasks.emulator.engines.engine import is_tag

_END = regex.compile(
    r"""(?:[。！？；]+[”’」』）\uEC00-\uEFFF]*\s*)
      | (?:(?<![\s.][A-Za-z])(?<!\b(?:e\.g|i\.e|etc|vs|cf|Fig|Eq|Sec|al|Dr|Mr|approx))
           [.!?]+["”’)\]\uEC00-\uEFFF]*\s+(?=["“‘(\[\uE800-\uEBFF]*[\p{Lu}\p{Lo}\p{Nd}\uE000-\uE7FF]))""",
    regex.VERBOSE,
)


def split(text: str) -> list[tuple[str, str]]:
    """(sentence, white space after it), which join to the text; a tag that spans sentences keeps the text in one."""
    pieces: list[tuple[str, str]] = []
    start = 0
    for found in _END.finditer(text):
        piece = text[start : found.end()]
        if sum(1 if is_tag(c) and ord(c) < 0xEC00 else -1 if is_tag(c) else 0 for c in piece):
            continue
        body = piece.rstrip()
        pieces.append((body, piece[len(body) :]))
        start = found.end()
    if start < len(text):
        pieces.append((text[start:], ""))
    return pieces
