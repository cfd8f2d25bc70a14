"""Paragraphs, with what only their later lines decide: setext headings, captions, images, display math inside."""

from __future__ import annotations

from amts_tasks.text import attributes, leaves
from amts_tasks.text.blocks import Kind, Text
from amts_tasks.text.containers import QUOTE, Place, locate, prefix
from amts_tasks.text.interrupts import interrupts
from amts_tasks.text.page import Page
from amts_tasks.text.segments import Segment, Tag


def paragraph(page: Page, number: int, at: int) -> int:
    """The line after the paragraph, list item, quote, caption, image or setext heading whose text begins here."""
    line = page.lines[number]
    in_quote = QUOTE in page.containers
    kind = Kind.list_item if page.item else Kind.quote if in_quote else Kind.paragraph
    caption = leaves.CAPTION.match(line, at)
    task = leaves.TASK.match(line, at) if page.item else None
    if caption and kind == Kind.paragraph:
        kind, at = Kind.caption, caption.end()
    elif task:
        at = task.end()
    rows = [(number, at, len(line))]
    math = _math_after(page, number, at, inside=False)
    after = number + 1
    setext = 0
    indented = bool(page.frames) and line[:at].isspace()
    while after < len(page.lines):
        line = page.lines[after]
        if math > after:
            place = locate(line, page.containers)
            rows.append((after, place.inner, len(line)))
            after += 1
            if math == after:
                math = _math_after(page, after - 1, place.inner, inside=True)
            continue
        if not line or line.isspace():
            break
        if line[0] in leaves.SPECIAL or line[0] in " \t" or page.containers:
            place = locate(line, page.containers)
            if place.position == len(line):
                break
            if place.depth == len(page.containers) and place.indent < 4:
                underline = leaves.SETEXT.match(line, place.position)
                if underline:
                    setext = 1 if underline[1] else 2
                    after += 1
                    break
            if interrupts(page, after, place):
                break
            if page.frames and page.frames[-1].name == "glossary" and bool(place.indent) != indented:
                break
        else:
            place = Place(0, 0, 0, 0, 0)
        rows.append((after, place.position, len(line)))
        if "$$" in line:
            math = _math_after(page, after, place.position, inside=False)
        after += 1
    if setext:
        texts = page.texts(Kind.heading, rows, prefix(page.containers))
        return page.add(Kind.heading, number, after, texts, setext)
    texts = page.texts(kind, rows, prefix(page.containers))
    if kind == Kind.paragraph and page.text.startswith("![", page.starts[number] + at):
        caption_rows = _image(page, texts[0])
        if caption_rows is not None:
            return page.add(Kind.image, number, after, caption_rows)
    if texts and texts[0].source.startswith("<"):
        values = _values(page, texts[0])
        if values:
            return page.add(Kind.image, number, after, values)
    return page.add(kind, number, after, texts)


def _values(page: Page, text: Text) -> tuple[Text, ...]:
    """What readers see of the tags in a text that is nothing but tags."""
    begin, end = text.spans[0][0], text.spans[-1][1]
    segment = Segment.of(text.source)
    if segment.translatable or page.text[begin:end] != text.source:
        return ()
    found: tuple[Text, ...] = ()
    at = begin
    for token in segment.tokens:
        length = len(token if isinstance(token, str) else token.text)
        if not isinstance(token, str) and token.text.startswith("<"):
            found += attributes.values(page, at, at + length, len(found))
        at += length
    return found


def _math_after(page: Page, number: int, at: int, *, inside: bool) -> int:
    """The line after the one that ends the display math open at the end of this line; 0 where none is."""
    if (page.lines[number].count("$$", at) + inside) % 2 == 0:
        return 0
    after = number + 1
    while after < len(page.lines) and page.lines[after].strip():
        if "$$" in page.lines[after]:
            return after + 1
        after += 1
    return 0


def _image(page: Page, text: Text) -> tuple[Text, ...] | None:
    """The caption of a paragraph that is nothing but an image; None where it is not."""
    segment = Segment.of(text.source)
    first, last = segment.tokens[0], segment.tokens[-1]
    if not (isinstance(first, Tag) and isinstance(last, Tag) and first.id == last.id and first.text == "!["):
        whole = len(segment.tokens) == 1 and not isinstance(first, str) and text.source.endswith((")", "}"))
        return () if whole else None
    skipped, left = len(first.text), len(text.source) - len(last.text)
    spans = []
    at = 0
    for begin, end in text.spans:
        low, high = max(at, skipped), min(at + end - begin, left)
        if low <= high:
            spans.append((begin + low - at, begin + high - at))
        at += end - begin + 1
    source = "\n".join(page.text[begin:end] for begin, end in spans)
    return (Text(0, Kind.caption, tuple(spans), source, text.continuation),) if source.strip() else ()
