"""Pseudo-localisation: a text that is visibly not the source, in the target's script, without any knowledge of it.

For tests of a pipeline that, rightly, takes no answer in the source's language for a translation.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

from amts_tasks.emulator.engines.engine import Example, Masked, Term

_WORD = re.compile(r"[A-Za-z]+")
_ACCENTS = str.maketrans("aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ")
_LETTERS = {
    "zh": "天地人日月水火山石田土木禾竹目口手足心言走車門雨風雪雲花草葉",
    "ja": "アイウエオカキクケコサシスセソタチツテトナニヌネノマミムメモ",
    "ko": "가나다라마바사아자차카타파하고노도로모보소오조초코토포호구누",
    "ru": "абвгдежзиклмнопрстуфхцчшыэюяё",
    "el": "αβγδεζηθικλμνξοπρστυφχψω",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
}
_UNSPACED = frozenset(("zh", "ja"))


def pseudo(text: str, target: str) -> str:
    """The text with each word of Latin letters in others; the same word is the same each time."""
    base = target.partition("-")[0]
    letters = _LETTERS.get(base)
    if letters is None:
        return text.translate(_ACCENTS)

    def other(match: re.Match[str]) -> str:
        number = zlib.crc32(match[0].lower().encode())
        made = ""
        for _ in range((len(match[0]) + 1) // 2):
            number, place = divmod(number, len(letters))
            number = number or zlib.crc32(made.encode() + match[0].encode())
            made += letters[place]
        return made

    text = _WORD.sub(other, text)
    return re.sub(rf"(?<=[{letters}]) (?=[{letters}])", "", text) if base in _UNSPACED else text


class PseudoEngine:
    """Answers the source in other letters."""

    name = "pseudo"
    whole = False

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """One text a segment; spans and tags stay where they are."""
        return [pseudo(segment.text, target) for segment in segments]
