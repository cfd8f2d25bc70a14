"""Emphasis as CommonMark wants it: a mark between punctuation and a letter opens and closes nothing.

``**重点：**文字`` shows its asterisks on every CommonMark page (spec 0.31, 6.2, "left-" and "right-flanking"). Our own
parser is more lenient with Chinese, Japanese and Korean, so this is asked of the translation apart from it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

from amts_tasks.text.segments import Segment, Tag, Token

_PAIRS = {")": "(", "）": "（", "”": "“", "’": "‘", "」": "「", "』": "『", "》": "《", "】": "【", '"': '"'}
_TRAILING = "，。、；：！？,.;:!?…"


def readable(tokens: Sequence[Token], excused: Collection[tuple[int, bool]] = ()) -> list[Token]:
    """The tokens with every mark readable: punctuation moved out of it, else a space beside it.

    ``excused`` are (id, opens) of tags that need not be: their source is no better.
    """
    made = list(tokens)
    if any(isinstance(token, Tag) for token in made):
        for tag in failing(made):
            if (tag.id, tag.open) not in excused:
                _mend(made, tag)
    return [token for token in made if token != ""]


def beside(before: str, text: str, after: str) -> str:
    """A text with every mark readable that was so while it stood alone, now that it stands between two others."""
    tokens = Segment.of(text).tokens
    excused = {(tag.id, tag.open) for tag in failing(tokens)}
    left, right = before[-1:], after[:1]
    around = [*([left] if left else []), *tokens, *([right] if right else [])]
    if all((tag.id, tag.open) in excused for tag in failing(around)):
        return text
    made = readable(around, excused)
    whole = "".join(token if isinstance(token, str) else token.text for token in made)
    return whole[len(left) : len(whole) - len(right)]


def failing(tokens: Sequence[Token]) -> list[Tag]:
    """The tags whose marks CommonMark does not read as the end they are."""
    text = "".join(token if isinstance(token, str) else token.text for token in tokens)
    found: list[Tag] = []
    position = 0
    for token in tokens:
        length = len(token if isinstance(token, str) else token.text)
        if isinstance(token, Tag) and token.name in {"b", "i", "s"}:
            start, end = position, position + length
            mark = token.text.strip("[]()")[:1]
            while start < end and text[start] != mark:
                start += 1
            while end > start and text[end - 1] != mark:
                end -= 1
            while start and text[start - 1] == mark:
                start -= 1
            while end < len(text) and text[end] == mark:
                end += 1
            if mark and not _reads(mark, text[start - 1 : start] or " ", text[end : end + 1] or " ", token.open):
                found.append(token)
        position += length
    return found


def _reads(mark: str, before: str, after: str, opening: bool) -> bool:
    """Whether a run of marks between two characters opens (closes), by both definitions of punctuation in use.

    CommonMark 0.31 counts symbols as punctuation, 0.30, which many tools still follow, does not.
    """
    return all(_can(mark, before, after, opening, kinds) for kinds in ("P", "PS"))


def _can(mark: str, before: str, after: str, opening: bool, kinds: str) -> bool:
    space_before, space_after = before.isspace(), after.isspace()
    breaks_before, breaks_after = _breaks(before, kinds), _breaks(after, kinds)
    left = not space_after and (not breaks_after or space_before or breaks_before)
    right = not space_before and (not breaks_before or space_after or breaks_after)
    if mark == "_":
        return left and (not right or breaks_before) if opening else right and (not left or breaks_after)
    return left if opening else right


def _breaks(character: str, kinds: str) -> bool:
    if character.isascii():
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character)[0] in kinds


def _mend(tokens: list[Token], tag: Tag) -> None:
    other = next((t for t in tokens if isinstance(t, Tag) and t.id == tag.id and t.open != tag.open), None)
    if other is not None:
        opening, closing = (tag, other) if tag.open else (other, tag)
        _move_out(tokens, opening, closing)
        if tag not in failing(tokens):
            return
    at = tokens.index(tag)
    if tag.open:
        tokens.insert(at, " ")
    else:
        tokens.insert(at + 1, " ")


def _move_out(tokens: list[Token], opening: Tag, closing: Tag) -> None:
    """Move quotation marks around the whole, a parenthesis at the end, or punctuation at the end out of a pair."""
    first, last = tokens.index(opening) + 1, tokens.index(closing) - 1
    head, tail = tokens[first], tokens[last]
    if first > last or not isinstance(tail, str) or not tail:
        return
    opener = _PAIRS.get(tail[-1])
    if opener is not None and isinstance(head, str) and head[:1] == opener and (first < last or len(tail) > 2):
        tokens[last] = tokens[last][:-1]  # type: ignore[index]
        tokens[first] = tokens[first][1:]  # type: ignore[index]
        tokens.insert(last + 2, tail[-1])
        tokens.insert(first - 1, opener)
        return
    if opener is not None and opener != tail[-1]:
        at = tail.rfind(opener)
        outside = tail[at:] if at > 0 or (at == 0 and first < last) else ""
    else:
        outside = tail[len(tail.rstrip(_TRAILING)) :]
    if outside and (len(outside) < len(tail) or first < last):
        inner = tail[: -len(outside)]
        tokens[last] = inner.rstrip()
        tokens.insert(last + 2, inner[len(inner.rstrip()) :] + outside)
