"""What a translation keeps as it is: numbers, code, math, references, names, Latin words, marks at a sentence's end.

A string becomes a set of tokens. Tokens that both texts have are evidence, and the rarer the stronger: that a token of
n sentences' text, which `df` of them have, meets itself by chance has the odds df / n.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_PLACEHOLDER = re.compile(
    r":[a-z]+:`[^`\n]+`"  # roles: :numref:`fig_a`, :cite:`b`
    r"|``?[^`\n]+``?"
    r"|\$\$?[^$\n]+\$\$?"
    r"|https?://[^\s)>\]]+"
)
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ][A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ\u0300-\u036f'’]*")
_MARKS = {"?": "?", "!": "!", ":": ":", "؟": "?", "(": "(", ")": "(", ";": ";", '"': '"', "“": '"', "«": '"', "「": '"'}
_COMMON_PREFIX = 5
"""Letters of a word by which two languages' forms of one word are known: `Himalaya`, `himalayenne`."""
MISSING = 0.9
"""Cost of a token that both texts have and only one side of a bead has."""
FOUND = 1.5
"""Gain of a token on both sides, as a multiple of its log-odds."""
SPAN_FACTOR = 1.8
"""Protected spans are copied more faithfully than words and numbers are."""
LEARNT_FACTOR = 0.36
"""Words that only seem to translate each other count for less, both ways."""
SPAN, NUMBER, WORD, MARK, LEARNT = "`", "0", "a", ".", "~"
"""A token begins with its class."""


def tokens(text: str) -> frozenset[str]:
    """The anchors of one sentence or block of Markdown or plain text; full-width forms count as their narrow ones."""
    spans = {f"`{re.sub(r'[`$]|[ 　]+', '', span)}" for span in _PLACEHOLDER.findall(text)}
    plain = unicodedata.normalize("NFKC", text)
    numbers = {f"0{number.lstrip('0') or '0'}" for number in _NUMBER.findall(plain)}
    words = {f"a{word[:_COMMON_PREFIX]}" for word in map(folded, _WORD.findall(plain)) if len(word) > 1}
    marks = {f".{_MARKS[mark]}" for mark in plain if mark in _MARKS}
    return frozenset(spans | numbers | words | marks)


def protected(text: str) -> tuple[tuple[str, ...], str]:
    """The protected spans of inline Markdown, white space taken out of them, and the text that is left without them."""
    spans = tuple("".join(span.split()) for span in _PLACEHOLDER.findall(text))
    return spans, _PLACEHOLDER.sub(" ", text)


def folded(word: str) -> str:
    """The word in small letters without accents."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@dataclass(frozen=True)
class Evidence:
    """The tokens two sequences share, weighted, one set for every item of either side."""

    source: tuple[frozenset[str], ...]
    target: tuple[frozenset[str], ...]
    weight: dict[str, float]
    """Gain of a token that stands on both sides of a bead, beside what its absence would cost twice."""
    absence: dict[str, float]
    """Cost of a token that stands on one side only."""
    totals: dict[frozenset[str], float] = field(default_factory=dict)
    """Absence of whole sets, as far as they were asked for."""

    def gain(self, source: frozenset[str], target: frozenset[str]) -> float:
        """Gain of what both have, less the cost of what only one has."""
        alone = -self.total(source) - self.total(target)
        both = source & target
        return alone + math.fsum(map(self.weight.__getitem__, both)) if both else alone

    def total(self, item: frozenset[str]) -> float:
        """What all tokens of a set cost when the other side has none of them."""
        known = self.totals.get(item)
        if known is None:
            known = self.totals[item] = math.fsum(map(self.absence.__getitem__, item))
        return known


def evidence(source: Sequence[frozenset[str]], target: Sequence[frozenset[str]]) -> Evidence:
    """The evidence in two sequences of token sets."""
    here, there = _frequency(source), _frequency(target)
    n = max(len(source), len(target), 1)
    factors = {SPAN: SPAN_FACTOR, LEARNT: LEARNT_FACTOR}
    weight, absence = {}, {}
    for token in here.keys() & there.keys():
        odds = math.log((n + 1) / max(here[token], there[token]))
        factor = factors.get(token[0], 1.0)
        absence[token] = MISSING * min(1.0, factor)
        weight[token] = FOUND * factor * odds + 2 * absence[token]
    return Evidence(
        tuple(frozenset(token for token in item if token in weight) for item in source),
        tuple(frozenset(token for token in item if token in weight) for item in target),
        weight,
        absence,
    )


def _frequency(items: Iterable[frozenset[str]]) -> Counter[str]:
    count: Counter[str] = Counter()
    for item in items:
        count.update(item)
    return count
