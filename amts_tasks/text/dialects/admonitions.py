"""Python-Markdown: ``!!! note "Title"``, ``??? tip``, ``=== "Tab"``, with a body indented by four."""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind, Text
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Page

_OPEN = re.compile(r"""(?:!!!|\?\?\?\+?)[ \t]+[\w-]+(?:[ \t]+[\w-]+)*+(?:[ \t]+"([^"]*)")?[ \t\r]*$""")
_TAB = re.compile(r"""===[!+]*[ \t]+"([^"]*)"[ \t\r]*$""")
_BLOCK = re.compile(r"/{3,}[ \t]*(?:[a-z][\w-]*[ \t]*(?:\|[ \t]*(\S.*?))?)?[ \t\r]*$")
_WIDTH = 4


def begin(page: Page, number: int, at: int) -> int | None:
    """The line that opens an admonition or a tab; its body is a container."""
    line = page.lines[number]
    slashes = line[at] == "/"
    opened = (_BLOCK if slashes else _TAB if line[at] == "=" else _OPEN).match(line, at)
    if opened is None:
        return None
    texts: tuple[Text, ...] = ()
    if opened[1]:
        texts = page.texts(Kind.heading, [(number, opened.start(1), opened.end(1))], None)
    after = page.add(Kind.directive, number, number + 1, texts)
    if not slashes:
        page.containers.append(_WIDTH)
    return after


def interrupts(line: str, at: int) -> bool:
    """What is sure to be one, and the slashes that end a block."""
    return line[at] != "=" and (_BLOCK if line[at] == "/" else _OPEN).match(line, at) is not None


RULE = Rule("mkdocs", "!?=/", begin, interrupts)
