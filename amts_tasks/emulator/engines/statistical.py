"""The built-in engine: a phrase-based model learnt from the job's parallel data, decoded from left to right.

Statistics in place of a neural model, and a stand-in that says so: like the service it takes word choices and style
from the parallel data at run time and keeps no custom model. Words the parallel data never shows come from a
dictionary, if the installation has one, else stay as they are.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from amts_tasks.emulator.engines.engine import (
    FIRST_CLOSE,
    FIRST_FIXED,
    Example,
    Masked,
    Term,
    is_fixed,
    is_tag,
)
from amts_tasks.emulator.engines.forms import forms
from amts_tasks.emulator.engines.language_model import END, LanguageModel, State
from amts_tasks.emulator.engines.phrases import LONGEST, Option, Phrase, PhraseTable, Weights
from amts_tasks.emulator.engines.surface import Surface
from amts_tasks.lexicon import Link, Word, best, both, cut, fold, train
from amts_tasks.lexicon.model1 import Floats
from amts_tasks.lexicon.words import UNCASED

BEAM = 12
"""Partial translations kept at each source position."""
LONGEST_PAIR = 120
"""Words of the longest side from which word alignments are learnt."""
UNKNOWN = -8.0
"""Score of a word that only a dictionary or nobody knows."""
FORM = -2.0
"""What it costs to translate a word as another form of it."""
Fallback = Callable[[str], tuple[str, ...]]
"""Words a dictionary offers for a source word, best first."""


@dataclass(slots=True)
class Tokens:
    """A masked text as words; its fixed spans are words by kind, their characters kept aside."""

    words: list[str]
    spaced: list[bool]
    spans: dict[int, str]
    """Position → the fixed span's character."""
    tags: list[tuple[int, str]]
    """(position it stands before, character) of each tag, in order."""


def tokens(text: str, fixed: Sequence[str], language: str) -> Tokens:
    """The words of a masked text."""
    found = Tokens([], [], {}, [])
    for word in cut(text, language):
        if is_tag(word.text):
            found.tags.append((len(found.words), word.text))
            continue
        shown = word.text
        if is_fixed(word.text):
            number = ord(word.text) - FIRST_FIXED
            found.spans[len(found.words)] = word.text
            shown = "\ue000" + span_kind(fixed[number] if number < len(fixed) else "")
        found.words.append(shown)
        found.spaced.append(word.spaced)
    return found


def span_kind(content: str) -> str:
    """What an untranslatable span is: by its first mark, or its role's name; letters and digits are one kind."""
    if content.startswith(":"):
        return content[: content.find(":", 1) + 1] or ":"
    return content[:1] if content[:1] and not content[:1].isalnum() else "w"


