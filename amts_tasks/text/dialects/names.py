"""Which directives of MyST and Sphinx have a body in Markdown, and which a title in prose."""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind, Text
from amts_tasks.text.page import Page

_TITLED_NAMES = """
admonition note warning tip hint important caution danger error attention seealso todo versionadded
versionchanged deprecated dropdown card grid-item-card tab-item tab topic sidebar rubric table list-table
epigraph margin exercise solution theorem proof lemma definition axiom corollary proposition remark example
property observation conjecture criterion assumption algorithm details aside pull-quote toggle group-tab versionremoved
callout discussion challenge instructor-note prerequisites objectives questions keypoints demo type-along
prf:theorem prf:proof prf:lemma prf:definition prf:axiom prf:corollary prf:proposition prf:remark prf:example
prf:property
prf:observation prf:conjecture prf:criterion prf:assumption prf:algorithm blockquote button simple-note
"""
TITLED = frozenset(_TITLED_NAMES.split())
"""What stands behind the name is prose: a title, or the first words of the body."""
_BODIED_NAMES = """
figure grid grid-item tab-set tabs marginnote hero card-carousel glossary container div hlist centered compound
parsed-note figure-md
exercise-start exercise-end solution-start solution-end only highlights iframe-caption
"""
BODIED = TITLED | frozenset(_BODIED_NAMES.split())
"""What stands below is Markdown."""
OPTION = re.compile(r":[A-Za-z][\w-]*:(?!`)(?:[ \t]|\r?$)")
_PROSE_OPTION = re.compile(r":(?:alt|caption|title|header|footer):[ \t]+(?=\S)")
_ENTRY = re.compile(r"[ \t]*(\S[^<>]*?)[ \t]*<[^<>\s]+>[ \t\r]*$")
_VERSIONED = frozenset(("versionadded", "versionchanged", "versionremoved", "deprecated"))


def title(page: Page, name: str, number: int, at: int, index: int = 0) -> tuple[Text, ...]:
    """The title that begins here; that of a new version begins after the version."""
    line = page.lines[number]
    if name in _VERSIONED:
        version = re.compile(r"\S+[ \t]*").match(line, at)
        at = version.end() if version else at
    return page.texts(Kind.heading, [(number, at, len(line))], None, index) if line[at:].strip() else ()


def option(page: Page, number: int, at: int, index: int) -> tuple[Text, ...]:
    """The value of an option if it is prose."""
    line = page.lines[number]
    found = _PROSE_OPTION.match(line, at)
    return page.texts(Kind.caption, [(number, found.end(), len(line))], None, index) if found else ()


def entry(page: Page, number: int, at: int, index: int) -> tuple[Text, ...]:
    """The title before the target in an entry of a table of contents."""
    found = _ENTRY.match(page.lines[number], at)
    return page.texts(Kind.caption, [(number, found.start(1), found.end(1))], None, index) if found else ()
