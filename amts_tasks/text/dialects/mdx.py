"""MDX: lines of ``import`` and ``export``, elements of JSX whose content is Markdown, expressions in braces."""

from __future__ import annotations

import re
from bisect import bisect_right

from amts_tasks.text import attributes
from amts_tasks.text.blocks import Kind
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.html_block import prose
from amts_tasks.text.page import Page

_IMPORT = re.compile(
    r"""import[ \t]+(?:[\w*${][^'";]*?[ \t\n]from[ \t]+)?(['"])[^'"\n]+\1[ \t]*;?[ \t\r]*$""", re.MULTILINE
)
_EXPORT = re.compile(
    r"export[ \t]+(?:(?:const|let|var|function|async|class)[ \t]+[\w${\[]|[{*]"
    r"|default[ \t]+(?:function|class|async|[({]|\w+[;(]))"
)
_ELEMENT = re.compile(r"</?[A-Z][\w.]*(?=[\s/>]|$)|</?>")
_COMMENT = re.compile(r"\{/\*(?:[^*]|\*(?!/))*+\*/\}[ \t\r]*$", re.MULTILINE)
_EXPRESSION = re.compile(r"\{[^{}\n%:#.|<][^{}\n|]*\}[ \t\r]*$")
_CODE = re.compile(r"=>|\(|^\{[\w$.]+$")


def code(page: Page, number: int, at: int) -> int | None:
    """Statements up to the next blank line outside of braces."""
    if page.containers or at:
        return None
    start = page.starts[number]
    if not _IMPORT.match(page.text, start, start + 2000) and not _EXPORT.match(page.lines[number]):
        return None
    after = number
    opened = 0
    blank = None
    while after < len(page.lines):
        line = page.lines[after]
        if not line.strip():
            blank = after if blank is None else blank
            if opened <= 0 or "export" in page.unended:
                break
        opened += sum(map(line.count, "({[")) - sum(map(line.count, ")}]"))
        after += 1
    if opened > 0 and blank is not None:
        page.unended.add("export")
        after = blank
    return page.add(Kind.code, number, after)


def element(page: Page, number: int, at: int) -> int | None:
    """The lines of the tags that begin here, with the text between them; what stands below them is Markdown."""
    if not _ELEMENT.match(page.lines[number], at):
        return None
    depth = 0
    position = page.starts[number] + at
    after = number
    while position >= 0 and (after == number or position < page.starts[after]):
        tag = attributes.tag(page.text, position)
        if tag:
            position, name, closing, empty = tag
            if not name or name[0].isupper():
                depth += -1 if closing else not empty
            after = max(after, bisect_right(page.starts, position - 1))
        elif after == number:
            return None
        else:
            position += 1
        position = page.text.find("<", position, page.starts[after])
    page.jsx = max(0, page.jsx + depth)
    return page.add(Kind.html, number, after, prose(page, number, after, at, []))


def expression(page: Page, number: int, at: int) -> int | None:
    """A comment, or an expression alone on its line, or, in a document that has JSX, one over lines."""
    comment = None if "{/*" in page.unended else _COMMENT.match(page.text, page.starts[number] + at)
    line = page.lines[number]
    if comment:
        return page.add(Kind.comment, number, bisect_right(page.starts, comment.end() - 1))
    if line.startswith("{/*", at):
        page.unended.add("{/*")
    if _EXPRESSION.match(line, at):
        return page.add(Kind.directive, number, number + 1)
    if not (page.jsx or page.path.endswith(".mdx")) or not _CODE.search(line[at:].rstrip()):
        return None
    opened = 0
    after = number
    while after < len(page.lines) and page.lines[after].strip():
        opened += page.lines[after].count("{") - page.lines[after].count("}")
        after += 1
        if opened <= 0:
            return page.add(Kind.code, number, after) if page.lines[after - 1].rstrip().endswith("}") else None
    return None


CODE = Rule("mdx", "ie", code)
ELEMENT = Rule("mdx", "<", element)
EXPRESSION = Rule("mdx", "{", expression)
