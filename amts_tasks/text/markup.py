"""Tags, comments and the text between them, with their places: the tokens of HTML (WHATWG, section 13.2.5).

The scanner reads every text and takes time linear in its length. It departs from the standard in what a browser shows
of a broken page only: a tag or comment that never ends reaches to the end of the text, a CDATA section ends at ``]]>``,
and so does PHP at ``?>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_SPACE = "[ \t\n\f\r]"
_NAME = re.compile(r"</?([A-Za-z][^ \t\n\f\r/>\0]*+)")
_ATTRIBUTE = re.compile(
    rf"""(?:{_SPACE}|/)*+
    (?P<name>[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+)
    (?:{_SPACE}*+={_SPACE}*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>(?!["'])[^ \t\n\f\r>]*+)))?+""",
    re.VERBOSE,
)
_REST = re.compile(rf"(?:{_SPACE}|/)*+")
_UNENDED = re.compile(rf"""{_SPACE}*+={_SPACE}*+["']""")
RAW = frozenset(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"])
"""Elements in which there are no tags but their own end."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a tag."""

    name: str
    """In small letters."""
    start: int
    """Zero-based character at which the value begins, after a quote mark; the name's end where there is none."""
    end: int
    """Exclusive."""
    quote: str
    """``"``, ``'`` or nothing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A token of the text; all of them, joined, are the text."""

    kind: Literal["text", "open", "close", "comment", "other"]
    """``other`` is a doctype, a processing instruction, a CDATA section, or a tag that does not end."""
    start: int
    end: int
    name: str = ""
    """Of a tag, in small letters."""
    empty: bool = False
    """Whether an opening tag ends in ``/>``."""
    attributes: tuple[Attribute, ...] = ()

    def value(self, source: str, name: str) -> str | None:
        """The value of an attribute as written, None where the tag has it not; the first of two counts."""
        for attribute in self.attributes:
            if attribute.name == name:
                return source[attribute.start : attribute.end]
        return None


def pieces(source: str) -> Iterator[Piece]:
    """The tokens of a text in order, without gap or overlap."""
    position = begun = 0
    absent: set[str] = set()
    while (at := source.find("<", position)) >= 0:
        piece = _markup(source, at, absent)
        if piece is None:
            position = at + 1
            continue
        if at > begun:
            yield Piece("text", begun, at)
        yield piece
        position = begun = piece.end
        if piece.kind == "open" and piece.name in RAW and not piece.empty:
            end = _raw_end(source, piece)
            if end > piece.end:
                yield Piece("text", piece.end, end)
            position = begun = end
    if begun < len(source):
        yield Piece("text", begun, len(source))


def _markup(source: str, at: int, absent: set[str]) -> Piece | None:
    following = source[at + 1 : at + 2]
    if following.isascii() and following.isalpha():
        return _tag(source, at, "open")
    if following == "/":
        after = source[at + 2 : at + 3]
        if after.isascii() and after.isalpha():
            return _tag(source, at, "close")
        return _until(source, at, ">", "other") if after else None
    if following == "!":
        if source.startswith("<!--", at):
            if source.startswith((">", "->"), at + 4):
                return Piece("comment", at, source.index(">", at) + 1)
            return _until(source, at, "-->", "comment", at + 4)
        if source.startswith("<![CDATA[", at) and _ends(source, at, "]]>", absent):
            return _until(source, at, "]]>", "other")
        return _until(source, at, ">", "other")
    if following == "?":
        php = source.startswith(("<?php", "<?="), at) and _ends(source, at, "?>", absent)
        return _until(source, at, "?>" if php else ">", "other")
    return None


def _ends(source: str, at: int, mark: str, absent: set[str]) -> bool:
    if mark not in absent and source.find(mark, at) < 0:
        absent.add(mark)
    return mark not in absent


def _until(source: str, at: int, mark: str, kind: Literal["comment", "other"], begin: int | None = None) -> Piece:
    end = source.find(mark, at + 2 if begin is None else begin)
    return Piece(kind, at, len(source) if end < 0 else end + len(mark))


def _tag(source: str, at: int, kind: Literal["open", "close"]) -> Piece:
    match = _NAME.match(source, at)
    name = match[1].lower() if match else ""
    position = match.end() if match else at + 1
    found: list[Attribute] = []
    while True:
        attribute = _ATTRIBUTE.match(source, position)
        if attribute is None:
            break
        place, quote = attribute.span("name")[1:], ""
        start = end = place[0]
        for group, mark in (("double", '"'), ("single", "'"), ("bare", "")):
            if attribute[group] is not None:
                (start, end), quote = attribute.span(group), mark
        found.append(Attribute(attribute["name"].lower(), start, end, quote))
        position = attribute.end()
        # A value that begins with a quote mark and never ends takes the rest of the text.
        if _UNENDED.match(source, position):
            return Piece("other", at, len(source))
    rest = _REST.match(source, position)
    after = rest.end() if rest else position
    if not source.startswith(">", after):
        return Piece("other", at, len(source))
    return Piece(kind, at, after + 1, name, kind == "open" and source.endswith("/", position, after), tuple(found))


def _raw_end(source: str, piece: Piece) -> int:
    end = re.compile(rf"</{re.escape(piece.name)}(?=[ \t\n\f\r/>])", re.IGNORECASE).search(source, piece.end)
    return end.start() if end else len(source)
