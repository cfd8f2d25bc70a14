"""Inline HTML to masked text and back: tags and untranslatable spans never reach an engine, and never get lost.

A segment's inner HTML becomes a text in which each ``translate="no"`` element (any element, whole, byte for byte), each
void element and comment is one private character, each paired tag two. After translation the characters become the
bytes they stood for; ``put_back`` mends what an engine did to them: missing ones come back, doubled ones go, tags nest.
"""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass

import regex

from amts_tasks.emulator.engines.engine import (
    FIRST_CLOSE,
    FIRST_FIXED,
    FIRST_OPEN,
    Example,
    Masked,
    is_fixed,
    is_tag,
)

MARKUP = regex.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[!?][^>]*>|</?[A-Za-z][^\s/>]*(?:\s+[^\s\"'=<>/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?|\s*/)*\s*>",
    regex.DOTALL,
)
"""One piece of markup; a stray ``<`` is text."""
VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
"""Elements without an end."""
_NAME = regex.compile(r"</?\s*([A-Za-z][^\s/>]*)")
_NO = regex.compile(r"\stranslate\s*=\s*[\"']?no[\"']?(?=[\s/>])", regex.IGNORECASE)
_SPACE = regex.compile(r"\s+")
PRIVATE = regex.compile(r"[\uE000-\uF8FF]")


@dataclass(frozen=True, slots=True)
class Inline:
    """A segment: its masked text and what its characters stand for."""

    text: str
    fixed: tuple[str, ...]
    """Raw HTML of each fixed span."""
    tags: tuple[tuple[str, str], ...]
    """Raw opening and closing tag of each pair."""

    @property
    def masked(self) -> Masked:
        """As an engine is shown it."""
        return Masked(self.text, tuple(plain(raw) for raw in self.fixed))

    @property
    def letters(self) -> int:
        """Characters that are billed and translated: all but the private ones."""
        return len(PRIVATE.sub("", self.text))


def name_of(markup: str) -> str:
    """The element's name in lower case; empty for comments and declarations."""
    found = _NAME.match(markup)
    return found[1].lower() if found else ""


def untranslatable(markup: str) -> bool:
    """Whether an opening tag says ``translate="no"``."""
    return bool(_NO.search(markup))


def plain(raw: str) -> str:
    """The text of a piece of HTML."""
    return html.unescape(MARKUP.sub("", raw))


def parse(inner: str, code: frozenset[str] = frozenset()) -> Inline:
    """A segment of inner HTML, NFC, white space collapsed to single spaces and trimmed at both ends.

    ``code``: elements that are kept whole whatever they say.
    """
    out: list[str] = []
    fixed: list[str] = []
    tags: list[tuple[str, str]] = []
    open_tags: list[tuple[str, int, int]] = []  # name, number, where in out

    def fix(raw: str) -> None:
        out.append(chr(FIRST_FIXED + len(fixed)) if len(fixed) < FIRST_OPEN - FIRST_FIXED else "")
        fixed.append(raw)

    place = 0
    while place < len(inner):
        found = MARKUP.search(inner, place)
        text = inner[place : found.start() if found else len(inner)]
        out.append(PRIVATE.sub("", html.unescape(text)))
        if found is None:
            break
        markup, place = found[0], found.end()
        name = name_of(markup)
        if markup.startswith("</"):
            match = next((held for held in reversed(open_tags) if held[0] == name), None)
            if match is None:
                fix(markup)
                continue
            # An element left open inside is no pair: its tag stays where it stands, alone.
            while open_tags[-1] is not match:
                _, number, where = open_tags.pop()
                out[where] = chr(FIRST_FIXED + len(fixed))
                fixed.append(tags[number][0])
            open_tags.pop()
            tags[match[1]] = (tags[match[1]][0], markup)
            out.append(chr(FIRST_CLOSE + match[1]))
        elif not name or name in VOID or markup.endswith("/>"):
            fix(markup)
        elif name in code or untranslatable(markup):
            end = end_of(inner, found.end(), name)
            fix(inner[found.start() : end])
            place = end
        elif len(tags) >= FIRST_CLOSE - FIRST_OPEN:
            fix(markup)
        else:
            open_tags.append((name, len(tags), len(out)))
            out.append(chr(FIRST_OPEN + len(tags)))
            tags.append((markup, ""))
    for _, number, where in reversed(open_tags):
        out[where] = chr(FIRST_FIXED + len(fixed))
        fixed.append(tags[number][0])
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", "".join(out))).strip()
    return Inline(text, tuple(fixed), tuple(tags))


def end_of(inner: str, start: int, name: str) -> int:
    """Where the element opened just before ``start`` ends, elements of its own name inside it counted."""
    depth = 1
    for found in MARKUP.finditer(inner, start):
        if name_of(found[0]) != name or found[0].endswith("/>"):
            continue
        depth += -1 if found[0].startswith("</") else 1
        if depth == 0:
            return int(found.end())
    return len(inner)


def example(source: Inline, target: Inline) -> Example:
    """A row of parallel data with both sides' spans numbered by the source's; a span only the target has is new."""
    free = list(enumerate(source.fixed))
    names: dict[str, str] = {}
    extra = len(source.fixed)
    fixed = [plain(raw) for raw in source.fixed]
    for number, raw in enumerate(target.fixed):
        match = next((item for item in free if item[1] == raw), None)
        if match is None:
            names[chr(FIRST_FIXED + number)] = chr(FIRST_FIXED + extra)
            fixed.append(plain(raw))
            extra += 1
        else:
            free.remove(match)
            names[chr(FIRST_FIXED + number)] = chr(FIRST_FIXED + match[0])
    tag_names = {opening: number for number, (opening, _) in reversed(list(enumerate(source.tags)))}
    for number, (opening, _) in enumerate(target.tags):
        if opening in tag_names:
            for first in (FIRST_OPEN, FIRST_CLOSE):
                names[chr(first + number)] = chr(first + tag_names[opening])
        else:
            # A tag the source does not have cannot be put back: the example's words stay, the tag goes.
            names[chr(FIRST_OPEN + number)] = names[chr(FIRST_CLOSE + number)] = ""
    return Example(source.text, "".join(names.get(character, character) for character in target.text), tuple(fixed))


def put_back(text: str, segment: Inline) -> str:
    """Inner HTML of a translated masked text: every fixed span of the segment once, every tag paired and nested."""
    fixed_left = {chr(FIRST_FIXED + number): raw for number, raw in enumerate(segment.fixed)}
    out: list[str] = []
    stack: list[int] = []
    seen: set[int] = set()
    for character in text:
        if is_fixed(character):
            out.append(fixed_left.pop(character, ""))
        elif is_tag(character):
            number = ord(character) - (FIRST_OPEN if ord(character) < FIRST_CLOSE else FIRST_CLOSE)
            if number >= len(segment.tags):
                continue
            if ord(character) < FIRST_CLOSE:
                if number not in seen:
                    seen.add(number)
                    stack.append(number)
                    out.append(segment.tags[number][0])
            elif number in stack:
                while stack:
                    inner = stack.pop()
                    out.append(segment.tags[inner][1])
                    if inner == number:
                        break
        elif PRIVATE.match(character) is None:
            out.append(html.escape(character, quote=False))
    while stack:
        out.append(segment.tags[stack.pop()][1])
    for number, (opening, closing) in enumerate(segment.tags):
        if number not in seen and closing:
            out.append(opening + closing)
    out.extend(fixed_left.values())
    return "".join(out)
