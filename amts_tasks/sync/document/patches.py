"""Texts brought up to date by sentences, those of the whole book included: paragraphs are split, joined and moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from amts_tasks.align.beads import Bead
from amts_tasks.sync.document.index import Known
from amts_tasks.sync.document.recalled import Question, Recall
from amts_tasks.sync.document.ties import Held, Ties
from amts_tasks.sync.manifest import State
from amts_tasks.sync.sentence.patch import Languages, Part, patch
from amts_tasks.sync.sentence.sentences import sentences
from amts_tasks.sync.sentence.slides import Marked, remarked
from amts_tasks.text import ParsedDocument, Segment, normalise


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a sentence is looked for that stands nowhere in today's translation."""

    recall: Recall
    """What humans made of it before."""
    bought: Callable[[str], str | None]
    """What the service returned for it before."""


class Patches:
    """Patches texts, and finds the translations of single sentences; what it reads of the book it reads when asked."""

    def __init__(self, documents: Sequence[Known], sources: Iterable[ParsedDocument], languages: Languages) -> None:
        """`documents` are the translated ones with what they were made from, `sources` the book at its new revision."""
        self._sources = tuple(sources)
        self._languages = languages
        ordered = sorted(documents, key=lambda known: known.path)
        self._ties = Ties(lambda: (held for known in ordered for held in _held(known)), languages)

    def parts(
        self, was: tuple[str, str] | None, new: str, path: str, elsewhere: Elsewhere
    ) -> tuple[tuple[Part, ...], State] | None:
        """The parts of a text of a document, and the state of the result; None where it has to be sent whole.

        `was` is what the text was and its translation, where that is known.
        """
        states: list[State] = []
        reasons: list[str] = []
        gaps: dict[str, str] = {}

        def known(sentence: str) -> str | None:
            here = self._ties.sentence(sentence, path)
            if here is not None:
                states.append(here.state)
                gaps[sentence] = here.gap
                return here.text
            before = elsewhere.recall(Question(sentence, path))
            if before is not None:
                states.append(before.state)
                reasons.append(before.reason(path))
                return before.text
            again = elsewhere.bought(sentence)
            states.extend([State.machine] if again is not None else [])
            return again

        parts = patch(was[0], new, was[1], self._languages, known) if was is not None else None
        if parts is None:
            states.clear()
            reasons.clear()
            parts = self._found(new, known, gaps)
        if parts is None:
            return None
        reason = next(filter(None, [parts[0].reason, *reasons]), "")
        parts = (replace(parts[0], reason=reason), *parts[1:])
        wanted = any(part.wanted for part in parts)
        return parts, State.machine if wanted else min(states, key=lambda state: state.rank, default=State.human)

    def remarked(self, was: tuple[str, str], new: str) -> Marked | None:
        """The translation of a text (`was`: it and its translation) of which only the slide marks changed."""
        return remarked(was[0], new, was[1], self._languages.source, self._languages.target)

    def left_over(self, source: str, target: str, path: str) -> str | None:
        """What of a text's translation is not used again when its sentences live on in other texts of the new source.

        None where none of them does for certain.
        """
        alive = [
            one.text
            for one in sentences(source, self._languages.source)
            if normalise(one.text) in self._alive and Segment.of(one.text).translatable
        ]
        found = [found.text for one in alive for found in [self._ties.sentence(one, path)] if found is not None]
        rest = target
        for text in found:
            rest = rest.replace(text, "", 1)
        return rest if rest != target else None

    def _found(self, new: str, known: Callable[[str], str | None], gaps: Mapping[str, str]) -> tuple[Part, ...] | None:
        """A text that is made of sentences of other texts, at least in part; each ends its line where it did there."""
        olds = [one.text for one in sentences(new, self._languages.source)]
        texts = [known(one) for one in olds]
        if not any(text is not None for text in texts):
            return None
        after = [gap for gap in gaps.values() if gap]
        usual = max(sorted(set(after)), key=after.count) if after else self._languages.target.joiner
        parts = [
            Part(old if text is None else text, gaps.get(old) or usual, text is None)
            for old, text in zip(olds, texts, strict=True)
        ]
        return (*parts[:-1], replace(parts[-1], gap=""))

    @cached_property
    def _alive(self) -> frozenset[str]:
        """The keys of all sentences of the new source."""
        return frozenset(
            normalise(one.text)
            for document in self._sources
            for block in document.blocks
            for text in block.texts
            for one in sentences(text.source, self._languages.source)
        )


def _held(known: Known) -> Iterator[Held]:
    """The texts of a translated document with their translations."""
    for bead in known.beads:
        for source, target in _sides(known, bead):
            state = min((known.standings[index].state for index in bead.target), key=lambda one: one.rank)
            yield Held(known.path, source, target, state)


def _sides(known: Known, bead: Bead) -> list[tuple[str, str]]:
    """The texts of a bead's blocks and their translations; blocks that are one in the other language are one text."""
    if not bead.source or not bead.target or any(known.standings[index].left for index in bead.target):
        return []
    ours = [known.base.blocks[index].texts for index in bead.source]
    theirs = [known.target.blocks[index].texts for index in bead.target]
    if len(ours) == len(theirs) == 1:
        if [text.kind for text in ours[0]] != [text.kind for text in theirs[0]]:
            return []
        return [(one.source, other.source) for one, other in zip(ours[0], theirs[0], strict=True)]
    if any(len(texts) != 1 for texts in (*ours, *theirs)):
        return []
    return [("\n".join(texts[0].source for texts in ours), "\n".join(texts[0].source for texts in theirs))]
