"""Repairs of white space in a translation: at the edges of tags, around references, between CJK and Latin letters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from amts_tasks.languages import Spacing
from amts_tasks.text import Placeholder, Tag, Token

_REFERENCE = re.compile(r":(?:numref|eqref|ref|cite\w*):")
_CJK = r"[\u2e80-\u2fff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"
_LATIN = r"[A-Za-z0-9]"
_BETWEEN = re.compile(rf"(?<={_CJK})[ ]?(?={_LATIN})|(?<={_LATIN})[ ]?(?={_CJK})")
_CJK_LAST = re.compile(rf"({_CJK})[ ]?\Z")
_CJK_FIRST = re.compile(rf"\A[ ]?({_CJK})")


def outside_tags(tokens: Sequence[Token], repairs: list[str]) -> list[Token]:
    """The tokens with white space just inside of emphasis moved out of it, where Markdown would not read the marks."""
    moved: list[Token] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if isinstance(token, str) and token.strip():
            if _flanks(tokens[index - 1] if index else None, opens=True) and token[0].isspace():
                mark = moved.pop()
                _space(moved)
                moved.append(mark)
                token = token.lstrip()
                repairs.append("spaces at a tag")
            if _flanks(following, opens=False) and token[-1].isspace():
                token = token.rstrip()
                repairs.append("spaces at a tag")
                moved += [token, ""]
                continue
        moved.append(token)
        if isinstance(token, Tag) and len(moved) > 1 and moved[-2] == "":
            # The space of the text before a closing mark, held back until no further mark closes.
            del moved[-2]
            if _flanks(following, opens=False):
                moved.insert(len(moved), "")
            elif isinstance(following, Placeholder | Tag) or (following and not following[0].isspace()):
                moved.append(" ")
    return [token for token in moved if token != ""]


def _flanks(token: Token | None, *, opens: bool) -> bool:
    return isinstance(token, Tag) and token.open == opens and token.name in {"b", "i", "s"}


def _space(tokens: list[Token]) -> None:
    last = tokens[-1] if tokens else None
    if isinstance(last, Placeholder | Tag) or (last and not last[-1].isspace()):
        tokens.append(" ")


def apart(tokens: Sequence[Token], repairs: list[str]) -> list[Token]:
    """The tokens with a space between a mark that ends in ``]`` and what begins with ``(``: together they are a link.

    Slide marks stand so, and Chinese needs no space between the sentences in them.
    """
    moved: list[Token] = []
    for token in tokens:
        before = moved[-1] if moved else None
        if isinstance(before, Tag | Placeholder) and before.text.endswith("]") and _begins(token, "("):
            moved.append(" ")
            repairs.append("spaces at a tag")
        moved.append(token)
    return moved


def _begins(token: Token, mark: str) -> bool:
    return (token if isinstance(token, str) else token.text).startswith(mark)


def apply(tokens: Sequence[Token], rules: Spacing, repairs: list[str]) -> list[Token]:
    """The tokens spaced as the profile has it; a rule that is None changes nothing."""
    spaced = list(tokens)
    if rules.cjk_latin is not None:
        _cjk_latin(spaced, rules.cjk_latin)
    for index, token in enumerate(spaced):
        if not (isinstance(token, Placeholder) and _REFERENCE.match(token.text)):
            continue
        if rules.before_reference is not None and index:
            _before(spaced, index, rules.before_reference)
        if rules.after_reference is not None and index + 1 < len(spaced):
            _after(spaced, index, rules.after_reference)
    spaced = [token for token in spaced if token != ""]
    if spaced != [token for token in tokens if token != ""]:
        repairs.append("spacing")
    return spaced


def _before(tokens: list[Token], index: int, gap: str) -> None:
    text = tokens[index - 1]
    if isinstance(text, str):
        stripped = text.rstrip(" ")
        # At the start of the text, or of a line, a reference needs no space.
        first = not stripped and (index == 1 or _is_break(tokens[index - 2]))
        tokens[index - 1] = stripped if first else stripped + gap
    elif isinstance(text, Placeholder) and not _is_break(text) and gap:
        tokens.insert(index, gap)


def _after(tokens: list[Token], index: int, gap: str) -> None:
    text = tokens[index + 1]
    if not isinstance(text, str):
        return
    stripped = text.lstrip(" ")
    latin = stripped[:1].isascii() and stripped[:1].isalnum()
    if (gap and stripped[:1].isalnum()) or (not gap and stripped and not latin):
        tokens[index + 1] = gap + stripped


def _is_break(token: Token) -> bool:
    return isinstance(token, Placeholder) and token.kind == "break"


def _cjk_latin(tokens: list[Token], gap: str) -> None:
    for index, token in enumerate(tokens):
        if isinstance(token, str):
            text = _BETWEEN.sub(gap, token)
            if index + 1 < len(tokens) and _is_latin(tokens[index + 1]):
                text = _CJK_LAST.sub(rf"\g<1>{gap}", text)
            if index and _is_latin(tokens[index - 1]):
                text = _CJK_FIRST.sub(rf"{gap}\g<1>", text)
            tokens[index] = text


def _is_latin(token: Token) -> bool:
    return isinstance(token, Placeholder) and token.kind in {"math", "code"}
