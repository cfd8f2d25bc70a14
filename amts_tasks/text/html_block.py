"""Blocks of HTML: their tags stay, the text of their elements is prose.

What begins such a block and where it ends is CommonMark's (section 4.6); departures: a comment, and what HTML keeps as
it is (``pre``, ``code``, ``script``, ``style``, ``svg``, ``math``, ``textarea``, ``translate="no"``), go on to
their end also over blank lines, as a browser shows them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from amts_tasks.text import attributes, leaves
from amts_tasks.text.blocks import Kind, Text
from amts_tasks.text.containers import locate, prefix
from amts_tasks.text.elements import BLOCK, PROTECTED
from amts_tasks.text.page import Page

_BLANK = re.compile(r"\n[ \t\r>]*\n")
_STARTS = re.compile(r"<!--|<[A-Za-z/>]|^[ \t>]*(?:`{3,}|~{3,})", re.MULTILINE)
_LINE_END = re.compile(r"[ \t\r]*+(?:\n|\Z)")
_UNTRANSLATED = re.compile(r"""\stranslate\s*=\s*["']?no\b|\sclass\s*=\s*["'][^"'<>]*\bnotranslate\b""", re.IGNORECASE)


def markup(page: Page, number: int, at: int) -> int | None:
    """The line after the comment or block of HTML that begins here; None where none does."""
    line = page.lines[number]
    if line.startswith("<!--", at):
        return _comment(page, number, at)
    raw = leaves.MARKUP_RAW.match(line, at)
    if raw:
        end = _end(page, raw[1].lower(), page.starts[number] + at)
        return page.add(Kind.html, number, len(page.lines) if end is None else bisect_right(page.starts, end - 1))
    if line.startswith(("<?", "<!"), at):
        return page.add(Kind.html, number, _declaration_end(page, number, at))
    if leaves.MARKUP_BLOCK.match(line, at) or leaves.MARKUP_ALONE.match(line, at):
        after, kept = _extent(page, number, at)
        return page.add(Kind.html, number, after, prose(page, number, after, at, kept))
    return None


def _declaration_end(page: Page, number: int, at: int) -> int:
    """The line after an instruction, a declaration or character data; after the block where none of them ends."""
    line = page.lines[number]
    close = "?>" if line[at + 1] == "?" else "]]>" if line.startswith("<![CDATA[", at) else ">"
    end = -1 if close in page.unended else page.text.find(close, page.starts[number] + at + 2)
    if end >= 0:
        return bisect_right(page.starts, end)
    page.unended.add(close)
    return _blank_after(page, number)


def _comment(page: Page, number: int, at: int) -> int | None:
    close = -1 if "-->" in page.unended else page.text.find("-->", page.starts[number] + at + 4)
    if close < 0:
        page.unended.add("-->")
        return page.add(Kind.comment, number, len(page.lines))
    after = bisect_right(page.starts, close)
    rest = page.text[close + 3 : page.starts[after]].strip()
    begins = close + 3 - page.starts[after - 1]
    texts = page.texts(Kind.paragraph, [(after - 1, begins, len(page.lines[after - 1]))], None) if rest else ()
    return page.add(Kind.html if texts else Kind.comment, number, after, texts)


def _extent(page: Page, number: int, at: int) -> tuple[int, list[tuple[int, int]]]:
    """The line after the block, and the ranges of characters in it that are kept as they are."""
    kept: list[tuple[int, int]] = []
    after = _blank_after(page, number)
    position = page.starts[number] + at
    while found := _STARTS.search(page.text, position, page.starts[after]):
        position = found.start() + 1
        if found[0] == "<!--":
            close = -1 if "-->" in page.unended else page.text.find("-->", found.end())
            end = close + 3 if close >= 0 else None
            page.unended |= {"-->"} if close < 0 else set()
        elif found[0][-1] in "`~":
            end = _fence_end(page, found.group().lstrip(" \t>"), found.end())
        else:
            tag = attributes.tag(page.text, found.start(), page.starts[after])
            if tag is None:
                continue
            position, name, closing, empty = tag
            name = name.lower()
            shielded = name in PROTECTED or _UNTRANSLATED.search(page.text, found.start(), position)
            end = None if closing or empty or not shielded else _end(page, name, found.start())
        if end is not None:
            kept.append((found.start(), end))
            position = end
            if end > page.starts[after]:
                after = _blank_after(page, bisect_right(page.starts, end - 1) - 1)
    return after, kept


def _fence_end(page: Page, mark: str, position: int) -> int | None:
    """The end of the fence that is open there. To CommonMark it is markup like all around it; authors mean code."""
    if mark in page.unended:
        return None
    close = re.compile(rf"^[ \t>]*{mark[0]}{{{len(mark)},}}[ \t\r]*$", re.MULTILINE).search(page.text, position)
    if close is None:
        page.unended.add(mark)
    return close.end() if close else None


def _blank_after(page: Page, number: int) -> int:
    """The first line from here on that is blank or stands outside of the containers."""
    after = number + 1
    while after < len(page.lines) and page.lines[after].strip():
        if page.containers and locate(page.lines[after], page.containers).depth < len(page.containers):
            break
        after += 1
    return after


@lru_cache(64)
def _ends(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){re.escape(name)}(?=[\s/>])[^<>]*>", re.IGNORECASE)


def _end(page: Page, name: str, start: int) -> int | None:
    """The character after the end of the element that begins here; None where it does not end."""
    if name in page.unended:
        return None
    depth = 0
    for match in _ends(name).finditer(page.text, start):
        if not match[1]:
            depth += not match[0].endswith("/>")
        elif depth > 1 and name not in {"script", "style", "textarea"}:
            depth -= 1
        else:
            return match.end()
    page.unended.add(name)
    return None


def _splits(name: str) -> bool:
    """Whether the tag ends the text before it; elements of JSX do."""
    return not name or name[0].isupper() or "." in name or name.lower() in BLOCK


def prose(page: Page, number: int, after: int, at: int, kept: list[tuple[int, int]]) -> tuple[Text, ...]:
    """The texts of a block of markup: what stands between its block elements, and attributes that readers see."""
    return _Prose(page, number, after, at, kept).texts()


class _Prose:
    """One pass over the tags of a block of markup."""

    def __init__(self, page: Page, number: int, after: int, at: int, kept: list[tuple[int, int]]) -> None:
        self.page = page
        self.number = number
        self.begin = page.starts[number] + at
        self.stop = page.starts[after]
        self.kept = dict(kept)
        self.continuation = prefix(page.containers)
        self.found: list[Text] = []
        self.run = self.begin
        self.inside: list[tuple[int, int]] = []  # tags and what is kept, in the run

    def texts(self) -> tuple[Text, ...]:
        text = self.page.text
        position = self.begin
        while found := _STARTS.search(text, position, self.stop):
            start = found.start()
            tag = attributes.tag(text, start, self.stop)
            end = self.kept.get(start, tag[0] if tag else None)
            if end is None:
                position = start + 1
                continue
            position = end
            if tag and not _splits(tag[1]) and not _BLANK.search(text, start, end) and not self._alone(start, end):
                self.inside.append((start, end))
            else:
                self._flush(start)
                if tag and not tag[2] and start not in self.kept:
                    self.found += attributes.values(self.page, start, end, len(self.found))
                self.run = end
        self._flush(self.stop)
        return tuple(self.found)

    def _alone(self, start: int, end: int) -> bool:
        """Whether nothing else stands on the lines of a tag: joined with its text it may begin no block any more."""
        if not _LINE_END.match(self.page.text, end):
            return False
        before = self.page.text.rfind("\n", self.begin, start) + 1 or self.begin
        return not self.page.text[before:start].strip(" \t>")

    def _flush(self, end: int) -> None:
        """The run that ends here as a text, or what readers see of the tags in it."""
        begin, inside = self.run, self.inside
        self.inside = []
        edges = [begin, *(edge for pair in inside for edge in pair), end]
        pieces = zip(edges[::2], edges[1::2], strict=True)
        if any(any(map(str.isalpha, self.page.text[first:last])) for first, last in pieces):
            self._text(begin, end)
        else:
            for first, last in inside:
                if first not in self.kept:
                    self.found += attributes.values(self.page, first, last, len(self.found))

    def _text(self, begin: int, end: int) -> None:
        page = self.page
        while page.text[begin].isspace():
            begin += 1
        while page.text[end - 1].isspace():
            end -= 1
        first = bisect_right(page.starts, begin, 0, len(page.lines)) - 1
        last = bisect_right(page.starts, end - 1, 0, len(page.lines)) - 1
        rows = []
        for number in range(first, last + 1):
            line = page.lines[number]
            inner = locate(line, page.containers).position if number > first else begin - page.starts[number]
            rows.append((number, inner, end - page.starts[number] if number == last else len(line)))
        self.found += page.texts(Kind.paragraph, rows, self.continuation, len(self.found))