class Model:
    """What was learnt from one set of examples, for one pair."""

    def __init__(self, examples: Sequence[Example], source: str, target: str, weights: Weights | None = None) -> None:
        self.source, self.target = source, target
        self.weights = weights or Weights()
        pairs = [
            (tokens(example.source, example.fixed, source), tokens(example.target, example.fixed, target))
            for example in examples
        ]
        self.surface = Surface(
            ([Word(*item) for item in zip(right.words, right.spaced, strict=True)] for _, right in pairs), target
        )
        rows = [
            ([fold(word, source) for word in left.words], self.surface.true_case(right.words), _tied(left, right))
            for left, right in pairs
        ]
        self.language_model = LanguageModel((right for _, right, _ in rows), order=3)
        rows = [row for row in rows if 0 < len(row[0]) <= LONGEST_PAIR and 0 < len(row[1]) <= LONGEST_PAIR]
        self.sources = _numbers(left for left, _, _ in rows)
        self.targets = _numbers(right for _, right, _ in rows)
        self.table = self._learn(rows)

    def _learn(self, rows: Sequence[tuple[list[str], list[str], list[Link]]]) -> PhraseTable:
        numbered = [([self.sources[w] for w in left], [self.targets[w] for w in right]) for left, right, _ in rows]
        turned = [(right, left) for left, right in numbered]
        bounds = [_bound(left, right, spans) for left, right, spans in rows]
        back_bounds = [None if bound is None else bound.T for bound in bounds]
        forward = train(numbered, len(self.sources) + 1, len(self.targets) + 1, bounds=bounds)
        backward = train(turned, len(self.targets) + 1, len(self.sources) + 1, bounds=back_bounds)
        table = PhraseTable(forward, backward, self.sources, self.targets)
        for (left, right, spans), (a, b), bound in zip(rows, numbered, bounds, strict=True):
            there = best(forward, a, b, bound)
            back = [(i, j) for j, i in best(backward, b, a, None if bound is None else bound.T)]
            table.learn(left, right, both(there, back, len(a), len(b)), spans)
        return table

    def translate(self, segment: Masked, fallback: Fallback) -> str:
        """The segment's translation: every fixed span once, every tag around the words its own words became."""
        found = tokens(segment.text, segment.fixed, self.source)
        if not found.words:
            return segment.text
        breaks = {place for place, _ in found.tags}
        pieces = self._decode(found, breaks, fallback)
        words: list[str] = []
        tags = list(found.tags)
        for start, end, target in pieces:
            while tags and tags[0][0] <= start:
                words.append(tags.pop(0)[1])
            spans = iter([found.spans[place] for place in range(start, end) if place in found.spans])
            words.extend(next(spans, "") if word.startswith("\ue000") else word for word in target)
        words.extend(character for _, character in tags)
        return self._written(words, segment)

    def unknown(self, segment: Masked) -> float:
        """The share of the segment's words that the examples never show."""
        words = [fold(word, self.source) for word in tokens(segment.text, segment.fixed, self.source).words]
        letters = [word for word in words if word[:1].isalpha()]
        return sum((word,) not in self.table for word in letters) / len(letters) if letters else 0.0

    def _written(self, words: list[str], segment: Masked) -> str:
        bare = [word for word in words if word and not is_tag(word)]
        kinds = [
            "\ue000" + span_kind(segment.fixed[ord(word) - FIRST_FIXED]) if is_fixed(word) else word for word in bare
        ]
        first = next((character for character in segment.text if character.isalpha()), "")
        starts = first.isupper() if self.source not in UNCASED else self.surface.capital_share > 0.5
        text = self.surface.write(kinds, starts)
        return _weave(text, kinds, words)

    def _decode(self, found: Tokens, breaks: set[int], fallback: Fallback) -> list[tuple[int, int, Phrase]]:
        words = [fold(word, self.source) for word in found.words]
        size, model, weight = len(words), self.language_model, self.weights.language
        stacks: list[dict[State, tuple[float, State | None, int, Phrase]]] = [{} for _ in range(size + 1)]
        stacks[0][model.start] = (0.0, None, 0, ())
        keep = model.order - 1
        for start in range(size):
            held = heapq.nsmallest(BEAM, stacks[start].items(), key=lambda item: (-item[1][0], item[0]))
            stacks[start] = dict(held)
            for end in range(start + 1, min(start + LONGEST, size) + 1):
                if end > start + 1 and end - 1 in breaks:
                    break
                for option in self._options(words, found.words, start, end, fallback):
                    for state, (score, _, _, _) in held:
                        total, after = score + option.score, state
                        for word in option.target:
                            total += weight * model.score(after, word)
                            after = (*after, word)[-keep:]
                        if end == size:
                            total += weight * model.score(after, END)
                        known = stacks[end].get(after)
                        if known is None or total > known[0]:
                            stacks[end][after] = (total, state, start, option.target)
        return _trace(stacks)

    def _options(
        self, words: list[str], shown: list[str], start: int, end: int, fallback: Fallback
    ) -> Sequence[Option]:
        found = self.table.options(tuple(words[start:end]), self.weights)
        if found or end > start + 1:
            return found
        word = words[start]
        if word.startswith("\ue000"):
            return (Option((word,), 0.0),)
        offered = self.table.words(word, self.weights)
        if offered:
            return offered
        for stem in forms(word) if self.source == "en" else ():
            offered = self.table.options((stem,), self.weights)
            if offered:
                return [Option(option.target, option.score + FORM) for option in offered[:3]]
        return self._unknown(word, shown[start], fallback)

    def _unknown(self, word: str, shown: str, fallback: Fallback) -> Sequence[Option]:
        offered = fallback(word)
        if offered:
            return [Option(tuple(item.text for item in cut(text, self.target)), UNKNOWN) for text in offered[:3]]
        return (Option((shown,), UNKNOWN),)


