"""The sentences of translated texts, found one by one: which sentence of a text which one of its translation is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from amts_tasks.sync.manifest import State
from amts_tasks.sync.sentence.patch import Languages, tie
from amts_tasks.sync.sentence.sentences import Sentence, sentences
from amts_tasks.text import Segment, normalise

LEAST_LETTERS = 12
"""Letters from which on a sentence is looked up in other texts: "Yes." is said otherwise in another place."""


@dataclass(frozen=True, slots=True)
class Held:
    """A text with its translation; inline Markdown."""

    document: str
    source: str
    target: str
    state: State


@dataclass(frozen=True, slots=True)
class Tied:
    """A sentence with its translation."""

    text: str
    """Of the translation, inline Markdown."""
    gap: str
    """The white space after it; empty behind the last one of its text, and in Chinese and Japanese."""
    state: State
    document: str


class Ties:
    """Finds the translations of single sentences; the texts are read when the first one is asked for."""

    def __init__(self, texts: Callable[[], Iterable[Held]], languages: Languages) -> None:
        """Of two texts with the same sentence in documents as near and of the same state the first one counts."""
        self._texts = texts
        self._languages = languages
        self._made: dict[tuple[str, str], dict[str, Sentence]] = {}

    def sentence(self, sentence: str, path: str) -> Tied | None:
        """The translation of a sentence where it is certain: in the document at `path` if it can be."""
        if Segment.of(sentence).letters < LEAST_LETTERS:
            return None
        key = normalise(sentence)
        for one in sorted(self._holders.get(key, ()), key=lambda one: (one.document != path, -one.state.rank)):
            found = self._tied(one.source, one.target).get(key)
            if found is not None:
                return Tied(found.text, found.gap, one.state, one.document)
        return None

    @cached_property
    def _holders(self) -> dict[str, list[Held]]:
        """The texts by the key of each of their sentences."""
        holders: dict[str, list[Held]] = defaultdict(list)
        for held in self._texts():
            for one in sentences(held.source, self._languages.source):
                holders[normalise(one.text)].append(held)
        return holders

    def _tied(self, source: str, target: str) -> dict[str, Sentence]:
        found = self._made.get((source, target))
        if found is None:
            pairs = tie(source, target, self._languages)
            found = self._made[source, target] = {normalise(ours): theirs for ours, theirs in reversed(pairs)}
        return found
