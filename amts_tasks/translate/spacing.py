"""Repairs of white space in a translation: at the edges of tags, around references, between CJK and Latin letters."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from amts_tasks.languages import Profile, Spacing
from amts_tasks.text import Placeholder, Segment, Tag, Token
from amts_tasks.translate.damage import Damage

_REFERENCE = re.compile(r":(?:numref|eqref|ref|cite\w*):")
_CJK = r"[\u2e80-\u2fff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"
_UNSPACED = re.compile(r"[\u2e80-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff1f]")
_LATIN = r"[A-Za-z0-9]"
_BETWEEN = re.compile(rf"(?<={_CJK})[ ]?(?={_LATIN})|(?<={_LATIN})[ ]?(?={_CJK})")
_SPACED_END = re.compile(r"\A (?=[.,](?:\s|\Z)|[、。，；：？！）)])")
"""A space before punctuation that is never written with one; French has one before ``:;!?``."""
_WORDLIKE = frozenset(("code", "math", "role", "link"))
_CJK_LAST = re.compile(rf"({_CJK})[ ]?\Z")
_CJK_FIRST = re.compile(rf"\A[ ]?({_CJK})")


def outside_tags(tokens: Sequence[Token], target: Profile, repairs: list[Damage]) -> list[Token]:
    """The tokens with white space just inside of emphasis moved out of it, where Markdown would not read the marks.

    Between two Chinese or Japanese characters, in languages that put no spaces between words, it goes; between one of
    them and a Latin one where the profile's ``cjk_latin`` is nothing.
    """
    made = _moved_right(list(tokens), target)
    made = list(reversed(_moved_right(list(reversed(made)), target, opens=True)))
    if made != list(tokens):
        repairs.append(Damage.edges)
    return made


def _moved_right(tokens: list[Token], target: Profile, *, opens: bool = False) -> list[Token]:
    """With the space before each closing mark behind it; of reversed tokens, that after each opening mark."""
    made: list[Token] = []
    for index, token in enumerate(tokens):
        last = made[-1] if made else None
        if _flanks(token, opens=opens) and isinstance(last, str) and last and last[0 if opens else -1].isspace():
            made[-1] = last.lstrip() if opens else last.rstrip()
            if made[-1] == "":
                made.pop()
            made.append(token)
            following = tokens[index + 1] if index + 1 < len(tokens) else None
            outside = following[-1 if opens else 0] if isinstance(following, str) and following else ""
            inside = _edge(made[-2] if len(made) > 1 else None, opens=opens)
            if not outside.isspace() and not _is_unspaced(inside, outside, target):
                made.append(" ")
        elif made and isinstance(last, str) and isinstance(token, str):
            made[-1] = token + last if opens else last + token
        else:
            made.append(token)
    return made


def _edge(token: Token | None, *, opens: bool) -> str:
    """The character of a text that stands at a mark."""
    return token[0 if opens else -1 :][:1] if isinstance(token, str) else ""


def _is_unspaced(one: str, other: str, target: Profile) -> bool:
    """Whether the language writes the two characters, in whatever order, without a space between them."""
    if target.joiner or not one or not other:
        return False
    unspaced = bool(_UNSPACED.match(one)), bool(_UNSPACED.match(other))
    return all(unspaced) or (any(unspaced) and target.spacing.cjk_latin == "" and (one + other).isalnum())


def _flanks(token: Token | None, *, opens: bool) -> bool:
    return isinstance(token, Tag) and token.open == opens and token.name in {"b", "i", "s"}


def apart(tokens: Sequence[Token], repairs: list[Damage]) -> list[Token]:
    """The tokens with a space where two that stand side by side would be read as one.

    A mark that ends in ``]`` and what begins with ``(`` are a link: slide marks stand so, and Chinese needs no space
    between the sentences in them. A bare address goes on to the next space or ASCII mark, also over Chinese (GFM 6.9).
    """
    moved: list[Token] = []
    for token in tokens:
        before = moved[-1] if moved else None
        if isinstance(before, Tag | Placeholder) and before.text.endswith("]") and _begins(token, "("):
            moved.append(" ")
            repairs.append(Damage.edges)
        elif _is_address(before) and isinstance(token, str) and (token[:1].isalnum() or token[:1] > "\x7f"):
            moved.append(" ")
            repairs.append(Damage.spacing)
        moved.append(token)
    return moved


def _is_address(token: Token | None) -> bool:
    return isinstance(token, Placeholder) and token.text.startswith(("http://", "https://", "www."))


def beside(segment: Segment, tokens: Sequence[Token], target: Profile, repairs: list[Damage]) -> list[Token]:
    """The tokens with the spaces beside placeholders and tags that the source has or has not, where that is certain.

    Gained: before a full stop or comma that follows one, and just inside of parentheses. Lost: between a word and a
    placeholder, in languages that put spaces between words and where the source has one too; what follows a placeholder
    may be its ending, as in Turkish and Korean.
    """
    made = list(tokens)
    glued = _glued(segment.tokens)
    for index, token in enumerate(made):
        if not isinstance(token, str):
            continue
        text = token
        if index and not isinstance(made[index - 1], str) and not _is_break(made[index - 1]):
            text = _SPACED_END.sub("", text) if not _has_spaced_end(segment) else text
        following = made[index + 1] if index + 1 < len(made) else None
        wordlike = isinstance(following, Placeholder) and following.kind in _WORDLIKE
        if wordlike and text.endswith(("( ", "（ ")):
            text = text[:-1]
        elif (wordlike or _flanks(following, opens=True)) and target.joiner and _ends_in_word(text):
            text += "" if _source_of(following) in glued else " "
        made[index] = text
    made = [token for token in made if token != ""]
    if made != list(tokens):
        repairs.append(Damage.spacing)
    return made


def _glued(tokens: Sequence[Token]) -> set[str]:
    """The Markdown of the placeholders and opening tags that stand right behind a letter."""
    return {
        token.text
        for before, token in itertools.pairwise(tokens)
        if isinstance(before, str)
        and before[-1:].isalpha()
        and (isinstance(token, Placeholder) or (isinstance(token, Tag) and token.open))
    }


def _has_spaced_end(segment: Segment) -> bool:
    return any(isinstance(token, str) and _SPACED_END.match(token) for token in segment.tokens[1:])


def _source_of(token: Token | None) -> str:
    return token.text if isinstance(token, Placeholder | Tag) else ""


def _ends_in_word(text: str) -> bool:
    last = text[-1:]
    return last.isalpha() and not ("\u2e80" <= last <= "\u9fff" or "\uf900" <= last <= "\uffdc")


def _begins(token: Token, mark: str) -> bool:
    return (token if isinstance(token, str) else token.text).startswith(mark)


def apply(tokens: Sequence[Token], rules: Spacing, repairs: list[Damage]) -> list[Token]:
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
        repairs.append(Damage.spacing)
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
