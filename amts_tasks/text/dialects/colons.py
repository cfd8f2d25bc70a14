"""Fences of colons: MyST's ``:::{note} Title``, Docusaurus' ``:::note Title``, VitePress', Pandoc's and Quarto's.

Each fence line is a block of its own, with the title as its text; what stands between is Markdown. Directives that hold
code are kept whole.
"""

from __future__ import annotations

import re

from amts_tasks.text import leaves
from amts_tasks.text.blocks import Kind, Text
from amts_tasks.text.containers import locate
from amts_tasks.text.dialects import names
from amts_tasks.text.dialects.directives import options
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Page

_OPEN = re.compile(
    r"""(?P<mark>:{3,})[ \t]*
    (?:\{(?P<myst>[A-Za-z][\w:+-]*)\}[ \t]*
    |(?P<name>[A-Za-z][\w.-]*)(?P<label>\[)?[ \t]*
    |)""",
    re.VERBOSE,
)
_LABEL_END = re.compile(r"\][ \t]*(?:\{[^{}]*\})?[ \t\r]*$")
_ATTRIBUTES = re.compile(r"[ \t]*\{[^{}]*\}[ \t\r]*$")


def begin(page: Page, number: int, at: int) -> int | None:
    """A line that opens or closes a fence of colons."""
    line = page.lines[number]
    opened = _OPEN.match(line, at)
    if opened is None:
        return None
    if opened["myst"]:
        return _myst(page, number, opened)
    texts: tuple[Text, ...] = ()
    begins, end = opened.end(), len(line)
    if opened["name"]:
        if opened["label"]:
            closed = _LABEL_END.search(line, begins)
            end = closed.start() if closed else begins
        else:
            attributes = _ATTRIBUTES.search(line, max(begins, line.rfind("{")))
            end = attributes.start() if attributes else end
        texts = page.texts(Kind.heading, [(number, begins, end)], None) if line[begins:end].strip(": \t\r") else ()
    return page.add(Kind.directive, number, number + 1, texts)


def _myst(page: Page, number: int, opened: re.Match[str]) -> int:
    name = opened["myst"]
    if name in names.BODIED:
        texts = names.title(page, name, number, opened.end()) if name in names.TITLED else ()
        after, texts = options(page, number + 1, texts)
        return page.add(Kind.directive, number, after, texts)
    close = re.compile(rf":{{{len(opened['mark'])},}}[ \t\r]*$")
    after = number + 1
    if (len(opened["mark"]), len(page.containers)) >= page.unclosed_colons:
        return page.add(Kind.directive, number, after)
    while after < len(page.lines):
        line = page.lines[after]
        if line.strip():
            place = locate(line, page.containers)
            if place.depth < len(page.containers):
                return page.add(Kind.directive, number, after)
            if close.match(line, place.position):
                return page.add(Kind.directive, number, after + 1)
        after += 1
    page.unclosed_colons = (len(opened["mark"]), len(page.containers))
    return page.add(Kind.directive, number, number + 1)


def interrupts(line: str, at: int) -> bool:
    """A fence ends the paragraph before it."""
    return leaves.FENCED_DIV.match(line, at) is not None


RULE = Rule("colons", ":", begin, interrupts)
