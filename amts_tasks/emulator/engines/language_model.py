"""An n-gram language model with interpolated modified Kneser–Ney smoothing (Chen and Goodman, 1999).

A state is a number: the longest end of what was said that the model has seen go on. Two partial translations in one
state are continued alike, so the decoder keeps the better one only (Li and Khudanpur, 2008).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

Context = tuple[int, ...]
START, END, UNKNOWN = 1, 2, 0
"""Word numbers of the model's own; words count from 3."""
FIRST = 3


class LanguageModel:
    """Natural log probabilities of words after words, both as numbers."""

    def __init__(self, texts: Iterable[Sequence[int]], order: int = 4) -> None:
        self.order = order
        raw: list[Counter[Context]] = [Counter() for _ in range(order + 1)]
        for text in texts:
            words = (START, *text, END)
            for length in range(1, order + 1):
                raw[length].update(zip(*(words[place:] for place in range(length)), strict=False))
        raw[1].pop((START,), None)
        # Of shorter n-grams it counts after how many different words they stand, but at the start of a text.
        counts = [*raw]
        for length in range(1, order):
            other: Counter[Context] = Counter(gram[1:] for gram in raw[length + 1])
            counts[length] = Counter({
                gram: count if gram[0] == START else other[gram] for gram, count in raw[length].items()
            })
        kinds = len(counts[1]) + 1
        self._uniform = 1.0 / kinds
        self._discounts = [(), *(_discounts(counts[length]) for length in range(1, order + 1))]
        self._followers: dict[Context, dict[int, int]] = defaultdict(dict)
        for length in range(1, order + 1):
            for gram, count in counts[length].items():
                self._followers[gram[:-1]][gram[-1]] = count
        self._sums: dict[Context, tuple[float, float]] = {}
        for context, followers in self._followers.items():
            one, two, more = self._discounts[len(context) + 1]
            seen = [0, 0, 0]
            for count in followers.values():
                seen[min(count, 3) - 1] += 1
            total = sum(followers.values())
            self._sums[context] = (float(total), (one * seen[0] + two * seen[1] + more * seen[2]) / total)
        self._numbers: dict[Context, int] = {}
        self._contexts: list[Context] = []
        self._known: dict[tuple[int, int], tuple[float, int]] = {}
        self._values: dict[Context, float] = {}
        self.nothing = self._state(())
        """The state after something the model does not know."""
        self.start = self._state((START,))
        """The state at the beginning of a text."""

    def score(self, state: int, word: int) -> tuple[float, int]:
        """ln p(word | state), and the state after it."""
        key = (state, word)
        found = self._known.get(key)
        if found is None:
            context = self._contexts[state]
            after = (*context, word)[-self.order + 1 :]
            found = self._known[key] = (math.log(self._probability(context, word)), self._state(after))
        return found

    def _state(self, context: Context) -> int:
        while context and context not in self._sums:
            context = context[1:]
        number = self._numbers.get(context)
        if number is None:
            number = self._numbers[context] = len(self._contexts)
            self._contexts.append(context)
        return number

    def _probability(self, context: Context, word: int) -> float:
        key = (*context, word)
        found = self._values.get(key)
        if found is not None:
            return found
        lower = self._probability(context[1:], word) if context else self._uniform
        sums = self._sums.get(context)
        if sums is None:
            return lower
        count = self._followers[context].get(word, 0)
        discount = self._discounts[len(context) + 1][min(count, 3) - 1] if count else 0.0
        value = (count - discount) / sums[0] + sums[1] * lower
        self._values[key] = value
        return value


def _discounts(counts: Counter[Context]) -> tuple[float, float, float]:
    """What is taken off counts of one, two, and more (Chen and Goodman, equation 26); halves where few are seen."""
    n = [0, *(int((np.fromiter(counts.values(), np.int64, len(counts)) == kind).sum()) for kind in (1, 2, 3, 4))]
    if not all(n[1:]):
        return 0.5, 0.5, 0.5
    y = n[1] / (n[1] + 2 * n[2])
    found = [1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]]
    one, two, three = (min(max(value, 0.1), kind - 0.1) for kind, value in enumerate(found, 1))
    return one, two, three
