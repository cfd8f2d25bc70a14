"""A checked translation as Markdown that means what the source means: read again, it gives the same marks.

Characters that Markdown would take for marks are escaped, the fewest that do; where no escape helps it is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from amts_tasks.text import Kind, Segment, Token, parse
from amts_tasks.translate.damage import Damage, Finding

_ALWAYS = "|$<"
"""Characters that may end a cell, or begin math or a comment that ends far away: a gained one is always escaped."""
_DOUBTFUL = re.compile(r"\\\$\$|\$\\\$")
"""A dollar sign escaped next to a formula, which tools that know no escapes read as part of it."""
_SPECIAL = "\\`$*_[]<>&|~{"
_LINE_START = re.compile(r"(\d{1,9})([.)])|[#>+\-=*~:<{|\[]")


def written(segment: Segment, tokens: Sequence[Token], repairs: list[Damage]) -> str | Finding:
    """The tokens as Markdown that gives the same placeholders and tags when it is read, or why there is none."""
    had = segment.plain
    has = "".join(token for token in tokens if isinstance(token, str))
    gained = "".join(character for character in _SPECIAL if has.count(character) > had.count(character))
    if "\\" in gained and has.rstrip().endswith("\\"):
        # It would break the line or escape what the block goes on with; before the end of a cell even two of them do.
        return Finding(Damage.reading, "a backslash at the end")
    always = "".join(character for character in gained if character in _ALWAYS)
    expected = _inventory(segment)
    for specials in dict.fromkeys((always, gained, _SPECIAL)):
        text, escapes = _written(tokens, specials)
        doubtful = escapes and len(_DOUBTFUL.findall(text)) > len(_DOUBTFUL.findall(segment.source))
        if not doubtful and _inventory(Segment.of(text)) == expected + escapes:
            if escapes:
                repairs.append(Damage.escape)
            return _lines(segment, text, expected + escapes, repairs)
    return Finding(Damage.reading)


def _written(tokens: Sequence[Token], specials: str) -> tuple[str, Counter[tuple[str, ...]]]:
    escapes: Counter[tuple[str, ...]] = Counter()
    parts: list[str] = []
    pattern = re.compile(f"[{re.escape(specials)}]") if specials else None
    for token in tokens:
        if not isinstance(token, str):
            parts.append(token.text)
        elif pattern is None:
            parts.append(token)
        else:
            escapes.update(("\\" + character, "escape") for character in pattern.findall(token))
            parts.append(pattern.sub(lambda match: "\\" + match[0], token))
    return "".join(parts), escapes


def _inventory(segment: Segment) -> Counter[tuple[str, ...]]:
    counted: Counter[tuple[str, ...]] = Counter((token.text, token.kind) for token in segment.placeholders)
    counted.update(("", *pair) for pair in segment.pairs)
    return counted


def _lines(segment: Segment, text: str, expected: Counter[tuple[str, ...]], repairs: list[Damage]) -> str | Finding:
    """The text with its line starts escaped where they would begin another block than the source's."""
    if _kinds(text) == {Kind.paragraph}:
        return text
    allowed = {*_kinds(segment.source), Kind.paragraph}
    if _kinds(text) <= allowed:
        return text
    lines = text.split("\n")
    for index, line in enumerate(lines):
        start = _LINE_START.match(line.lstrip())
        if start:
            at = len(line) - len(line.lstrip()) + (len(start[1]) if start[1] else 0)
            lines[index] = f"{line[:at]}\\{line[at:]}"
            escaped = "\n".join(lines)
            expected = expected + Counter({("\\" + line[at], "escape"): 1})
            if _kinds(escaped) <= allowed:
                if _inventory(Segment.of(escaped)) != expected:
                    break
                repairs.append(Damage.line_start)
                return escaped
    return Finding(Damage.structure, "a line would begin another block")


def _kinds(text: str) -> set[Kind]:
    if "\n" not in text and text[:1].isalpha():
        return {Kind.paragraph}
    return {block.kind for block in parse(text).blocks}
