"""Placeholders and tags as an engine outside of this process is shown them, and how they are read back.

Each private character of a masked text gets a mark of the style's; what comes back must have the same ones. A text of
which marks were lost or doubled is asked for again in the pieces between the marks, which cannot lose any.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Literal

import regex

from amts_tasks.emulator.engines.engine import FIRST_CLOSE, FIRST_FIXED, FIRST_OPEN, EngineError, Masked, is_fixed

Style = Literal["xml", "html", "brackets"]
"""xml: ``<x id="0"/>`` and ``<g id="0">…</g>``, for those who read tags as text; html: elements, with the content of
what is not to be translated; brackets: ``⟦0⟧``, by place in the text."""
Ask = Callable[[list[str]], list[str]]
"""Texts → their translations, as many."""
PRIVATE = regex.compile(r"[\uE000-\uEFFF]")
_XML = regex.compile(
    r"<x\s+id\s*=\s*[\"']?(\d+)[\"']?\s*(?:/>|>\s*</x\s*>)|<g\s+id\s*=\s*[\"']?(\d+)[\"']?\s*>|(</g\s*>)"
)
_HTML = regex.compile(
    r"<span[^<>]*\bid\s*=\s*[\"']?x(\d+)[\"']?[^<>]*>.*?</span\s*>"
    r"|<span[^<>]*\bid\s*=\s*[\"']?g(\d+)[\"']?[^<>]*>|(</span\s*>)",
    regex.DOTALL,
)
_BRACKETS = regex.compile(r"⟦\s*(\d+)\s*⟧")


def write(segment: Masked, style: Style) -> str:
    """The text with its marks."""
    if style == "brackets":
        numbers = {character: f"⟦{number}⟧" for number, character in enumerate(_held(segment.text))}
        return PRIVATE.sub(lambda found: numbers[found[0]], segment.text)
    out: list[str] = []
    for character in segment.text:
        if not PRIVATE.match(character):
            out.append(html.escape(character, quote=False) if style == "html" else character)
        elif is_fixed(character):
            number = ord(character) - FIRST_FIXED
            content = segment.fixed[number] if number < len(segment.fixed) else ""
            held = f'<span translate="no" id="x{number}">{html.escape(content, quote=False)}</span>'
            out.append(held if style == "html" else f'<x id="{number}"/>')
        elif ord(character) < FIRST_CLOSE:
            name = (
                f'span id="g{ord(character) - FIRST_OPEN}"'
                if style == "html"
                else f'g id="{ord(character) - FIRST_OPEN}"'
            )
            out.append(f"<{name}>")
        else:
            out.append("</span>" if style == "html" else "</g>")
    return "".join(out)


def read(answer: str, segment: Masked, style: Style) -> str:
    """The answer in masked form; marks that are none of the segment's are left out."""
    answer = PRIVATE.sub("", answer)
    held = _held(segment.text)
    if style == "brackets":
        return _BRACKETS.sub(lambda found: held[int(found[1])] if int(found[1]) < len(held) else "", answer)
    opened: list[int] = []

    def mark(found: regex.Match[str]) -> str:
        if found[1] is not None:
            character = chr(min(FIRST_FIXED + int(found[1]), FIRST_OPEN))
        elif found[2] is not None:
            opened.append(int(found[2]))
            character = chr(min(FIRST_OPEN + opened[-1], FIRST_CLOSE))
        elif opened:
            character = chr(FIRST_CLOSE + opened.pop())
        else:
            return ""
        return character if character in held else ""

    pattern = _HTML if style == "html" else _XML
    pieces: list[str] = []
    place = 0
    for found in pattern.finditer(answer):
        pieces += [_plain(answer[place : found.start()], style), mark(found)]
        place = found.end()
    return "".join([*pieces, _plain(answer[place:], style)])


def whole(answer: str, segment: Masked) -> bool:
    """Whether the masked answer has every mark of the segment once and words if the segment has."""
    said, asked = PRIVATE.sub("", answer).strip(), PRIVATE.sub("", segment.text).strip()
    return sorted(PRIVATE.findall(answer)) == sorted(PRIVATE.findall(segment.text)) and bool(said) == bool(asked)


def through(segments: Sequence[Masked], ask: Ask, style: Style) -> list[str]:
    """The segments' masked translations; ``ask`` is called twice at most."""
    answers = [read(text, one, style) for text, one in zip(_asked(ask, segments, style), segments, strict=True)]
    broken = [place for place, answer in enumerate(answers) if not whole(answer, segments[place])]
    mended = in_pieces([segments[place] for place in broken], ask, style)
    for place, answer in zip(broken, mended, strict=True):
        answers[place] = answer
    return answers


def in_pieces(segments: Sequence[Masked], ask: Ask, style: Style) -> list[str]:
    """The segments' masked translations, with what stands between the marks translated by itself; one call."""
    cut = [regex.split(r"([\uE000-\uEFFF])", segment.text) for segment in segments]
    wanted = [Masked(piece.strip()) for pieces in cut for piece in pieces if _worded(piece)]
    said = iter(_asked(ask, wanted, style))
    return ["".join(_edged(piece, next(said)) if _worded(piece) else piece for piece in pieces) for pieces in cut]


def _asked(ask: Ask, segments: Sequence[Masked], style: Style) -> list[str]:
    if not segments:
        return []
    answers = ask([write(segment, style) for segment in segments])
    if len(answers) != len(segments):
        raise EngineError(f"the engine answered {len(answers)} texts to {len(segments)}")
    return answers


def _edged(piece: str, said: str) -> str:
    """The answer with the spaces the piece has at its ends."""
    plain = PRIVATE.sub("", said).strip() or piece.strip()
    return piece[: len(piece) - len(piece.lstrip())] + plain + piece[len(piece.rstrip()) :]


def _worded(piece: str) -> bool:
    return any(map(str.isalpha, piece))


def _held(text: str) -> list[str]:
    return list(dict.fromkeys(PRIVATE.findall(text)))


def _plain(text: str, style: Style) -> str:
    return html.unescape(regex.sub(r"<[^<>]*>", "", text)) if style == "html" else text
