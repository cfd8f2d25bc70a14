"""Code per document and tab: a tab's cells are all the translation's or all the new source's."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterable, Mapping, Sequence

from amts_tasks.text import Block, Form, Kind

_CELL = re.compile(r"[ \t]*(?:`{3,}|~{3,})[^\n]*\.input")
_TAB = re.compile(r"[ \t]*(?:#[ \t]*@tab|%%tab)[ \t]+(?P<tabs>[^\n]+)")
_MAGIC = re.compile(r"[ \t]*[%!]")
SHARED = "all"
"""The tab of a cell that stands in all of them."""
_SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER}


def is_cell(block: Block) -> bool:
    """Whether the block is a cell that the book runs (`{.python .input}`, a notebook's), not a listing or a shell
    session."""
    return block.kind is Kind.code and (block.form is Form.notebook or _CELL.match(block.text) is not None)


def tabs(block: Block) -> tuple[str, ...]:
    """The tabs a cell names in `#@tab a, b` or `%%tab a, b`, sorted; one empty string for a cell without that mark."""
    for line in _lines(block):
        if line.strip():
            found = _TAB.match(line)
            return tuple(sorted({name.strip() for name in found["tabs"].split(",")})) if found else (block.tab or "",)
    return (block.tab or "",)


def for_tabs(cell: str, names: Collection[str]) -> str:
    """The cell with only those of its tabs that are among the names in its mark; every other byte stays."""
    lines = cell.split("\n")
    for number, line in enumerate(lines[1:], start=1):
        found = _TAB.match(line)
        if found:
            begin, end = found.span("tabs")
            listed = [name.strip() for name in found["tabs"].split(",")]
            lines[number] = line[:begin] + ", ".join(name for name in listed if name in names) + line[end:]
            break
    return "\n".join(lines)


def listing(cell: Block) -> str:
    """The cell between fences, as Markdown has it."""
    return f"```\n{cell.essence}\n```\n" if cell.form is Form.notebook else cell.text


def body(cell: str) -> str:
    """The lines between a cell's fences."""
    return "\n".join(cell.strip("\n").split("\n")[1:-1])


def _lines(block: Block) -> list[str]:
    return block.essence.split("\n")[block.form is not Form.notebook :]


def altered(source: str, target: str) -> bool:
    """Whether a translated cell differs from its source in more than comments, docstrings and layout: in names, say.

    Text that Python cannot tokenise counts as altered unless it is equal.
    """
    ours, theirs = body(source), body(target)
    if ours == theirs:
        return False
    try:
        return _code(ours) != _code(theirs)
    except (tokenize.TokenError, SyntaxError):
        return True


def coupled(
    labels: Iterable[tuple[str, ...]], changed_names: Iterable[tuple[str, ...]]
) -> Mapping[tuple[str, ...], int]:
    """Numbers the groups of cells that have to be taken together, from the labels (tabs of a cell) of a document.

    A cell for several named tabs ties those together. A cell for all tabs is a tab of its own as long as its
    translation and the tab's differ from the source in comments only; `changed_names` holds the labels with a cell
    whose translation altered code, and those are tied to it, for they may share a name.
    """
    every = sorted(set(labels))
    altered_labels = set(changed_names)
    parent = {label: label for label in every}

    def root(label: tuple[str, ...]) -> tuple[str, ...]:
        while parent[label] != label:
            label = parent[label]
        return label

    for a in every:
        for b in every:
            shared = SHARED in a or SHARED in b
            tied = bool(set(a) & set(b)) if not shared else bool({a, b} & altered_labels)
            if tied:
                parent[root(a)] = root(b)
    roots = sorted({root(label) for label in every})
    return {label: roots.index(root(label)) for label in every}


def _code(text: str) -> Sequence[tuple[int, str]]:
    plain = "\n".join("pass" if _MAGIC.match(line) else line for line in text.split("\n")) + "\n"
    tokens, fresh = [], True
    for token in tokenize.generate_tokens(io.StringIO(plain).readline):
        if token.type in _SILENT:
            fresh = fresh or token.type == tokenize.NEWLINE
        elif token.type in {tokenize.INDENT, tokenize.DEDENT}:
            tokens.append((token.type, ""))
        elif not (fresh and token.type == tokenize.STRING):
            tokens.append((token.type, token.string))
            fresh = False
    return tokens
