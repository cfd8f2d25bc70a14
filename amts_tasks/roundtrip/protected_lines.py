"""What of a Markdown file is protected in whole lines: front matter, fences, directives and indented code.

Found line by line, apart from the parser; indented code is what markdown-it-py takes for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from amts_tasks.roundtrip.commonmark import indented_code

_KEY = re.compile(
    r"""^(?P<indent>[ \t]*)(?:-[ ]+)*["']?(?:(?:sub|link|short_?|nav_?|meta_?|og_?|hero_?|toc_?|card_?|sidebar_?)?title
    |description|desc|summary|excerpt|abstract|lead|intro|tagline|details|caption|sidebar_label|teaser|heading)
    ["']?[ ]*[:=]""",
    re.VERBOSE | re.IGNORECASE,
)
_FIRST = re.compile(r"""\s*(?:[#\[{]|-[ ]|["']?[\w.$@-]+["']?\s*[:=])""")
"""What the first line of front matter begins with: a key, a table, a list or a comment."""
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ ]+)*(?P<mark>```+|~~~+)(?P<info>[^`\n]*)$|")
_COLON = re.compile(r"[ \t>]*(?P<mark>:{3,})[ \t]*\{(?P<name>[\w:+-]+)\}")
_IDENTIFIER = re.compile(r":::[ \t]+[\w.]+[ \t]*$")
"""mkdocstrings: what stands indented below the name of a Python object are options."""
_OPTION = re.compile(r"[ \t>]*:(?P<name>[\w-]+):(?!`)(?P<value>.*)$")
_MARKDOWN_IN = re.compile(
    r"""\s*\{(?:admonition|note|warning|tip|hint|important|caution|danger|error|attention|seealso|todo|version\w+|deprecated
    |dropdown|toggle|tabs|group-tab|marginnote|hero|callout|discussion|challenge|instructor-note|prerequisites|objectives
    |questions|keypoints|demo|type-along|card|grid[\w-]*|tab-set|tab-item|topic|sidebar|rubric|table|list-table|epigraph|margin|figure|glossary|aside
    |container|div|(?:prf:)?(?:exercise|solution|theorem|proof|lemma|definition|axiom|corollary|proposition|remark|example
    |property|observation|conjecture|criterion|assumption|algorithm)(?:-start|-end)?|details|only|pull-quote|blockquote|button
    |hlist|centered|compound|highlights|card-carousel|figure-md|tab|simple-note|iframe-caption|parsed-note)\}""",
    re.VERBOSE,
)
_COMMENT_OPEN = re.compile(r"(?<!\\)<!--(?!.*-->)")
_CODE = re.compile(r"(`+)[^`]*\1")
ITEM_LINE = re.compile(r"[ \t>]*(?:[-*+]|\d+[.)])[ \t]+")
"""What a line begins with that is an item of a list."""


class Span(NamedTuple):
    """A protected piece of a file; ``content`` is what of it must come back."""

    start: int
    end: int
    sort: str
    content: str


