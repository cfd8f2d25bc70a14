"""Markup tags, and the values of their attributes that readers see: ``alt``, ``title``, ``caption`` …"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amts_tasks.text.blocks import Kind, Text

if TYPE_CHECKING:
    from amts_tasks.text.page import Page

_STRING = r"""'[^'\n]*+'|"[^"\n]*+"|`[^`]*+`"""
_PIECE = rf"""[^{{}}'"`]|{_STRING}"""
_BRACES = rf"\{{(?:{_PIECE}|\{{(?:{_PIECE}|\{{(?:{_PIECE}|\{{[^{{}}]*+\}})*+\}})*+\}})*+\}}"
_INSIDE = re.compile(rf"""(?:[^<>"'{{}}=]++|=\s*+(?:"[^"]*+"|'[^']*+')|[="']|{_BRACES})*+""")
"""A quote mark quotes where a value begins; elsewhere it is a slip that browsers pass over."""
_NAME = re.compile(r"<(/?)([A-Za-z][\w.:-]*|(?=>))")
_VALUE = re.compile(
    r"""(?<![\w-])(?:alt|title|label|caption|description|summary|aria-label)=(?:"([^"\n]*)"|'([^'\n]*)')"""
)
LONGEST = 20_000
"""Characters up to which something is a tag."""


def tag(text: str, start: int, stop: int | None = None) -> tuple[int, str, bool, bool] | None:
    """End, name, whether it closes an element, whether it is empty, of the tag that begins here; None for none."""
    name = _NAME.match(text, start)
    if name is None:
        return None
    limit = min(len(text) if stop is None else stop, start + LONGEST)
    end = _INSIDE.match(text, name.end(), limit).end()  # type: ignore[union-attr]
    if not text.startswith(">", end) or end >= limit:
        return None
    return end + 1, name[2], bool(name[1]), text[end - 1] == "/"


def values(page: Page, start: int, end: int, index: int = 0) -> tuple[Text, ...]:
    """The values that readers see of attributes in a part of the document; those without a letter are left out."""
    found: list[Text] = []
    for match in _VALUE.finditer(page.text, start, end):
        begins, ends = match.span(1) if match[1] is not None else match.span(2)
        source = page.text[begins:ends]
        if any(map(str.isalpha, source)) and source == source.strip():
            found.append(Text(index + len(found), Kind.caption, ((begins, ends),), source, None))
    return tuple(found)
