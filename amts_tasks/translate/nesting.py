"""The tags that came back for a segment: each paired with the segment's own, nested again where that is certain."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter

from amts_tasks.text import Segment, Tag, Token
from amts_tasks.translate.damage import Damage, Finding
from amts_tasks.translate.exchange import numbered
from amts_tasks.translate.pieces import Piece, squeezed

_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,5}|#[xX][0-9a-fA-F]{1,4});")


class Nesting:
    """Makes tokens of pieces whose placeholders are known; what is wrong with the tags is in ``faults``."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.faults: list[Finding] = []
        self.repairs: list[Damage] = []
        self.ends: dict[tuple[int, bool], Tag] = {(tag.id, tag.open): tag for tag in segment.tags}

    def read(self, pieces: list[Piece]) -> list[Token]:
        """The tokens, with the segment's tags; ``faults`` and ``repairs`` grow by what was found."""
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
                    self.faults.append(Finding(Damage.tag_doubled, piece.text))
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

    def _single(self, pieces: list[Piece]) -> list[Piece]:
        """Without tags that stand directly inside their own double, or end twice at one place."""
        opened = Counter((piece.text, piece.number) for piece in pieces if piece.sort == "open")
        closed = Counter(piece.text for piece in pieces if piece.sort == "close")
        sent = Counter(tag.name for tag in self.segment.tags if tag.open)
        names = Counter(piece.text for piece in pieces if piece.sort == "open")
        kept: list[Piece] = []
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

    def _close(self, pieces: list[Piece], at: int, stack: list[tuple[str, int]], tokens: list[Token]) -> None:
        name = pieces[at].text
        if stack and stack[-1][0] == name:
            tokens.append(self.ends[stack.pop()[1], False])
            return
        held = [index for index, (other, _) in enumerate(stack) if other == name]
        if held:
            # </b></i> for </i></b>: where all that overlap end here, their order is certain.
            above = [other for other, _ in stack[held[-1] + 1 :]]
            ending: list[Piece] = []
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
        self.faults.append(Finding(Damage.tag_crossed, f"a closing {name} that closes nothing"))

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


def _opened(piece: Piece, waiting: dict[tuple[str, int | None], list[int]]) -> int | None:
    """The pair that an opening tag begins; one without its id is the only one left of its name."""
    exact = waiting.get((piece.text, piece.number))
    if exact:
        return exact.pop(0)
    alike = [pairs for (name, _), pairs in waiting.items() if name == piece.text and pairs]
    if piece.number is None and len(alike) == 1 and len(alike[0]) == 1:
        return alike[0].pop()
    return None


def _with_edges(tokens: list[Token], piece: Piece) -> None:
    """Add a placeholder; spaces that came to stand inside of its protection stand outside."""
    if piece.token is None:
        return
    inside = piece.sort == "kept" and squeezed(piece.text) == squeezed(piece.token.text)
    last = tokens[-1] if tokens else None
    if inside and piece.text[:1] == " " and piece.token.text[:1] != " " and isinstance(last, str) and last[-1:] != " ":
        tokens.append(" ")
    tokens.append(piece.token)
    if inside and piece.text[-1:] == " " and piece.token.text[-1:] != " ":
        tokens.append(" ")
