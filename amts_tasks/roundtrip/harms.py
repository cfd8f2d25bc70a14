"""What a service might do to a paragraph of the exchange: marks lost, moved and altered, text cut, repeated, left."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Harm = Callable[[str, random.Random], str]
"""The inner HTML of a paragraph, harmed where it can be; the same for the same state of the generator."""

_KEPT = re.compile(r'<span translate="no">.*?</span>', re.DOTALL)
_TAG = re.compile(r"</?(?:[abisu]|br)(?: id=\"\d+\")?>")


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


def _entity(inner: str, chance: random.Random) -> str:
    return chance.choice((
        lambda: inner.replace("&amp;", "&"),
        lambda: inner.replace("&lt;", "<").replace("&gt;", ">"),
        lambda: inner.replace("&", "&amp;"),
        lambda: inner.replace("&", "& "),
        lambda: inner.replace("'", "&amp;#39;").replace(" ", "&amp;nbsp;", 1),
    ))()


def untranslated(inner: str, chance: random.Random) -> str:
    """The text as it was sent."""
    return inner


def _truncate(inner: str, chance: random.Random) -> str:
    cuts = [0, *(match.start() for match in re.finditer(r"[ <，。]", inner))]
    return inner[: chance.choice(cuts)]


def _loop(inner: str, chance: random.Random) -> str:
    match = _pick(re.compile(r"(?:^|(?<=>))[^<>]{4,}(?=<|$)"), inner, chance)
    if match is None:
        return inner
    words = match[0][: chance.randrange(4, len(match[0]) + 1)]
    return inner[: match.end()] + words * chance.choice((2, 3, 8)) + inner[match.end() :]


def _left(inner: str, chance: random.Random) -> str:
    """A sentence of the source's language in the middle."""
    match = _pick(re.compile(r"(?<=[ 。.])(?=[^<>]*(?:<[^/]|$))"), inner, chance)
    left = " This sentence was not translated by the service at all. "
    return inner[: match.start()] + left + inner[match.start() :] if match else inner


def _invisible(inner: str, chance: random.Random) -> str:
    at = chance.randrange(len(inner) + 1)
    while "<" in inner[:at] and inner.rfind("<", 0, at) > inner.rfind(">", 0, at):
        at -= 1
    return inner[:at] + chance.choice("\u200b\ufeff\u200e\x07\x1f\u00ad\ufffd\ue000") + inner[at:]


def _stretch(inner: str, chance: random.Random) -> str:
    found = list(_TAG.finditer(inner))
    if len(found) != 2:
        return inner
    return found[0][0] + _TAG.sub("", inner) + found[1][0]


def _wide_marks(inner: str, chance: random.Random) -> str:
    """Full-width punctuation just inside of tags, where CommonMark sees no emphasis."""
    return re.sub(r"(</[bis]>)", lambda match: chance.choice("：”）。") + match[1] + "字", inner)


def _wide_text(inner: str, chance: random.Random) -> str:
    return inner.translate({ord(a): b for a, b in zip("，。：；（）", ",.:;()", strict=True)})


def _wide(inner: str, chance: random.Random) -> str:
    """A placeholder in full-width forms."""
    match = _pick(_KEPT, inner, chance)
    if match is None:
        return inner
    wide = re.sub(r"[0-9:$.,()+=-]", lambda found: chr(ord(found[0]) + 0xFEE0), match[0][21:-7])
    return f'{inner[: match.start()]}<span translate="no">{wide}</span>{inner[match.end() :]}'


def _grouped(inner: str, chance: random.Random) -> str:
    """Digits grouped in every placeholder."""
    return _KEPT.sub(lambda kept: re.sub(r"(?<=\d)(?=(?:\d{3})+\b)", ",", kept[0]), inner)


def _padded(inner: str, chance: random.Random) -> str:
    """Spaces inside of the placeholders' edges."""
    return _KEPT.sub(lambda kept: kept[0].replace(">", "> ", 1).replace("</", " </"), inner)


def _tight(inner: str, chance: random.Random) -> str:
    """No spaces beside the placeholders."""
    return re.sub(r" ?(<span translate=\"no\">.*?</span>) ?", r"\1", inner)


HARMS: tuple[Harm, ...] = (
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
    _entity,
    untranslated,
    _truncate,
    _loop,
    _left,
    _invisible,
    _stretch,
    _wide_marks,
    _wide_text,
    _wide,
    _grouped,
    _padded,
    _tight,
)
"""All there are, for ``hostile``."""
MILD: tuple[Harm, ...] = (_spaced, _wide_text, _wide, _grouped, _padded, _tight, _wide_marks)
"""Those that happen, for ``mild``."""
