"""What came back for a segment as tokens: each placeholder and tag recognised, put right where certain, or a finding.

A placeholder that changed is the missing one when undoing what services do (full-width forms, grouped digits, spaces,
case, entities escaped twice) gives it and no other, or when it is the only one changed and the only one missing.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from amts_tasks.text import Placeholder, Segment, Token
from amts_tasks.translate.damage import Damage, Finding
from amts_tasks.translate.nesting import Nesting
from amts_tasks.translate.pieces import Piece, cut, squeezed

_GROUPED = re.compile(r"(?<=\d)[,.'’\u00a0\u202f](?=\d)")
_SHOWN = 60
"""Characters of a placeholder that a finding shows."""
_ALIKE = 0.5
"""Least similarity (Indel, 0–1) of a changed placeholder to the only missing one."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back for a segment, with the segment's own placeholders and tags where they were recognised."""

    tokens: tuple[Token, ...]
    faults: tuple[Finding, ...]
    """Everything lost, doubled, altered, crossed or unknown; empty where the markup is whole."""
    repairs: tuple[Damage, ...] = ()
    """What was put right."""


def from_inner_html(inner: str, segment: Segment) -> Returned:
    """The tokens of a returned inner HTML, and the faults of its placeholders and tags against the segment's."""
    return _Reader(segment).read(inner)


class _Reader:
    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.faults: list[Finding] = []
        self.repairs: list[Damage] = []
        self.sent: dict[str, Placeholder] = {p.text: p for p in segment.placeholders}
        self.missing = Counter(placeholder.text for placeholder in segment.placeholders)

    def read(self, inner: str) -> Returned:
        pieces = list(cut(inner, sorted((html.escape(text, quote=False) for text in self.sent), key=len)))
        pieces = self._placeholders(pieces)
        nesting = Nesting(self.segment)
        tokens = nesting.read(pieces)
        faults = (*self.faults, *nesting.faults)
        return Returned(tuple(tokens), faults, tuple(dict.fromkeys((*self.repairs, *nesting.repairs))))

    def _fault(self, kind: Damage, detail: str) -> None:
        self.faults.append(Finding(kind, detail))

    def _placeholders(self, pieces: list[Piece]) -> list[Piece]:
        breaks = [placeholder for placeholder in reversed(self.segment.placeholders) if placeholder.kind == "break"]
        loose = {squeezed(text): text for text in self.sent}
        for piece in pieces:
            if piece.sort == "break":
                if breaks:
                    self._claim(piece, breaks.pop().text)
                else:
                    self._fault(Damage.doubled, "a line break was gained")
            elif piece.sort == "kept":
                text = piece.text if piece.text in self.sent else loose.get(squeezed(piece.text))
                if text is not None:
                    self._claim(piece, text)
        pieces = self._undoubled(pieces)
        changed = [piece for piece in pieces if piece.sort == "kept" and piece.token is None]
        if changed:
            changed = self._recognised(changed)
        if any(count > 0 for count in self.missing.values()):
            pieces = self._bare(pieces)
        self.faults += [
            Finding(Damage.altered, repr(piece.text[:_SHOWN]) + ("" if piece.closed else " is not closed"))
            for piece in changed
        ]
        for text, count in self.missing.items():
            if count:
                self._fault(Damage.lost if count > 0 else Damage.doubled, repr(text[:_SHOWN]))
        return pieces

    def _claim(self, piece: Piece, text: str) -> None:
        piece.token = self.sent[text]
        self.missing[text] -= 1

    def _undoubled(self, pieces: list[Piece]) -> list[Piece]:
        """Without the second of two like placeholders side by side of which one is too many."""
        if all(count >= 0 for count in self.missing.values()):
            return pieces
        kept: list[Piece] = []
        last: Piece | None = None
        for piece in pieces:
            if piece.sort == "kept" and piece.token is not None and last is not None and last.token == piece.token:
                text = piece.token.text
                if self.missing[text] < 0:
                    self.missing[text] += 1
                    self.repairs.append(Damage.doubled)
                    continue
            if piece.sort != "text" or piece.text.strip():
                last = piece
            kept.append(piece)
        return kept

    def _recognised(self, changed: list[Piece]) -> list[Piece]:
        """Give the changed placeholders the missing one each must be; returns those that could be several or none."""
        undone: dict[str, set[str]] = {}
        for text in self.sent:
            undone.setdefault(_undone(text), set()).add(text)
        for piece in changed:
            found = {text for text in undone.get(_undone(piece.text), ()) if self.missing[text] > 0}
            # Two that differ only in what is undone, x and X, cannot be told apart.
            if piece.closed and len(found) == len(undone.get(_undone(piece.text), ())) == 1:
                self._claim(piece, found.pop())
                self.repairs.append(Damage.altered)
        left = [piece for piece in changed if piece.token is None]
        missing = [text for text, count in self.missing.items() for _ in range(count)]
        if len(left) == len(missing) == 1 and left[0].closed and "<" not in left[0].text:
            one, other = _undone(left[0].text), _undone(missing[0])
            framed = one[:1] == other[:1] and (one[:1].isalnum() or one[-1:] == other[-1:])
            if framed and Indel.normalized_similarity(one, other) >= _ALIKE:
                self._claim(left[0], missing[0])
                self.repairs.append(Damage.altered)
                return []
        return left

    def _bare(self, pieces: list[Piece]) -> list[Piece]:
        """With the missing placeholders that stand once as text taken for what they are."""
        plain = self.segment.plain
        for text in [text for text, count in self.missing.items() if count == 1]:
            # A word or a number can be prose; a formula, a reference or a piece of code has its marks.
            if len(text) < 3 or text[:1].isalnum() or text in plain:
                continue
            places = [piece for piece in pieces if piece.sort == "text" and text in piece.text]
            if len(places) == 1 and places[0].text.count(text) == 1:
                at = pieces.index(places[0])
                before, _, after = places[0].text.partition(text)
                piece = Piece("kept", text)
                self._claim(piece, text)
                self.repairs.append(Damage.lost)
                pieces[at : at + 1] = [Piece("text", before), piece, Piece("text", after)]
        return pieces


def _undone(text: str) -> str:
    """The text without what services do to protected parts."""
    for _ in range(3):
        text = html.unescape(text)
    text = unicodedata.normalize("NFKC", text)
    text = "".join(text.split()).replace("。", ".").replace("、", ",").replace("\u200b", "")
    return _GROUPED.sub("", text).casefold()


def joined_text(tokens: Iterable[Token]) -> list[Token]:
    """The tokens with neighbouring texts made one; two spaces that meet are one."""
    made: list[Token] = []
    for token in tokens:
        if isinstance(token, str) and made and isinstance(made[-1], str):
            last = made[-1]
            made[-1] = last + (token[1:] if last.endswith(" ") and token.startswith(" ") else token)
        else:
            made.append(token)
    return made
