"""Comments and docstrings of code as Python's tokenizer and markdown-it-py see them, for a second opinion on ours."""

from __future__ import annotations

import io
import json
import re
import tokenize
from collections import Counter
from collections.abc import Collection, Iterator

from amts_tasks.roundtrip.commonmark import fences
from amts_tasks.text import Form, Kind

_TOOLS = re.compile(
    r"#\s*(?:[@!%|+]|noqa|nosec|type:|pylint|mypy|ruff|fmt|isort|yapf|pragma|-\*-|coding|(?:end)?region\b)"
)
_ASIDE = re.compile(r"`[^`]*`|\$[^$\n]*\$|:\w+:|https?://\S+|<[^<>\s]*>|\w*\\\w+")
_EXAMPLE = re.compile(r"^[ \t]*(?:>>>|\.\.\.).*$|^[ \t]*(?:Args|Returns|Raises|Yields):[ \t]*$", re.MULTILINE)
_STATEMENT = re.compile(
    r"[\w\])]\(.*\)|(?<![=<>!])=(?!=)|^\s*(?:import|from|return|del|for|if|with|def|class|while|else)\b"
)
_WORD = re.compile(r"[^\W\d_]+")


def silent(text: str, form: Form, kinds: Collection[Kind]) -> str:
    """The document with the words of these kinds taken out of its Python code, whose tokens stand there instead.

    Two documents that are silent alike differ in comments and docstrings alone.
    """
    if form is Form.notebook:
        found = json.loads(text.removeprefix("\ufeff"))
        for cell in _code_cells(found):
            said = "".join(cell.get("source", cell.get("input", "")))
            for name in ("source", "input"):
                if name in cell:
                    cell[name] = _quiet(said, kinds)
        return json.dumps(found)
    if form is not Form.markdown:
        return text
    lines = text.split("\n")
    for first, last, code in reversed(list(fences(text))):
        lead = re.match(r"[ \t>]*", lines[first])
        quiet = _quiet(code, kinds)
        lines[first + 1 : last - 1] = [(lead[0] if lead else "") + line for line in quiet.split("\n")]
    return "\n".join(lines)


def words(text: str, form: Form, kinds: Collection[Kind]) -> Counter[str]:
    """The runs of letters in comments and docstrings that a translator has to be shown."""
    found: Counter[str] = Counter()
    for code in _codes(text, form):
        for token, docstring in _read(code) or ():
            if token.type == tokenize.COMMENT and Kind.code_comment in kinds:
                if not _TOOLS.match(token.string) and not _STATEMENT.search(token.string[1:]):
                    found.update(_WORD.findall(_ASIDE.sub(" ", token.string)))
            elif docstring and Kind.docstring in kinds:
                found.update(_WORD.findall(_ASIDE.sub(" ", _EXAMPLE.sub("", token.string.lstrip("rRuU")))))
    return found


def _codes(text: str, form: Form) -> Iterator[str]:
    if form is Form.notebook:
        for cell in _code_cells(json.loads(text.removeprefix("\ufeff"))):
            yield "".join(cell.get("source", cell.get("input", "")))
    elif form is Form.markdown:
        for _, _, code in fences(text):
            yield code


def _code_cells(notebook: dict[str, object]) -> list[dict[str, str]]:
    sheets = notebook.get("worksheets") or [notebook]
    return [cell for sheet in sheets for cell in sheet.get("cells", ()) if cell.get("cell_type") == "code"]  # type: ignore[attr-defined]


def _quiet(code: str, kinds: Collection[Kind]) -> str:
    """The tokens, one a line, without comments and with empty docstrings; the code where it has no tokens."""
    tokens = _read(code)
    if tokens is None:
        return code
    lines: list[str] = []
    for token, docstring in tokens:
        if token.type == tokenize.NL or (token.type == tokenize.COMMENT and Kind.code_comment in kinds):
            continue
        blank = docstring and Kind.docstring in kinds
        lines.append(f"{tokenize.tok_name[token.type]} {'' if blank else token.string!r}")
    return "\n".join(lines)


def _read(code: str) -> list[tuple[tokenize.TokenInfo, bool]] | None:
    """Each token, and whether it is a docstring: the first thing in the body of a class or function, or in the code."""
    read: list[tuple[tokenize.TokenInfo, bool]] = []
    body, opened, header, first = False, "", "", True
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            quiet = token.type in {tokenize.NL, tokenize.COMMENT}
            docstring = token.type == tokenize.STRING and (first or body)
            if token.type == tokenize.INDENT:
                body = header in {"def", "class", "async"}
            elif not quiet:
                body = False
            if token.type == tokenize.NEWLINE:
                header, opened = opened, ""
            elif not opened and token.type == tokenize.NAME:
                opened = token.string
            first = first and quiet
            read.append((token, docstring))
    except (tokenize.TokenError, SyntaxError):
        return None
    return read
