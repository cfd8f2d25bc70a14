"""The built-in engine: a phrase-based model learnt from the job's parallel data.

Statistics in place of a neural model, and a stand-in that says so: like the service it takes word choices and style
from the parallel data at run time and keeps no custom model. Words the parallel data never shows come from a
dictionary, if the installation has one, else stay as they are.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from amts_tasks.emulator.engines import alignment, suffixes
from amts_tasks.emulator.engines.decoder import Choice, search
from amts_tasks.emulator.engines.engine import FIRST_FIXED, Example, Masked, Term, is_fixed, is_tag
from amts_tasks.emulator.engines.forms import forms
from amts_tasks.emulator.engines.language_model import FIRST, UNKNOWN, LanguageModel
from amts_tasks.emulator.engines.phrases import LONGEST, Option, Pair, Phrase, PhraseTable
from amts_tasks.emulator.engines.pieces import Pieces
from amts_tasks.emulator.engines.suffixes import Suffixes
from amts_tasks.emulator.engines.surface import Surface
from amts_tasks.emulator.engines.tags import tagged, weave
from amts_tasks.emulator.engines.tokens import SPAN, Tokens, finer, span_kind, tied, tokens
from amts_tasks.emulator.engines.weights import Weights, weights_of
from amts_tasks.lexicon import Word, cut, fold
from amts_tasks.lexicon.words import UNCASED

LONGEST_PAIR = 120
"""Words of the longest side from which word alignments are learnt."""
KEPT = 14
"""Translations of a phrase that the search is given."""
UNSEEN = -8.0
"""Score of a word that only a dictionary or nobody knows."""
FORM = -2.0
"""What it costs to translate a word as another form of it."""
Fallback = Callable[[str], tuple[str, ...]]
"""Words a dictionary offers for a source word, best first."""


class Model:
    """What was learnt from one set of examples, for one pair."""

    def __init__(self, examples: Sequence[Example], source: str, target: str, weights: Weights | None = None) -> None:
        self.source, self.target = source, target
        self.weights = weights or weights_of(source, target)
        pairs = [
            (tokens(example.source, example.fixed, source), tokens(example.target, example.fixed, target))
            for example in examples
        ]
        self.pieces = Pieces(left.words for left, _ in pairs)
        pairs = [(finer(left, self.pieces.cut), right) for left, right in pairs]
        self.surface = Surface(
            ([Word(*item) for item in zip(right.words, right.spaced, strict=True)] for _, right in pairs), target
        )
        if target in suffixes.LANGUAGES:
            endings = Suffixes((right.words for _, right in pairs), target)
            pairs = [(left, self._cased(right, endings)) for left, right in pairs]
        else:
            pairs = [(left, replace(right, words=self.surface.true_case(right.words))) for left, right in pairs]
        rows = [([fold(word, source) for word in left.words], right.words, tied(left, right)) for left, right in pairs]
        names = sorted({word for _, right, _ in rows for word in right})
        self._numbers = {word: number for number, word in enumerate(names, FIRST)}
        numbered = ([self._numbers[word] for word in right] for _, right, _ in rows)
        self.language_model = LanguageModel(numbered, self.weights.order)
        rows = [row for row in rows if 0 < len(row[0]) <= LONGEST_PAIR and 0 < len(row[1]) <= LONGEST_PAIR]
        links = alignment.links(rows)
        self.table = PhraseTable([Pair(*row[:2], found, row[2]) for row, found in zip(rows, links, strict=True)])
        self._features = np.array(self.weights.features)
        self._choices: dict[Phrase, tuple[Choice, ...]] = {}
        self._targets: dict[tuple[int, ...], int] = {}

    def translate(self, segment: Masked, fallback: Fallback) -> str:
        """The segment's translation: every fixed span once, every tag around the words its own words became."""
        found = tokens(segment.text, segment.fixed, self.source)
        if not found.words:
            return segment.text
        found = finer(found, lambda word: self.pieces.cut(word, lambda piece: bool(fallback(piece))))
        words: list[str] = []
        origins: list[list[int]] = []
        for start, end, choice in self._decode(found, fallback):
            option = choice.option
            spans = iter([found.spans[place] for place in range(start, end) if place in found.spans])
            first = len(words)
            for word in option.target:
                words.append(next(spans, "") if word.startswith(SPAN) else word)
                origins.append([])
            for i, j in option.links:
                origins[first + j].append(start + i)
        return self._written(tagged(suffixes.joined(words), origins, found.tags), segment)

    def _cased(self, found: Tokens, endings: Suffixes) -> Tokens:
        return finer(replace(found, words=self.surface.true_case(found.words)), endings.cut)

    def unknown(self, segment: Masked) -> float:
        """The share of the segment's words that the examples never show."""
        found = finer(tokens(segment.text, segment.fixed, self.source), self.pieces.cut)
        words = [fold(word, self.source) for word in found.words]
        letters = [word for word in words if word[:1].isalpha()]
        return sum((word,) not in self.table for word in letters) / len(letters) if letters else 0.0

    def _decode(self, found: Tokens, fallback: Fallback) -> list[tuple[int, int, Choice]]:
        words = [fold(word, self.source) for word in found.words]
        size = len(words)
        choices: dict[tuple[int, int], Sequence[Choice]] = {}
        for start in range(size):
            for end in range(start + 1, min(start + LONGEST, size) + 1):
                offered: Sequence[Choice] = self._offered(tuple(words[start:end]))
                if end == start + 1 and not offered:
                    offered = self._alone(words[start], found.words[start], fallback)
                if offered:
                    choices[start, end] = offered
        walls = [False] * (size + 1)
        for place, _ in found.tags:
            walls[place] = True
        return search(size, choices, walls, self.language_model, self.weights.search)

    def _offered(self, phrase: Phrase) -> tuple[Choice, ...]:
        known = self._choices.get(phrase)
        if known is None:
            offered = self.table.options(phrase, self._features)
            known = self._choices[phrase] = self._ready([one for one in offered if _keeps_numbers(phrase, one.target)])
        return known

    def _ready(self, options: Sequence[Option]) -> tuple[Choice, ...]:
        """The options as the search sees them, best estimate first."""
        how, model = self.weights.search, self.language_model
        made = []
        for option in options:
            words = tuple(self._numbers.get(word, UNKNOWN) for word in option.target)
            total, state = 0.0, model.nothing
            for word in words:
                value, state = model.score(state, word)
                total += value
            before, after = how.orientations(option.before), how.orientations(option.after)
            number = self._targets.setdefault(words, len(self._targets))
            estimate = option.score + how.language * total
            made.append(Choice(option.score, words, before, after, option, estimate, number))
        made.sort(key=lambda choice: (-choice.estimate, choice.option.target))
        return tuple(made[:KEPT])

    def _alone(self, word: str, shown: str, fallback: Fallback) -> Sequence[Choice]:
        """What becomes of a word that no phrase begins with."""
        if word.startswith(SPAN):
            return self._ready((Option((word,), (), links=((0, 0),), score=0.0),))
        offered = [one for one in self.table.words.get(word, ()) if _keeps_numbers((word,), one.target)]
        if offered:
            for option in offered:
                option.score = float(np.dot(option.features, self._features))
            return self._ready(offered)
        for stem in forms(word) if self.source == "en" else ():
            near = [one for one in self.table.options((stem,), self._features) if _keeps_numbers((word,), one.target)]
            if near:
                return self._ready([
                    Option(o.target, o.features, o.before, o.after, o.links, o.score + FORM) for o in near[:3]
                ])
        texts = fallback(word)
        return self._ready([
            Option(target, (), links=tuple((0, place) for place in range(len(target))), score=UNSEEN)
            for target in ([tuple(item.text for item in cut(text, self.target)) for text in texts[:3]] or [(shown,)])
        ])

    def _written(self, words: list[str], segment: Masked) -> str:
        bare = [word for word in words if word and not is_tag(word)]
        kinds = [SPAN + span_kind(segment.fixed[ord(word) - FIRST_FIXED]) if is_fixed(word) else word for word in bare]
        first = next((character for character in segment.text if character.isalpha()), "")
        starts = first.isupper() if self.source not in UNCASED else self.surface.capital_share > 0.5
        text = self.surface.write(kinds, starts)
        return weave(text, kinds, words)


