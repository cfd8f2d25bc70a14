"""JSON with the places of its values, so that one string can be written anew and every other byte stays.

The standard library's parser decides what is JSON; then the places are found in text that is known to be whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from amts_tasks.errors import Fault, TextError

Span = tuple[int, int]
"""Zero-based, half-open characters of the text."""


class Number(str):
    """A number as it is written: no longer than it is, and none that Python cannot hold."""

    __slots__ = ()


_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"')
_SCALAR = re.compile(r"[^\s,\]}]++")
_SPACE = re.compile(r"\s*+")
_TURN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]')


def whole(text: str, path: str) -> Any:
    """What the text says; TextError with the line where it is no JSON, or nested deeper than Python reads."""
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_int=Number, parse_float=Number)
    except json.JSONDecodeError as error:
        found = f"no JSON ({error.msg})"
        raise TextError(Fault(path, error.lineno, "", found, "a notebook, which is a JSON object")) from None
    except RecursionError:
        raise TextError(Fault(path, 0, "", "JSON nested too deep to be read", "a notebook")) from None


def start(text: str) -> int:
    """Where the outermost value begins."""
    return _after_space(text, 1 if text.startswith("\ufeff") else 0)


def end(text: str, at: int) -> int:
    """Where the value that begins at a place ends."""
    first = text[at]
    if first == '"':
        return _STRING.match(text, at).end()  # type: ignore[union-attr]
    if first not in "[{":
        return _SCALAR.match(text, at).end()  # type: ignore[union-attr]
    depth = 0
    position = at
    while True:
        turn = _TURN.search(text, position)
        if turn is None:
            raise ValueError("the text is no JSON")
        position = turn.end()
        if turn[0] in "[{":
            depth += 1
        elif turn[0] in "]}":
            depth -= 1
            if not depth:
                return position


def members(text: str, at: int) -> Iterator[tuple[str, Span]]:
    """The names and places of the values of the object that begins at a place; a name that stands twice comes twice."""
    for name, value in _values(text, at, named=True):
        yield decoded(text, name), value


def items(text: str, at: int) -> Iterator[Span]:
    """The places of the values of the array that begins at a place."""
    for _, value in _values(text, at, named=False):
        yield value


def _values(text: str, at: int, *, named: bool) -> Iterator[tuple[Span, Span]]:
    position = _after_space(text, at + 1)
    while text[position] not in "]}":
        name = (position, position)
        if named:
            name = (position, end(text, position))
            position = _after_space(text, name[1])
            position = _after_space(text, position + 1)
        value = (position, end(text, position))
        yield name, value
        position = _after_space(text, value[1])
        if text[position] == ",":
            position = _after_space(text, position + 1)


def decoded(text: str, span: Span) -> str:
    """What the string at a place says."""
    return str(json.loads(text[slice(*span)]))


def _after_space(text: str, position: int) -> int:
    return _SPACE.match(text, position).end()  # type: ignore[union-attr]
