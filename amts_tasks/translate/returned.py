"""What came back for a segment as tokens: each placeholder and tag recognised, put right where certain, or a finding.

A placeholder that changed is the missing one when undoing what services do (full-width forms, grouped digits, spaces,
case, entities escaped twice) gives it and no other, or when it is the only one changed and the only one missing.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from amts_tasks.text import Placeholder, Segment, Tag, Token
from amts_tasks.translate.damage import Damage, Finding
from amts_tasks.translate.exchange import numbered

_ELEMENT = re.compile(r"<\s*(/?)\s*([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?)/?>")
_ID = re.compile(r"""\bid\s*=\s*["'“”]?\s*(\d+)""", re.IGNORECASE)
_KEPT = re.compile(r"""\btranslate\s*=\s*["'“”]?\s*no\b""", re.IGNORECASE)
_SPAN_END = re.compile(r"<\s*/\s*span\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,5}|#[xX][0-9a-fA-F]{1,4});")
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


@dataclass(slots=True)
class _Piece:
    """One piece of the HTML that came back."""

    sort: str
    """text, kept, break, open or close."""
    text: str
    """The text, a placeholder's text, or the name of a tag."""
    number: int | None = None
    """The id of an opening tag, where it has one."""
    closed: bool = True
    """Whether a placeholder has its end."""
    token: Placeholder | None = None
    """The placeholder it was found to be."""


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
        self.ends: dict[tuple[int, bool], Tag] = {(tag.id, tag.open): tag for tag in segment.tags}

    def read(self, inner: str) -> Returned:
        pieces = list(_pieces(inner, sorted((html.escape(text, quote=False) for text in self.sent), key=len)))
        pieces = self._placeholders(pieces)
        return Returned(tuple(self._tags(pieces)), tuple(self.faults), tuple(dict.fromkeys(self.repairs)))

    def _fault(self, kind: Damage, detail: str) -> None:
        self.faults.append(Finding(kind, detail))

    # Placeholders.

    def _placeholders(self, pieces: list[_Piece]) -> list[_Piece]:
        breaks = [placeholder for placeholder in reversed(self.segment.placeholders) if placeholder.kind == "break"]
        loose = {_squeezed(text): text for text in self.sent}
        for piece in pieces:
            if piece.sort == "break":
                if breaks:
                    self._claim(piece, breaks.pop().text)
                else:
                    self._fault(Damage.doubled, "a line break was gained")
            elif piece.sort == "kept":
                text = piece.text if piece.text in self.sent else loose.get(_squeezed(piece.text))
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

    def _claim(self, piece: _Piece, text: str) -> None:
        piece.token = self.sent[text]
        self.missing[text] -= 1

    def _undoubled(self, pieces: list[_Piece]) -> list[_Piece]:
        """Without the second of two like placeholders side by side of which one is too many."""
        if all(count >= 0 for count in self.missing.values()):
            return pieces
        kept: list[_Piece] = []
        last: _Piece | None = None
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

    def _recognised(self, changed: list[_Piece]) -> list[_Piece]:
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

    def _bare(self, pieces: list[_Piece]) -> list[_Piece]:
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
                piece = _Piece("kept", text)
                self._claim(piece, text)
                self.repairs.append(Damage.lost)
                pieces[at : at + 1] = [_Piece("text", before), piece, _Piece("text", after)]
        return pieces

    # Tags.

    def _tags(self, pieces: list[_Piece]) -> list[Token]:
        pieces = self._single(pieces)
        waiting: dict[tuple[str, int | None], list[int]] = {}
        told_apart = numbered(self.segment)
        for tag in self.segment.tags:
            if tag.open:
                waiting.setdefault((tag.name, tag.id if tag.id in told_apart else None), []).append(tag.id)
        tokens: list[Token] = []
        stack: list[tuple[str, int]] = []
        for at, piece in enumerate(pieces):
            if piece.token is not None:
                _with_edges(tokens, piece)
            elif piece.sort == "text":
                text = html.unescape(piece.text) if _ENTITY.search(piece.text) else piece.text
                if text != piece.text:
                    self.repairs.append(Damage.entity)
                if text:
                    tokens.append(text)
            elif piece.sort == "open":
                pair = _opened(piece, waiting)
                if pair is None:
                    self._fault(Damage.tag_doubled, piece.text)
                else:
                    stack.append((piece.text, pair))
                    tokens.append(self.ends[pair, True])
            elif piece.sort == "close":
                self._close(pieces, at, stack, tokens)
        if stack:
            self._end(stack, tokens)
        for (name, _), pairs in waiting.items():
            self.faults += [Finding(Damage.tag_lost, name) for _ in pairs]
        return tokens

    def _single(self, pieces: list[_Piece]) -> list[_Piece]:
        """Without tags that stand directly inside their own double, or end twice at one place."""
        opened = Counter((piece.text, piece.number) for piece in pieces if piece.sort == "open")
        closed = Counter(piece.text for piece in pieces if piece.sort == "close")
        sent = Counter(tag.name for tag in self.segment.tags if tag.open)
        names = Counter(piece.text for piece in pieces if piece.sort == "open")
        kept: list[_Piece] = []
        for piece in pieces:
            before = kept[-1] if kept else None
            like = before is not None and (before.sort, before.text, before.number) == (
                piece.sort,
                piece.text,
                piece.number,
            )
            if piece.sort == "open" and like and names[piece.text] > sent[piece.text]:
                names[piece.text] -= 1
                opened[piece.text, piece.number] -= 1
                self.repairs.append(Damage.tag_doubled)
                continue
            if piece.sort == "close" and like and closed[piece.text] > names[piece.text]:
                closed[piece.text] -= 1
                self.repairs.append(Damage.tag_doubled)
                continue
            kept.append(piece)
        return kept

    def _close(self, pieces: list[_Piece], at: int, stack: list[tuple[str, int]], tokens: list[Token]) -> None:
        name = pieces[at].text
        if stack and stack[-1][0] == name:
            tokens.append(self.ends[stack.pop()[1], False])
            return
        held = [index for index, (other, _) in enumerate(stack) if other == name]
        if held:
            # </b></i> for </i></b>: where all that overlap end here, their order is certain.
            above = [other for other, _ in stack[held[-1] + 1 :]]
            ending: list[_Piece] = []
            for piece in pieces[at + 1 :]:
                if piece.sort == "close" and len(ending) < len(above):
                    ending.append(piece)
                elif piece.sort != "text" or piece.text.strip():
                    break
            if Counter(above) == Counter(piece.text for piece in ending):
                for piece, other in zip([pieces[at], *ending], [*reversed(above), name], strict=True):
                    piece.text = other
                self.repairs.append(Damage.tag_crossed)
                tokens.append(self.ends[stack.pop()[1], False])
                return
        self._fault(Damage.tag_crossed, f"a closing {name} that closes nothing")

    def _end(self, stack: list[tuple[str, int]], tokens: list[Token]) -> None:
        """Close the tag that ends with the text in the source too; the others are lost."""
        if len(stack) == 1:
            end = self.ends[stack[0][1], False]
            at = self.segment.tokens.index(end)
            rest = self.segment.tokens[at + 1 :]
            tail = "".join(token for token in rest if isinstance(token, str))
            if all(isinstance(token, str) for token in rest) and not any(map(str.isalnum, tail)):
                outside = ""
                if tail.strip() and tokens and isinstance(tokens[-1], str):
                    text = tokens[-1].rstrip()
                    while text and unicodedata.category(text[-1]) == "Po" and len(outside) < len(tail.strip()):
                        text, outside = text[:-1], text[-1] + outside
                    tokens[-1] = text
                tokens.append(end)
                if outside:
                    tokens.append(outside)
                self.repairs.append(Damage.tag_lost)
                return
        self.faults += [Finding(Damage.tag_lost, f"{name} is not closed") for name, _ in stack]


