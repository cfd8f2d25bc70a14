"""Near-duplicates: whether a text is, but for a tenth, one of a set of texts."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Indel

NEAR = 0.9
"""Least ratio of a near-duplicate: twice the characters that both have in one order, by all characters of both."""


@lru_cache(8192)
def normalised(text: str) -> str:
    """Case, width and white space made alike, punctuation dropped: what two copies of a text still have in common."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(" " if unicodedata.category(letter)[0] in "PZC" else letter for letter in plain)
    return " ".join(kept.split()) or " ".join(plain.split())


def share(texts: Iterable[str], index: NearIndex) -> float:
    """The share, 0-1, of the texts' characters that stand in texts near to one of the index; 0 for no texts."""
    lengths = [(len(text), index.has(text)) for text in texts]
    total = sum(length for length, _ in lengths)
    return sum(length for length, near in lengths if near) / total if total else 0.0


class NearIndex:
    """A set of texts that can be asked for near-duplicates; the same for any order of the texts.

    Exact: every text whose length allows the ratio is compared, by rapidfuzz's indel ratio, never below difflib's.
    """

    def __init__(self, texts: Iterable[str], near: float = NEAR) -> None:
        self.near = near
        self.texts = sorted({normalised(text) for text in texts} - {""}, key=lambda text: (len(text), text))
        self.known = frozenset(self.texts)
        self.lengths = [len(text) for text in self.texts]

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
        found = process.extractOne(
            wanted, self.texts[low:high], scorer=Indel.normalized_similarity, score_cutoff=self.near
        )
        return found is not None
