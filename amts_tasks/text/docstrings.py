"""The prose of a docstring: its lines as paragraphs, without examples, field names, underlines and tables.

Read are plain paragraphs and what Sphinx, Google and NumPy write between them (PEP 257; sphinx.ext.napoleon).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LIST_MARK = re.compile(r"(?:[-*+•]|\(?\d{1,2}[.)]|\([a-z]\))[ \t]+(?=\S)")
RULER = re.compile(r"[-=~^\"'#*+_.]{3,}[ \t]*$|[|+]")
_FIELD = re.compile(r"[:@][A-Za-z][\w ,*.\[\]]*:?[ \t]+(?=\S)")
_NAMED = re.compile(r"\*{0,2}[\w.]+(?:[ \t]*\([^()]*\))?:[ \t]+(?=\S)")
_TYPED = re.compile(r"\*{0,2}[\w.]+(?:, ?\*{0,2}[\w.]+)*[ \t]+:[ \t]+\S")
_SECTION = re.compile(
    r"(?:Args|Arguments|Attributes|Examples?|Keyword Args|Keyword Arguments|Methods|Notes?|Other Parameters|Parameters"
    r"|Params|Raises|References|Returns?|See Also|Shapes?|Tips?|Todo|Usage|Warnings?|Warns|Yields?|Inputs?|Outputs?"
    r"|Defaults?):$"
)
_OPAQUE = re.compile(r">>>|\.\. |```|~~~|In \[\d")
_LITERAL = re.compile(r"::[ \t]*$")


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that are one paragraph, as (line, start, end) with zero-based, half-open characters."""

    spans: tuple[tuple[int, int, int], ...]
    continuation: str | None
    """What a further line begins with; None where there can be only one."""


def runs(lines: Sequence[tuple[int, int, int]], text: Sequence[str]) -> list[Run]:
    """The paragraphs of a docstring given as parts of the lines of a text."""
    found: list[Run] = []
    held: list[tuple[int, int, int]] = []
    depth = 0  # the column at which the paragraph's lines begin
    barred: int | None = None  # an example or literal block reaches to the first line that is not deeper than this
    fenced = named = False

    def close() -> None:
        if held:
            indents = [text[number][:start] for number, start, _ in held[1:]]
            one = len(lines) == 1
            lead = indents[0] if indents else " " * depth
            found.append(Run(tuple(held), None if one else lead))
            held.clear()

    for place, (number, start, end) in enumerate(lines):
        raw = text[number][start:end]
        line = raw.strip()
        column = start + len(raw) - len(raw.lstrip())
        if not line:
            close()
            barred = None if barred is not None and barred < 0 else barred
            continue
        if fenced:
            fenced = not line.startswith(("```", "~~~"))
            continue
        if barred is not None and (barred < 0 or column > barred):
            continue
        barred = None
        following = (
            text[lines[place + 1][0]][lines[place + 1][1] : lines[place + 1][2]] if place + 1 < len(lines) else ""
        )
        if _OPAQUE.match(line):
            close()
            fenced = line.startswith(("```", "~~~"))
            # An example ends with a blank line, a directive with its indentation.
            barred = None if fenced else -1 if line.startswith((">>>", "In [")) else column
        elif RULER.match(line) or (RULER.match(following.strip()) and not held) or _TYPED.match(line):
            close()
        elif _SECTION.match(line):
            close()
            named = True
        else:
            mark = LIST_MARK.match(line) or _FIELD.match(line) or (_NAMED.match(line) if named else None)
            goes_on = held and mark is None and (column == depth or len(held) == 1)
            if not goes_on:
                close()
                depth = column if place else _depth(lines, text)
            if len(held) == 1:
                depth = column
            begin = column + (mark.end() if mark else 0)
            held.append((number, begin, start + len(raw.rstrip())))
            if _LITERAL.search(line):
                close()
                barred = column if place else _depth(lines, text)
    close()
    return found


def _depth(lines: Sequence[tuple[int, int, int]], text: Sequence[str]) -> int:
    """Where the lines after the first one begin."""
    for number, start, end in lines[1:]:
        raw = text[number][start:end]
        if raw.strip():
            return start + len(raw) - len(raw.lstrip())
    return 0
