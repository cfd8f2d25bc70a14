"""Full-width punctuation beside Chinese and Japanese characters.

Left alone are placeholders, numbers, Latin words and their abbreviations, addresses, and shapes such as ``(10, 20)``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from amts_tasks.languages import Profile
from amts_tasks.text import Placeholder, Tag, Token
from amts_tasks.translate.damage import Damage

_CJK = r"\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CLOSING = "）》」』”’"
_AFTER_CJK = re.compile(rf"(?<=[{_CJK}{_CLOSING}])(?:([,;:?!])|(\.)(?![A-Za-z0-9./]))(?!\1|//)[ ]*")
_BEFORE_CJK = re.compile(rf"(?<=[A-Za-z0-9])([,;:?!])[ ]?(?=[{_CJK}“「『《（])")
_SPACED = re.compile(rf"([，。；：？！、]) +(?=[{_CJK}“「『《（])")
_FIRST_BEFORE_CJK = re.compile(rf"\A([,;:?!.])[ ]?(?=[{_CJK}“「『《（])")
_FIRST = re.compile(r"\A(?:([,;:?!])|(\.)(?![A-Za-z0-9./]))(?!\1|//)[ ]*")
_IS_CJK = re.compile(rf"[{_CJK}]")
_SHAPE = re.compile(r"[\d\s.,×x*+/=<>%-]*")
_FULL = {",": "，", ".": "。", ";": "；", ":": "：", "?": "？", "!": "！"}


def apply(tokens: Sequence[Token], target: Profile, repairs: list[Damage]) -> list[Token]:
    """The tokens with full-width punctuation where a profile whose sentences end in ``。`` wants it."""
    if "。" not in target.terminators:
        return list(tokens)
    full = {**_FULL, ",": "、"} if target.code.partition("-")[0] == "ja" else _FULL
    made = list(tokens)
    for index, token in enumerate(made):
        if isinstance(token, str):
            made[index] = _marks(token, _last(made, index), full)
    _parentheses(made)
    made = [token for token in made if token != ""]
    if made != [token for token in tokens if token != ""]:
        repairs.append(Damage.punctuation)
    return made


def _marks(text: str, before: str, full: dict[str, str]) -> str:
    def widened(match: re.Match[str]) -> str:
        return full[match[0].strip()]

    text = _AFTER_CJK.sub(widened, text)
    text = _BEFORE_CJK.sub(widened, text)
    # A full-width mark brings its own space.
    text = _SPACED.sub(r"\1", text)
    if before == "placeholder":
        return _FIRST_BEFORE_CJK.sub(widened, text)
    return _FIRST.sub(widened, text) if before == "cjk" else text


def _last(tokens: Sequence[Token], index: int) -> str:
    """What stands before a text: ``placeholder``, ``cjk`` behind the end of a tag, or nothing of the kind."""
    last = tokens[index - 1] if index else None
    if isinstance(last, Placeholder):
        return "placeholder" if last.kind in {"code", "math", "role", "link"} else ""
    if isinstance(last, Tag) and not last.open and index > 1:
        inner = tokens[index - 2]
        if isinstance(inner, str) and _IS_CJK.match(inner[-1:]):
            return "cjk"
        return "placeholder" if isinstance(inner, Placeholder) else ""
    return ""


def _parentheses(tokens: list[Token]) -> None:
    """Widen each pair around Chinese or Japanese, or after it; each pair is looked at once, however they nest."""
    places = [
        (index, at, character)
        for index, token in enumerate(tokens)
        if isinstance(token, str)
        for at, character in enumerate(token)
        if character in "()"
    ]
    if len(places) < 2:
        return
    opened: list[tuple[int, int]] = []
    wide: dict[int, dict[int, str]] = {}
    for index, at, character in places:
        if character == "(":
            opened.append((index, at))
        elif opened:
            first, begin = opened.pop()
            if _is_wide(tokens, first, begin, index, at):
                wide.setdefault(first, {})[begin] = "（"
                wide.setdefault(index, {})[at] = "）"
    for index, changes in wide.items():
        text = tokens[index]
        if isinstance(text, str):
            widened = "".join(changes.get(at, character) for at, character in enumerate(text))
            tokens[index] = re.sub(r" ?（ ?|(?<=\S) ?）(?: (?=[^\x00-\x7f]|\Z))?", lambda m: m[0].strip(), widened)


def _is_wide(tokens: Sequence[Token], first: int, begin: int, last: int, end: int) -> bool:
    inner = "".join(
        _slice(token, begin + 1 if index == first else 0, end if index == last else None)
        for index, token in enumerate(tokens[first : last + 1], start=first)
        if isinstance(token, str)
    )
    if _IS_CJK.search(inner):
        return True
    text = tokens[first]
    before = text[:begin].rstrip(" ")[-1:] if isinstance(text, str) else ""
    if first == last and _SHAPE.fullmatch(inner):
        return False
    return bool(_IS_CJK.match(before)) and any(map(str.isalpha, inner))


def _slice(text: str, begin: int, end: int | None) -> str:
    return text[begin:end]
