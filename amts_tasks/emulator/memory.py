"""A job's parallel data as a memory: exact matches of a whole segment or of a sentence, in normalised masked form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import regex

from amts_tasks.emulator import inline, sentences
from amts_tasks.emulator.engines.engine import FIRST_FIXED, Example
from amts_tasks.emulator.parallel_file import ParallelFile

_FIXED = regex.compile(r"[\uE000-\uE7FF]")
_PRIVATE = regex.compile(r"[\uE000-\uEFFF]")


class Memory:
    """The rows of one pair, what an engine learns from, and their exact look-up."""

    def __init__(self, rows: Iterable[Example]) -> None:
        self.rows: tuple[Example, ...] = tuple(rows)
        self.examples: tuple[Example, ...] = tuple(part for row in self.rows for part in parts(row))
        """The rows, cut into sentences where both sides have equally many."""
        self._strict: dict[tuple[str, tuple[str, ...]], str] = {}
        self._loose: dict[str, str] = {}
        # Later rows win, as in the import; a whole row beats a sentence cut out of another one.
        for row in (*self.examples, *self.rows):
            if _inventory(row.source) == _inventory(row.target):
                self._loose[row.source] = row.target
                self._strict[row.source, row.fixed] = row.target

    @classmethod
    def of(cls, file: ParallelFile, target: str) -> Memory:
        """The file's records that have a text in the target language."""
        rows = ((source, row[target]) for source, row in file.records.items() if target in row)
        return cls(inline.example(inline.parse(source), inline.parse(text)) for source, text in rows)

    def exact(self, text: str, fixed: Sequence[str]) -> str | None:
        """The stored translation of a masked text, or None; spans other than the stored ones are swapped in."""
        plain, contents, back = renumber(text, fixed)
        stored = self._strict.get((plain, contents)) or self._loose.get(plain)
        return stored if stored is None else _FIXED.sub(lambda found: back[found[0]], stored)


def renumber(text: str, fixed: Sequence[str]) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """The text with its spans numbered in order of appearance, their contents, and the way back by character."""
    names: dict[str, str] = {}
    for character in _FIXED.findall(text):
        names.setdefault(character, chr(FIRST_FIXED + len(names)))
    contents = tuple(fixed[ord(character) - FIRST_FIXED] for character in names)
    return _FIXED.sub(lambda found: names[found[0]], text), contents, {name: old for old, name in names.items()}


def parts(row: Example) -> Iterator[Example]:
    """The row's sentences when both sides have equally many and each pair holds the same spans; else the row."""
    left, right = sentences.split(row.source), sentences.split(row.target)
    pairs = [(source, target) for (source, _), (target, _) in zip(left, right, strict=False)]
    if len(left) != len(right) or any(_inventory(source) != _inventory(target) for source, target in pairs):
        yield row
        return
    for source, target in pairs:
        plain, contents, back = renumber(source, row.fixed)
        yield Example(plain, target.translate({ord(old): name for name, old in back.items()}), contents)


def _inventory(text: str) -> Counter[str]:
    return Counter(_PRIVATE.findall(text))
