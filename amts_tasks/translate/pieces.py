"""The HTML that came back for a segment, cut into its pieces: text, protected parts, line breaks, ends of tags."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from amts_tasks.text import Placeholder

_ELEMENT = re.compile(r"<\s*(/?)\s*([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?)/?>")
_ID = re.compile(r"""\bid\s*=\s*["'“”]?\s*(\d+)""", re.IGNORECASE)
_KEPT = re.compile(r"""\btranslate\s*=\s*["'“”]?\s*no\b""", re.IGNORECASE)
_SPAN_END = re.compile(r"<\s*/\s*span\s*>", re.IGNORECASE)


@dataclass(slots=True)
class Piece:
    """One piece of the HTML that came back."""

    sort: str
    """text, kept, break, open or close."""
    text: str
    """The text, a placeholder's text, or the name of a tag."""
    number: int | None = None
    """The id of an opening tag, where it has one."""
    closed: bool = True
    """Whether a placeholder has its end."""
    token: Placeholder | None = None
    """The placeholder it was found to be."""


def cut(inner: str, known: list[str]) -> Iterator[Piece]:
    """The HTML cut up; ``known`` are the escaped placeholders, the shortest first."""
    position = 0
    while element := _ELEMENT.search(inner, position):
        if element.start() > position:
            yield Piece("text", html.unescape(inner[position : element.start()]))
        position = element.end()
        closing, name, attributes = element[1], element[2].lower(), element[3]
        if name == "br":
            if not closing:
                yield Piece("break", "")
        elif name == "span" and not closing and _KEPT.search(attributes):
            end = _SPAN_END.search(inner, position)
            raw = inner[position : end.start()] if end else inner[position:]
            if end is None or "<" in raw:
                # Its end was lost: what stands there whole is the placeholder, and the rest is text.
                whole = next((text for text in reversed(known) if raw.startswith(text)), None)
                if whole is not None and "<" in raw[len(whole) :] + ("" if end else "<"):
                    yield Piece("kept", html.unescape(whole))
                    position += len(whole)
                    continue
                yield Piece("kept", html.unescape(raw), closed=False)
            else:
                yield Piece("kept", html.unescape(raw))
            position = end.end() if end else len(inner)
        elif closing and name == "span":
            continue
        elif closing:
            yield Piece("close", name)
        else:
            number = _ID.search(attributes)
            yield Piece("open", name, int(number[1]) if number else None)
    if position < len(inner):
        yield Piece("text", html.unescape(inner[position:]))


def squeezed(text: str) -> str:
    """The text with one space for each run of white space, and none at its ends."""
    return " ".join(text.split())
