"""What code says to its readers: comments and docstrings of Python as texts for a translator, and put back.

Left alone are marks that tools read (``#@save``, ``# noqa``, ``# type:``, a shebang), code that was taken out,
examples, and whatever Python cannot parse. What comes back is put in only where the code stays the same to Python.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from amts_tasks.text import python
from amts_tasks.text.blocks import Kind
from amts_tasks.text.docstrings import LIST_MARK, runs
from amts_tasks.text.python import Comment, Docstring
from amts_tasks.text.segments import Placeholder, Segment

KINDS = frozenset((Kind.code_comment, Kind.docstring))
"""The kinds of texts in code."""
WIDTH = 78
"""Columns that a comment may have, unless it had more: two less than PEP 8's 79 and a mark of a diff."""
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
_NO_LINE_START = frozenset("，。、；：！？）】」』”’》〉…—,.;:!?)]}%")
_NO_LINE_END = frozenset("（【「『“‘《〈([{")


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


def replaced(code: str, kinds: Collection[Kind], new: Mapping[int, str]) -> tuple[str, frozenset[int]]:
    """The code with the texts of some indices replaced by new inline Markdown, and those that were not.

    A text is left as it was when with the new one Python would see other code, or a tool another mark: when a quote
    mark or a backslash was gained that ends or changes a docstring. Line breaks become spaces.
    """
    found = remarks(code, kinds)
    changed = {index: text for index, text in new.items() if text != found[index].source}
    settings = {index: list(_settings(found[index], code, text)) for index, text in changed.items()}
    chosen = {index: ways[0] for index, ways in settings.items() if ways}
    if _holds(code, kinds, found, chosen):
        return _with(code, found, chosen), frozenset(changed.keys() - chosen.keys())
    chosen = {}
    for index, ways in settings.items():
        for lines in ways:
            if _holds(code, kinds, found, {index: lines}):
                chosen[index] = lines
                break
    if not _holds(code, kinds, found, chosen):
        chosen = {}
    return _with(code, found, chosen), frozenset(changed.keys() - chosen.keys())


def alike(code: str, other: str, kinds: Collection[Kind]) -> bool:
    """Whether two texts are the same code with as many texts of these kinds."""
    ours, theirs = ([one.kind for one in remarks(side, kinds)] for side in (code, other))
    return ours == theirs and python.same(code, other)


def plain(markdown: str) -> str:
    """Inline Markdown as a comment has it: escapes are the characters they stand for."""
    return "".join(
        token if isinstance(token, str) else token.text[1:] if _is_escape(token) else token.text
        for token in Segment.of(markdown).tokens
    )


def _is_escape(token: object) -> bool:
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


def _settings(remark: Remark, code: str, new: str) -> Iterator[list[str]]:
    """The ways to set a new text in lines, the best first."""
    text = plain(new)
    lines = text.split("\n")
    if len(lines) == len(remark.spans) > 1:
        yield [line.strip() for line in lines]
    joined = " ".join(text.split())
    if remark.kind is Kind.docstring and not _fits(remark, code, joined):
        return
    if remark.continuation is not None:
        old = code.split("\n")
        room = max(WIDTH, *(_columns(old[number][:end]) for number, _, end in remark.spans))
        first = _columns(old[remark.spans[0][0]][: remark.spans[0][1]])
        yield _wrapped(joined, room - first, room - _columns(remark.continuation))
    yield [joined]


def _fits(remark: Remark, code: str, new: str) -> bool:
    """Whether no quote mark or backslash was gained that a docstring cannot have."""
    old = plain(remark.source)
    if not remark.raw and new.count("\\") != old.count("\\"):
        return False
    return len(remark.quotes) == 3 or new.count(remark.quotes) == old.count(remark.quotes)


def _wrapped(text: str, first: int, others: int) -> list[str]:
    """The text in lines of so many columns at most, broken at spaces and between Chinese or Japanese characters."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        room = others if lines else first
        if line and _columns(line.rstrip() + piece.rstrip()) + len(line) - len(line.rstrip()) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """What may not be broken, with the spaces after it; placeholders are left whole."""
    kept = {one.text for one in Segment.of(text).placeholders if " " in one.text}
    held = ""
    position = 0
    while position < len(text):
        whole = next((one for one in kept if text.startswith(one, position)), text[position])
        position += len(whole)
        following = text[position : position + 1]
        held += whole
        wide = _is_wide(whole[-1]) and following != "" and (_is_wide(following) or following == " ")
        ends = whole[-1] == " " and following != " "
        if ends or (wide and following not in _NO_LINE_START and whole[-1] not in _NO_LINE_END and following != " "):
            yield held
            held = ""
    if held:
        yield held


def _is_wide(character: str) -> bool:
    # Korean has spaces between its words, and is broken there.
    return unicodedata.east_asian_width(character) in "WF" and not "\uac00" <= character <= "\ud7a3"


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _with(code: str, found: Sequence[Remark], chosen: Mapping[int, list[str]]) -> str:
    lines = code.split("\n")
    # From the end, so that the places of those before stay; two on one line are in their order.
    for index in sorted(chosen, reverse=True):
        remark, new = found[index], chosen[index]
        number, start, _ = remark.spans[0]
        last, _, end = remark.spans[-1]
        head, tail = lines[number][:start], lines[last][end:]
        leads = [lines[at][:begin] for at, begin, _ in remark.spans[1:]]
        if len(new) != len(remark.spans):
            leads = [remark.continuation or ""] * (len(new) - 1)
        made = [head + new[0], *(lead + line for lead, line in zip(leads, new[1:], strict=True))]
        made[-1] += tail
        lines[number : last + 1] = made
    return "\n".join(lines)


def _holds(code: str, kinds: Collection[Kind], found: Sequence[Remark], chosen: Mapping[int, list[str]]) -> bool:
    """Whether the code is the same with these texts in it, and all the others are still what they were."""
    made = _with(code, found, chosen)
    now = remarks(made, kinds)
    return (
        [one.kind for one in now] == [one.kind for one in found]
        and all(
            _bare(plain(other.source)) == _bare("".join(chosen[index]) if index in chosen else plain(one.source))
            for index, (one, other) in enumerate(zip(found, now, strict=True))
        )
        and all(_marks(found[index].source) == _marks(now[index].source) for index in chosen)
        and python.same(code, made)
    )


def _marks(markdown: str) -> Counter[str]:
    """What of a text is no word: with another mark it would be another text to a translator."""
    tokens = Segment.of(markdown).tokens
    return Counter(
        "".join(token.text.split()) for token in tokens if not isinstance(token, str) and not _is_escape(token)
    )


def _bare(text: str) -> str:
    return "".join(text.split())
