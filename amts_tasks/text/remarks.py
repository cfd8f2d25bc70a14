"""What code says to its readers: comments and docstrings of Python as texts for a translator.

Left alone are marks that tools read (``#@save``, ``# noqa``, ``# type:``, a shebang), code that was taken out,
examples, and whatever Python cannot parse. ``replacement`` puts them back.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from amts_tasks.text import python
from amts_tasks.text.blocks import Kind
from amts_tasks.text.docstrings import LIST_MARK, runs
from amts_tasks.text.python import Comment, Docstring
from amts_tasks.text.segments import Placeholder, Segment

KINDS = frozenset((Kind.code_comment, Kind.docstring))
"""The kinds of texts in code."""
_TOOL = re.compile(
    r"#(?:[!@%|+]|\s*(?:%%|@\w|-\*-|[+-]\s*$|(?:noqa|nosec|nolint|flake8|doctest|sphinx_gallery\w*|coding|vim?|ex)\b\s*(?:[:=]|$)"
    r"|(?:type|pylint|pyright|mypy|ruff|fmt|isort|yapf|pragma|cython|distutils)\s*:|(?:end)?region\b|(?:In|Out)\s*\[\d*\]"
    r"|<\w+cell>|SPDX-|Copyright\b|\(c\)|©))",
    re.IGNORECASE,
)
_LEAD = re.compile(r"#+:?[ \t]*")
_FRAME_LEFT = re.compile(r"(?:[-=*~_#─━]{2,}[ \t]*)+(?=\S)")
_FRAME_RIGHT = re.compile(r"[ \t]+[-=*~_#─━]{2,}[ \t]*$|[ \t]+$")
_CALL = 12
"""Lines that a statement which was taken out may have."""
_SPECIAL = re.compile(r"[\\`*_\[\]~<&{$]")


@dataclass(frozen=True, slots=True)
class Remark:
    """One text in code."""

    kind: Kind
    """code_comment or docstring."""
    spans: tuple[tuple[int, int, int], ...]
    """Zero-based line, and half-open characters in it; lines that follow each other."""
    continuation: str | None
    """What a further line begins with; None where there can be only one."""
    source: str
    """Inline Markdown."""
    quotes: str = ""
    """Of a docstring its quote marks."""
    raw: bool = True
    """Whether a backslash in it is one."""


def remarks(code: str, kinds: Collection[Kind]) -> tuple[Remark, ...]:
    """The texts of these kinds in Python code, in their order; () where it is not Python for certain."""
    return tuple(one for one in _remarks(code) if one.kind in kinds)


def alike(code: str, other: str, kinds: Collection[Kind]) -> bool:
    """Whether two texts are the same code with as many texts of these kinds."""
    ours, theirs = ([one.kind for one in remarks(side, kinds)] for side in (code, other))
    return ours == theirs and python.same(code, other)


def plain(markdown: str) -> str:
    """Inline Markdown as a comment has it: escapes are the characters they stand for."""
    return "".join(
        token if isinstance(token, str) else token.text[1:] if is_escape(token) else token.text
        for token in Segment.of(markdown).tokens
    )


def is_escape(token: object) -> bool:
    """Whether a token of a segment is a character with a backslash before it."""
    return isinstance(token, Placeholder) and token.kind == "escape"


@lru_cache(512)
def _remarks(code: str) -> tuple[Remark, ...]:
    reading = python.read(code)
    if reading is None:
        return ()
    lines = code.split("\n")
    found = [*_comments(reading.comments, lines)]
    for docstring in reading.docstrings:
        found += _paragraphs(docstring, lines)
    return tuple(sorted(found, key=lambda one: one.spans[0]))


def _comments(comments: Sequence[Comment], lines: Sequence[str]) -> Iterator[Remark]:
    code = _code_lines(comments)
    held: list[tuple[int, int, int]] = []
    lead = after = ""

    def made() -> Iterator[Remark]:
        if held:
            text = _text(held, lines)
            if text is not None:
                yield Remark(Kind.code_comment, tuple(held), after or None, text)
            held.clear()

    for comment in comments:
        start, end = _body(comment)
        if comment.line in code or _TOOL.match(comment.text) or start >= end:
            yield from made()
            continue
        begins = lines[comment.line][: comment.start + _lead(comment)]
        mark = LIST_MARK.match(comment.text, _lead(comment))
        goes_on = (
            held
            and after
            and comment.alone
            and mark is None
            and held[-1][0] == comment.line - 1
            and (begins == after or (len(held) == 1 and begins.startswith(lead) and len(begins) <= len(lead) + 8))
        )
        if not goes_on:
            yield from made()
            lead = begins
            framed = end != comment.start + len(comment.text.rstrip())
            indent = " " * (mark.end() - mark.start() if mark else 0)
            after = begins + indent if comment.alone and not framed else ""
            if mark:
                start = max(start, comment.start + mark.end())
        else:
            after = begins
        held.append((comment.line, start, end))
        if not comment.alone:
            yield from made()
    yield from made()


def _lead(comment: Comment) -> int:
    found = _LEAD.match(comment.text)
    return found.end() if found else 1


def _body(comment: Comment) -> tuple[int, int]:
    """Where the words of a comment begin and end in its line, without what frames them."""
    begin = _lead(comment)
    frame = _FRAME_LEFT.match(comment.text, begin)
    begin = frame.end() if frame else begin
    tail = _FRAME_RIGHT.search(comment.text, begin)
    end = tail.start() if tail else len(comment.text)
    return comment.start + begin, comment.start + end


def _code_lines(comments: Sequence[Comment]) -> set[int]:
    """The lines whose comments are code that was taken out, alone or with those around them."""
    found: set[int] = set()
    group: list[Comment] = []
    for comment, following in itertools.zip_longest(comments, comments[1:]):
        group.append(comment)
        goes_on = following and following.alone and comment.alone
        if goes_on and following and (following.line, following.start) == (comment.line + 1, comment.start):
            continue
        texts = [re.sub(r"^#+ ?", "", one.text) for one in group]
        if len(group) > 1 and python.is_code("\n".join(texts)):
            found.update(one.line for one in group)
        for first, text in enumerate(texts):
            # A call goes on until its brackets are closed.
            last = first + 1
            while sum(map(text.count, "([{")) > sum(map(text.count, ")]}")) and last < min(len(texts), first + _CALL):
                text += f"\n{texts[last]}"
                last += 1
            if python.is_code(text):
                found.update(one.line for one in group[first:last])
        group = []
    return found


def _paragraphs(docstring: Docstring, lines: Sequence[str]) -> Iterator[Remark]:
    parts = [
        (
            number,
            docstring.start if number == docstring.line else 0,
            docstring.end if number == docstring.end_line else len(lines[number]),
        )
        for number in range(docstring.line, docstring.end_line + 1)
    ]
    for run in runs(parts, lines):
        text = _text(run.spans, lines)
        if text is not None:
            yield Remark(Kind.docstring, run.spans, run.continuation, text, docstring.quotes, docstring.raw)


def _text(spans: Sequence[tuple[int, int, int]], lines: Sequence[str]) -> str | None:
    """The parts of lines as inline Markdown that reads back; None where there are no words, or it does not."""
    text = "\n".join(lines[number][start:end] for number, start, end in spans)
    if not any(map(str.isalpha, text)) or _unsendable(text):
        return None
    for written in (text, text.replace("\\", "\\\\"), _SPECIAL.sub(r"\\\g<0>", text)):
        tokens = Segment.of(written).tokens
        sure = not any(isinstance(token, Placeholder) and token.kind == "break" for token in tokens)
        # A backslash is no letter: a translator that took it for one would drop it.
        bare = any(isinstance(token, str) and "\\" in token for token in tokens)
        if sure and not bare and plain(written) == text:
            return written
    return None


def _unsendable(text: str) -> bool:
    """Whether there are characters that HTML cannot carry."""
    return any(unicodedata.category(character) in {"Cc", "Cs"} for character in text if character not in "\n\t")
