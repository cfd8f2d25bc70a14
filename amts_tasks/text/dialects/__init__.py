"""The dialects of books on top of CommonMark; to add a construct, write its rule and name it in ``RULES``.

Every rule knows its construct by its syntax, so that a document's dialect needs no configuration, and a part of a
document is read like the whole of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from amts_tasks.text.dialects import (
    abbreviations,
    admonitions,
    alerts,
    colons,
    d2l,
    definitions,
    directives,
    footnotes,
    kramdown,
    mdx,
    myst,
    shortcodes,
    tex,
    toc,
)
from amts_tasks.text.dialects.rule import Rule

RULES: tuple[Rule, ...] = (
    d2l.RULE,
    directives.RULE,
    colons.RULE,
    admonitions.RULE,
    alerts.RULE,
    definitions.RULE,
    footnotes.RULE,
    abbreviations.RULE,
    toc.RULE,
    shortcodes.RULE,
    kramdown.RULE,
    mdx.CODE,
    mdx.ELEMENT,
    mdx.EXPRESSION,
    myst.RULE,
    tex.RULE,
)
"""In the order in which they are asked."""
DIALECTS = frozenset(rule.dialect for rule in RULES)
"""The families of rules."""


@lru_cache(16)
def by_first(dialects: frozenset[str] | None = None) -> Mapping[str, tuple[Rule, ...]]:
    """The rules of these dialects, of all for None, by the first character of the lines that may begin them."""
    taken = [rule for rule in RULES if dialects is None or rule.dialect in dialects]
    return {first: tuple(rule for rule in taken if first in rule.first) for first in "".join(r.first for r in taken)}


__all__ = ["DIALECTS", "RULES", "Rule", "by_first"]
