"""Definitions of link references; the title is prose, as readers see it."""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind
from amts_tasks.text.containers import locate
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Page

_TITLE = r"""(?:"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)'|\((?P<round>(?:[^()\\]|\\.)*+)\))"""
_LABEL = r"\[(?!\^)(?:[^\[\]\\]|\\.)++\]:"
_WHOLE = re.compile(rf"{_LABEL}[ \t]*+(?:<[^<>]*+>|\S++)(?P<titled>[ \t]++{_TITLE})?[ \t\r]*$")
_LABEL_ALONE = re.compile(rf"{_LABEL}[ \t\r]*$")
_TARGET_ALONE = re.compile(rf"(?:<[^<>]*+>|[^\s\[\]]++)(?P<titled>[ \t]++{_TITLE})?[ \t\r]*$")
_TITLE_ALONE = re.compile(rf"{_TITLE}[ \t\r]*$")


def begin(page: Page, number: int, at: int) -> int | None:
    """A definition of one line, or with its target or title in lines of their own."""
    line = page.lines[number]
    after = number + 1
    found = _WHOLE.match(line, at)
    if found is None and _LABEL_ALONE.match(line, at):
        target = _below(page, after, _TARGET_ALONE)
        if target is None:
            return None
        found, after = target, after + 1
    if found is None:
        return None
    title = found if found["titled"] else _below(page, after, _TITLE_ALONE)
    if title is None:
        return page.add(Kind.directive, number, after)
    after += title is not found
    begins, end = next(title.span(name) for name in ("double", "single", "round") if title[name] is not None)
    texts = page.texts(Kind.caption, [(after - 1, begins, end)], None) if title.string[begins:end].strip() else ()
    return page.add(Kind.directive, number, after, texts)


def _below(page: Page, number: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The match of the pattern at the content of a line that goes on in the same containers."""
    if number >= len(page.lines) or not page.lines[number].strip():
        return None
    place = locate(page.lines[number], page.containers)
    return pattern.match(page.lines[number], place.position) if place.depth == len(page.containers) else None


RULE = Rule("commonmark", "[", begin)
