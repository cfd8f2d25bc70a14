"""Words of a language of many endings as stem and ending, learnt from the parallel data alone.

An ending is what stands after a word of the data to make another word of it, for enough different words (the idea of
Goldsmith's signatures, 2001, without their search). A word is cut where stem and ending are known best; the ending goes
on as a word of its own, marked, and is joined again when the text is written.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from amts_tasks.lexicon import fold

LANGUAGES = frozenset(["az", "et", "fi", "hu", "kk", "tr", "uz"])
"""Languages that glue one ending to the next."""
MARK = "\uf8ff"
"""Stands before an ending."""
STEM, ENDING = 3, 8
"""Letters of the shortest stem and of the longest ending."""
STEMS = 12
"""Different stems after which an ending is one."""
FREQUENT = 4
"""Sightings from which on a word stays whole."""


class Suffixes:
    """The endings of one language."""

    def __init__(self, texts: Iterable[Sequence[str]], language: str) -> None:
        self._language = language
        self._words = Counter(fold(word, language) for text in texts for word in text if word.isalpha())
        stems: dict[str, set[str]] = {}
        for word in self._words:
            for place in range(max(STEM, len(word) - ENDING), len(word)):
                if word[:place] in self._words:
                    stems.setdefault(word[place:], set()).add(word[:place])
        self._endings = {ending: math.log(len(held)) for ending, held in stems.items() if len(held) >= STEMS}
        self._known: dict[str, int] = {}

    def cut(self, word: str) -> tuple[str, ...]:
        """The word, or its stem and its ending."""
        if not word.isalpha() or not self._endings:
            return (word,)
        small = fold(word, self._language)
        place = self._known.get(small)
        if place is None:
            place = self._known[small] = self._place(small)
        return (word[:place], MARK + word[place:]) if 0 < place < len(word) else (word,)

    def _place(self, word: str) -> int:
        if self._words[word] >= FREQUENT:
            return 0
        best, found = 0.0, 0
        for place in range(max(STEM, len(word) - ENDING), len(word)):
            ending = self._endings.get(word[place:])
            stem = self._words.get(word[:place], 0)
            if ending is None or not stem:
                continue
            score = ending + math.log(1 + stem)
            if score > best:
                best, found = score, place
        return found


def joined(words: Sequence[str]) -> list[str]:
    """Which words are written as one: an ending becomes empty and its letters go to the word before it."""
    out = list(words)
    last = -1
    for place, word in enumerate(words):
        if word.startswith(MARK):
            if last >= 0:
                out[last] += word[1:]
                out[place] = ""
            else:
                out[place] = word[1:]
        elif word:
            last = place if word.isalpha() else -1
    return out
