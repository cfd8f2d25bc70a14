"""Jekyll's, Hugo's and Hexo's tags: ``{% note %}``, ``{{< figure >}}``; some of them hold code until their end."""

from __future__ import annotations

import re
from bisect import bisect_right

from amts_tasks.text.attributes import values
from amts_tasks.text.blocks import Kind
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Page

_ONE = r"(?:\{\{(?:[^{}]|\}(?!\})|\{(?!\{))*+\}\}|\{%(?:[^%]|%(?!\}))*+%\})"
_LINE = re.compile(rf"(?:{_ONE}[ \t]*)+\r?$")
_OPEN = re.compile(r"\{\{[<%]|\{%")
_RAW = re.compile(
    r"(?:\{%-?|\{\{[<%])\s*(highlight|raw|comment|codeblock|code|mermaid|math|katex|chart|verbatim|plantuml|graphviz|tex)"
    r"(?![\w/-])(?![^\n]*/[>%]\}\})"
)


def begin(page: Page, number: int, at: int) -> int | None:
    """A line of nothing but tags, a tag over lines, or what a tag protects until its end."""
    line = page.lines[number]
    raw = _RAW.match(line, at)
    if raw:
        after = _raw_end(page, number, at, raw[1])
        if after is not None:
            return page.add(Kind.code, number, after)
    after = number + 1
    if not _LINE.match(line, at):
        after = _over_lines(page, number, at)
        if after <= number:
            return None
    span = (page.starts[number] + at, page.starts[after])
    return page.add(Kind.directive, number, after, values(page, *span))


def _raw_end(page: Page, number: int, at: int, name: str) -> int | None:
    """The line after the one that ends what the tag protects, where nothing else stands behind that end."""
    key = f"{{{name}"
    if key in page.unended:
        return None
    end = re.compile(rf"\{{[{{%][<%-]?\s*(?:end{name}|/\s*{name})\b[^\n]*?[%}}]\}}([^\n]*)")
    found = end.search(page.text, page.starts[number] + at)
    if found is None:
        page.unended.add(key)
        return None
    return None if found[1].strip() else bisect_right(page.starts, found.start())


def _over_lines(page: Page, number: int, at: int) -> int:
    """The line after a tag that begins here and ends in a later line of the same paragraph; 0 where there is none."""
    opened = _OPEN.match(page.lines[number], at)
    if opened is None:
        return 0
    close = "%}" if opened[0] == "{%" else opened[0][2:].replace("<", ">") + "}}"
    if number < page.absent.get(close, 0):
        return 0
    after = number
    while after < len(page.lines) and page.lines[after].strip():
        end = page.lines[after].find(close, at if after == number else 0)
        if end >= 0:
            if not page.lines[after][end + len(close) :].strip():
                return after + 1
            break
        after += 1
    # No tag that begins before that line ends there: each of them would look for its end as far as this one.
    page.absent[close] = after
    return 0


def interrupts(line: str, at: int) -> bool:
    """A line of nothing but tags ends the paragraph before it: what it opens or closes stands on its own."""
    return _LINE.match(line, at) is not None


RULE = Rule("liquid", "{", begin, interrupts)
