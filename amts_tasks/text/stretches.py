"""An HTML document as stretches: tags of elements that end texts, the texts between them, what is not to be translated.

The tags are read one by one, with the elements that are open: those whose end tags may be left out end as the standard
has it (WHATWG, section 13.1.2.4).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from amts_tasks.text.elements import BLOCK, CLOSES, CLOSES_PARAGRAPH, KINDS, VOID, is_kept, translatable_attributes
from amts_tasks.text.markup import Piece, pieces

_DEEP = 300
"""Open elements that are looked at for one that a tag ends; deeper ones stay open."""
_CODE = frozenset(("pre", "listing", "xmp", "plaintext"))
_LISTS = frozenset(("ul", "ol", "menu", "dl"))
_PARAGRAPH_STOPS = frozenset(("table", "td", "th", "caption", "button", "object", "template"))


@dataclass(slots=True)
class Stretch:
    """Characters of the document that belong together."""

    start: int
    """Zero-based character of the document."""
    end: int
    """Exclusive."""
    kind: str
    """``open`` and ``close`` of an element that ends texts, ``run``, ``blank``, ``code``, ``markup``, ``comment``."""
    element: int = -1
    """Number of the innermost element that ends texts; for a tag its own."""
    name: str = ""
    """Of the element; for a run, of the one around it that says what its text is."""
    level: int = 0
    """For a run, the lists it stands in."""
    attributes: tuple[tuple[int, int, str], ...] = ()
    """Start, end and quote mark of the values a reader is shown."""


@dataclass(frozen=True, slots=True)
class _Open:
    name: str
    number: int
    """Of the element if it ends texts, else of the one it stands in."""


def stretches(text: str) -> list[Stretch]:
    """The whole document, in order and without gaps. Time is linear in its length."""
    return _Reader(text).read()


class _Reader:
    """One pass over the tags, with the elements that are open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Stretch] = []
        self.open: list[_Open] = []
        self.names: Counter[str] = Counter()
        self.numbers = 0
        self.language: str | None = None
        self.run: list[Piece] = []  # the text that goes on, and the tags within
        self.wordy = False  # whether there is more than white space in it
        self.kept: tuple[int, int, str] | None = None  # depth, start and name of what is not to be translated
        self.blocky = False  # whether an element that ends texts is within

    def read(self) -> list[Stretch]:
        for piece in pieces(self.text):
            if piece.kind == "open":
                self._opens(piece)
            elif piece.kind == "close":
                self._closes(piece)
            elif piece.kind == "text":
                self._add(piece)
            elif self.kept is None:
                self._aside(piece)
        self._release(0, len(self.text))
        self._flush()
        return self.found

    def _add(self, piece: Piece) -> None:
        if self.kept is None:
            self.run.append(piece)
            self.wordy = self.wordy or piece.kind != "text" or not self.text[piece.start : piece.end].isspace()

    def _aside(self, piece: Piece) -> None:
        if piece.kind == "comment" and self.wordy:
            self.run.append(piece)
            return
        self._flush()
        self._stretch(piece.start, piece.end, "comment" if piece.kind == "comment" else "markup")

    def _opens(self, piece: Piece) -> None:
        self._imply(piece)
        block = piece.name in BLOCK
        leaf = piece.name in VOID or (piece.empty and not block)
        if self.kept is not None:
            self.blocky = self.blocky or block
        elif not leaf and self._is_kept(piece):
            self.kept = len(self.open), piece.start, piece.name
            self.blocky = block
        elif block:
            self._flush()
            self.numbers += 1
            places = tuple(translatable_attributes(self.text, piece))
            kind = "markup" if leaf else "open"
            self._stretch(piece.start, piece.end, kind, piece.name, places, number=self.numbers)
        else:
            self._add(piece)
        if not leaf:
            self.open.append(_Open(piece.name, self.numbers if block else self._element()))
            self.names[piece.name] += 1

    def _closes(self, piece: Piece) -> None:
        block = piece.name in BLOCK
        if not self.names[piece.name]:
            if self.kept is None and block:
                self._flush()
                self._stretch(piece.start, piece.end, "markup", piece.name)
            else:
                self._add(piece)
            return
        depth = len(self.open) - 1
        while self.open[depth].name != piece.name:
            depth -= 1
        # An inline tag that is closed out of order ends nothing around it.
        if not block and any(one.name in BLOCK for one in self.open[max(depth, len(self.open) - _DEEP) + 1 :]):
            self._add(piece)
            return
        number = self.open[depth].number
        was_kept = self.kept is not None
        if self.kept is not None and depth == self.kept[0]:
            self._release(depth, piece.end)
            self._pop(depth)
            return
        self._release(depth, piece.start)
        if was_kept and self.kept is not None:
            self._pop(depth)
            return
        if block:
            self._flush()
        self._pop(depth)
        if block:
            self._stretch(piece.start, piece.end, "close", piece.name, number=number)
        else:
            self._add(piece)

    def _imply(self, piece: Piece) -> None:
        """Close what the tag ends without an end tag."""
        if piece.name in CLOSES_PARAGRAPH and self.names["p"]:
            self._close_to(frozenset(("p",)), _PARAGRAPH_STOPS, piece.start)
        closes = CLOSES.get(piece.name)
        if closes is not None and any(self.names[name] for name in closes[0]):
            self._close_to(*closes, piece.start)

    def _close_to(self, names: frozenset[str], stops: frozenset[str], at: int) -> None:
        found = None
        for depth in range(len(self.open) - 1, max(len(self.open) - _DEEP, 0) - 1, -1):
            name = self.open[depth].name
            if name in names:
                found = depth
                # A cell ends with its row, the row with its body.
                if name not in {"td", "th", "tr"}:
                    break
            elif name in stops:
                break
        if found is not None:
            self._release(found, at)
            if self.kept is None:
                self._flush()
            self._pop(found)

    def _pop(self, depth: int) -> None:
        for one in self.open[depth:]:
            self.names[one.name] -= 1
        del self.open[depth:]

    def _release(self, depth: int, end: int) -> None:
        """End what is kept if it stands at this depth or deeper."""
        if self.kept is None or self.kept[0] < depth:
            return
        _, start, name = self.kept
        self.kept = None
        if name in BLOCK or self.blocky:
            self._flush()
            self._stretch(start, end, "code" if name in _CODE else "markup", name)
        else:
            self.run.append(Piece("other", start, end, name))
            self.wordy = True

    def _is_kept(self, piece: Piece) -> bool:
        if is_kept(self.text, piece):
            return True
        language = piece.value(self.text, "lang") if piece.attributes else None
        if language is None:
            return False
        primary = language.strip().lower().partition("-")[0]
        if piece.name in {"html", "body"}:
            self.language = self.language or primary
            return False
        return bool(primary) and (piece.name not in BLOCK or self.language is not None) and primary != self.language

    def _element(self) -> int:
        return self.open[-1].number if self.open else -1

    def _stretch(
        self,
        start: int,
        end: int,
        kind: str,
        name: str = "",
        places: tuple[tuple[int, int, str], ...] = (),
        number: int = -1,
    ) -> None:
        self.found.append(Stretch(start, end, kind, number, name, 0, places))

    def _flush(self) -> None:
        """The run that was gathered, as a stretch."""
        if not self.run:
            return
        start, end = self.run[0].start, self.run[-1].end
        places = tuple(
            place for piece in self.run if piece.kind == "open" for place in translatable_attributes(self.text, piece)
        )
        holder = next((one.name for one in reversed(self.open[-_DEEP:]) if one.name in BLOCK), "")
        if holder in {"p", "div"}:
            holder = next((one.name for one in reversed(self.open[-_DEEP:]) if one.name in KINDS), "")
            holder = holder if holder in {"li", "dd", "dt", "blockquote"} else "p"
        level = sum(self.names[name] for name in _LISTS)
        kind = "run" if self.wordy else "blank"
        self.found.append(Stretch(start, end, kind, self._element(), holder, level, places))
        self.run = []
        self.wordy = False
