"""What the aligner looks at in a block."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass

from amts_tasks.align.anchors import protected, tokens
from amts_tasks.align.length import size
from amts_tasks.text import Block, Kind, ParsedDocument

PROSE = frozenset((Kind.heading, Kind.paragraph, Kind.list_item, Kind.table_row, Kind.caption, Kind.quote))
"""Kinds that are translated whole."""
_EVERYWHERE = frozenset(("all",))
_BEGIN_TAB = re.compile(r"\s*:begin_tab:`([^`\n]*)`")
_COMMENT = re.compile(r"(?<!['\"\w])#(?!@).*")
_STRING = re.compile(r"[rbfuRBFU]{0,2}(\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*')", re.DOTALL)
_TEXT_COMMAND = re.compile(r"\\(?:text|textrm|mathrm|mbox)\s*\{[^{}]*\}")
_LATEX = re.compile(r"\\[A-Za-z]+|[A-Za-z]\w*|\d+")
_PUNCTUATION = re.compile(r"[\s.,;:，。；：、]+")


@dataclass(frozen=True, slots=True)
class Features:
    """One block that is not blank."""

    index: int
    """Of the block in its document."""
    place: int
    """Among the blocks that are not blank."""
    kind: Kind
    level: int
    tab: frozenset[str]
    """The framework tabs it stands in; empty for none and for all."""
    labels: frozenset[str]
    text: str
    """Without white space at either end."""
    size: int
    """Characters outside protected spans, at least one."""
    tokens: frozenset[str]
    """Anchors; weighed by `anchors.evidence`."""
    key: Hashable
    """What finds the block again where it is the only one with it; None for nothing."""


def features(document: ParsedDocument) -> list[Features]:
    """The features of the document's blocks that are not blank, in order."""
    found: list[Features] = []
    tab: str | None = None
    for block in document.blocks:
        if block.kind == Kind.blank:
            continue
        # A mark belongs to the tab it begins or ends, also where the parser says where it stands.
        begins = _BEGIN_TAB.match(block.text) if block.kind == Kind.tab_mark else None
        tab = begins.group(1) if begins else tab
        found.append(_of(block, len(found), tab if block.kind == Kind.tab_mark else block.tab))
    return found


def _of(block: Block, place: int, tab: str | None) -> Features:
    text = block.essence.strip()
    names = frozenset(f"={label}" for label in block.labels)
    key: Hashable
    if block.kind == Kind.code:
        content, anchors = _code(text)
        key = ("code", tab, content) if content else None
    elif block.kind == Kind.math:
        content = _PUNCTUATION.sub("", _TEXT_COMMAND.sub("", text))
        anchors = frozenset(("`" + content, *(f"m{part}" for part in _LATEX.findall(text))))
        key = ("math", content)
    elif block.kind in PROSE:
        anchors = tokens(text)
        spans = tuple(sorted(anchor for anchor in anchors if anchor[0] == "`"))
        key = ("prose", block.kind, spans) if spans else None
    else:
        anchors = tokens(text) | {f"`{text}"}
        key = (block.kind, tab, text)
    return Features(
        index=block.index,
        place=place,
        kind=block.kind,
        level=block.level,
        tab=_tab(tab),
        labels=names,
        text=text,
        size=size(protected(text)[1]),
        tokens=anchors | names,
        key=("label", *sorted(names)) if names else key,
    )


def _tab(tab: str | None) -> frozenset[str]:
    names = frozenset(re.split(r"[,\s]+", tab.strip())) - {""} if tab else frozenset[str]()
    return frozenset[str]() if names & _EVERYWHERE else names


def _code(text: str) -> tuple[str, frozenset[str]]:
    """The code without comments, strings and white space, and its lines as anchors: translators change the former."""
    bare = _COMMENT.sub("", _STRING.sub("''", text))
    lines = ["".join(line.split()) for line in bare.split("\n")]
    lines = [line for line in lines if line and not line.startswith("```")]
    return "\n".join(lines), frozenset(f"c{line}" for line in lines if len(line) > 3)
