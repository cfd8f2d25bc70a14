"""Translators that need no service: each is given an exchange document as the service would be, and answers HTML."""

from __future__ import annotations

import hashlib
import html
import random
import re
from collections.abc import Callable

Engine = Callable[[str], str]

_PIECES = re.compile(r"(<[^<>]*>)")
_PARAGRAPH = re.compile(r'(<p id="[^"]*">)(.*?)(</p>)', re.DOTALL)
_KEPT = re.compile(r'<span translate="no">.*?</span>', re.DOTALL)
_TAG = re.compile(r"</?(?:[abisu]|br)(?: id=\"\d+\")?>")


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


def hostile(document: str, seed: int = 0) -> str:
    """Swapped case, and in most paragraphs one or two harms a service might do; the same ones for the same seed."""

    def harmed(match: re.Match[str]) -> str:
        digest = hashlib.sha256(f"{seed} {match[1]} {match[2]}".encode("utf-8", "surrogatepass")).digest()
        chance = random.Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - no secret, the same harm each time
        inner = match[2]
        for _ in range(chance.choice((0, 1, 1, 2))):
            inner = chance.choice(_HARMS)(inner, chance)
        return match[1] + inner + match[3]

    return _PARAGRAPH.sub(harmed, swapcase(document))


def _pick(pattern: re.Pattern[str], inner: str, chance: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(inner))
    return chance.choice(found) if found else None


def _drop(inner: str, chance: random.Random) -> str:
    match = _pick(_KEPT, inner, chance)
    return inner[: match.start()] + inner[match.end() :] if match else inner


def _double(inner: str, chance: random.Random) -> str:
    match = _pick(_KEPT, inner, chance)
    return inner[: match.end()] + match[0] + inner[match.end() :] if match else inner


def _reorder(inner: str, chance: random.Random) -> str:
    found = _KEPT.findall(inner)
    chance.shuffle(found)
    shuffled = iter(found)
    return _KEPT.sub(lambda match: next(shuffled), inner)


def _alter(inner: str, chance: random.Random) -> str:
    match = _pick(_KEPT, inner, chance)
    if match is None:
        return inner
    body = match[0][len('<span translate="no">') : -len("</span>")]
    altered = chance.choice((
        lambda: re.sub(r"(\d)(?=\d)", r"\1,", body),
        lambda: body.translate({ord(digit): 0xFF10 + int(digit) for digit in "0123456789"}),
        lambda: body.replace(":", "："),
        lambda: body.swapcase(),
        lambda: body.replace("\\", "\\ "),
        lambda: body.replace("{", " { "),
        lambda: body[:-1],
    ))()
    return inner[: match.start()] + f'<span translate="no">{altered}</span>' + inner[match.end() :]


def _bare(inner: str, chance: random.Random) -> str:
    match = _pick(_KEPT, inner, chance)
    return inner[: match.start()] + match[0][21:-7] + inner[match.end() :] if match else inner


def _spaced(inner: str, chance: random.Random) -> str:
    return _TAG.sub(lambda match: f" {match[0]} ", inner)


def _lose_tag(inner: str, chance: random.Random) -> str:
    match = _pick(_TAG, inner, chance)
    return inner[: match.start()] + inner[match.end() :] if match else inner


def _move_tag(inner: str, chance: random.Random) -> str:
    match = _pick(_TAG, inner, chance)
    if match is None:
        return inner
    rest = inner[: match.start()] + inner[match.end() :]
    at = chance.choice([found.start() for found in re.finditer(r"(?<=\s)\S|\Z", rest)])
    return rest[:at] + match[0] + rest[at:]


def _cross_tags(inner: str, chance: random.Random) -> str:
    found = list(_TAG.finditer(inner))
    if len(found) < 2:
        return inner
    first, second = sorted(chance.sample(found, 2), key=lambda match: match.start())
    middle = inner[first.end() : second.start()]
    return inner[: first.start()] + second[0] + middle + first[0] + inner[second.end() :]


def _gain(inner: str, chance: random.Random) -> str:
    gained = chance.choice((
        "$",
        "`",
        " | ",
        "**",
        "*",
        "_",
        "[",
        "](x)",
        "\\",
        "&lt;b&gt;",
        "&amp;nbsp;",
        "~~",
        "<i>",
        "\n",
    ))
    at = chance.choice([0, len(inner), *(match.start() for match in re.finditer(r" ", _TAG.sub("", inner)))])
    return inner[:at] + gained + inner[at:]


def _begin(inner: str, chance: random.Random) -> str:
    mark = (
        "# ",
        "- ",
        "1. ",
        "&gt; ",
        "```\n",
        "$$ ",
        ":begin_tab:`x` ",
        "    ",
        "| a |\n|---|\n",
        "+ ",
        "---\n",
        "&lt;!-- ",
    )
    return chance.choice(mark) + inner


def _leak(inner: str, chance: random.Random) -> str:
    match = _pick(_KEPT, inner, chance)
    name = "DNT_" + "".join(chance.choice("ABCDEFGHIJK") for _ in range(28))
    return inner[: match.start()] + name + inner[match.end() :] if match else inner


def _empty(inner: str, chance: random.Random) -> str:
    return chance.choice(("", " ", "".join(_KEPT.findall(inner)), inner * 9))


_HARMS = (
    _drop,
    _double,
    _reorder,
    _alter,
    _bare,
    _spaced,
    _lose_tag,
    _move_tag,
    _cross_tags,
    _gain,
    _begin,
    _leak,
    _empty,
)
ENGINES: dict[str, Engine] = {"identity": identity, "swapcase": swapcase, "hostile": hostile}
