"""Translators that need no service: each is given an exchange document as the service would be, and answers HTML."""

from __future__ import annotations

import hashlib
import html
import random
import re
import zlib
from collections.abc import Callable, Sequence

from amts_tasks.roundtrip.harms import HARMS, MILD, Harm, untranslated

Engine = Callable[[str], str]

_PIECES = re.compile(r"(<[^<>]*>)")
_PARAGRAPH = re.compile(r'(<p id="[^"]*">)(.*?)(</p>)', re.DOTALL)
_WORD = re.compile(r"[A-Za-z]+")
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def identity(document: str) -> str:
    """Everything as it was sent."""
    return document


def swapcase(document: str) -> str:
    """The case of every letter it is shown changed; markup and what is not to be translated left alone."""
    head, body, rest = document.partition("<body>")
    pieces = _PIECES.split(rest)
    kept = False
    for index, piece in enumerate(pieces):
        if piece.startswith("<"):
            kept = piece == '<span translate="no">' or (kept and piece != "</span>")
        elif not kept:
            pieces[index] = html.escape(html.unescape(piece).swapcase(), quote=False)
    return head + body + "".join(pieces)


def chinese(document: str) -> str:
    """Every word it is shown as one or two Chinese characters, the same ones each time, without spaces between."""
    head, body, rest = document.partition("<body>")
    pieces = _PIECES.split(rest)
    kept = False
    for index, piece in enumerate(pieces):
        if piece.startswith("<"):
            kept = piece == '<span translate="no">' or (kept and piece != "</span>")
        elif not kept:
            text = _WORD.sub(_character, html.unescape(piece))
            pieces[index] = html.escape(_BETWEEN.sub("", text), quote=False)
    return head + body + "".join(pieces)


def _character(match: re.Match[str]) -> str:
    number = zlib.crc32(match[0].lower().encode("utf-8", "surrogatepass"))
    return "".join(chr(0x4E00 + (number >> shift) % 5000) for shift in ((0,) if len(match[0]) < 5 else (0, 12)))


def hostile(document: str, seed: int = 0, translate: Engine = swapcase) -> str:
    """Swapped case, and in most paragraphs one or two harms a service might do; the same ones for the same seed."""
    return _harmed(document, translate, seed, HARMS, (0, 1, 1, 2))


def mild(document: str, seed: int = 0, translate: Engine = swapcase) -> str:
    """Swapped case, and in most paragraphs one or two harms that happen: spaces, full-width forms, grouped digits."""
    return _harmed(document, translate, seed, MILD, (0, 1, 1, 2))


def hostile_zh(document: str) -> str:
    """``hostile`` on ``chinese``."""
    return hostile(document, translate=chinese)


def mild_zh(document: str) -> str:
    """``mild`` on ``chinese``."""
    return mild(document, translate=chinese)


def _harmed(
    document: str,
    translate: Engine,
    seed: int,
    harms: Sequence[Harm],
    much: Sequence[int],
) -> str:
    sources = {match[1]: match[2] for match in _PARAGRAPH.finditer(document)}

    def harmed(match: re.Match[str]) -> str:
        digest = hashlib.sha256(f"{seed} {match[1]} {match[2]}".encode("utf-8", "surrogatepass")).digest()
        chance = random.Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - no secret, the same harm each time
        inner = match[2]
        for _ in range(chance.choice(much)):
            harm = chance.choice(harms)
            inner = sources[match[1]] if harm is untranslated else harm(inner, chance)
        return match[1] + inner + match[3]

    return _PARAGRAPH.sub(harmed, translate(document))


ENGINES: dict[str, Engine] = {
    "identity": identity,
    "swapcase": swapcase,
    "hostile": hostile,
    "mild": mild,
    "hostile-zh": hostile_zh,
    "mild-zh": mild_zh,
}
LANGUAGES = {"hostile-zh": "zh", "mild-zh": "zh"}
"""The language an engine answers in, where it is not the source's."""