def protected_lines(text: str) -> Iterator[Span]:
    """Front matter, fences and indented code; of directives that hold Markdown only the fences and options."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    number = 0
    mark = lines[0].rstrip()
    if mark in {"---", "+++"} and len(lines) > 1 and _FIRST.match(lines[1]):
        end = next((n for n in range(1, len(lines)) if lines[n].rstrip() in {mark, "..."}), 0)
        if end:
            yield from _front_matter(lines, starts, end)
            number = end + 1
    code = {first: last for first, last in indented_code(text) if first >= number}
    opened: list[str] = []
    while number < len(lines):
        line = lines[number].rstrip("\r")
        first = number
        number += 1
        if "<!--" in line and _COMMENT_OPEN.search(_CODE.sub("", line)):
            number = next((n for n in range(number, len(lines)) if "-->" in lines[n]), number)
            continue
        if first in code:
            number = code[first]
            yield _whole(lines, starts, first, number, "indented")
            continue
        if _IDENTIFIER.match(line):
            while number < len(lines) and (not lines[number].strip() or lines[number].startswith("    ")):
                number += 1
            yield _whole(lines, starts, first, number, "fence")
            continue
        fence = _FENCE.match(line)
        colon = _COLON.match(line)
        if colon and not _MARKDOWN_IN.match("{" + colon["name"] + "}"):
            close = next((n for n in range(number, len(lines)) if lines[n].strip(" >\r") == colon["mark"]), 0)
            if close:
                number = close + 1
                yield _whole(lines, starts, first, number, "fence")
            continue
        if fence is None or not fence["mark"]:
            continue
        if not fence["info"].strip() and opened and fence["mark"].startswith(opened[-1]):
            opened.pop()
            yield _whole(lines, starts, first, number, "fence")
        elif _MARKDOWN_IN.match(fence["info"]):
            opened.append(fence["mark"])
            named = line.index("}") + 1
            yield Span(starts[first], starts[first] + named, "fence", line[:named].strip())
            while number < len(lines) and (option := _OPTION.match(lines[number].rstrip("\r"))):
                if option["name"] not in {"alt", "caption", "title", "header", "footer"}:
                    yield _whole(lines, starts, number, number + 1, "option")
                number += 1
        else:
            most = fence.start("mark") + 3
            ends = re.compile(rf"[ \t>]{{0,{most}}}{fence['mark'][0]}{{{len(fence['mark'])},}}[ \t\r]*$")
            last = _item_end(lines, first)
            number = next((n + 1 for n in range(number, last) if ends.match(lines[n])), last)
            yield from _fence(lines, starts, first, number)


def _item_end(lines: list[str], number: int) -> int:
    """The line after the list item in which a line stands, for lines indented as its text; the last one for none."""
    own = len(lines[number]) - len(lines[number].lstrip(" "))
    above = number - 1
    while above >= 0 and (not lines[above].strip() or len(lines[above]) - len(lines[above].lstrip(" ")) >= own):
        above -= 1
    item = ITEM_LINE.match(lines[above]) if own and above >= 0 else None
    if item is None or item.end() > own:
        return len(lines)
    for after in range(number + 1, len(lines)):
        line = lines[after]
        if line.strip() and len(line) - len(line.lstrip()) < min(item.end(), own):
            return after
    return len(lines)


def _fence(lines: list[str], starts: list[int], first: int, after: int) -> Iterator[Span]:
    """Code; of a builder's directive the captions are prose."""
    begin = first
    if "{" in lines[first]:
        for number in range(first + 1, after):
            option = _OPTION.match(lines[number].rstrip("\r"))
            if option is None:
                break
            if option["name"] in {"alt", "caption", "title"} and option["value"].strip():
                yield _whole(lines, starts, begin, number, "fence")
                begin = number + 1
    entries = [n for n in range(begin, after) if re.search(r"\S\s*<[^<>\s]+>\s*$", lines[n])]
    if "{toctree}" in lines[first]:
        for number in entries:
            yield _whole(lines, starts, begin, number, "fence")
            start = starts[number] + lines[number].rindex("<")
            yield Span(start, starts[number + 1] - 1, "fence", lines[number][lines[number].rindex("<") :].strip())
            begin = number + 1
    yield _whole(lines, starts, begin, after, "fence")


def _whole(lines: list[str], starts: list[int], first: int, after: int, sort: str) -> Span:
    end = max(starts[first], min(starts[after], starts[-1]) - 1)
    return Span(starts[first], end, sort, "\n".join(line.rstrip() for line in lines[first:after]))


def _front_matter(lines: list[str], starts: list[int], end: int) -> Iterator[Span]:
    """All lines but the values of keys that readers see."""
    number = 0
    while number <= end:
        key = _KEY.match(lines[number])
        value = lines[number][key.end() :].strip() if key else ""
        if key is None or (value and value[0] not in "|>" and not any(map(str.isalpha, value))):
            yield _whole(lines, starts, number, number + 1, "front_matter")
            number += 1
            continue
        yield Span(starts[number], starts[number] + key.end(), "front_matter", key[0])
        number += 1
        if value in {"|", ">", "|-", ">-", "|+", ">+"}:
            while number < end and (
                not lines[number].strip() or len(lines[number]) - len(lines[number].lstrip()) > len(key["indent"])
            ):
                number += 1
