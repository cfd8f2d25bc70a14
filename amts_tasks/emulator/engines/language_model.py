"""An n-gram language model with Witten and Bell's (1991) smoothing, interpolated down to the uniform distribution."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

START, END = "<s>", "</s>"
State = tuple[str, ...]
"""The last words, oldest first; what the next word depends on."""


class LanguageModel:
    """log10-free natural log probabilities of words after words."""

    def __init__(self, texts: Iterable[Sequence[str]], order: int = 3) -> None:
        self.order = order
        self.start: State = (START,) * (order - 1)
        counts: dict[State, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for text in texts:
            words = (*self.start, *text, END)
            for place in range(order - 1, len(words)):
                for length in range(order):
                    counts[words[place - length : place]][words[place]] += 1
        self._counts = {state: dict(followers) for state, followers in counts.items()}
        self._sums = {state: (sum(followers.values()), len(followers)) for state, followers in self._counts.items()}
        self._uniform = 1.0 / (len(self._counts.get((), {})) + 1)
        self._known: dict[tuple[State, str], float] = {}

    def score(self, state: State, word: str) -> float:
        """ln p(word | state)."""
        key = (state, word)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = math.log(self._probability(state, word))
        return found

    def _probability(self, state: State, word: str) -> float:
        lower = self._uniform if not state else self._probability(state[1:], word)
        sums = self._sums.get(state)
        if sums is None:
            return lower
        total, kinds = sums
        return (self._counts[state].get(word, 0) + kinds * lower) / (total + kinds)
