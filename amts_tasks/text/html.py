"""HTML documents: the texts of their elements and of the attributes a reader sees; every other byte stays.

The document is read as a list of tags, never as a tree that would have to be written again: only where elements end
whose end tag may be left out (``p``, ``li``, table cells) is worked out as the standard has it (WHATWG, section
13.1.2.4), and so is what is not to be translated: by element, ``translate="no"``, the class ``notranslate``, another
``lang``.

A block is an element with text, together with its own tags; the other tags stand between as blocks of markup, one for
those that touch; white space between them is blank.
"""

from __future__ import annotations

from collections.abc import Mapping

from amts_tasks.text.blocks import Block, Form, Kind, ParsedDocument, Text
from amts_tasks.text.elements import BLOCK, KINDS, VOID
from amts_tasks.text.fragment import fragment, quoted, restored, value
from amts_tasks.text.markup import pieces
from amts_tasks.text.segments import Segment
from amts_tasks.text.stretches import Stretch, stretches

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


def parse(text: str, path: str = "") -> ParsedDocument:
    """The document's blocks; any text at all is a document. Time is linear in its length."""
    found = stretches(text)
    blocks: list[Block] = []
    line = 1
    index = 0
    while index < len(found):
        last, content = _together(found, index)
        start, end = found[index].start, found[last].end
        kind, level, texts = _said(text, found[index : last + 1], content)
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


def _together(found: list[Stretch], index: int) -> tuple[int, int | None]:
    """The number of the last stretch of the block that begins here, and of the run in it."""
    if found[index].kind in {"blank", "code", "comment"}:
        return index, None
    last = index
    while last < len(found) and found[last].kind in {"open", "close", "markup"}:
        following = found[last + 1] if last + 1 < len(found) else None
        own = following is not None and following.kind == "run" and found[last].kind == "open"
        if own and following is not None and found[last].element == following.element:
            if last > index:
                return last - 1, None
            break
        last += 1
    if last < len(found) and found[last].kind in {"open", "run"} and not (last > index and found[last].kind == "run"):
        run = last + 1 if found[last].kind == "open" else last
        closes = (
            run + 1 < len(found) and found[run + 1].kind == "close" and found[run + 1].element == found[run].element
        )
        return run + closes, run
    return last - 1, None


def _said(source: str, found: list[Stretch], content: int | None) -> tuple[Kind, int, tuple[Text, ...]]:
    """Kind, level and texts of a block."""
    run = next((one for one in found if one.kind == "run"), None)
    places = [place for one in found for place in one.attributes]
    texts: list[Text] = []
    if run is not None:
        begin, end = _trimmed(source, run)
        made = fragment(source[begin:end])
        kind = KINDS.get(run.name, Kind.paragraph)
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
    only = found[0].kind
    if only in {"blank", "code", "comment"}:
        return Kind(only), 0, tuple(texts)
    return Kind.image if texts and run is not None else Kind.html, 0, tuple(texts)


def _trimmed(source: str, run: Stretch) -> tuple[int, int]:
    text = source[run.start : run.end]
    return run.end - len(text.lstrip()), run.start + len(text.rstrip())
