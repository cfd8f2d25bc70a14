"""Words of a text, with the spaces between them, by language.

Chinese by jieba's dictionary, Japanese and Thai by character where they write no spaces, everything else by letters,
digits and single marks. Private-use characters (placeholders of a caller) are words of their own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import regex
import rjieba

CHARACTERS = frozenset({"ja", "th", "km", "lo", "my"})
"""Languages cut into characters where they write no spaces."""
UNCASED = frozenset({"zh", "zh-TW", "ja", "ko", "th", "ar", "he", "hi"})
"""Languages without upper and lower case."""
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}ー々"
_PIECE = regex.compile(
    r"""(?P<private>\p{Co})
      | (?P<unspaced>[UNSPACED]+)
      | (?P<number>\p{Nd}+(?:[.,]\p{Nd}+)*)
      | (?P<word>[LETTERS]+(?:['’][LETTERS]+)?(?:\p{Nd}+)?)
      | (?P<mark>--+|\.\.\.+|[^\s])""".replace("UNSPACED", _UNSPACED).replace(
        # A letter of a script without spaces ends a word: GPU上 is two.
        "[LETTERS]",
        rf"[[\p{{L}}\p{{M}}]--[{_UNSPACED}]]",
    ),
    regex.VERBOSE | regex.VERSION1,
)


class Word(NamedTuple):
    """A word and whether white space stands before it."""

    text: str
    spaced: bool


@lru_cache(maxsize=1)
def _jieba() -> rjieba.Jieba:
    return rjieba.Jieba()


def cut(text: str, language: str) -> list[Word]:
    """The words of the text in order; joined, a space before each spaced one, they give it back (spaces single)."""
    words: list[Word] = []
    end = 0
    for found in _PIECE.finditer(text):
        spaced = found.start() > end
        end = found.end()
        piece = found[0]
        if found.lastgroup == "unspaced" and len(piece) > 1:
            parts = list(piece) if language in CHARACTERS else _jieba().cut(piece)
            for number, part in enumerate(parts):
                words.append(Word(part, spaced and number == 0))
        else:
            words.append(Word(piece, spaced))
    return words


def fold(word: str, language: str) -> str:
    """The word in lower case, as its language lowers it (Turkish has two letters i)."""
    if language in {"tr", "az"}:
        word = word.replace("I", "ı").replace("İ", "i")
    return word.lower()


def capital(word: str, language: str) -> str:
    """The word with a capital first letter, as its language writes it."""
    if language in {"tr", "az"} and word[:1] == "i":
        return "İ" + word[1:]
    return word[:1].upper() + word[1:]
