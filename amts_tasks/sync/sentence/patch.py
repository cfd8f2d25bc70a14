"""A translated text brought up to date sentence by sentence: what stays, and which sentences have to be sent.

A sentence of the translation stays only where it is certain which source sentence it translates; where the pairing is
not certain there is no patch, and the whole text is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from amts_tasks.align import Bead, align_sentences
from amts_tasks.languages import Profile
from amts_tasks.sync.sentence.sentences import Sentence, sentences
from amts_tasks.sync.sentence.slides import PLACED, remarked
from amts_tasks.sync.sentence.swap import swapped
from amts_tasks.text import Segment, normalise

SURE = 0.9
"""Quality from which on a bead is certain where the translation has more or fewer sentences than its source."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a patched text; the parts of a text with their gaps, joined, are that text."""

    text: str
    """Inline Markdown: of the translation, or of the source where it is wanted."""
    gap: str
    """The white space after it."""
    wanted: bool = False
    """The text is still the source's and has to be sent."""
    reason: str = ""
    """Why a human should look at it; empty when there is no need."""


@dataclass(frozen=True, slots=True)
class Languages:
    """What a patch has to know of the two languages."""

    source: Profile
    target: Profile
    own_links: tuple[re.Pattern[str], ...] = ()


def patch(
    old: str, new: str, target: str, languages: Languages, known: Callable[[str], str | None]
) -> tuple[Part, ...] | None:
    """The parts of `target`, which translates `old`, when `old` becomes `new`; all three inline Markdown.

    Sentences of the source that are the same keep theirs; one that changed in its placeholders alone gets them
    swapped; for others `known` is asked for a translation, and what it has not is wanted. None where the sentences of
    `old` and `target` cannot be tied with certainty, or when nothing of the translation would stay.
    """
    olds, news = sentences(old, languages.source), sentences(new, languages.source)
    if len(olds) < 2 and len(news) < 2:
        return None
    tied = _tied(olds, target, languages)
    if tied is None:
        return None
    theirs, beads = tied
    return _Patcher(olds, news, theirs, beads, languages, known).parts()


def tie(old: str, target: str, languages: Languages) -> tuple[tuple[str, Sentence], ...]:
    """The sentences of a text, each with that of its translation that it pairs with one to one for certain.

    () where that cannot be said of the text as a whole.
    """
    olds = sentences(old, languages.source)
    tied = _tied(olds, target, languages)
    if tied is None:
        return ()
    theirs, beads = tied
    return tuple(
        (olds[bead.source[0]].text, theirs[bead.target[0]])
        for bead in beads
        if len(bead.source) == 1 and len(bead.target) == 1
    )


def _tied(
    olds: Sequence[Sentence], target: str, languages: Languages
) -> tuple[tuple[Sentence, ...], tuple[Bead, ...]] | None:
    theirs = sentences(target, languages.target)
    if len(theirs) != len(olds):
        # Text left in the source's language, written with its stops, or with capitals for small letters.
        others = (sentences(target, languages.source), _recased(target, languages.source))
        theirs = next((other for other in others if len(other) == len(olds)), theirs)
    if not olds or not theirs:
        return None
    beads = align_sentences(
        [one.text for one in olds], [one.text for one in theirs], languages.source, languages.target
    )
    one_to_one = all(len(bead.source) == len(bead.target) == 1 for bead in beads)
    certain = one_to_one or all(bead.quality >= SURE for bead in beads if bead.source and bead.target)
    if not certain or _crossed(olds, theirs, beads):
        return None
    return theirs, tuple(beads)


def _recased(text: str, profile: Profile) -> tuple[Sentence, ...]:
    """The sentences of a text as they were if its capitals were small and the others capitals: a made translation's."""
    tokens = Segment.of(text).tokens
    other = "".join(token.swapcase() if isinstance(token, str) else token.text for token in tokens)
    if len(other) != len(text):
        return ()
    found, at = [], 0
    for one in sentences(other, profile):
        end = at + len(one.text)
        found.append(Sentence(text[at:end], one.gap))
        at = end + len(one.gap)
    return tuple(found)


def _crossed(olds: Sequence[Sentence], theirs: Sequence[Sentence], beads: Sequence[Bead]) -> bool:
    """Whether a placeholder that stands once on both sides stands in sentences that were not tied."""
    here, there = _places(olds), _places(theirs)
    home = {index: number for number, bead in enumerate(beads) for index in bead.source}
    away = {index: number for number, bead in enumerate(beads) for index in bead.target}
    return any(
        home[places[0]] != away[there[text][0]]
        for text, places in here.items()
        if len(places) == 1 and len(there.get(text, ())) == 1
    )


