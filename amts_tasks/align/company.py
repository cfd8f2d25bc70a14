"""Words that keep company: which word of the target stands where which word of the source does, learnt from beads.

A stand-in for a translation model, good for one text: pairs of words that are each other's best by Dice's coefficient
over the beads of a first pass become anchors of a second.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from amts_tasks.align.anchors import folded

_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_PREFIX = 6
LEAST = 2
"""Beads two words must share."""
DICE = 0.5
"""Least coefficient."""


def words(text: str) -> frozenset[str]:
    """The words of a text in small letters, cut to a prefix; of scripts without spaces every two characters."""
    found: set[str] = set()
    for word in _WORD.findall(text):
        for run in _UNSPACED.findall(word):
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        if not _UNSPACED.search(word):
            found.add(folded(word)[:_PREFIX])
    return frozenset(found)


def companions(
    beads: Iterable[tuple[frozenset[str], frozenset[str]]],
) -> dict[str, str]:
    """Source word → target word, for words that are each other's best over the beads' two sides."""
    here: Counter[str] = Counter()
    there: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for source, target in beads:
        here.update(source)
        there.update(target)
        both.update((a, b) for a in source for b in target)
    best: dict[str, tuple[float, str]] = {}
    back: dict[str, tuple[float, str]] = {}
    for (a, b), count in both.items():
        if count < LEAST:
            continue
        dice = 2 * count / (here[a] + there[b])
        if dice >= DICE:
            best[a] = max(best.get(a, (0.0, "")), (dice, b))
            back[b] = max(back.get(b, (0.0, "")), (dice, a))
    return {a: b for a, (_, b) in best.items() if back[b][1] == a}


def marked(
    source: Sequence[frozenset[str]], target: Sequence[frozenset[str]], known: dict[str, str]
) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """One token for each known pair of words, in the sentences of either side that have its word."""
    reverse = {b: f"~{a}~{b}" for a, b in known.items()}
    return (
        [frozenset(f"~{word}~{known[word]}" for word in item if word in known) for item in source],
        [frozenset(reverse[word] for word in item if word in reverse) for item in target],
    )
