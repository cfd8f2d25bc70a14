"""The gate between the service and the book: what came back is whole, or is repaired where certain, or is refused.

Nothing that passes can change code, math, references, link targets or the structure of the Markdown: the placeholders
and tags that went out come back as a multiset, the text is read again as Markdown and must give the same ones.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from amts_tasks.languages import Profile
from amts_tasks.text import Kind, Placeholder, Segment, Tag, Token, parse
from amts_tasks.translate import spacing
from amts_tasks.translate.exchange import EDGES, from_inner_html, inner_html, one_line

_LEAK = re.compile(r"DNT_[A-Za-z]{20,}")
_JUDGED = 40
"""Characters from which on the length of a translation says something about it."""
_ALWAYS = "|$<"
"""Characters that may end a cell, or begin math or a comment that ends far away: a gained one is always escaped."""
_DOUBTFUL = re.compile(r"\\\$\$|\$\\\$")
"""A dollar sign escaped next to a formula, which tools that know no escapes read as part of it."""
_SPECIAL = "\\`$*_[]<>&|~{"
_LINE_START = re.compile(r"(\d{1,9})([.)])|[#>+\-=*~:<{|\[]")


@dataclass(frozen=True, slots=True)
class Restored:
    """A translation as Markdown, or the reasons why it was refused."""

    text: str | None
    """Inline Markdown with the source's placeholders and tags; None where it was refused."""
    faults: tuple[str, ...]
    """Why it was refused; empty where it was not."""
    repairs: tuple[str, ...]
    """What was put right: line feed, spaces at a tag, spacing, escape, line start."""


def restore(segment: Segment, inner_html_back: str, source: Profile, target: Profile) -> Restored:
    """The translation of a segment from the inner HTML that came back for it.

    What came back as it went is the source to the byte. Refused are placeholders or tags lost, doubled, altered or
    crossed, the service's internal names, emptied text, a length out of the profile's range, and Markdown that would
    mean something else; gained characters that Markdown would take for marks are escaped.
    """
    if inner_html_back == inner_html(segment):
        return Restored(segment.source, (), ())
    if _LEAK.search(inner_html_back):
        return _refused("the service's internal name leaked: " + _LEAK.findall(inner_html_back)[0][:24])
    returned = from_inner_html(inner_html_back, segment)
    if returned.faults:
        return _refused(*returned.faults)
    faults = _content_faults(segment, returned.tokens, source, target)
    if faults:
        return _refused(*faults)
    repairs: list[str] = []
    tokens = _joined(returned.tokens, repairs)
    tokens = _edges(segment, spacing.outside_tags(tokens, repairs))
    tokens = spacing.apart(spacing.apply(tokens, target.spacing, repairs), repairs)
    return _markdown(segment, tokens, repairs)


def _refused(*faults: str) -> Restored:
    return Restored(None, tuple(dict.fromkeys(faults)), ())


def _content_faults(segment: Segment, tokens: tuple[Token, ...], source: Profile, target: Profile) -> list[str]:
    before = segment.plain.strip()
    after = "".join(token for token in tokens if isinstance(token, str)).strip()
    if (before and not after) or (segment.translatable and not any(map(str.isalnum, after))):
        return ["the text was emptied"]
    if after.count("](") > before.count("]("):
        return ["a link was gained"]
    if after.count("`") > before.count("`"):
        return ["a backtick was gained"]
    faults = [
        f"the text in a tag {opening.name} was emptied"
        for opening, following in itertools.pairwise(tokens)
        if isinstance(opening, Tag) and isinstance(following, Tag) and opening.open and opening.id == following.id
    ]
    if len(before) >= _JUDGED:
        ratio = len(after) / len(before) * source.expected_ratio
        least, most = target.length_ratio
        if not least <= ratio <= most:
            faults.append(f"{ratio:.2f} characters for each of the source's; expected {least:g} to {most:g}")
    return faults


def _joined(tokens: Sequence[Token], repairs: list[str]) -> list[Token]:
    """The tokens without line feeds in their text."""
    if any(isinstance(token, str) and "\n" in token for token in tokens):
        repairs.append("line feed")
    return [one_line(token) if isinstance(token, str) else token for token in tokens]


def _edges(segment: Segment, tokens: list[Token]) -> list[Token]:
    """The tokens with the white space at both ends that the source has there."""
    text = segment.source
    stripped = text.strip(EDGES)
    lead = text[: len(text) - len(text.lstrip(EDGES))] if stripped else ""
    trail = text[len(text.rstrip(EDGES)) :] if stripped else ""
    if tokens and isinstance(tokens[0], str):
        tokens[0] = tokens[0].lstrip()
    if tokens and isinstance(tokens[-1], str):
        tokens[-1] = tokens[-1].rstrip()
    # White space that belongs to a placeholder at an end, a line break, comes back with it.
    if lead and not (tokens and isinstance(tokens[0], Placeholder) and tokens[0].text.startswith(lead)):
        tokens.insert(0, lead)
    if trail and not (tokens and isinstance(tokens[-1], Placeholder) and tokens[-1].text.endswith(trail)):
        tokens.append(trail)
    return [token for token in tokens if token != ""]


def _markdown(segment: Segment, tokens: list[Token], repairs: list[str]) -> Restored:
    """The tokens as Markdown that gives the same placeholders and tags when it is read, or the refusal."""
    had = segment.plain
    has = "".join(token for token in tokens if isinstance(token, str))
    gained = "".join(character for character in _SPECIAL if has.count(character) > had.count(character))
    always = "".join(character for character in gained if character in _ALWAYS)
    expected = _inventory(segment)
    for specials in dict.fromkeys((always, gained, _SPECIAL)):
        text, escapes = _written(tokens, specials)
        doubtful = escapes and len(_DOUBTFUL.findall(text)) > len(_DOUBTFUL.findall(segment.source))
        if not doubtful and _inventory(Segment.of(text)) == expected + escapes:
            notes = [*repairs, "escape"] if escapes else repairs
            return _lines(segment, text, expected + escapes, notes)
    return _refused("its Markdown would be read differently")


def _written(tokens: list[Token], specials: str) -> tuple[str, Counter[tuple[str, ...]]]:
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


def _lines(segment: Segment, text: str, expected: Counter[tuple[str, ...]], repairs: list[str]) -> Restored:
    """The text with its line starts escaped where they would begin another block than the source's."""
    if _kinds(text) == {Kind.paragraph}:
        return Restored(text, (), tuple(dict.fromkeys(repairs)))
    allowed = {*_kinds(segment.source), Kind.paragraph}
    if _kinds(text) <= allowed:
        return Restored(text, (), tuple(dict.fromkeys(repairs)))
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
                return Restored(escaped, (), tuple(dict.fromkeys([*repairs, "line start"])))
    return _refused("a line would begin another block")


def _kinds(text: str) -> set[Kind]:
    if "\n" not in text and text[:1].isalpha():
        return {Kind.paragraph}
    return {block.kind for block in parse(text).blocks}
