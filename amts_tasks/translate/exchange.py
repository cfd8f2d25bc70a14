"""What the translator is sent and sends back: segments as HTML, in which the service leaves markup alone.

A unit is a paragraph with its id, a placeholder a span that is not translated, a pair of tags an element around text:

    <p id="intro.md#4.0">The <b>loss</b> <span translate="no">$l$</span> of <a id="2">a model</a></p>

Text and placeholders are escaped, so that no bare ``<``, ``>`` or ``&`` reaches the service, which answers such with
its internal names (aws-sdk-ruby, issue 3191). A line feed in running text means a space and is sent as one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from amts_tasks.text import Placeholder, Segment

_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_PARAGRAPH = re.compile(r"""<p\s(?:[^<>]*?\s)??id\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')[^<>]*>""", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</p\s*>", re.IGNORECASE)
EDGES = " \t\r\n"
"""White space that a unit is sent without and gets back."""
_HEAD = '<!DOCTYPE html>\n<html lang="{}">\n<head><meta charset="utf-8"></head>\n<body>\n'
_FOOT = "</body>\n</html>\n"


@dataclass(frozen=True, slots=True)
class Unit:
    """One segment on its way."""

    id: str
    """``path#block.text``: unique in a job."""
    segment: Segment


@dataclass(frozen=True, slots=True)
class ExchangeDocument:
    """One HTML file of a job."""

    name: str
    """``0001.html`` and so on, in the order of the units."""
    html: str
    units: tuple[Unit, ...]


def documents(units: Iterable[Unit], source_language: str, limit_bytes: int = 900_000) -> tuple[ExchangeDocument, ...]:
    """The units as HTML documents of at most ``limit_bytes`` UTF-8 bytes each, in their order.

    The service takes 1 MB of translatable text in a document (developer guide, "Asynchronous batch processing"). A unit
    that is longer than the limit by itself stands in a document of its own.
    """
    head = _HEAD.format(html.escape(source_language))
    frame = len((head + _FOOT).encode())
    made: list[ExchangeDocument] = []
    lines: list[str] = []
    held: list[Unit] = []
    size = frame

    def close() -> None:
        body = "".join(lines)
        made.append(ExchangeDocument(f"{len(made) + 1:04}.html", head + body + _FOOT, tuple(held)))

    for unit in units:
        line = f'<p id="{html.escape(unit.id)}">{inner_html(unit.segment)}</p>\n'
        length = len(line.encode("utf-8", "surrogatepass"))
        if held and size + length > limit_bytes:
            close()
            lines, held, size = [], [], frame
        lines.append(line)
        held.append(unit)
        size += length
    if held:
        close()
    return tuple(made)


def read(document: str) -> Mapping[str, str]:
    """The inner HTML of each unit of a returned document by id, without those that stand there twice or do not end."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    openings = list(_PARAGRAPH.finditer(document))
    for match, following in zip(openings, [*openings[1:], None], strict=True):
        name = html.unescape(match[1] if match[1] is not None else match[2])
        if name in found:
            twice.add(name)
        limit = following.start() if following else len(document)
        end = _PARAGRAPH_END.search(document, match.end(), limit)
        if end:
            found[name] = document[match.end() : end.start()]
    return {name: inner for name, inner in found.items() if name not in twice}


def inner_html(segment: Segment) -> str:
    """The segment as the content of an HTML element, without its edges' white space; also its form in parallel data."""
    told_apart = numbered(segment)
    parts: list[str] = []
    for token in segment.tokens:
        if isinstance(token, str):
            parts.append(html.escape(one_line(token), quote=False))
        elif isinstance(token, Placeholder):
            if token.kind == "break":
                parts.append("<br>")
            else:
                parts.append(f'<span translate="no">{html.escape(token.text, quote=False)}</span>')
        elif not token.open:
            parts.append(f"</{token.name}>")
        elif token.id in told_apart:
            parts.append(f'<{token.name} id="{token.id}">')
        else:
            parts.append(f"<{token.name}>")
    return "".join(parts).strip(EDGES)


def one_line(text: str) -> str:
    """The text with its line feeds as spaces; between two CJK characters they mean nothing."""
    if "\n" not in text:
        return text
    first, *others = text.split("\n")
    joined = [first.rstrip(" \t\r")] if others else [first]
    for number, line in enumerate(others, start=1):
        kept = line.lstrip(" \t")
        kept = kept if number == len(others) else kept.rstrip(" \t\r")
        glued = joined[-1][-1:] and _CJK.match(joined[-1][-1]) and _CJK.match(kept)
        joined += [kept] if glued else [" ", kept]
    return "".join(joined)


def numbered(segment: Segment) -> set[int]:
    """The pairs of tags that need their id to be told apart: links, images, one name for marks written differently."""
    ends: dict[int, tuple[str, str]] = {}
    for tag in segment.tags:
        ends[tag.id] = (tag.name, ends[tag.id][1] + "…" + tag.text if tag.id in ends else tag.text)
    kinds: dict[str, set[str]] = {}
    for name, marks in ends.values():
        kinds.setdefault(name, set()).add(marks)
    return {number for number, (name, _) in ends.items() if name in {"a", "u"} or len(kinds[name]) > 1}
