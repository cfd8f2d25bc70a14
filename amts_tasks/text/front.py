"""Front matter, YAML between ``---`` or TOML between ``+++``: values that readers see are texts, all else stays.

A value is a text only where it is written so that any other prose in its place is the same kind of value; what a
translator gives back is held to that when the result is read again.
"""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind, Text
from amts_tasks.text.page import Page

_KEYS = (
    "title|subtitle|linktitle|linkTitle|short_title|shortTitle|long_title|nav_title|navTitle|heading|subheading|headline"
    "|description|desc|summary|excerpt|abstract|lead|intro|tagline|details|caption|sidebar_label|sidebarTitle|sidebar_title"
    "|pagination_label|og_title|og_description|ogTitle|ogDescription|meta_title|meta_description|metaTitle|metaDescription"
    "|toc_title|tocTitle|card_title|card_description|hero_title|hero_subtitle|image_alt|imageAlt|alt|teaser|blurb"
)
_YAML_LINE = re.compile(r"[\w.-]+[ \t]*:|#|- |$")
_YAML = re.compile(rf"""(?P<indent>[ \t]*)(?:-[ \t]+)*(?:{_KEYS}|"(?:{_KEYS})"|'(?:{_KEYS})')[ \t]*:[ \t]+(?=\S)""")
_TOML = re.compile(rf"(?P<indent>[ \t]*)(?:{_KEYS})[ \t]*=[ \t]*(?=\S)")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"[ \t]*(?:#.*)?$')
_SINGLE = re.compile(r"'((?:[^']|'')*)'[ \t]*(?:#.*)?$")
_LITERAL = re.compile(r"'([^']*)'[ \t]*(?:#.*)?$")
_BLOCK = re.compile(r"[|>][+-]?[ \t]*$")
_PLAIN = re.compile(r"[^\s\[\]{},&*#?|<>=!%@`'\"\\-](?:[^:#\n]|:(?=\S)|(?<=\S)#)*$")
_NO_TEXT = re.compile(r"(?:true|false|yes|no|on|off|y|n|null|~)$", re.IGNORECASE)


def front_matter(page: Page) -> int:
    """The line after the front matter at the very start of a document; 0 where there is none."""
    if len(page.lines) < 3:
        return 0
    mark = page.lines[0].rstrip()
    if mark not in {"---", "+++"} or (mark == "---" and not _YAML_LINE.match(page.lines[1].rstrip("\r"))):
        return 0
    for number in range(1, len(page.lines)):
        line = page.lines[number].rstrip()
        if line == mark or (line == "..." and mark == "---"):
            if number == 1:
                return 0
            return page.add(Kind.front_matter, 0, number + 1, _texts(page, number, toml=mark == "+++"))
    return 0


def _texts(page: Page, end: int, *, toml: bool) -> tuple[Text, ...]:
    found: tuple[Text, ...] = ()
    number = 1
    while number < end:
        line = page.lines[number]
        key = (_TOML if toml else _YAML).match(line)
        number += 1
        if key is None:
            continue
        value = line[key.end() :].rstrip()
        below = number
        indent = len(key["indent"])
        while below < end and (not page.lines[below].strip() or _indent(page.lines[below]) > indent):
            below += 1
        if not toml and _BLOCK.match(value):
            found += _block(page, number, below, len(found))
            number = below
        elif below == number or toml:
            span = _value(value, toml=toml)
            if span:
                begin = key.end()
                rows = [(number - 1, begin + span[0], begin + span[1])]
                found += page.texts(Kind.heading, rows, None, len(found))
        else:
            number = below
    return found


def _value(value: str, *, toml: bool) -> tuple[int, int] | None:
    """The characters of a value of one line that may be any prose; None for other values."""
    if value.startswith(('"', "'")):
        if toml and value.startswith(('"""', "'''")):
            return None
        quoted = (_DOUBLE if value[0] == '"' else _LITERAL if toml else _SINGLE).match(value)
        return quoted.span(1) if quoted and quoted[1].strip() else None
    plain = not toml and _PLAIN.match(value) and not value.endswith(":")
    return (0, len(value)) if plain and not _NO_TEXT.match(value) and any(map(str.isalpha, value)) else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _block(page: Page, number: int, below: int, index: int) -> tuple[Text, ...]:
    """The paragraphs of a block scalar."""
    found: tuple[Text, ...] = ()
    rows: list[tuple[int, int, int]] = []
    for at in range(number, below + 1):
        line = page.lines[at] if at < below else ""
        if line.strip():
            rows.append((at, _indent(line), len(line)))
        elif rows:
            continuation = " " * rows[0][1]
            found += page.texts(Kind.paragraph, rows, continuation, index + len(found))
            rows = []
    return found
