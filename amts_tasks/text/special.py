"""Blocks that their first characters tell apart: headings, code, display math, D2L's marks, markup, rules.

Each function returns the number of the line after the block it added, or None where there is none.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from amts_tasks.text import leaves
from amts_tasks.text.blocks import Kind
from amts_tasks.text.containers import locate
from amts_tasks.text.page import Page


def special(page: Page, number: int, at: int) -> int | None:
    """The block that begins here if its first characters say so; None for a paragraph or a table."""
    line = page.lines[number]
    first = line[at]
    if first == "#":
        heading = leaves.HEADING.match(line, at)
        if heading:
            return _heading(page, number, heading)
    elif first in "`~":
        fence = leaves.FENCE.match(line, at)
        if fence:
            return _fence(page, number, fence)
    if first in "$[(*~":
        ended = math_end(page, number, at)
        if ended is not None:
            return page.add(Kind.math, number, ended)
    if first == ":":
        return _colon(page, number, at)
    if first == "<":
        return _markup(page, number, at)
    if first in "-*_" and leaves.is_rule(line, at):
        return page.add(Kind.directive, number, number + 1)
    if (first == "[" and leaves.DEFINITION.match(line, at)) or (first == "{" and leaves.SHORTCODE.match(line, at)):
        return page.add(Kind.directive, number, number + 1)
    return None


def front_matter(page: Page) -> int:
    """The line after the YAML between rules at the very start of a document; 0 where there is none."""
    if len(page.lines) < 3 or page.lines[0].rstrip() != "---" or not leaves.YAML.match(page.lines[1]):
        return 0
    for number in range(2, len(page.lines)):
        if page.lines[number].rstrip() in {"---", "..."}:
            return page.add(Kind.front_matter, 0, number + 1)
    return 0


def indented(page: Page, number: int) -> int:
    """The line after the indented code that begins here; the blank lines after it are not part of it."""
    after = number + 1
    end = after
    while after < len(page.lines):
        line = page.lines[after]
        if line.strip():
            place = locate(line, page.containers)
            if place.depth < len(page.containers) or place.indent < 4:
                break
            end = after + 1
        after += 1
    return page.add(Kind.code, number, end)


def _heading(page: Page, number: int, match: re.Match[str]) -> int:
    end = leaves.heading_end(page.lines[number], match.end())
    texts = page.texts(Kind.heading, [(number, match.end(), end)], None)
    return page.add(Kind.heading, number, number + 1, texts, len(match[1]))


def _fence(page: Page, number: int, match: re.Match[str]) -> int:
    mark, info = (match[1], match[2]) if match[1] else (match[3], match[4])
    close = leaves.fence_close(mark)
    kind = Kind.directive if leaves.is_directive(info) else Kind.code
    if not page.containers:
        found = close.search(page.text, page.starts[number + 1])
        after = bisect_right(page.starts, found.start()) if found else len(page.lines)
        return page.add(kind, number, after)
    after = number + 1
    while after < len(page.lines):
        line = page.lines[after]
        if line.strip():
            place = locate(line, page.containers)
            if place.depth < len(page.containers):
                break
            if place.indent < 4 and close.match(line[place.position :]):
                after += 1
                break
        after += 1
    return page.add(kind, number, after)


def math_end(page: Page, number: int, at: int) -> int | None:
    """The line after display math that begins here and after whose end no prose follows."""
    line = page.lines[number]
    start = leaves.MATH_START.match(line, at)
    if start is None:
        return None
    close = line.find("$$", start.end())
    while close < 0:
        number += 1
        if number >= len(page.lines) or not page.lines[number].strip():
            return None
        line = page.lines[number]
        close = line.find("$$")
    return number + 1 if leaves.MATH_TAIL.match(line, close + 2) else None


def _colon(page: Page, number: int, at: int) -> int | None:
    line = page.lines[number]
    tab = leaves.TAB_MARK.match(line, at)
    if tab:
        name = tab[1] or tab[2]
        page.tab = None
        ended = page.add(Kind.tab_mark, number, number + 1)
        page.tab = name.strip() if name else None
        return ended
    if leaves.ROLE_LINE.match(line, at):
        return page.add(Kind.label if leaves.LABEL.search(line, at) else Kind.directive, number, number + 1)
    if leaves.FENCED_DIV.match(line, at):
        return page.add(Kind.directive, number, number + 1)
    return None


def _markup(page: Page, number: int, at: int) -> int | None:
    line = page.lines[number]
    if line.startswith("<!--", at):
        close = page.text.find("-->", page.starts[number] + at + 4)
        after = bisect_right(page.starts, close) if close >= 0 else len(page.lines)
        if close >= 0 and page.text[close + 3 : page.starts[after]].strip():
            return None if after == number + 1 else page.add(Kind.comment, number, after)
        return page.add(Kind.comment, number, after)
    raw = leaves.MARKUP_RAW.match(line, at)
    if raw:
        end = re.compile(rf"</{raw[1]}>", re.IGNORECASE).search(page.text, page.starts[number] + at)
        return page.add(Kind.html, number, bisect_right(page.starts, end.start()) if end else len(page.lines))
    if leaves.MARKUP_BLOCK.match(line, at) or leaves.MARKUP_ALONE.match(line, at):
        after = number + 1
        while after < len(page.lines) and page.lines[after].strip():
            after += 1
        return page.add(Kind.html, number, after)
    return None
