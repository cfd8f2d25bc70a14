"""Bibliographies: the entries of a BibTeX file by key, and a file with those added that its book's texts now cite."""

from __future__ import annotations

import re
from collections.abc import Collection

_ENTRY = re.compile(r"^[ \t]*@(?P<type>\w+)[ \t]*\{[ \t]*(?P<key>[^\s,{}]+)[ \t]*,", re.MULTILINE)
_UNNAMED = frozenset({"comment", "string", "preamble"})


def entries(text: str) -> dict[str, str]:
    """The entries of a BibTeX file by key, each from its ``@`` to the brace that closes it; the first of two counts.

    An entry whose braces are not closed ends where the next one begins.
    """
    found: dict[str, str] = {}
    starts = [match for match in _ENTRY.finditer(text) if match["type"].lower() not in _UNNAMED]
    for number, match in enumerate(starts):
        begin = text.index("@", match.start())
        limit = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        found.setdefault(match["key"], text[begin : _close(text, begin, limit)].rstrip())
    return found


def merged(ours: str, theirs: str, wanted: Collection[str]) -> str:
    """Our file with those of their entries put in that are wanted and that it lacks; nothing is taken out.

    Each stands behind the entry it stands behind in their file, so that two branches which add different ones seldom
    touch the same lines. Unchanged, byte for byte, where nothing is to be added.
    """
    there = entries(theirs)
    before: str | None = None
    for key, entry in there.items():
        have = entries(ours)
        if key not in have and key in wanted:
            ours = _put(ours, have.get(before or ""), entry)
            before = key
        elif key in have:
            before = key
    return ours


def _put(text: str, after: str | None, entry: str) -> str:
    if after is None:
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        return text + gap + entry + "\n"
    end = text.index(after) + len(after)
    rest = text[end:]
    return text[:end] + "\n\n" + entry + (rest if rest.strip() else "\n")


def _close(text: str, begin: int, limit: int) -> int:
    depth = 0
    escaped = False
    for place in range(begin, limit):
        letter = text[place]
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                return place + 1
    return limit
