"""Fences of Markdown that hold Python code: the code in them, and the fence with other comments and docstrings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from amts_tasks.text.blocks import Block
from amts_tasks.text.replacement import replaced

_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^\n]*)\n")
_PYTHON = re.compile(
    r"(?:\{(?:code|code-block|code-cell|sourcecode)\}[ \t]+|\{[ \t]*\.?|\.)?(?:i?python3?|py3?)(?![\w+.-])",
    re.IGNORECASE,
)
_OPTION = re.compile(r"[ \t]*:[\w-]+:")


@dataclass(frozen=True, slots=True)
class Body:
    """The code of a fence."""

    code: str
    """Without the indentation of the fence."""
    start: int
    """Zero-based character of the block at which its lines begin."""
    end: int
    """Exclusive: before the closing fence."""
    cut: tuple[int, ...]
    """Characters of indentation that were taken off each line."""


def rewritten(block: Block, new: Mapping[int, str]) -> str:
    """The text of a fence with some of its texts replaced; one that would change the code is left as it was."""
    inside = body(block.text)
    if inside is None:
        return block.text
    code, _ = replaced(inside.code, {text.kind for text in block.texts}, new)
    lead = block.text[inside.start : inside.start + min(inside.cut, default=0)]
    before, after = inside.code.split("\n"), code.split("\n")
    if len(before) == len(after):
        whole = block.text[inside.start : inside.end].split("\n")
        lines = [old[:cut] + line for old, cut, line in zip(whole, inside.cut, after, strict=True)]
    else:
        lines = [lead + line if line.strip() else line for line in after]
    return block.text[: inside.start] + "\n".join(lines) + block.text[inside.end :]


def body(text: str) -> Body | None:
    """The Python code of a fence; None where it is another language, or not to be read for certain."""
    opening = _FENCE.match(text)
    if opening is None or not _PYTHON.match(opening["info"]):
        return None
    lines = text[opening.end() :].rstrip("\n").split("\n")
    closing = re.compile(rf"[ \t]*{opening['mark'][0]}{{{len(opening['mark'])},}}[ \t]*$")
    if not closing.match(lines[-1]):
        return None
    lines.pop()
    start = opening.end()
    while lines and _OPTION.match(lines[0]):
        start += len(lines.pop(0)) + 1
    width = len(opening["indent"])
    if not lines or any(line[:width].strip() for line in lines):
        return None
    cut = tuple(min(width, len(line)) for line in lines)
    code = "\n".join(line[many:] for line, many in zip(lines, cut, strict=True))
    return Body(code, start, start + sum(map(len, lines)) + len(lines) - 1, cut)