class StatisticalEngine:
    """The engine of jobs with parallel data; models of the last few sets of examples are kept."""

    name = "statistical"
    kept = 3

    def __init__(self, fallback: Callable[[str, str], Fallback]) -> None:
        self._fallback = fallback
        self._models: list[tuple[Sequence[Example], str, str, Model]] = []

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """One text a segment; the terms are hidden in the segments already."""
        if not segments:
            return []
        model, fallback = self.model(examples, source, target), self._fallback(source, target)
        return [model.translate(segment, fallback) for segment in segments]

    def model(self, examples: Sequence[Example], source: str, target: str) -> Model:
        """The model of the examples, learnt when it is first wanted."""
        for held, left, right, model in self._models:
            if (left, right) == (source, target) and (held is examples or held == examples):
                return model
        model = Model(examples, source, target)
        self._models = [*self._models[-self.kept + 1 :], (examples, source, target, model)]
        return model


def _weave(text: str, kinds: Sequence[str], words: Sequence[str]) -> str:
    """The written text with each kind replaced by its span's character and the tags between their words."""
    out: list[str] = []
    place = 0
    waiting: list[str] = []
    shown = iter(kinds)
    for word in words:
        if not word:
            continue
        if is_tag(word):
            waiting.append(word)
            continue
        length = len(next(shown))
        blank = text[place] == " " and out
        if blank:
            place += 1
        # A closing tag stands right after its last word, an opening one right before its first.
        out.extend(tag for tag in waiting if ord(tag) >= FIRST_CLOSE)
        out.append(" " if blank else "")
        out.extend(tag for tag in waiting if ord(tag) < FIRST_CLOSE)
        waiting.clear()
        out.append(word if is_fixed(word) else text[place : place + length])
        place += length
    return "".join((*out, *waiting))


def _trace(stacks: list[dict[State, tuple[float, State | None, int, Phrase]]]) -> list[tuple[int, int, Phrase]]:
    place = len(stacks) - 1
    state: State | None = min(stacks[place].items(), key=lambda item: (-item[1][0], item[0]))[0]
    out: list[tuple[int, int, Phrase]] = []
    while state is not None:
        _, before, start, target = stacks[place][state]
        if before is not None:
            out.append((start, place, target))
        place, state = start, before
    return out[::-1]


def _tied(left: Tokens, right: Tokens) -> list[Link]:
    """Positions of the same fixed span on both sides."""
    places = {character: place for place, character in right.spans.items()}
    return [(place, places[character]) for place, character in left.spans.items() if character in places]


def _bound(left: Sequence[str], right: Sequence[str], spans: Sequence[Link]) -> Floats | None:
    """Factors that keep a fixed span to itself: its own on the other side, hardly anything else."""
    if not spans:
        return None
    bound = np.ones((len(left), len(right)))
    for i, j in spans:
        bound[i, :] = bound[:, j] = 1e-6
    for i, j in spans:
        bound[i, j] = 1.0
    return bound


def _numbers(texts: Iterable[list[str]]) -> dict[str, int]:
    words = sorted({word for text in texts for word in text})
    return {word: number for number, word in enumerate(words, 1)}
