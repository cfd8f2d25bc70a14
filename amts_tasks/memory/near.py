"""Near-duplicates: whether a text is, but for a tenth, one of a set of texts (by difflib's ratio)."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from difflib import SequenceMatcher

NEAR = 0.9
"""Least ratio of a near-duplicate: twice the matching characters by all characters of both."""
_GRAM = 4
_SHARED = 0.25
"""Least share of common 4-grams a candidate has: a ratio of 0.9 leaves more of them even where each tenth character is
a new one, which breaks most."""


def normalised(text: str) -> str:
    """Case, width and white space made alike, punctuation dropped: what two copies of a text still have in common."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(" " if unicodedata.category(letter)[0] in "PZC" else letter for letter in plain)
    return " ".join(kept.split()) or " ".join(plain.split())


class NearIndex:
    """A set of texts that can be asked for near-duplicates; the same for any order of the texts."""

    def __init__(self, texts: Iterable[str], near: float = NEAR) -> None:
        self.near = near
        self.texts = sorted({normalised(text) for text in texts} - {""}, key=lambda text: (len(text), text))
        self.known = frozenset(self.texts)
        self.lengths = [len(text) for text in self.texts]
        self.grams = [_grams(text) for text in self.texts]

    def has(self, text: str) -> bool:
        """Whether the text, normalised, is one of the set or nearly."""
        wanted = normalised(text)
        if wanted in self.known:
            return True
        if not wanted or self.near >= 1:
            return False
        # The ratio is at most 2 · shorter / (shorter + longer): only texts of about this length can be near.
        least = self.near / (2 - self.near)
        low = bisect_left(self.lengths, int(len(wanted) * least))
        high = bisect_right(self.lengths, int(len(wanted) / least) + 1)
        grams = _grams(wanted)
        for number in range(low, high):
            both = len(grams & self.grams[number])
            if both < _SHARED * max(len(grams), len(self.grams[number])):
                continue
            matcher = SequenceMatcher(None, self.texts[number], wanted, autojunk=False)
            if matcher.quick_ratio() >= self.near and matcher.ratio() >= self.near:
                return True
        return False


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + _GRAM] for i in range(max(1, len(text) - _GRAM + 1)))
