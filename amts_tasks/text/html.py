"""HTML documents: the texts of their elements and of the attributes a reader sees; every other byte stays.

The document is read as a list of tags, never as a tree that would have to be written again: only where elements end
whose end tag may be left out (``p``, ``li``, table cells) is worked out as the standard has it (WHATWG, section
13.1.2.4), and so is what is not to be translated: by element, ``translate="no"``, the class ``notranslate``, another
``lang``.

A block is an element with text, together with its own tags; the other tags stand between as blocks of markup, one for
those that touch; white space between them is blank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from amts_tasks.text.blocks import Block, Form, Kind, ParsedDocument, Text
from amts_tasks.text.elements import BLOCK, CLOSES, CLOSES_PARAGRAPH, VOID, is_kept, translatable_attributes
from amts_tasks.text.fragment import fragment, quoted, restored, value
from amts_tasks.text.markup import Piece, pieces
from amts_tasks.text.segments import Segment

_DEEP = 300
"""Open elements that are looked at for one that a tag ends; deeper ones stay open."""
_KINDS = {
    "li": Kind.list_item,
    "dt": Kind.list_item,
    "dd": Kind.list_item,
    "td": Kind.table_row,
    "th": Kind.table_row,
    "caption": Kind.caption,
    "figcaption": Kind.caption,
    "blockquote": Kind.quote,
    **{f"h{level}": Kind.heading for level in range(1, 7)},
}
_CODE = frozenset(("pre", "listing", "xmp", "plaintext"))
_LISTS = frozenset(("ul", "ol", "menu", "dl"))
_OPTIONAL = frozenset([
    "p",
    "li",
    "dt",
    "dd",
    "td",
    "th",
    "tr",
    "tbody",
    "thead",
    "tfoot",
    "caption",
    "colgroup",
    "option",
    "optgroup",
    "head",
    "body",
    "html",
])
"""Elements whose end tags may be left out."""
_PARAGRAPH_STOPS = frozenset(("table", "td", "th", "caption", "button", "object", "template"))


@dataclass(slots=True)
class _Unit:
    """A stretch of the document."""

    start: int
    end: int
    kind: str
    """``open`` and ``close`` of an element that ends texts, ``run``, ``blank``, ``code``, ``markup``, ``comment``."""
    element: int = -1
    """Number of the innermost element that ends texts; for a tag its own."""
    name: str = ""
    level: int = 0
    attributes: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Open:
    name: str
    number: int
    """Of the element if it ends texts, else of the one it stands in."""


def parse(text: str, path: str = "") -> ParsedDocument:
    """The document's blocks; any text at all is a document. Time is linear in its length."""
    units = _Reader(text).read()
    blocks: list[Block] = []
    line = 1
    index = 0
    while index < len(units):
        last, content = _together(units, index)
        start, end = units[index].start, units[last].end
        kind, level, texts = _said(text, units[index : last + 1], content)
        source = text[start:end]
        blocks.append(Block(len(blocks), kind, start, end, line, source, level, None, (), texts, Form.html))
        line += source.count("\n")
        index = last + 1
    return ParsedDocument(path, text, tuple(blocks), Form.html)


def render(document: ParsedDocument, replacements: Mapping[tuple[int, int], str]) -> str:
    """The document with the texts of (block index, text index) replaced by new inline Markdown, escaped for where they
    go."""
    source = document.text
    values: dict[tuple[int, int], str] = {}
    runs: dict[tuple[int, int], str] = {}
    for (block, index), new in replacements.items():
        text = document.blocks[block].texts[index]
        if new == text.source:
            continue
        (span,) = text.spans
        if text.attribute is None:
            runs[span] = new
            continue
        written = source[slice(*span)]
        made = value(written)
        if made is not None:
            values[span] = quoted(restored(made, new, written, {}), text.attribute)
    changed: dict[tuple[int, int], str] = {}
    for span, new in runs.items():
        run = source[slice(*span)]
        made = fragment(run)
        if made is not None:
            inside = {
                (begin - span[0], end - span[0]): value
                for (begin, end), value in values.items()
                if span[0] <= begin and end <= span[1]
            }
            changed[span] = restored(made, new, run, inside)
    outer = sorted(changed)
    changed |= {span: new for span, new in values.items() if not _within(span, outer)}
    parts: list[str] = []
    position = 0
    for (begin, end), new in sorted(changed.items()):
        parts += [source[position:begin], new]
        position = end
    return "".join([*parts, source[position:]])


def frame(block: Block) -> list[str]:
    """What a block has outside of its texts."""
    spans = sorted(text.spans[0] for text in block.texts)
    parts: list[str] = []
    position = block.start
    for begin, end in spans:
        if begin >= position:
            parts.append(block.text[position - block.start : begin - block.start])
            position = end
    return [*parts, block.text[position - block.start :]]


def nested(text: str) -> bool:
    """Whether every element that needs an end tag has its own, in order."""
    opened: list[str] = []
    for piece in pieces(text):
        if piece.name in BLOCK and piece.name not in VOID and piece.name not in _OPTIONAL:
            if piece.kind == "open":
                opened.append(piece.name)
            elif piece.kind == "close" and (not opened or opened.pop() != piece.name):
                return False
    return not opened


