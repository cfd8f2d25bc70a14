"""Blocks that their first characters tell apart: headings, code, display math, D2L's marks, markup, rules.

Each function returns the number of the line after the block it added, or None where there is none.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from amts_tasks.text import leaves
from amts_tasks.text.blocks import Kind, Text
from amts_tasks.text.containers import locate
from amts_tasks.text.dialects import names
from amts_tasks.text.html_block import markup
from amts_tasks.text.page import Page


def special(page: Page, number: int, at: int) -> int | None:
    """The block that begins here if its first characters say so; None for a paragraph or a table."""
    line = page.lines[number]
    first = line[at]
    if first == "#":
        heading = leaves.HEADING.match(line, at)
        if heading:
            return _heading(page, number, heading)
    if first in "$[(*~":
        ended = math_end(page, number, at)
        if ended is not None:
            return page.add(Kind.math, number, ended)
    if first in "-*_" and leaves.is_rule(line, at):
        return page.add(Kind.directive, number, number + 1)
    for rule in page.rules.get(first, ()):
        ended = rule.begin(page, number, at)
        if ended is not None:
            return ended
    if first in "`~":
        fence = leaves.FENCE.match(line, at)
        if fence:
            return _fence(page, number, fence)
    if first == "<":
        return markup(page, number, at)
    return None


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
    close = leaves.fence_close(mark, page.shortest(mark))
    directive = leaves.is_directive(info)
    after = _fence_end(page, number, close)
    # What is long enough to end a directive around the code ends both.
    if after > number + 1 and page.frames:
        last = _CLOSE.match(page.lines[after - 1].strip())
        if last and last[1][0] == mark[0] and len(last[1]) < len(mark):
            after -= 1
    texts: tuple[Text, ...] = ()
    if info.lstrip().startswith("{"):
        texts = _seen(page, number, after, toctree="toctree" in info)
    return page.add(Kind.directive if directive or texts else Kind.code, number, after, texts)


_CLOSE = re.compile(r"(`{3,}|~{3,})$")


def _seen(page: Page, number: int, after: int, *, toctree: bool) -> tuple[Text, ...]:
    """What readers see of a directive that is not Markdown: its caption, and a table of contents' own titles."""
    texts: tuple[Text, ...] = ()
    for line in range(number + 1, after):
        at = locate(page.lines[line], page.containers).position
        if names.OPTION.match(page.lines[line], at):
            texts += names.option(page, line, at, len(texts))
        elif not toctree:
            break
        else:
            texts += names.entry(page, line, at, len(texts))
    return texts


def _fence_end(page: Page, number: int, close: re.Pattern[str]) -> int:
    """The line after the one that ends the fence, or after its containers."""
    if not page.containers:
        found = close.search(page.text, page.starts[number + 1])
        return bisect_right(page.starts, found.start()) if found else len(page.lines)
    after = number + 1
    while after < len(page.lines):
        line = page.lines[after]
        if line.strip():
            place = locate(line, page.containers)
            if place.depth < len(page.containers):
                break
            if place.indent < 4 and close.match(line[place.position :]):
                return after + 1
        after += 1
    return after


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
