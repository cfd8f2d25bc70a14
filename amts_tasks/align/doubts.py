"""What makes one doubt that two lists of sentences are a text and its translation, before any time is spent on them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from amts_tasks.align.sentences import READ
from amts_tasks.counts import counted

TIMES = 20
"""So many times the sentences of the other side are no translation."""
FEW = 20
"""Sentences up to which a paragraph may well face one sentence."""
SAME = 0.5
"""Share of a side's sentences that stand word for word on the other, from which on nothing was translated."""
SAMPLE = 20_000
"""Characters of a side in which its language is looked for, taken from all over it."""
LETTERS = 200
"""Characters below which nobody can tell a language."""
SURE = 0.99
"""Probability from which on a language is believed."""


def doubts(source: Sequence[str], target: Sequence[str], languages: tuple[str, str]) -> tuple[str, ...]:
    """One sentence for each doubt, with its figures; () for an ordinary text and its translation.

    `languages` are the codes that source and target should be in. Time is linear in the texts.
    """
    found = []
    n, m = len(source), len(target)
    if not n or not m:
        if n or m:
            empty, full = ("source", "target") if not n else ("target", "source")
            found.append(f"the {empty} is empty: {counted(max(n, m), 'sentence')} of the {full} come out as omissions")
        return tuple(found)
    if max(n, m) > max(FEW, TIMES * min(n, m)):
        long, short = ("source", "target") if n > m else ("target", "source")
        found.append(
            f"the {long} has {counted(max(n, m), 'sentence')} and the {short} {min(n, m)}: at most "
            f"{5 * min(n, m)} can be paired, "
            "the rest come out as omissions; look whether these two files belong together"
        )
    for name, side in (("source", source), ("target", target)):
        lines = [index for index, text in enumerate(side) if len(text) > READ]
        if lines:
            found.append(
                f"{name} line {lines[0] + 1} has {len(side[lines[0]])} characters"
                + (f" and {len(lines) - 1} more are as long" if len(lines) > 1 else "")
                + f": only the first {READ} were compared; one sentence a line was expected"
            )
    written = {text.strip() for text in source}
    shared = sum(text.strip() in written for text in target) / m
    if shared >= SAME and max(map(len, target)) > 1:
        found.append(f"{shared:.0%} of the target's sentences stand in the source as they are: it is not translated")
    return tuple(found) + _swapped(source, target, languages)


def _swapped(source: Sequence[str], target: Sequence[str], languages: tuple[str, str]) -> tuple[str, ...]:
    codes = [code.partition("-")[0] for code in languages]
    if codes[0] == codes[1]:
        return ()
    sides = _sample(source), _sample(target)
    if min(map(len, sides)) < LETTERS:
        return ()
    try:
        identified = [_identified(side, codes) for side in sides]
    except ValueError:  # a language that the identifier does not know
        return ()
    if any(probability < SURE for _, probability in identified):
        return ()
    (here, one), (there, other) = identified
    if [here, there] == codes[::-1]:
        return (
            f"source and target are swapped, it seems: the source reads as {here} (probability {one:.2f}) and the "
            f"target as {there} ({other:.2f}), expected {codes[0]} and {codes[1]}; give them the other way round",
        )
    return ()


def _sample(side: Sequence[str]) -> str:
    step = max(1, sum(min(len(text), READ) for text in side) // SAMPLE)
    return "\n".join(text[:READ] for text in side[::step])[:SAMPLE]


def _identified(text: str, codes: Sequence[str]) -> tuple[str, float]:
    """Which of these languages a text is in, and how probable that is."""
    identifier = _identifier()
    identifier.set_languages(list(codes))
    language, probability = identifier.classify(text)
    return str(language), float(probability)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
