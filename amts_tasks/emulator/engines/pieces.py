"""Rare words as pieces that the parallel data knows better.

A word cutter's dictionary has compounds the parallel data shows once or never, though it shows their parts. Such a word
is cut into the fewest parts that are frequent words there, the most frequent among equals.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import regex

ENOUGH = 3
"""Sightings from which on a word stays whole."""
_HAN = regex.compile(r"\p{Han}{2,}")


class Pieces:
    """The words of one language that are frequent enough, and the way to cut the others."""

    def __init__(self, texts: Iterable[Sequence[str]], enough: int = ENOUGH) -> None:
        counts = Counter(word for text in texts for word in text)
        self._costs = {
            word: 1.0 + 0.05 / math.log(1 + count)
            for word, count in counts.items()
            if count >= enough and word[:1].isalpha()
        }
        self._rare = {word for word, count in counts.items() if count < enough}
        self._known: dict[str, tuple[str, ...]] = {}

    def cut(self, word: str, known: Callable[[str], bool] | None = None) -> tuple[str, ...]:
        """The word's pieces, or the word alone where it is frequent or no such pieces make it up.

        ``known`` says which pieces may be used besides, at a price; a word it knows whole stays whole.
        """
        if word in self._costs or not _HAN.fullmatch(word):
            return (word,)
        found = self._known.get(word)
        if found is None:
            found = self._cut(word, lambda piece: False)
            if known is not None and len(found) == 1 and word not in self._rare and not known(word):
                found = self._cut(word, known)
            self._known[word] = found
        return found

    def _cut(self, word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(word) + 1):
            best.append(
                min(
                    (
                        (best[start][0] + cost, start)
                        for start in range(end)
                        if (cost := self._costs.get(word[start:end]) or (2.0 if known(word[start:end]) else None))
                    ),
                    default=(math.inf, 0),
                )
            )
        if math.isinf(best[-1][0]):
            return (word,)
        out: list[str] = []
        end = len(word)
        while end:
            start = best[end][1]
            out.append(word[start:end])
            end = start
        return tuple(out[::-1])