def _within(span: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if spans[middle][0] <= span[0] else (low, middle)
    return low > 0 and span[1] <= spans[low - 1][1]


def _together(units: list[_Unit], index: int) -> tuple[int, int | None]:
    """The number of the last unit of the block that begins here, and of the run in it."""
    unit = units[index]
    if unit.kind in {"blank", "code", "comment"}:
        return index, None
    last = index
    while last < len(units) and units[last].kind in {"open", "close", "markup"}:
        following = units[last + 1] if last + 1 < len(units) else None
        own = following is not None and following.kind == "run" and units[last].kind == "open"
        if own and following is not None and units[last].element == following.element:
            if last > index:
                return last - 1, None
            break
        last += 1
    if last < len(units) and units[last].kind in {"open", "run"} and not (last > index and units[last].kind == "run"):
        run = last + 1 if units[last].kind == "open" else last
        closes = (
            run + 1 < len(units) and units[run + 1].kind == "close" and units[run + 1].element == units[run].element
        )
        return run + closes, run
    return last - 1, None


def _said(source: str, units: list[_Unit], content: int | None) -> tuple[Kind, int, tuple[Text, ...]]:
    """Kind, level and texts of a block."""
    run = next((unit for unit in units if unit.kind == "run"), None)
    places = [place for unit in units for place in unit.attributes]
    texts: list[Text] = []
    if run is not None:
        begin, end = _trimmed(source, run)
        made = fragment(source[begin:end])
        kind = _KINDS.get(run.name, Kind.paragraph)
        if made is not None and Segment.of(made.source).translatable:
            own = Kind.table_cell if kind is Kind.table_row else kind
            texts.append(Text(0, own, ((begin, end),), made.source, None))
    for begin, end, mark in places:
        made = value(source[begin:end])
        if made is not None:
            texts.append(Text(len(texts), Kind.caption, ((begin, end),), made.source, None, mark))
    if run is not None and texts and texts[0].attribute is None:
        level = int(run.name[1]) if kind is Kind.heading else run.level
        return kind, level, tuple(texts)
    only = units[0].kind
    if only in {"blank", "code", "comment"}:
        return Kind(only), 0, tuple(texts)
    return Kind.image if texts and run is not None else Kind.html, 0, tuple(texts)


def _trimmed(source: str, run: _Unit) -> tuple[int, int]:
    text = source[run.start : run.end]
    return run.end - len(text.lstrip()), run.start + len(text.rstrip())


class _Reader:
    """One pass over the tags, with the elements that are open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.units: list[_Unit] = []
        self.open: list[_Open] = []
        self.names: Counter[str] = Counter()
        self.numbers = 0
        self.language: str | None = None
        self.run: list[Piece] = []  # the text that goes on, and the tags within
        self.wordy = False  # whether there is more than white space in it
        self.kept: tuple[int, int, str] | None = None  # depth, start and name of what is not to be translated
        self.blocky = False  # whether an element that ends texts is within

    def read(self) -> list[_Unit]:
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
        return self.units

    def _add(self, piece: Piece) -> None:
        if self.kept is None:
            self.run.append(piece)
            self.wordy = self.wordy or piece.kind != "text" or not self.text[piece.start : piece.end].isspace()

    def _aside(self, piece: Piece) -> None:
        if piece.kind == "comment" and self.wordy:
            self.run.append(piece)
            return
        self._flush()
        self._unit(piece.start, piece.end, "comment" if piece.kind == "comment" else "markup")

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
            self._unit(piece.start, piece.end, kind, piece.name, places, number=self.numbers)
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
                self._unit(piece.start, piece.end, "markup", piece.name)
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
            self._unit(piece.start, piece.end, "close", piece.name, number=number)
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
            self._unit(start, end, "code" if name in _CODE else "markup", name)
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

    def _unit(
        self,
        start: int,
        end: int,
        kind: str,
        name: str = "",
        places: tuple[tuple[int, int, str], ...] = (),
        number: int = -1,
    ) -> None:
        self.units.append(_Unit(start, end, kind, number, name, 0, places))

    def _flush(self) -> None:
        """The run that was gathered as a unit."""
        if not self.run:
            return
        start, end = self.run[0].start, self.run[-1].end
        places = tuple(
            place for piece in self.run if piece.kind == "open" for place in translatable_attributes(self.text, piece)
        )
        holder = next((one.name for one in reversed(self.open[-_DEEP:]) if one.name in BLOCK), "")
        if holder in {"p", "div"}:
            holder = next((one.name for one in reversed(self.open[-_DEEP:]) if one.name in _KINDS), "")
            holder = holder if holder in {"li", "dd", "dt", "blockquote"} else "p"
        level = sum(self.names[name] for name in _LISTS)
        kind = "run" if self.wordy else "blank"
        self.units.append(_Unit(start, end, kind, self._element(), holder, level, places))
        self.run = []
        self.wordy = False
