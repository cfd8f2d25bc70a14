"""What the memory answers a plan: what a human made of a text before, though the translation holds it no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from amts_tasks.sync.manifest import State
from amts_tasks.text import ParsedDocument


@dataclass(frozen=True, slots=True)
class Question:
    """A text whose translation is looked for."""

    source: str
    """Inline Markdown of a whole text, or of a sentence."""
    document: str
    """Path of the document it stands in."""
    around: tuple[str, str] | None = None
    """The texts before and after it, empty at the ends of a document; None for a sentence."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A translation that a human wrote or approved."""

    text: str
    """Inline Markdown."""
    state: State
    document: str
    """Where it stood; of an imported memory what its file said."""
    in_context: bool = False
    """Whether it stood between the same two texts: a context match, 101."""

    def reason(self, path: str) -> str:
        """Why somebody should read it at that document; empty where it was written for this very place."""
        if self.in_context or self.document == path:
            return ""
        where = self.document or "an imported memory"
        return f"the same text was translated like this in {where}: see that it fits here"


Recall = Callable[[Question], Recalled | None]
"""Asks the memory; None where it has nothing that is certain."""


def nothing(question: Question) -> None:
    """The answers of an empty memory."""


def contexts(document: ParsedDocument) -> dict[tuple[int, int], tuple[str, str]]:
    """The sources of the texts before and after each text of a document, by (block, text); empty at its ends."""
    texts = [(block.index, text.index, text.source) for block in document.blocks for text in block.texts]
    sources = ["", *(source for *_, source in texts), ""]
    return {(block, text): (sources[n], sources[n + 2]) for n, (block, text, _) in enumerate(texts)}
