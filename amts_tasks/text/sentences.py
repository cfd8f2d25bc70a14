"""Sentences of a text: sentencex on a mask of equal length, so that no sentence ends inside of a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sentencex

from amts_tasks.languages import Profile
from amts_tasks.text.segments import Placeholder, Segment, Tag, Token

_KNOWN = frozenset(".!?。！？…")
"""Terminators on which sentencex itself decides."""
_CLOSING = "\"'”’»›)]）】」』》"
_PARENTHESIS = re.compile(rf"[(（][^()（）]*+(?<=[.!?。！？…{re.escape(_CLOSING)}])[)）]\s*+")
_STOPPED = re.compile(rf"[.!?。！？…][{re.escape(_CLOSING)}]*+[)）]?\s*+\Z")
_ELLIPSIS = re.compile(r"…+\s++")
_NUMBERED = re.compile(r"[:,;，、：；]\s*\d{1,3}\.\Z")
_QUOTED_ON = re.compile(r"[」』](?=[とっなのはがをにでもやへ])")
"""Japanese: a particle after a closing quote goes on with the sentence."""
_CLOSERS = re.compile(rf"[{re.escape(_CLOSING)}]*\s*")


def split(text: str, profile: Profile) -> tuple[tuple[int, int], ...]:
    """Zero-based, half-open spans of the text's sentences that cover it without loss; white space ends a sentence.

    No sentence begins or ends within a placeholder or tag. The profile gives the language sentencex is asked for, the
    characters on which a sentence may end, and the abbreviations on which it does not.
    """
    if not text:
        return ()
    tokens = Segment.of(text).tokens
    ends = _whole(tokens, _ends(_masked(tokens), profile))
    spans = []
    begin = 0
    for end in ends:
        spans.append((begin, end))
        begin = end
    return tuple(spans)


def masked(text: str) -> str:
    """Inline Markdown with words for its placeholders and letters for its tags, of the same length."""
    return _masked(Segment.of(text).tokens)


def _whole(tokens: Sequence[Token], ends: list[int]) -> list[int]:
    """The ends, those within a tag moved behind it: where a stop before it was masked as if it stood behind."""
    if len(ends) == 1:
        return ends
    moved: dict[int, int] = {}
    position = 0
    for token in tokens:
        after = position + len(token if isinstance(token, str) else token.text)
        if isinstance(token, Tag):
            moved |= dict.fromkeys(range(position + 1, after), after)
        position = after
    return sorted({moved.get(end, end) for end in ends})


def _masked(tokens: Sequence[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        if isinstance(token, str):
            parts.append(token.replace("\n", " "))
        elif isinstance(token, Placeholder):
            parts.append(" " * len(token.text) if token.kind == "break" else _word(len(token.text)))
        else:
            _add_tag(parts, token)
    return "".join(parts)


def _word(length: int) -> str:
    return "X" + "x" * (length - 1)


def _add_tag(parts: list[str], tag: Tag) -> None:
    """An opening tag begins a word. A closing one stands before the full stop, where sentencex sees the stop's end."""
    if tag.open:
        parts.append(_word(len(tag.text)))
        return
    before = parts[-1] if parts else ""
    kept = before.rstrip("".join(_KNOWN) + _CLOSING)
    if parts:
        parts[-1] = kept
    parts.append("x" * len(tag.text) + before[len(kept) :])


def _ends(mask: str, profile: Profile) -> list[int]:
    ends: set[int] = set()
    at = 0
    for boundary in sentencex.get_sentence_boundaries(profile.sentence_language, mask):
        at = mask.find(boundary["text"], at) + len(boundary["text"])
        ends.add(at)
    ends = {end for end in ends if _is_end(mask[max(0, end - 200) : end], profile)}
    ends |= _more(mask, profile)
    ends = {end for end in ends if end == len(mask) or not _goes_on(mask, end, profile)}
    for terminator in sorted(set(profile.terminators) - _KNOWN):
        for match in re.finditer(re.escape(terminator), mask):
            end = _CLOSERS.match(mask, match.end()).end()  # type: ignore[union-attr]
            if terminator > "\x7f" or mask[match.end() : end].strip() != mask[match.end() : end]:
                ends.add(end)
    ends.discard(0)
    ends.add(len(mask))
    leading = len(mask) - len(mask.lstrip())  # belongs to the first sentence
    return sorted(end for end in ends if end > leading or end == len(mask))


def _more(mask: str, profile: Profile) -> set[int]:
    """Ends that sentencex leaves out: after a whole sentence in parentheses, and after an ellipsis."""
    ends: set[int] = set()
    for match in _PARENTHESIS.finditer(mask):
        inner = match[0].rstrip()[:-1].rstrip(_CLOSING)
        whole = inner[-1:] in profile.terminators and inner[-1:] != ""
        before = mask[max(0, match.start() - 20) : match.start()]
        if whole and (not mask[: match.start()].strip() or _STOPPED.search(before)):
            ends.add(match.end())
    if "…" in profile.terminators:
        ends |= {match.end() for match in _ELLIPSIS.finditer(mask)}
    return ends


def _goes_on(mask: str, end: int, profile: Profile) -> bool:
    """Whether the sentence goes on after what looks like its end.

    It does before a small letter, where the stop is a full stop or stands in quotes; after the number of an item within
    the line; where nothing but a letter follows in a language that has spaces; before a particle in Japanese.
    """
    before = mask[max(0, end - 200) : end]
    bare = before.rstrip()
    following = mask[end : end + 1]
    if profile.joiner and len(bare) == len(before) and following.isalnum():
        return True
    stopped = bare.rstrip(_CLOSING)
    if following.islower() and (stopped != bare or stopped[-1:] in ".…"):
        return True
    if _NUMBERED.search(bare):
        return True
    return profile.sentence_language == "ja" and _QUOTED_ON.match(mask, max(0, end - 1)) is not None


def _is_end(before: str, profile: Profile) -> bool:
    """Whether a sentence that sentencex ends here ends for the profile too."""
    stripped = before.rstrip().rstrip(_CLOSING)
    if not stripped or stripped[-1] not in profile.terminators:
        return False
    return not any(
        # At the start of a sentence with a capital letter.
        stripped.endswith((abbreviation, abbreviation[0].upper() + abbreviation[1:]))
        and not stripped[: -len(abbreviation)][-1:].isalnum()
        for abbreviation in profile.abbreviations
    )
