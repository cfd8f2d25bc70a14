"""Tags of HTML within inline Markdown: pairs around text, and elements that are a placeholder as a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from amts_tasks.text.elements import PROTECTED, VOID

Mark = tuple[int, int, str, int | None]
"""As in ``inline``: where it begins and ends, its kind, and the number of its pair."""

_NAME = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_KEPT = re.compile(
    r"""\stranslate\s*=\s*["']?no\b|\slang\s*=|\sclass\s*=\s*(?:"[^"]*\bnotranslate\b|'[^']*\bnotranslate\b|notranslate\b)""",
    re.IGNORECASE,
)
_NAMES = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "cite": "i",
    "dfn": "i",
    "s": "s",
    "del": "s",
    "strike": "s",
    "a": "a",
}
"""How the exchange calls an element; all others are a ``u`` with an id."""


def elements(source: str, marks: Sequence[Mark]) -> list[Mark]:
    """The marks with each pair of raw tags around text made a pair, and each raw element without text, or whose
    content is not to be translated, made one placeholder.

    The marks stand in order, pairs among them are nested and stay so; what closes nothing stays a placeholder. Linear
    in their number.
    """
    ends = _ends(source, marks)
    if not ends:
        return list(marks)
    number = max((mark[3] for mark in marks if mark[3] is not None), default=-1) + 1
    found: list[Mark] = []
    closing: dict[int, tuple[str, int]] = {}
    index = 0
    while index < len(marks):
        start, end, kind, pair = marks[index]
        if index in ends:
            last = ends[index]
            tag = source[start:end]
            name = _NAME.match(tag)[2].lower()  # type: ignore[index]
            if name in PROTECTED or _KEPT.search(tag) or not _has_text(source, marks, index, last):
                found.append((start, marks[last][1], "html", None))
                index = last + 1
                continue
            called = _NAMES.get(name, "u")
            found.append((start, end, called, number))
            closing[last] = called, number
            number += 1
        elif index in closing:
            found.append((start, end, *closing[index]))
        else:
            found.append((start, end, kind, pair))
        index += 1
    return found


def _has_text(source: str, marks: Sequence[Mark], first: int, last: int) -> bool:
    """Whether there is anything but white space between the marks from the first to the last."""
    return any(source[marks[index][1] : marks[index + 1][0]].strip() for index in range(first, last))


def _ends(source: str, marks: Sequence[Mark]) -> dict[int, int]:
    """The closing tag of each opening one, by their numbers among the marks."""
    ends: dict[int, int] = {}
    stack: list[tuple[str, int]] = []
    levels: list[Counter[str]] = [Counter()]
    opened: set[int] = set()
    for index, (start, end, kind, pair) in enumerate(marks):
        if pair is not None:
            if pair in opened:
                while stack.pop()[0]:
                    pass
                levels.pop()
            else:
                opened.add(pair)
                stack.append(("", index))
                levels.append(Counter())
            continue
        tag = _NAME.match(source, start, end) if kind == "html" else None
        if tag is None:
            continue
        name = tag[2].lower()
        if not tag[1]:
            if name not in VOID and source[end - 2] != "/":
                stack.append((name, index))
                levels[-1][name] += 1
        elif levels[-1][name]:
            while True:
                other, at = stack.pop()
                levels[-1][other] -= 1
                if other == name:
                    ends[at] = index
                    break
    return ends
