"""From words to written text: where spaces stand and where capitals do, both learnt from the target side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import regex

from amts_tasks.lexicon import Word, capital, fold
from amts_tasks.lexicon.words import UNCASED

_CLASSES = regex.compile(r"(?P<H>[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}])|(?P<L>[\p{L}\p{M}])|(?P<N>\p{Nd})")
_OPENERS, _CLOSERS = frozenset("([{“‘«¿¡"), frozenset(")]}”’»,.;:!?%、。，；：！？）」』》")
_JOINERS = frozenset("-/_'’")
_ENDS = frozenset(".!?:")
_ENOUGH = 3
"""Sightings from which on a statement about a space is believed."""


def kind(word: str) -> str:
    """What a word is to its neighbours: H (an unspaced script), L letters, N number, else the word itself."""
    found = _CLASSES.match(word)
    return str(found.lastgroup) if found else word


class Surface:
    """The written habits of one language, as the examples show them."""

    def __init__(self, texts: Iterable[Sequence[Word]], language: str) -> None:
        self.language = language
        self._spaces: Counter[tuple[str, str, str]] = Counter()
        self._pairs: Counter[tuple[str, str, str]] = Counter()
        lowered: Counter[str] = Counter()
        shown: dict[str, Counter[str]] = {}
        starts = capitals = 0
        for words in texts:
            for before, word in pairwise(words):
                for key in _keys(before.text, word.text):
                    self._pairs[key] += 1
                    self._spaces[key] += word.spaced
            if language in UNCASED:
                continue
            for place, word in enumerate(words):
                if place == 0 or _ended([w.text for w in words[max(place - 2, 0) : place + 1]]):
                    starts += word.text[:1].isalpha()
                    capitals += word.text[:1].isupper()
                    lowered[fold(word.text, language)] += 1
                else:
                    shown.setdefault(fold(word.text, language), Counter())[word.text] += 1
        self._usual = {
            word: min(forms.items(), key=lambda item: (-item[1], item[0]))[0] for word, forms in shown.items()
        }
        self.capital_share = capitals / starts if starts else 1.0
        """Share of the texts and sentences that begin with a capital."""

    def true_case(self, words: Sequence[str]) -> list[str]:
        """The words as they would stand inside a sentence: the first one loses a capital that is not its own."""
        if self.language in UNCASED:
            return list(words)
        out = list(words)
        for place, word in enumerate(words):
            if (place == 0 or _ended(words[max(place - 2, 0) : place + 1])) and word[:1].isupper():
                small = fold(word, self.language)
                out[place] = self._usual.get(small, small if len(word) > 1 and word[1:].islower() else word)
        return out

    def write(self, words: Sequence[str], capitalised: bool) -> str:
        """The words as text; ``capitalised``: with a capital at the start, and after every full stop."""
        out: list[str] = []
        begin = capitalised
        before: str | None = None
        for place, word in enumerate(words):
            shown = word
            if capitalised and place and words[place - 1] != ":" and _ended(words[max(place - 2, 0) : place + 1]):
                begin = True
            if begin and word[:1].isalpha() and self.language not in UNCASED:
                shown = capital(word, self.language)
            if word[:1].isalnum() or word[:1] == "\ue000":
                begin = False
            if before is not None and self.spaced(before, word):
                out.append(" ")
            out.append(shown)
            before = word
        return "".join(out)

    def spaced(self, before: str, word: str) -> bool:
        """Whether a space stands between two words."""
        for key in _keys(before, word):
            if self._pairs[key] >= _ENOUGH:
                return 2 * self._spaces[key] > self._pairs[key]
        left, right = kind(before), kind(word)
        if "H" in {left, right} or before in _OPENERS or word in _CLOSERS:
            return False
        return before not in _JOINERS and word not in _JOINERS


def _ended(words: Sequence[str]) -> bool:
    """Whether the last of three words begins a sentence: not after the stop of ``i.e.``, nor if it is a mark."""
    *before, end, word = words
    lonely = end == "." and bool(before) and len(before[-1]) == 1
    return end in _ENDS and not lonely and (word[:1].isalnum() or word[:1] == "\ue000")


def _keys(before: str, word: str) -> tuple[tuple[str, str, str], ...]:
    """From the most particular to the most general."""
    left, right = kind(before), kind(word)
    return ("ww", before, word), ("wk", before, right), ("kw", left, word), ("kk", left, right)
