"""Which language the words that came back are in: by their script, else by runs of the source's words.

Names, titles, paths and quotations may stay as they are. Linear in the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from amts_tasks.languages import Profile
from amts_tasks.text import Placeholder, Tag, Token
from amts_tasks.translate.damage import Damage, Finding

_WORDS = 4
"""Words in small letters from which on a text is no name, no title and no formula."""
_RUN = 6
"""Words of the source in a row that no translation keeps by chance."""
_FOREIGN = 8
"""Characters of the source's script, outside of quotation marks and parentheses, that no name has."""
_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*")
_QUOTED = regex.compile(r"[\"“”„«「『][^\"“”„«»「」『』]{1,300}[\"”“»」』]|\([^()]{1,300}\)|（[^（）]{1,300}）")
_CHUNK = regex.compile(r"[!-~]+|[^!-~\s]+")
_PATH = frozenset("\\/_@=")
_CLAUSE_END = ",;:.!?)("
_SCRIPTS = {
    "zh": "Han",
    "ja": "Han}\\p{Hiragana}\\p{Katakana",
    "ko": "Hangul",
    "th": "Thai",
    "lo": "Lao",
    "km": "Khmer",
    "my": "Myanmar",
    "el": "Greek",
    "he": "Hebrew",
    "hy": "Armenian",
    "ka": "Georgian",
    "am": "Ethiopic",
    "si": "Sinhala",
    "ta": "Tamil",
    "te": "Telugu",
    "kn": "Kannada",
    "ml": "Malayalam",
    "gu": "Gujarati",
    "pa": "Gurmukhi",
    "bn": "Bengali",
    **dict.fromkeys(("hi", "mr", "ne"), "Devanagari"),
    **dict.fromkeys(("ar", "fa", "ur", "ps"), "Arabic"),
    **dict.fromkeys(("ru", "uk", "bg", "sr", "mk", "kk", "mn", "be"), "Cyrillic"),
}
"""The script a language is written in, where it is not Latin."""
_OWN = {base: regex.compile(rf"[\p{{{script}}}]") for base, script in _SCRIPTS.items()}


def untranslated(before: Sequence[Token], after: Sequence[Token], source: Profile, target: Profile) -> Finding | None:
    """What of a translation is in the source's language still: nearly all of it, or a run of words; else None."""
    text = "".join(token for token in after if isinstance(token, str))
    foreign = _OWN.get(base(source))
    if foreign is not None and foreign is not _OWN.get(base(target)):
        return _kept_script(text, foreign)
    runs = list(_runs(after))
    words = [word for run in runs for word in run]
    small = sum(_is_small(word) for word in words)
    if small < _WORDS - 1:
        return None
    source_text = "".join(token for token in before if isinstance(token, str))
    same = text.split() == source_text.split()
    own = _OWN.get(base(target))
    if own is not None and not own.search(source_text):
        letters = len(own.findall(text))
        if not letters and (small >= _WORDS or same):
            return Finding(Damage.untranslated, text.strip()[:60])
    elif same and small >= _WORDS:
        return Finding(Damage.untranslated, text.strip()[:60])
    return _left_over(list(_runs(before)), list(_runs(_unquoted(after))), len(words), own, text)


def base(profile: Profile) -> str:
    """The language without its region: ``zh`` of ``zh-TW``."""
    return profile.code.partition("-")[0]


def _kept_script(text: str, foreign: regex.Pattern[str]) -> Finding | None:
    """Text of a source in a script of its own that came back in it; a name or an example of it may stay."""
    text = _QUOTED.sub(" ", text)
    kept = len(foreign.findall(text))
    if kept < _FOREIGN or kept < 0.1 * sum(map(str.isalpha, text)):
        return None
    letters = sum(map(str.isalpha, text))
    return Finding(Damage.untranslated if kept >= 0.7 * letters else Damage.left_over, text.strip()[:60])


def _left_over(
    source: list[list[str]], runs: list[list[str]], total: int, own: regex.Pattern[str] | None, text: str
) -> Finding | None:
    known = {
        tuple(word.casefold() for word in run[at : at + _RUN]) for run in source for at in range(len(run) - _RUN + 1)
    }
    kept = 0
    shown = ""
    for run in runs:
        folded = [word.casefold() for word in run]
        until = 0
        for at in range(len(run) - _RUN + 1):
            if tuple(folded[at : at + _RUN]) in known and _is_prose(run[at : at + _RUN]):
                shown = shown or " ".join(run[at : at + _RUN])
                kept += at + _RUN - max(at, until)
                until = at + _RUN
    if not kept:
        return None
    # In another script the source's words are counted against the characters that are not.
    whole = total + (len(own.findall(text)) / 2 if own else 0)
    return Finding(Damage.untranslated if kept >= 0.7 * whole else Damage.left_over, shown[:60])


def _runs(tokens: Sequence[Token]) -> Iterator[list[str]]:
    """The words of Latin and other alphabets between one placeholder and the next, tags left out."""
    held: list[str] = []
    for token in tokens:
        if isinstance(token, str):
            held.append(token)
        elif isinstance(token, Placeholder):
            yield from _clauses("".join(held))
            held = []
    yield from _clauses("".join(held))


def _clauses(text: str) -> Iterator[list[str]]:
    """The words of each clause; paths, addresses and names of files are no words of a language."""
    words: list[str] = []
    for chunk in _CHUNK.findall(text):
        if _PATH.isdisjoint(chunk) and "." not in chunk[1:-1]:
            words += _WORD.findall(chunk)
        if chunk[-1] in _CLAUSE_END and words:
            yield words
            words = []
    if words:
        yield words


def _unquoted(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without what stands in quotation marks or is emphasised: examples and titles may stay as they are."""
    kept: list[Token] = []
    depth = 0
    gap = Placeholder("", "break")
    for token in tokens:
        if isinstance(token, Tag) and token.name == "i":
            depth += 1 if token.open else -1
            kept.append(gap)
        elif isinstance(token, str):
            if depth <= 0:
                for piece in _QUOTED.split(token):
                    kept += [piece, gap]
                kept.pop()
        else:
            kept.append(token)
    return kept


def _is_prose(words: list[str]) -> bool:
    """Whether words are a part of a sentence and no list of names: small letters, and a short one such as "of"."""
    return sum(map(_is_small, words)) >= _WORDS and any(len(word) <= 3 and word.islower() for word in words)


def _is_small(word: str) -> bool:
    return len(word) > 1 and word.islower() and word < "\u02b0"
