"""Texts brought up to date by sentences, those of the whole book included: paragraphs are split, joined and moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from amts_tasks.sync.document.index import Known
from amts_tasks.sync.manifest import State
from amts_tasks.sync.sentence.patch import Languages, Part, patch, tie
from amts_tasks.sync.sentence.sentences import sentences
from amts_tasks.sync.sentence.slides import Marked, remarked
from amts_tasks.text import ParsedDocument, Segment, normalise

LEAST_LETTERS = 12
"""Letters from which on a sentence is looked up in the book: "Yes." is said otherwise in another place."""


class Patches:
    """Patches texts, and finds the translations of single sentences; what it reads of the book it reads when asked."""

    def __init__(self, documents: Sequence[Known], sources: Iterable[ParsedDocument], languages: Languages) -> None:
        """`documents` are the translated ones with what they were made from, `sources` the book at its new revision."""
        self._documents = sorted(documents, key=lambda known: known.path)
        self._sources = tuple(sources)
        self._languages = languages
        self._ties: dict[tuple[str, str], dict[str, str]] = {}

    def parts(
        self, was: tuple[str, str] | None, new: str, path: str, bought: Callable[[str], str | None]
    ) -> tuple[tuple[Part, ...], State] | None:
        """The parts of a text of a document, and the state of the result; None where it has to be sent whole.

        `was` is what the text was and its translation, where that is known; `bought` has what the service returned for
        a sentence before.
        """
        states: list[State] = []

        def known(sentence: str) -> str | None:
            found = self.sentence(sentence, path)
            if found is not None:
                states.append(found[1])
                return found[0]
            again = bought(sentence)
            states.extend([State.machine] if again is not None else [])
            return again

        parts = patch(was[0], new, was[1], self._languages, known) if was is not None else None
        if parts is None:
            states.clear()
            parts = self._found(new, known)
        if parts is None:
            return None
        wanted = any(part.wanted for part in parts)
        return parts, State.machine if wanted else min(states, key=lambda state: state.rank, default=State.human)

    def remarked(self, was: tuple[str, str], new: str) -> Marked | None:
        """The translation of a text (`was`: it and its translation) of which only the slide marks changed."""
        return remarked(was[0], new, was[1], self._languages.source, self._languages.target)

    def sentence(self, sentence: str, path: str) -> tuple[str, State] | None:
        """The translation of a sentence that stands in a translated document: in that at `path` if it can be."""
        if Segment.of(sentence).letters < LEAST_LETTERS:
            return None
        key = normalise(sentence)
        found = [
            (where != path, -state.rank, where, text, state)
            for where, source, target, state in self._holders.get(key, ())
            for text in [self._tied(source, target).get(key)]
            if text is not None
        ]
        return min(found)[3:] if found else None

    def left_over(self, source: str, target: str, path: str) -> str | None:
        """What of a text's translation is not used again when its sentences live on in other texts of the new source.

        None where none of them does for certain.
        """
        alive = [
            one.text
            for one in sentences(source, self._languages.source)
            if normalise(one.text) in self._alive and Segment.of(one.text).translatable
        ]
        found = [found[0] for one in alive for found in [self.sentence(one, path)] if found is not None]
        rest = target
        for text in found:
            rest = rest.replace(text, "", 1)
        return rest if rest != target else None

    def _found(self, new: str, known: Callable[[str], str | None]) -> tuple[Part, ...] | None:
        """A text that is made of sentences of other texts, at least in part."""
        parts = []
        for one in sentences(new, self._languages.source):
            text = known(one.text)
            parts.append(Part(text or one.text, self._languages.target.joiner, text is None))
        if all(part.wanted for part in parts):
            return None
        parts[-1] = Part(parts[-1].text, "", parts[-1].wanted)
        return tuple(parts)

    @cached_property
    def _holders(self) -> dict[str, list[tuple[str, str, str, State]]]:
        """Path, source text, its translation and its state by the key of each sentence of the source text."""
        holders: dict[str, list[tuple[str, str, str, State]]] = defaultdict(list)
        for known in self._documents:
            for bead in known.beads:
                if len(bead.source) != 1 or len(bead.target) != 1 or known.standings[bead.target[0]].left:
                    continue
                block, theirs = known.base.blocks[bead.source[0]], known.target.blocks[bead.target[0]]
                if [text.kind for text in block.texts] != [text.kind for text in theirs.texts]:
                    continue
                state = known.standings[theirs.index].state
                for text, target in zip(block.texts, theirs.texts, strict=True):
                    for one in sentences(text.source, self._languages.source):
                        holders[normalise(one.text)].append((known.path, text.source, target.source, state))
        return holders

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

    def _tied(self, source: str, target: str) -> dict[str, str]:
        found = self._ties.get((source, target))
        if found is None:
            pairs = tie(source, target, self._languages)
            found = self._ties[source, target] = {normalise(ours): theirs for ours, theirs in reversed(pairs)}
        return found