def _keeps_numbers(phrase: Phrase, target: Phrase) -> bool:
    """Whether the numbers of a phrase are in its translation: two digits or more, for one may be a word.

    A translator may set as a formula what the source has as text (0.75, $0.75$); no formula would come of that here.
    """
    wanted = {digits for word in phrase if word[0].isdecimal() and len(digits := _digits(word)) > 1}
    return not wanted or wanted <= set(map(_digits, target))


def _digits(word: str) -> str:
    return "".join(filter(str.isdecimal, word))


class StatisticalEngine:
    """The engine of jobs with parallel data; models of the last few sets of examples are kept."""

    name = "statistical"
    whole = False
    kept = 3

    def __init__(self, fallback: Callable[[str, str], Fallback]) -> None:
        self._fallback = fallback
        self._models: OrderedDict[tuple[str, str, bytes], Model] = OrderedDict()
        self._last: tuple[Sequence[Example], bytes] = ((), b"")

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
        key = (source, target, self._digest(examples))
        model = self._models.pop(key, None) or Model(examples, source, target)
        self._models[key] = model
        while len(self._models) > self.kept:
            self._models.popitem(last=False)
        return model

    def _digest(self, examples: Sequence[Example]) -> bytes:
        held, digest = self._last
        if held is not examples or not digest:
            found = hashlib.sha256()
            for example in examples:
                found.update(repr((example.source, example.target, example.fixed)).encode())
            digest = found.digest()
            self._last = (examples, digest)
        return digest