def _places(side: Sequence[Sentence]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for number, one in enumerate(side):
        for placeholder in Segment.of(one.text).placeholders:
            places.setdefault(placeholder.text, []).append(number)
    return places


class _Patcher:
    def __init__(
        self,
        olds: Sequence[Sentence],
        news: Sequence[Sentence],
        theirs: Sequence[Sentence],
        beads: Sequence[Bead],
        languages: Languages,
        known: Callable[[str], str | None],
    ) -> None:
        self.olds, self.news, self.theirs = olds, news, theirs
        self.beads, self.languages, self.known = beads, languages, known
        self.single = {
            bead.source[0]: bead.target[0] for bead in beads if len(bead.source) == 1 and len(bead.target) == 1
        }
        self.by_text = {normalise(olds[index].text): number for index, number in reversed(self.single.items())}
        self.kept = 0

    def parts(self) -> tuple[Part, ...] | None:
        changes = SequenceMatcher(
            None, [normalise(one.text) for one in self.olds], [normalise(one.text) for one in self.news], autojunk=False
        ).get_opcodes()
        parts = list(self._parts(changes))
        if not self.kept or not parts:
            return None
        # A text ends as its source does: without white space, as a rule.
        parts[-1] = replace(parts[-1], gap=self.theirs[-1].gap)
        return tuple(parts)

    def _parts(self, changes: Sequence[tuple[str, int, int, int, int]]) -> Iterator[Part]:
        """Along the beads: one whose sentences all stay is kept; else the new sentences of its change replace it."""
        same = {i1 + n: j1 + n for tag, i1, i2, j1, _ in changes if tag == "equal" for n in range(i2 - i1)}
        whole = {i for bead in self.beads if all(i in same for i in bead.source) for i in bead.source}
        stay = {same[i]: i for i in whole}
        rest = self._replacements({i: j for i, j in same.items() if i in whole})
        done = 0
        for bead in self.beads:
            if not bead.source:
                # What only the translation has stays behind what it stood behind.
                yield from self._standing(bead.target)
            elif bead.source[0] in whole:
                first = same[bead.source[0]]
                yield from self._fresh(range(done, first), rest, stay)
                done = same[bead.source[-1]] + 1
                self.kept += len(bead.target)
                yield from self._standing(bead.target)
        yield from self._fresh(range(done, len(self.news)), rest, stay)

    def _replacements(self, same: dict[int, int]) -> dict[int, int]:
        """New sentence to the old one in whose place it stands, where as many came as went."""
        places: dict[int, int] = {}
        old = new = 0
        for i, j in [*sorted(same.items()), (len(self.olds), len(self.news))]:
            if i - old == j - new:
                places.update(zip(range(new, j), range(old, i), strict=True))
            old, new = i + 1, j + 1
        return places

    def _standing(self, numbers: Sequence[int]) -> Iterator[Part]:
        for number in numbers:
            yield Part(self.theirs[number].text, self._after(number))

    def _fresh(self, numbers: Sequence[int], replaced: dict[int, int], stay: dict[int, int]) -> Iterator[Part]:
        for number in numbers:
            if number in stay:
                continue
            text = self.news[number].text
            old = replaced.get(number)
            there = self.single.get(old) if old is not None else None
            marked = self._marked(text, old, there)
            if marked is not None:
                self.kept += 1
                yield marked
                continue
            found = self._found(text, old, there)
            if found is not None:
                self.kept += 1
            yield Part(text if found is None else found, self._after(there), found is None)

    def _marked(self, text: str, old: int | None, there: int | None) -> Part | None:
        """A sentence that only came to have, or lost, slide marks."""
        if old is None or there is None:
            return None
        source, target = self.languages.source, self.languages.target
        made = remarked(self.olds[old].text, text, self.theirs[there].text, source, target)
        if made is None:
            return None
        return Part(made.text, self._after(there), reason="" if made.certain else PLACED)

    def _found(self, text: str, old: int | None, there: int | None) -> str | None:
        if old is not None and there is not None:
            made = swapped(self.olds[old].text, text, self.theirs[there].text, self.languages.own_links)
            if made is not None:
                return made
        moved = self.by_text.get(normalise(text))
        if moved is not None:
            return self.theirs[moved].text
        if not Segment.of(text).translatable:
            return text
        return self.known(text)

    def _after(self, number: int | None) -> str:
        """What follows a sentence of the translation, or one that stands in no one's place."""
        if number is not None and number < len(self.theirs) - 1:
            return self.theirs[number].gap
        # A line break where the translation has one sentence a line.
        gaps = [one.gap for one in self.theirs[:-1]]
        return max(sorted(set(gaps)), key=gaps.count) if gaps else self.languages.target.joiner
