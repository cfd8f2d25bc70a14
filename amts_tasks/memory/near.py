"""Near-duplicates: whether a text is, but for a tenth, one of a set of texts (by difflib's ratio)."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

NEAR = 0.9
"""Least ratio of a near-duplicate: twice the matching characters by all characters of both."""
_GRAM = 4
_SHARED = 0.15
"""Least share of common 4-grams a candidate has: a ratio of 0.9 leaves about a fifth of them even in the worst case."""


def normalised(text: str) -> str:
    """Case, width and white space made alike, punctuation dropped: what two copies of a text still have in common."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(" " if unicodedata.category(letter)[0] in "PZC" else letter for letter in plain)
    return " ".join(kept.split()) or " ".join(plain.split())


class NearIndex:
    """A set of texts that can be asked for near-duplicates; the same for any order of the texts."""

    def __init__(self, texts: Iterable[str], near: float = NEAR) -> None:
        self.near = near
        self.texts = sorted({normalised(text) for text in texts} - {""})
        self.known = frozenset(self.texts)
        self.sizes = [max(1, len(set(_grams(text)))) for text in self.texts]
        self.postings: defaultdict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(self.texts):
            for gram in sorted(set(_grams(text))):
                self.postings[gram].append(number)

    def has(self, text: str) -> bool:
        """Whether the text, normalised, is one of the set or nearly."""
        wanted = normalised(text)
        if wanted in self.known:
            return True
        if not wanted or self.near >= 1:
            return False
        grams = set(_grams(wanted))
        shared = Counter(number for gram in grams for number in self.postings.get(gram, ()))
        for number, count in sorted(shared.items()):
            other = self.texts[number]
            longest = 2 * min(len(wanted), len(other)) / (len(wanted) + len(other))
            if longest < self.near or count < _SHARED * max(len(grams), self.sizes[number]):
                continue
            matcher = SequenceMatcher(None, other, wanted, autojunk=False)
            if matcher.quick_ratio() >= self.near and matcher.ratio() >= self.near:
                return True
        return False


def _grams(text: str) -> Iterable[str]:
    return (text[i : i + _GRAM] for i in range(max(1, len(text) - _GRAM + 1)))
