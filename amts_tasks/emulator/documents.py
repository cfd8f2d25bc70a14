"""A document taken apart into raw pieces and segments, and put together again around the translations.

text/html: "translates only the text that resides in the html element"; block elements end a segment, inline ones stand
in it; script, style and what says ``translate="no"`` stay as they are, attributes too. text/plain: a line a segment.
XLIFF: see ``xliff.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import regex

from amts_tasks.emulator import inline, xliff
from amts_tasks.emulator.damage import Damage
from amts_tasks.emulator.inline import Inline
from amts_tasks.emulator.switches import Switches

INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "meter", "output", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
"""Elements that stand inside a segment; all others end it."""
RAW = frozenset({"script", "style", "textarea", "template"})
"""Elements whose content is not text."""
CONTENT_TYPES = ("text/html", "text/plain", "application/x-xliff+xml")
"""What a job of the emulator translates."""
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OFFICE}.wordprocessingml.document"
OFFICE_TYPES = (DOCX, f"{_OFFICE}.presentationml.presentation", f"{_OFFICE}.spreadsheetml.sheet")
"""What the service translates besides, and the emulator does not."""
_EDGES = regex.compile(r"^(\s*)(.*?)(\s*)$", regex.DOTALL)


class DocumentError(Exception):
    """The document is refused; the sentence becomes its error message."""


class Readable(Protocol):
    """A document of any content type."""

    @property
    def segments(self) -> tuple[Inline, ...]:
        """What is translated, in order."""
        ...

    def render(self, translations: Sequence[str], target: str, damage: Damage | None = None) -> str:
        """The document with each segment's masked translation in its place."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """``raw[0] segment[0] raw[1] segment[1] … raw[n]``."""

    raw: tuple[str, ...]
    segments: tuple[Inline, ...]
    plain: bool

    def render(self, translations: Sequence[str], target: str = "", damage: Damage | None = None) -> str:
        """The document with each segment's masked translation in its place, damaged where that was ordered."""
        out = [self.raw[0]]
        for number, (segment, translation, after) in enumerate(
            zip(self.segments, translations, self.raw[1:], strict=True)
        ):
            text = translation if self.plain else inline.put_back(translation, segment)
            out.append(damage.apply(text, number) if damage else text)
            out.append(after)
        return "".join(out)


def billed(document: Readable, protected: bool = False) -> int:
    """Characters the service would bill: the text alone in HTML and XLIFF, everything in plain text."""
    markup = sum(map(len, document.raw)) if isinstance(document, Document) and document.plain else 0
    fixed = sum(len(text) for segment in document.segments for text in segment.masked.fixed) if protected else 0
    return markup + fixed + sum(segment.letters for segment in document.segments)


def read(content: bytes, content_type: str, switches: Switches) -> Readable:
    """The document; raises DocumentError when the service would refuse it."""
    if len(content) > switches.document_bytes:
        raise DocumentError(f"Document size exceeds the limit of {switches.document_bytes:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError("Invalid utf-8 encoded texts detected") from None
    if len(text) > switches.document_characters:
        raise DocumentError(f"Document exceeds the limit of {switches.document_characters:,} characters")
    document: Readable
    if content_type == "text/html":
        document = of_html(text)
    elif content_type == "text/plain":
        document = of_plain(text)
    else:
        try:
            document = xliff.read(text)
        except xliff.XliffError as error:
            raise DocumentError(str(error)) from None
    if sum(len(segment.text.encode()) for segment in document.segments) > switches.document_text_bytes:
        raise DocumentError(f"Translatable text exceeds the limit of {switches.document_text_bytes:,} bytes")
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