def _pieces(inner: str, known: list[str]) -> Iterator[_Piece]:
    """The HTML cut up; ``known`` are the escaped placeholders, the shortest first."""
    position = 0
    while element := _ELEMENT.search(inner, position):
        if element.start() > position:
            yield _Piece("text", html.unescape(inner[position : element.start()]))
        position = element.end()
        closing, name, attributes = element[1], element[2].lower(), element[3]
        if name == "br":
            if not closing:
                yield _Piece("break", "")
        elif name == "span" and not closing and _KEPT.search(attributes):
            end = _SPAN_END.search(inner, position)
            raw = inner[position : end.start()] if end else inner[position:]
            if end is None or "<" in raw:
                # Its end was lost: what stands there whole is the placeholder, and the rest is text.
                whole = next((text for text in reversed(known) if raw.startswith(text)), None)
                if whole is not None and "<" in raw[len(whole) :] + ("" if end else "<"):
                    yield _Piece("kept", html.unescape(whole))
                    position += len(whole)
                    continue
                yield _Piece("kept", html.unescape(raw), closed=False)
            else:
                yield _Piece("kept", html.unescape(raw))
            position = end.end() if end else len(inner)
        elif closing and name == "span":
            continue
        elif closing:
            yield _Piece("close", name)
        else:
            number = _ID.search(attributes)
            yield _Piece("open", name, int(number[1]) if number else None)
    if position < len(inner):
        yield _Piece("text", html.unescape(inner[position:]))


def _opened(piece: _Piece, waiting: dict[tuple[str, int | None], list[int]]) -> int | None:
    """The pair that an opening tag begins; one without its id is the only one left of its name."""
    exact = waiting.get((piece.text, piece.number))
    if exact:
        return exact.pop(0)
    alike = [pairs for (name, _), pairs in waiting.items() if name == piece.text and pairs]
    if piece.number is None and len(alike) == 1 and len(alike[0]) == 1:
        return alike[0].pop()
    return None


def _with_edges(tokens: list[Token], piece: _Piece) -> None:
    """Add a placeholder; spaces that came to stand inside of its protection stand outside."""
    if piece.token is None:
        return
    inside = piece.sort == "kept" and _squeezed(piece.text) == _squeezed(piece.token.text)
    last = tokens[-1] if tokens else None
    if inside and piece.text[:1] == " " and piece.token.text[:1] != " " and isinstance(last, str) and last[-1:] != " ":
        tokens.append(" ")
    tokens.append(piece.token)
    if inside and piece.text[-1:] == " " and piece.token.text[-1:] != " ":
        tokens.append(" ")


def _squeezed(text: str) -> str:
    return " ".join(text.split())


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
