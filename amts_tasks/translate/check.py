"""The gate between the service and the book: what came back is whole, or is repaired where certain, or is refused.

Nothing that passes can change code, math, references, link targets or the structure of the Markdown: the placeholders
and tags that went out come back as a multiset, the text is read again as Markdown and must give the same ones. The
kinds of damage, and what is done about each: ``damage.RULES``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from amts_tasks.languages import Profile
from amts_tasks.text import Placeholder, Segment, Token
from amts_tasks.text.flanking import failing, readable
from amts_tasks.translate import content, punctuation, spacing, stops
from amts_tasks.translate.damage import Damage, Finding
from amts_tasks.translate.exchange import EDGES, inner_html, one_line
from amts_tasks.translate.markdown import written
from amts_tasks.translate.returned import from_inner_html, joined_text

_LEAK = re.compile(r"DNT_[A-Za-z]{20,}")


@dataclass(frozen=True, slots=True)
class Restored:
    """A translation as Markdown, or the reasons why it was refused."""

    text: str | None
    """Inline Markdown with the source's placeholders and tags; None where it was refused."""
    faults: tuple[Finding, ...]
    """Why it was refused; empty where it was not."""
    repairs: tuple[Damage, ...]
    """What was put right."""


def restore(
    segment: Segment, inner_html_back: str, source: Profile, target: Profile, *, by_hand: bool = False
) -> Restored:
    """The translation of a segment from the inner HTML that came back for it.

    What came back as it went is the source to the byte, unless it should have been translated. What is repaired and
    what is refused is in ``damage.RULES``; nothing uncertain is repaired. ``by_hand``: a person wrote it, so its stops,
    punctuation, spaces and numbers are what they are meant to be, and only what Markdown needs is put right.
    """
    if inner_html_back == inner_html(segment):
        findings = content.findings(segment, segment.tokens, source, target) if segment.translatable else []
        left = [finding for finding in findings if finding.kind is Damage.untranslated]
        return _refused(*left) if left else Restored(segment.source, (), ())
    leak = _LEAK.search(inner_html_back)
    if leak:
        return _refused(Finding(Damage.leaked, leak[0][:24]))
    returned = from_inner_html(inner_html_back, segment)
    if returned.faults:
        return _refused(*returned.faults)
    repairs = list(returned.repairs)
    tokens = _joined(_visible(segment, returned.tokens, target, repairs), repairs)
    faults = content.findings(segment, tokens, source, target)
    if by_hand:
        # Whoever leaves a number out has decided to.
        faults = [fault for fault in faults if fault.kind is not Damage.number_lost]
    if faults:
        return _refused(*faults)
    if not by_hand:
        tokens = stops.mended(segment, tokens, source, target, repairs)
    tokens = _edges(segment, spacing.outside_tags(tokens, target, repairs))
    tokens = spacing.beside(segment, tokens, target, repairs)
    if not by_hand:
        tokens = punctuation.apply(tokens, target, repairs)
        tokens = spacing.apply(tokens, target.spacing, repairs)
    tokens = joined_text(_readable(segment, tokens, repairs))
    text = written(segment, spacing.apart(tokens, repairs), repairs)
    if isinstance(text, Finding):
        return _refused(text)
    return Restored(text, (), tuple(dict.fromkeys(repairs)))


def _refused(*faults: Finding) -> Restored:
    return Restored(None, tuple(dict.fromkeys(faults)), ())


def _visible(segment: Segment, tokens: Sequence[Token], target: Profile, repairs: list[Damage]) -> list[Token]:
    """The tokens without invisible characters in their text."""
    plain = segment.plain
    made = [content.visible(token, plain, target) if isinstance(token, str) else token for token in tokens]
    if made != list(tokens):
        repairs.append(Damage.invisible)
    return made


def _joined(tokens: Sequence[Token], repairs: list[Damage]) -> list[Token]:
    """The tokens without line feeds in their text, and with no two texts side by side."""
    if any(isinstance(token, str) and "\n" in token for token in tokens):
        repairs.append(Damage.line_feed)
    return joined_text([one_line(token) if isinstance(token, str) else token for token in tokens])


def _readable(segment: Segment, tokens: Sequence[Token], repairs: list[Damage]) -> list[Token]:
    """The tokens with every mark readable that is so in the source."""
    excused = {(tag.id, tag.open) for tag in failing(segment.tokens)}
    made = readable(tokens, excused)
    if made != list(tokens):
        repairs.append(Damage.emphasis)
    return made


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
