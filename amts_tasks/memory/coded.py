"""Text with codes: what stands between a file of a CAT tool and inline Markdown.

A placeholder is a code by itself, a pair of tags two codes with one reference. Each code carries its Markdown, so a
file of ours comes back byte for byte; where a tool put other content into the codes, they are known by their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from amts_tasks.memory.match import plain
from amts_tasks.text import Placeholder, Segment, normalise


@dataclass(frozen=True, slots=True)
class Code:
    """One inline code."""

    kind: Literal["open", "close", "alone"]
    ref: str
    """The same for both ends of a pair, and for a code in the source and its copy in the target."""
    data: str | None
    """What the file says it stands for: in our files its Markdown. None where it does not say."""
    name: str = ""
    """The placeholder's or tag's kind: code, math, b, a …"""


Coded = tuple[str | Code, ...]


def coded(text: str) -> Coded:
    """Inline Markdown as text with codes, numbered from 1 as they begin."""
    if plain(text):
        return (text,) if text else ()
    found: list[str | Code] = []
    count = 0
    pairs: dict[int, str] = {}
    for token in Segment.of(text).tokens:
        if isinstance(token, str):
            found.append(token)
            continue
        if isinstance(token, Placeholder):
            count += 1
            found.append(Code("alone", str(count), token.text, token.kind))
            continue
        if token.open:
            count += 1
            pairs[token.id] = str(count)
        found.append(Code("open" if token.open else "close", pairs[token.id], token.text, token.name))
    return tuple(found)


def target_coded(target: str, source: Coded) -> Coded:
    """A translation as text with codes: a code that the source has too gets its reference, another a new one."""
    free: dict[tuple[str, str | None], list[str]] = {}
    ends = {code.ref: code.data for code in source if isinstance(code, Code) and code.kind == "close"}
    for code in source:
        if isinstance(code, Code) and code.kind != "close":
            free.setdefault((f"{code.data}", ends.get(code.ref)), []).append(code.ref)
    mine = coded(target)
    closing = {code.ref: code.data for code in mine if isinstance(code, Code) and code.kind == "close"}
    named: dict[str, str] = {}
    count = sum(isinstance(code, Code) and code.kind != "close" for code in source)
    made: list[str | Code] = []
    for code in mine:
        if isinstance(code, str):
            made.append(code)
            continue
        if code.kind != "close":
            known = free.get((f"{code.data}", closing.get(code.ref)))
            if known:
                named[code.ref] = known.pop(0)
            else:
                count += 1
                named[code.ref] = str(count)
        made.append(Code(code.kind, named[code.ref], code.data, code.name))
    return tuple(made)


def markdown(text: Coded) -> str | None:
    """The Markdown of a text with codes, as the codes themselves say; None where one does not."""
    parts = [piece if isinstance(piece, str) else piece.data for piece in text]
    return None if None in parts else "".join(part or "" for part in parts)


def words(text: Coded) -> str:
    """The text without its codes, white space made alike: what two tools agree on."""
    return normalise("".join(piece if isinstance(piece, str) else " " for piece in text))


def restored(target: Coded, source: Coded, ours: str) -> str | None:
    """The Markdown of a target in which the tool's codes stand for the codes of `ours`, a source text of the book.

    The codes of both sources are the same in their order and kinds, else it is None; so it is for a target with a code
    that its source has not.
    """
    theirs = [piece for piece in source if isinstance(piece, Code)]
    mine = [piece for piece in coded(ours) if isinstance(piece, Code)]
    if [one.kind for one in theirs] != [one.kind for one in mine] or words(source) != words(coded(ours)):
        return None
    stands: Mapping[tuple[str, str], str | None] = {
        (one.ref, one.kind): other.data for one, other in zip(theirs, mine, strict=True)
    }
    parts: list[str] = []
    for piece in target:
        if isinstance(piece, str):
            parts.append(piece)
        elif (known := stands.get((piece.ref, piece.kind))) is not None:
            parts.append(known)
        else:
            return None
    return "".join(parts)


def joined(pieces: Sequence[str | Code]) -> Coded:
    """The pieces with neighbouring texts as one."""
    made: list[str | Code] = []
    for piece in pieces:
        if isinstance(piece, str) and made and isinstance(made[-1], str):
            made[-1] += piece
        elif piece != "":
            made.append(piece)
    return tuple(made)
