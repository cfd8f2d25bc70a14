"""How a notebook writes its strings, so that a new one looks like those around it."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from amts_tasks.text import json_tree
from amts_tasks.text.json_tree import Span

_ASCII_ESCAPED = "</>&'="
"""What some writers escape for the sake of HTML."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes its strings."""

    ascii: bool
    """Whether everything else is escaped."""
    upper: bool
    """Whether the digits of escapes are capital letters."""
    escaped: tuple[tuple[str, str], ...]
    """ASCII characters that need no escape and get one, and which."""

    def string(self, text: str) -> str:
        """The text as a JSON string."""
        written = json.dumps(text, ensure_ascii=self.ascii)
        if self.upper and self.ascii:
            written = re.sub(
                r"\\u[0-9a-f]{4}|\\.",
                lambda found: "\\u" + found[0][2:].upper() if len(found[0]) > 2 else found[0],
                written,
            )
        for character, escape in self.escaped:
            written = written.replace(character, escape)
        return written


@lru_cache(8)
def style_of(text: str) -> Style:
    """How the strings of a JSON text are written."""
    escapes = re.findall(r"\\(?:u[0-9a-fA-F]{4}|.)", text, re.DOTALL)
    codes = {one for one in escapes if one[1] == "u"}
    letters = "".join(one[2:] for one in codes)
    escaped: list[tuple[str, str]] = []
    strings = "".join(re.findall(r'"(?:[^"\\]++|\\.)*+"', text))
    for character in _ASCII_ESCAPED:
        forms = [one for one in codes if int(one[2:], 16) == ord(character)]
        if character == "/":
            forms += ["\\/"] if "\\/" in escapes else []
        if forms and not re.search(rf"(?<!\\){re.escape(character)}", strings):
            escaped.append((character, min(forms)))
    return Style(
        ascii=text.removeprefix("\ufeff").isascii() and any(int(one[2:], 16) > 0x7F for one in codes),
        upper=bool(re.search("[A-F]", letters)) and not re.search("[a-f]", letters),
        escaped=tuple(escaped),
    )


def written(text: str, span: Span, source: str, style: Style) -> str:
    """A source as JSON, in the layout of the value at text[span], a string or a list of lines, which it replaces."""
    if text[span[0]] == '"':
        return style.string(source)
    old = list(json_tree.items(text, span[0]))
    known = {json_tree.decoded(text, one): text[slice(*one)] for one in old}
    lead = text[span[0] + 1 : old[0][0]] if old else ""
    gaps = [text[a[1] : b[0]] for a, b in itertools.pairwise(old)]
    gap = gaps[0] if gaps else f",{lead}" if lead.strip(" ") else ", "
    tail = text[old[-1][1] : span[1] - 1] if old else text[span[0] + 1 : span[1] - 1]
    lines = list(_lines(source))
    same = len(lines) == len(old)
    strings = [known.get(line) or style.string(line) for line in lines]
    joined = "".join(
        string + ((gaps[number] if same else gap) if number + 1 < len(strings) else "")
        for number, string in enumerate(strings)
    )
    return f"[{lead}{joined}{tail}]"


def _lines(source: str) -> Iterator[str]:
    position = 0
    while position < len(source):
        after = source.find("\n", position) + 1 or len(source)
        yield source[position:after]
        position = after
