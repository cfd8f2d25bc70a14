"""Comments and docstrings put back into Python code, only where the code stays the same to Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from amts_tasks.text import python
from amts_tasks.text.blocks import Kind
from amts_tasks.text.remarks import Remark, is_escape, plain, remarks
from amts_tasks.text.segments import Segment
from amts_tasks.text.wrapping import columns, wrapped

WIDTH = 78
"""Columns that a comment may have, unless it had more: two less than PEP 8's 79 and a mark of a diff."""


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
        room = max(WIDTH, *(columns(old[number][:end]) for number, _, end in remark.spans))
        first = columns(old[remark.spans[0][0]][: remark.spans[0][1]])
        yield wrapped(joined, room - first, room - columns(remark.continuation))
    yield [joined]


def _fits(remark: Remark, code: str, new: str) -> bool:
    """Whether no quote mark or backslash was gained that a docstring cannot have."""
    old = plain(remark.source)
    if not remark.raw and new.count("\\") != old.count("\\"):
        return False
    return len(remark.quotes) == 3 or new.count(remark.quotes) == old.count(remark.quotes)


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
        "".join(token.text.split()) for token in tokens if not isinstance(token, str) and not is_escape(token)
    )


def _bare(text: str) -> str:
    return "".join(text.split())
