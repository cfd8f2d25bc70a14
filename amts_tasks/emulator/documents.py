"""A document taken apart into raw pieces and segments, and put together again around the translations.

text/html: "translates only the text that resides in the html element"; block elements end a segment, inline ones stand
in it; script, style and what says ``translate="no"`` stay as they are, attributes too. text/plain: a line a segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from amts_tasks.emulator import inline
from amts_tasks.emulator.inline import Inline

INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "meter", "output", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
"""Elements that stand inside a segment; all others end it."""
RAW = frozenset({"script", "style", "textarea", "template"})
"""Elements whose content is not text."""
CONTENT_TYPES = ("text/html", "text/plain")
"""What the emulator translates."""
DOCUMENT_BYTES = 20 * 1024**2
DOCUMENT_CHARACTERS = 1_000_000
TEXT_BYTES = 1024**2
"""Quotas of one document: size, characters, translatable text (service quotas page)."""
_EDGES = regex.compile(r"^(\s*)(.*?)(\s*)$", regex.DOTALL)


class DocumentError(Exception):
    """The document is refused; the sentence becomes its error message."""


@dataclass(frozen=True, slots=True)
class Document:
    """``raw[0] segment[0] raw[1] segment[1] … raw[n]``."""

    raw: tuple[str, ...]
    segments: tuple[Inline, ...]
    plain: bool

    @property
    def characters(self) -> int:
        """Characters the service would bill: the text alone in HTML, everything in plain text."""
        markup = sum(len(piece) for piece in self.raw) if self.plain else 0
        return markup + sum(segment.letters for segment in self.segments)

    def render(self, translations: Sequence[str]) -> str:
        """The document with each segment's masked translation in its place."""
        out = [self.raw[0]]
        for segment, translation, after in zip(self.segments, translations, self.raw[1:], strict=True):
            out.append(translation if self.plain else inline.put_back(translation, segment))
            out.append(after)
        return "".join(out)


def read(content: bytes, content_type: str) -> Document:
    """The document; raises DocumentError when the service would refuse it."""
    if len(content) > DOCUMENT_BYTES:
        raise DocumentError("Document size exceeds the limit of 20 MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError("Invalid utf-8 encoded texts detected") from None
    if len(text) > DOCUMENT_CHARACTERS:
        raise DocumentError("Document exceeds the limit of 1,000,000 characters")
    document = of_html(text) if content_type == "text/html" else of_plain(text)
    if sum(len(segment.text.encode()) for segment in document.segments) > TEXT_BYTES:
        raise DocumentError("Translatable text exceeds the limit of 1 MB")
    return document


def of_plain(text: str) -> Document:
    """Plain text: every line that holds a letter or digit is a segment."""
    raw, segments = [""], []
    for line in text.splitlines(keepends=True):
        found = _EDGES.match(line)
        before, middle, after = (found[1], found[2], found[3]) if found else ("", "", line)
        raw[-1] += before
        if not any(character.isalnum() for character in middle):
            raw[-1] += middle + after
            continue
        segments.append(Inline(middle, (), ()))
        raw.append(after)
    return Document(tuple(raw), tuple(segments), plain=True)


def of_html(text: str, fragment: bool = False) -> Document:
    """HTML: the text inside ``<html>``; with ``fragment`` the whole text (TranslateText shows bare pieces)."""
    raw, segments = [""], []
    run: list[str] = []
    inside = fragment
    place = 0

    def flush() -> None:
        found = _EDGES.match("".join(run))
        run.clear()
        before, middle, after = (found[1], found[2], found[3]) if found else ("", "", "")
        segment = inline.parse(middle)
        if not any(character.isalnum() for character in segment.text):
            raw[-1] += before + middle + after
            return
        raw[-1] += before
        segments.append(segment)
        raw.append(after)

    while place < len(text):
        found = inline.MARKUP.search(text, place)
        start, end = (found.start(), found.end()) if found else (len(text), len(text))
        if start > place:
            if inside:
                run.append(text[place:start])
            else:
                raw[-1] += text[place:start]
        place = end
        if found is None:
            break
        markup, name = found[0], inline.name_of(found[0])
        opening = not markup.startswith("</") and not markup.endswith("/>") and bool(name) and name not in inline.VOID
        if opening and (name in RAW or inline.untranslatable(markup)):
            end = inline.end_of(text, end, name)
            markup, place = text[start:end], end
        if inside and (name in INLINE or not name):
            run.append(markup)
            continue
        flush()
        raw[-1] += markup
        if name == "html":
            inside = opening or fragment
    flush()
    return Document(tuple(raw), tuple(segments), plain=False)
