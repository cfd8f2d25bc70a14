"""What the service does around an engine: exact matches, sentences, glossary terms hidden, then the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from amts_tasks.emulator import sentences
from amts_tasks.emulator.engines.engine import FIRST_FIXED, FIRST_OPEN, Engine, Masked, Term
from amts_tasks.emulator.inline import Inline
from amts_tasks.emulator.memory import Memory

_UNSPACED = frozenset({"zh", "zh-TW", "ja", "th"})
_LETTER = regex.compile(r"\p{L}")


@dataclass(slots=True)
class Translator:
    """Translates segments of one pair with one engine and, in a job, one memory."""

    engine: Engine
    source: str
    target: str
    memory: Memory | None = None
    terms: tuple[Term, ...] = ()
    applied: dict[str, str] = field(default_factory=dict)
    """Source and target text of the terms that were found, in the order they were first seen."""

    def translate(self, segments: Sequence[Inline]) -> list[str]:
        """The masked translation of each segment."""
        done: list[list[str | None]] = []
        asked: list[Masked] = []
        hidden: list[list[str]] = []
        for segment in segments:
            pieces: list[str | None] = []
            for known, text, after in self._cut(segment):
                pieces.append(known)
                pieces.append(after)
                if known is None:
                    masked, targets = self._hide(text, segment.masked.fixed)
                    asked.append(masked)
                    hidden.append(targets)
            done.append(pieces)
        examples = self.memory.examples if self.memory else ()
        answers = self.engine.translate(asked, self.source, self.target, examples, self.terms)
        shown = iter(
            _reveal(answer, mask, targets) for answer, mask, targets in zip(answers, asked, hidden, strict=True)
        )
        return ["".join(next(shown) if piece is None else piece for piece in pieces) for pieces in done]

    def _cut(self, segment: Inline) -> list[tuple[str | None, str, str]]:
        """(known translation or None, text, what joins it to the next) for the pieces of a segment."""
        fixed = segment.masked.fixed
        if self.source == self.target or not _LETTER.search(segment.text):
            return [(segment.text, segment.text, "")]
        known = self.memory.exact(segment.text, fixed) if self.memory else None
        if known is not None:
            return [(known, segment.text, "")]
        if self.engine.whole:
            return [(None, segment.text, "")]
        joiner = "" if self.target in _UNSPACED else " "
        cut = sentences.split(segment.text)
        pieces: list[tuple[str | None, str, str]] = []
        for number, (text, _) in enumerate(cut):
            known = self.memory.exact(text, fixed) if self.memory and len(cut) > 1 else None
            pieces.append((known, text, joiner if number < len(cut) - 1 else ""))
        return pieces

    def _hide(self, text: str, fixed: tuple[str, ...]) -> tuple[Masked, list[str]]:
        """The text with each glossary term as a fixed span of its own; what stands for them, in order."""
        if not self.terms:
            return Masked(text, fixed), []
        targets: list[str] = []
        found_terms = {term.source: term.target for term in self.terms}
        choices = "|".join(regex.escape(term) for term in sorted(found_terms, key=lambda term: (-len(term), term)))
        pattern = choices if self.source in _UNSPACED else rf"(?<![\p{{L}}\p{{N}}])(?:{choices})(?![\p{{L}}\p{{N}}])"

        def hide(found: regex.Match[str]) -> str:
            number = len(fixed) + len(targets)
            if number >= FIRST_OPEN - FIRST_FIXED:
                return str(found[0])
            targets.append(found_terms[found[0]])
            self.applied.setdefault(found[0], targets[-1])
            return chr(FIRST_FIXED + number)

        masked: str = regex.sub(pattern, hide, text)
        return Masked(masked, (*fixed, *targets)), targets


def _reveal(answer: str, mask: Masked, targets: list[str]) -> str:
    """The answer with the terms' texts; a term the engine lost comes back at the end."""
    first = FIRST_FIXED + len(mask.fixed) - len(targets)
    for number, text in enumerate(targets):
        character = chr(first + number)
        before, found, after = answer.partition(character)
        answer = before + text + after.replace(character, "") if found else f"{answer} {text}"
    return answer
