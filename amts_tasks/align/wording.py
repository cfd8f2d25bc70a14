"""Which words come together in texts that were aligned roughly: the lexical evidence of a second pass (Moore 2002)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from amts_tasks.align.cues import Words, shares_of
from amts_tasks.lexicon import WordTable, cut, fold, train

STEM = 6
"""Letters of a word that count: German and Turkish ends of words would make every word a rare one."""
LEAST = 2
"""Occurrences on its side from which on a word is believed; what was met once was met in its own bead."""
LONGEST = 200
"""Words of a bead that are learnt from; time grows with the product of both sides."""
TAUGHT = 20_000
"""Beads that words are learnt from, taken from all over the texts: more teach little, and take more than their share of
time and memory."""
ROUNDS = 5
LIKELY = 1e-4
"""Least probability of a translation that is looked at."""


def words(text: str, language: str) -> list[str]:
    """The words of a text in lower case, cut to their first letters; marks are none."""
    found = (fold(word.text, language) for word in cut(text, language))
    return [word[:STEM] for word in found if word[0].isalnum()]


def learnt(
    path: Iterable[tuple[Sequence[int], Sequence[int]]],
    source: Sequence[Sequence[str]],
    target: Sequence[Sequence[str]],
    doubt: float,
) -> Words:
    """The lexical evidence of sentences given as their words, learnt from beads of their indices."""
    beads = list(path)
    every = -(-len(beads) // TAUGHT) or 1
    taught = beads[::every]
    left, wide = _numbered(source, source if every == 1 else [source[i] for here, _ in taught for i in here])
    right, high = _numbered(target, target if every == 1 else [target[j] for _, there in taught for j in there])
    pairs = []
    for here, there in taught:
        one = list(chain.from_iterable(left[i] for i in here))
        other = list(chain.from_iterable(right[j] for j in there))
        if one and other and len(one) <= LONGEST and len(other) <= LONGEST:
            pairs.append((one, other))
    forward = train(pairs, wide, high, ROUNDS)
    backward = train([(other, one) for one, other in pairs], high, wide, ROUNDS)
    forward, backward = _likely(forward), _likely(backward)
    return Words(left, right, forward, backward, shares_of(left, wide), shares_of(right, high), doubt)


def _likely(table: WordTable) -> WordTable:
    """The table without the pairs of words that only ever met by chance, which are most of it."""
    likely = table.values >= LIKELY
    return WordTable(table.width, table.keys[likely], table.values[likely])


def _numbered(items: Sequence[Sequence[str]], known: Iterable[Sequence[str]]) -> tuple[list[list[int]], int]:
    """Word numbers from 1, of words that occur often enough in what is `known`, and one more than the greatest."""
    counts = Counter(chain.from_iterable(known))
    numbers = {word: number for number, word in enumerate(sorted(w for w, n in counts.items() if n >= LEAST), start=1)}
    return [[numbers[word] for word in item if word in numbers] for item in items], len(numbers) + 1
