"""MyST: directives in fences of backticks or tildes, such as ```` ```{note} ````, whose body is Markdown.

The opening line with the options below it is a block, and so is the closing line; what stands between them are blocks
as everywhere. Directives that are not known to hold Markdown stay whole and untouched, like code.
"""

from __future__ import annotations

import re

from amts_tasks.text import leaves
from amts_tasks.text.blocks import Kind, Text
from amts_tasks.text.containers import locate
from amts_tasks.text.dialects import names
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Frame, Page

_OPEN = re.compile(r"(`{3,}|~{3,})[ \t]*\{([A-Za-z][\w:.+-]*)\}[ \t]*(?=([^`]*)$)")
_CLOSE = re.compile(r"(`{3,}|~{3,})[ \t\r]*$")

_DEEPEST = 64
"""Directives in directives; one that stands deeper stays whole."""


def begin(page: Page, number: int, at: int) -> int | None:
    """The line that opens or closes such a directive."""
    line = page.lines[number]
    if page.frames:
        closed = _CLOSE.match(line, at)
        if closed and page.close(closed[1]):
            return page.add(Kind.directive, number, number + 1)
    opened = _OPEN.match(line, at)
    if opened is None or opened[2] not in names.BODIED or len(page.frames) >= _DEEPEST:
        return None
    name = opened[2]
    texts = names.title(page, name, number, opened.end()) if name in names.TITLED else ()
    after, texts = options(page, number + 1, texts)
    page.add(Kind.directive, number, after, texts)
    page.frames.append(Frame(opened[1], name, len(page.containers)))
    return after


def options(page: Page, number: int, texts: tuple[Text, ...]) -> tuple[int, tuple[Text, ...]]:
    """The line after the options that begin here, and the texts with those in them."""
    yaml = False
    after = number
    while after < len(page.lines):
        place = locate(page.lines[after], page.containers)
        line = page.lines[after]
        if place.depth < len(page.containers) or not line.strip():
            break
        rule = line[place.position :].rstrip() == "---"
        if rule and (yaml or after == number):
            yaml = not yaml
            after += 1
            if not yaml:
                break
            continue
        if not yaml and not names.OPTION.match(line, place.position):
            break
        if not yaml:
            texts += names.option(page, after, place.position, len(texts))
        after += 1
    return (after, texts) if not yaml else (number, texts)


def interrupts(line: str, at: int) -> bool:
    """As every fence does."""
    return leaves.FENCE.match(line, at) is not None


RULE = Rule("myst", "`~", begin, interrupts)
