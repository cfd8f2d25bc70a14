"""A document while it is cut up: its lines, the containers that are open, and the blocks found so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from amts_tasks.text import leaves
from amts_tasks.text.blocks import Block, Kind, Text
from amts_tasks.text.containers import QUOTE

_UNLABELLED = frozenset((Kind.code, Kind.comment, Kind.blank, Kind.front_matter, Kind.html))


class Frame(NamedTuple):
    """A directive whose fence is open and whose body is Markdown."""

    mark: str
    name: str
    depth: int
    """How many containers it stands in."""


class Construct(Protocol):
    """What a page knows of a dialect's rule (`dialects.rule.Rule`)."""

    @property
    def begin(self) -> Callable[[Page, int, int], int | None]:
        """Adds the blocks that begin in a line."""

    @property
    def interrupts(self) -> Callable[[str, int], bool]:
        """Whether it ends a paragraph."""


class Page:
    """What the rules read and what they add their blocks to. Numbers of lines are zero-based."""

    def __init__(self, text: str, rules: Mapping[str, tuple[Construct, ...]], path: str = "") -> None:
        self.path = path
        self.rules = rules  # by the first character of the lines that may begin them
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        if not self.lines[-1]:
            self.lines.pop()
            self.starts.pop()
        self.starts[-1] = len(text)
        self.containers: list[int] = []  # see containers.QUOTE
        self.found: list[Block] = []
        self.tab: str | None = None  # the framework tab that is open
        self.item = False  # whether a list item begins in the line at hand
        self.frames: list[Frame] = []
        self.jsx = 0  # how many elements of JSX are open
        self.myst: bool | None = None  # whether the document is MyST, once it was asked
        self.unended: set[str] = set()  # what has no end in the rest of the document
        self.absent: dict[str, int] = {}  # what does not stand before the line
        self.unclosed_colons = (1 << 30, 0)  # fences from this length on are not closed at such a depth

    def close(self, mark: str) -> bool:
        """Whether the mark closes an open directive: the outermost one that it is long enough for, as in MyST."""
        for number, frame in enumerate(self.frames):
            if frame.mark[0] == mark[0] and len(frame.mark) <= len(mark):
                del self.frames[number:]
                return True
        return False

    def shortest(self, mark: str) -> int:
        """The length from which on a fence closes code that begins with this mark, or a directive around it."""
        return min([len(mark), *(len(frame.mark) for frame in self.frames if frame.mark[0] == mark[0])])

    def texts(
        self, kind: Kind, rows: list[tuple[int, int, int]], continuation: str | None, index: int = 0
    ) -> tuple[Text, ...]:
        """One text of parts of lines, with the white space around it left out; none where there is nothing else."""
        spans = []
        for number, begin, end in rows:
            line = self.lines[number]
            if number == rows[-1][0]:
                end = begin + len(line[begin:end].rstrip())
            elif line.endswith("\r"):
                end -= 1
            if number == rows[0][0]:
                end = max(begin, end)
                begin = end - len(line[begin:end].lstrip())
            spans.append((self.starts[number] + begin, self.starts[number] + max(begin, end)))
        source = "\n".join([self.text[begin:end] for begin, end in spans])
        return (Text(index, kind, tuple(spans), source, continuation),) if source else ()

    def add(self, kind: Kind, number: int, after: int, texts: tuple[Text, ...] = (), level: int | None = None) -> int:
        """Add the block of the lines from ``number`` to before ``after``; returns ``after``."""
        start, end = self.starts[number], self.starts[after]
        content = self.text[start:end]
        tab = self.tab
        labels: tuple[str, ...] = ()
        if kind == Kind.code:
            mark = leaves.CODE_TAB.search(content)
            tab = mark[1].strip() if mark else tab
        elif "label:`" in content and kind not in _UNLABELLED:
            labels = tuple(match[1] for match in leaves.LABEL.finditer(content))
        if level is None:
            level = len(self.containers) - self.containers.count(QUOTE) if kind != Kind.blank else 0
        self.found.append(Block(len(self.found), kind, start, end, number + 1, content, level, tab, labels, texts))
        return after
