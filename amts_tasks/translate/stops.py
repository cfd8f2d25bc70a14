"""The stops of a sentence that got lost in translation, and the stops and commas that came back twice.

A paragraph of which some sentences are kept and others are new is put together of them: a lost full stop makes two
sentences run together, a doubled one shows on the page. What the source has itself is left, and so is what has two
answers: ``.,`` is right after an abbreviation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from amts_tasks.languages import Profile
from amts_tasks.text import Placeholder, Segment, Tag, Token
from amts_tasks.text.sentences import split
from amts_tasks.translate.damage import Damage

_ENDS = {".": ".", "!": "!", "?": "?", "。": ".", "！": "!", "？": "?", "．": "."}
"""What ends a sentence, and what it is called in ``_WIDE``."""
_WIDE = {".": "。", "!": "！", "?": "？"}
_OTHER_STOP = frozenset(("am", "bn", "hi", "hy", "km", "lo", "mr", "my", "ne", "pa", "th", "ur"))
"""Languages whose sentences do not end in a full stop; the profile that is guessed for them does not say so."""
_OTHER_QUESTION = _OTHER_STOP | frozenset(("ar", "el", "fa", "ps"))
_WORDLIKE = frozenset(("code", "math", "role", "link"))
_ADDRESS = ("http://", "https://", "www.")
_WORD = re.compile(r"[^\W\d_]+")
_HELD = "\ufffc"
"""What stands for a placeholder: the object replacement character."""
_RUN = re.compile(r"[.。,，、]+")
_NARROW = str.maketrans("。，、", ".,,")
_PATH = frozenset(" \t\n\u3000/\\([{")
"""What stands before two dots or commas that are no end of a sentence: ``../data``, ``(,,)``, ``,,Wort“``."""
_LEADING = re.compile(r"\A\s*(?:[，、]\s*|[,.。]\s+)+")
_PARTED = re.compile(r"(?<=[^\W\d_]{2}\.)(\s+,)\s+(?=[^\W\d_])")


def mended(
    segment: Segment, tokens: Sequence[Token], source: Profile, target: Profile, repairs: list[Damage]
) -> list[Token]:
    """The tokens with the stop that the source ends with, and with one where two came back for it."""
    made = _single(segment, list(tokens), source, target)
    if made != list(tokens):
        repairs.append(Damage.mark_doubled)
    ended = _ended(segment, made, source, target)
    if ended != made:
        repairs.append(Damage.end_lost)
    return ended


# Lost.


def _ended(segment: Segment, tokens: list[Token], source: Profile, target: Profile) -> list[Token]:
    at = _last(tokens)
    last = tokens[at] if at is not None else None
    if at is None or not _goes_without(last) or any(map(_is_image, tokens[at + 1 :])):
        return tokens
    end = _last(segment.tokens)
    mark = _end_mark(segment.tokens[end], target) if end is not None else ""
    if end is None or not mark or not _is_sentence(segment, source):
        return tokens
    # Behind the tags that end there, but for those that hold the source's stop.
    holding = {token.id for token in segment.tokens[end + 1 :] if isinstance(token, Tag)}
    place = at + 1
    for index, token in enumerate(tokens[at + 1 :], start=at + 1):
        if isinstance(token, Tag):
            if token.open or token.id in holding:
                break
            place = index + 1
    if isinstance(last, str) and place == at + 1:
        bare = last.rstrip()
        return [*tokens[:at], bare + mark + last[len(bare) :], *tokens[place:]]
    return [*tokens[:place], mark, *tokens[place:]]


def _last(tokens: Sequence[Token]) -> int | None:
    """The index of the token with the last visible character; tags show none."""
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if isinstance(token, Placeholder) or (isinstance(token, str) and token.strip()):
            return index
    return None


def _is_image(token: Token) -> bool:
    """Whether it ends an image, whose words are no part of the sentence."""
    return isinstance(token, Tag) and token.name == "u" and token.text.startswith("](")


def _goes_without(token: Token | None) -> bool:
    """Whether a sentence that ends with it has no end: a letter, a digit, or a placeholder that stands for a word."""
    if isinstance(token, str):
        return token.rstrip()[-1:].isalnum()
    if not isinstance(token, Placeholder) or token.kind not in _WORDLIKE or token.text.startswith(_ADDRESS):
        return False
    inner = token.text.strip("$`() \n")
    return inner[-1:] not in _ENDS


def _end_mark(token: Token, target: Profile) -> str:
    """The target's mark for what the source's last text ends with; "" where that is no end, or the mark not certain."""
    text = token.rstrip() if isinstance(token, str) else ""
    mark = _ENDS.get(text[-1:], "")
    if not mark or text[-2:-1] in _ENDS:
        return ""
    if _WIDE["."] in target.terminators:
        return _WIDE[mark]
    base = target.code.partition("-")[0]
    unsure = _OTHER_STOP if mark == "." else _OTHER_QUESTION
    return mark if mark in target.terminators and base not in unsure else ""


def _is_sentence(segment: Segment, source: Profile) -> bool:
    """Whether the source is one, and ends as the splitter sees it: no number, name or abbreviation with a dot."""
    text = segment.source.rstrip()
    words = _WORD.findall(segment.plain)
    if segment.plain.rstrip()[-1:] > "\x7f":
        return bool(words)
    if len(words) < 2 or not any(word.islower() and len(word) > 1 for word in words):
        return False
    return any(end == len(text) + 1 for _, end in split(f"{text} Then it goes on.", source))


# Doubled.


def _single(segment: Segment, tokens: list[Token], source: Profile, target: Profile) -> list[Token]:
    text = _flat(tokens)
    if not _RUN.search(text):
        return tokens
    gone = {*_doubled(text, _flat(segment.tokens)), *_parted(text, segment, target), *_led(text, segment, source)}
    return _without(tokens, gone) if gone else tokens


def _flat(tokens: Sequence[Token]) -> str:
    """The text as it shows: a character for each placeholder, none for tags."""
    return "".join(_HELD if isinstance(token, Placeholder) else token for token in tokens if not isinstance(token, Tag))


def _doubled(text: str, before: str) -> Iterator[int]:
    """The places of the second of two stops or commas, and of the comma before a stop."""
    had = {run.translate(_NARROW) for run in _RUN.findall(before)}
    for match in _RUN.finditer(text):
        run, at = match[0], match.start()
        same = run.translate(_NARROW)
        if len(run) != 2 or same in had or same == ".," or not at or text[at - 1] in _PATH:
            continue
        following = text[match.end() : match.end() + 1]
        rest = text[match.end() :].lstrip()[:1] if same == ",." else ""
        if run.isascii() and following.isascii() and (following.isalnum() or following in {"_", "/", "\\", "…"}):
            continue
        if same == ",.":
            if not rest.islower():
                yield at
        else:
            # Of two forms of one mark the full-width one is the target's.
            yield at if run[0].isascii() and not run[1].isascii() else at + 1


def _parted(text: str, segment: Segment, target: Profile) -> Iterator[int]:
    """The places of ``␣,`` between a sentence's stop and the next sentence."""
    if _PARTED.search(_flat(segment.tokens)):
        return
    for match in _PARTED.finditer(text):
        first = max(0, match.start() - 200)
        if text[match.end()].isupper():
            joined = text[first : match.start()] + " " + text[match.end() : match.end() + 50]
            if any(end == match.start() - first + 1 for _, end in split(joined, target)):
                yield from range(match.start(1), match.end(1))


def _led(text: str, segment: Segment, source: Profile) -> Iterator[int]:
    """The places of a comma or stop at the beginning of a whole sentence."""
    match = _LEADING.match(text)
    if match and match.end() < len(text) and segment.plain.lstrip()[:1].isupper() and _is_sentence(segment, source):
        yield from range(match.end())


def _without(tokens: Sequence[Token], gone: set[int]) -> list[Token]:
    """The tokens without the characters at these places of their flat text; none is emptied between two tags."""
    made: list[Token] = []
    position = 0
    for index, token in enumerate(tokens):
        if isinstance(token, str):
            kept = "".join(one for at, one in enumerate(token, start=position) if at not in gone)
            around = tokens[max(0, index - 1) : index + 2]
            alone = len(around) == 3 and [isinstance(one, Tag) and one.open for one in around] == [True, False, False]
            made.append(token if alone and isinstance(around[2], Tag) and not kept.strip() else kept)
            position += len(token)
        else:
            made.append(token)
            position += isinstance(token, Placeholder)
    return [token for token in made if token != ""]
