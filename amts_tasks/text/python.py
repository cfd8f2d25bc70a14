"""Python code read by Python itself: where its comments and docstrings are, and whether two texts are the same code.

Cells may have what only notebooks know: lines that begin with ``%``, ``!`` or ``?``, and ``name?``. They are read as if
they were not there. What Python cannot parse then has no comments for us: nothing is certain about it.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass
from functools import lru_cache

_CELL_MAGIC = re.compile(r"\s*%%(?!(?:tab|time|timeit|capture|prun|memit|add_to)\b)")
"""Cell magics whose cell is another language, or none."""
_MAGIC = re.compile(r"^([ \t]*)([%!?][^\n]*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)
_TAKEN = re.compile(r"(?<=[\w \t]=)[ \t]*[!%][^\n]*$", re.MULTILINE)
_QUOTES = re.compile(r"(?P<prefix>[rRuU]?)(?P<quotes>\"\"\"|'''|\"|')")
_IGNORED = frozenset((tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER))
_LONGEST = 200_000
"""Characters from which on a text is no cell that somebody wrote."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, from its ``#`` to the end of its line."""

    line: int
    """Zero-based."""
    start: int
    """Zero-based character in the line."""
    text: str
    alone: bool
    """Whether there is no code before it on its line."""


@dataclass(frozen=True, slots=True)
class Docstring:
    """What stands between the quote marks of a docstring."""

    line: int
    """Zero-based, of its first character."""
    start: int
    """Zero-based character in that line, after the quote marks."""
    end_line: int
    end: int
    """Exclusive character in the last line, before the quote marks."""
    quotes: str
    raw: bool
    """Whether a backslash in it is one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What Python found in a text."""

    comments: tuple[Comment, ...]
    docstrings: tuple[Docstring, ...]
    code: tuple[tuple[int, str], ...]
    """The tokens without comments, line breaks in an expression, and docstrings."""
    tree: str
    """The syntax tree without the values of docstrings."""


@lru_cache(512)
def read(code: str) -> Reading | None:
    """What a text holds; None where it is not Python for certain."""
    if len(code) > _LONGEST or _CELL_MAGIC.match(code) or "\r" in code or "\f" in code or "\0" in code:
        return None
    tree = _tree(code)
    plain = code
    if tree is None:
        plain = _TAKEN.sub("0", _MAGIC.sub(r"\g<1>0", code))
        tree = _tree(plain) if plain != code else None
    tokens = _tokens(plain) if tree is not None else None
    if tree is None or tokens is None:
        return None
    nodes = _docstrings(tree)
    lines = plain.split("\n")
    places = {(node.lineno, len(lines[node.lineno - 1].encode()[: node.col_offset].decode())) for node in nodes}
    comments: list[Comment] = []
    docstrings: list[Docstring] = []
    kept: list[tuple[int, str]] = []
    for token in tokens:
        row, column = token.start
        if token.type == tokenize.COMMENT:
            comments.append(Comment(row - 1, column, token.string, not lines[row - 1][:column].strip()))
        elif token.type == tokenize.STRING and (row, column) in places:
            places.discard((row, column))
            found = _docstring(token)
            docstrings += [found] if found else []
            kept.append((token.type, "" if found else token.string))
        elif token.type not in _IGNORED:
            kept.append((token.type, "" if token.type == tokenize.INDENT else token.string))
    for node in nodes:
        node.value = ""
    # The tree says nothing of what was put in a magic's place: that is compared as it is written.
    magics = [*_MAGIC.findall(code), *_TAKEN.findall(code)] if plain != code else []
    return Reading(tuple(comments), tuple(docstrings), tuple(kept), f"{ast.dump(tree)} {magics}")


def same(code: str, other: str) -> bool:
    """Whether two texts differ in nothing but comments and what stands in docstrings."""
    ours, theirs = read(code), read(other)
    if ours is None or theirs is None:
        return code == other
    return ours.code == theirs.code and ours.tree == theirs.tree and len(ours.docstrings) == len(theirs.docstrings)


def is_code(text: str) -> bool:
    """Whether the text of a comment is code that was taken out, rather than words.

    Words parse too where they are few (``weights``, ``a in b``): it takes a sign that no prose has.
    """
    text = text.strip()
    if "\n" not in text and text.startswith(("%", "!", ">>>", "@")):
        return True
    tree = _tree(text) or _tree(f"{text}\n  pass" if text.endswith(":") else text)
    if tree is None and re.match(r"(?:else|elif|except|finally)\b.*:$", text):
        return True
    if tree is None or not tree.body:
        return False
    return any(_is_sign(node, text) for node in ast.walk(tree))


def _is_sign(node: ast.AST, text: str) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.FunctionDef | ast.ClassDef | ast.For | ast.While | ast.If):
        return True
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Return | ast.Delete | ast.With | ast.Assert):
        return len(text.split()) < 3 or not text.replace(" ", "").isalpha()
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name | ast.Attribute) and re.search(r"[\w\])]\(", text) is not None
    return isinstance(node, ast.Subscript | ast.Attribute) and " " not in text


def _tree(code: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _tokens(code: str) -> list[tokenize.TokenInfo] | None:
    try:
        return list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return None


def _docstrings(tree: ast.Module) -> list[ast.Constant]:
    found: list[ast.Constant] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or not node.body:
            continue
        first = node.body[0]
        # A string alone in a cell is what the cell shows.
        if isinstance(node, ast.Module) and len(node.body) < 2:
            continue
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            found.append(first.value)
    return found


def _docstring(token: tokenize.TokenInfo) -> Docstring | None:
    marks = _QUOTES.match(token.string)
    if marks is None:
        return None
    row, column = token.start
    end_row, end_column = token.end
    return Docstring(
        row - 1,
        column + marks.end(),
        end_row - 1,
        end_column - len(marks["quotes"]),
        marks["quotes"],
        marks["prefix"] in {"r", "R"},
    )
