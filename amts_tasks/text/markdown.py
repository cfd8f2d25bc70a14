"""Documents to blocks: a scanner of lines that follows CommonMark where the books do, and D2L's dialect elsewhere.

Every block begins at a line start, whatever container the line stands in, so that blocks cover a document by
construction. markdown-it-py is not used: it knows no ``$$``, so that a row of ``=`` in a formula becomes a heading, its
cells and inline content have no positions, and it drops blocks nested deeper than a limit; the tests compare the two.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from amts_tasks.text import leaves
from amts_tasks.text.blocks import Block, Kind, ParsedDocument, Text
from amts_tasks.text.containers import QUOTE, Place, locate, open_item, open_quote, prefix
from amts_tasks.text.segments import Segment, Tag
from amts_tasks.text.table import cells, is_head

_CODE_LIKE = frozenset((Kind.code, Kind.comment, Kind.blank, Kind.front_matter, Kind.html))
_LAZY = frozenset((Kind.paragraph, Kind.list_item, Kind.quote, Kind.math, Kind.label))


def parse(text: str, path: str = "") -> ParsedDocument:
    """The document's blocks; any text at all is a document. Time is linear in its length."""
    return ParsedDocument(path, text, tuple(_Scanner(text).blocks()))


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        if not self.lines[-1]:
            self.lines.pop()
            self.starts.pop()
        self.starts[-1] = len(text)
        self.containers: list[int] = []
        self.found: list[Block] = []
        self.tab: str | None = None
        self.item = False

    def blocks(self) -> list[Block]:
        line = self._front_matter()
        while line < len(self.lines):
            line = self._block(line)
        return self.found

    # One block at a time: each method returns the number of the line after the block.

    def _block(self, number: int) -> int:
        line = self.lines[number]
        if not line or line.isspace():
            after = number + 1
            while after < len(self.lines) and not self.lines[after].strip():
                after += 1
            return self._add(Kind.blank, number, after)
        place = locate(line, self.containers)
        if place.depth < len(self.containers) and not self._goes_on(number, place):
            del self.containers[place.depth :]
        self.item = False
        while place.position < len(line):
            quote = open_quote(line, place)
            if quote is not None:
                self.containers.append(QUOTE)
                place = quote
                continue
            first = line[place.position]
            if first in "-+*0123456789" and not leaves.THEMATIC.match(line, place.position):
                item = open_item(line, place)
                if item is not None:
                    place, width, _ = item
                    self.containers.append(width)
                    self.item = True
                    continue
            break
        if not line[place.position :].strip():
            return self._add(Kind.list_item if self.item else Kind.blank, number, number + 1)
        return self._leaf(number, place)

    def _goes_on(self, number: int, place: Place) -> bool:
        """Whether this line is a lazy one of the item or quote before it that we cut off, as a formula under its text.

        What follows may stand in the same containers still.
        """
        if not self.found or self.found[-1].kind not in _LAZY or place.indent > 3:
            return False
        line, at = self.lines[number], place.position
        return self._math_end(number, at) is not None or leaves.ROLE_LINE.match(line, at) is not None

    def _leaf(self, number: int, place: Place) -> int:
        line, at = self.lines[number], place.position
        first = line[at]
        if place.indent > 3 and not line.startswith("$$", at):
            return self._indented(number)
        if first in leaves.SPECIAL:
            ended = self._special(number, at)
            if ended is not None:
                return ended
        if number + 1 < len(self.lines) and "|" in line and self._is_head(number, at):
            return self._table(number, at)
        return self._paragraph(number, at)

    def _special(self, number: int, at: int) -> int | None:
        """The block that begins here if its first characters say so; None for a paragraph or a table."""
        line = self.lines[number]
        first = line[at]
        if first == "#":
            heading = leaves.HEADING.match(line, at)
            if heading:
                return self._heading(number, heading)
        elif first in "`~":
            fence = leaves.FENCE.match(line, at)
            if fence:
                return self._fence(number, fence)
        if first in "$[(*~":
            ended = self._math_end(number, at)
            if ended is not None:
                return self._add(Kind.math, number, ended)
        if first == ":":
            return self._colon(number, at)
        if first == "<":
            return self._markup(number, at, in_paragraph=False)
        if first in "-*_" and leaves.THEMATIC.match(line, at):
            return self._add(Kind.directive, number, number + 1)
        if (first == "[" and leaves.DEFINITION.match(line, at)) or (first == "{" and leaves.SHORTCODE.match(line, at)):
            return self._add(Kind.directive, number, number + 1)
        return None

    def _front_matter(self) -> int:
        if not self.lines or self.lines[0].rstrip() != "---":
            return 0
        for number in range(1, len(self.lines)):
            stripped = self.lines[number].rstrip()
            if stripped in {"---", "..."}:
                return self._add(Kind.front_matter, 0, number + 1) if number > 1 else 0
            if not stripped and number == 1:
                return 0
        return 0

    def _indented(self, number: int) -> int:
        after = number + 1
        end = after
        while after < len(self.lines):
            line = self.lines[after]
            if line.strip():
                place = locate(line, self.containers)
                if place.depth < len(self.containers) or place.indent < 4:
                    break
                end = after + 1
            after += 1
        return self._add(Kind.code, number, end)

    def _heading(self, number: int, match: re.Match[str]) -> int:
        texts = self._texts(Kind.heading, [(number, match.start(2), match.end(2))], None)
        return self._add(Kind.heading, number, number + 1, texts, len(match[1]))

    def _fence(self, number: int, match: re.Match[str]) -> int:
        mark, info = (match[1], match[2]) if match[1] else (match[3], match[4])
        close = leaves.fence_close(mark)
        kind = Kind.directive if leaves.is_directive(info) else Kind.code
        if not self.containers:
            found = close.search(self.text, self.starts[number + 1])
            after = bisect_right(self.starts, found.start()) if found else len(self.lines)
            return self._add(kind, number, after)
        after = number + 1
        while after < len(self.lines):
            line = self.lines[after]
            if line.strip():
                place = locate(line, self.containers)
                if place.depth < len(self.containers):
                    break
                if place.indent < 4 and close.match(line[place.position :]):
                    after += 1
                    break
            after += 1
        return self._add(kind, number, after)

    def _math_end(self, number: int, at: int) -> int | None:
        """The line after display math that begins here and after whose end no prose follows."""
        line = self.lines[number]
        start = leaves.MATH_START.match(line, at)
        if start is None:
            return None
        close = line.find("$$", start.end())
        while close < 0:
            number += 1
            if number >= len(self.lines) or not self.lines[number].strip():
                return None
            line = self.lines[number]
            close = line.find("$$")
        return number + 1 if leaves.MATH_TAIL.match(line, close + 2) else None

    def _colon(self, number: int, at: int) -> int | None:
        line = self.lines[number]
        tab = leaves.TAB_MARK.match(line, at)
        if tab:
            name = tab[1] or tab[2]
            self.tab = None
            ended = self._add(Kind.tab_mark, number, number + 1)
            self.tab = name.strip() if name else None
            return ended
        if leaves.ROLE_LINE.match(line, at):
            return self._add(Kind.label if leaves.LABEL.search(line, at) else Kind.directive, number, number + 1)
        if leaves.FENCED_DIV.match(line, at):
            return self._add(Kind.directive, number, number + 1)
        return None

    def _markup(self, number: int, at: int, *, in_paragraph: bool) -> int | None:
        line = self.lines[number]
        if line.startswith("<!--", at):
            close = self.text.find("-->", self.starts[number] + at + 4)
            after = bisect_right(self.starts, close) if close >= 0 else len(self.lines)
            if close >= 0 and self.text[close + 3 : self.starts[after]].strip():
                return None if after == number + 1 else self._add(Kind.comment, number, after)
            return self._add(Kind.comment, number, after)
        raw = leaves.MARKUP_RAW.match(line, at)
        if raw:
            end = re.compile(rf"</{raw[1]}>", re.IGNORECASE).search(self.text, self.starts[number] + at)
            return self._add(Kind.html, number, bisect_right(self.starts, end.start()) if end else len(self.lines))
        if leaves.MARKUP_BLOCK.match(line, at) or (not in_paragraph and leaves.MARKUP_ALONE.match(line, at)):
            after = number + 1
            while after < len(self.lines) and self.lines[after].strip():
                after += 1
            return self._add(Kind.html, number, after)
        return None

    def _is_head(self, number: int, at: int) -> bool:
        place = locate(self.lines[number + 1], self.containers)
        below = self.lines[number + 1][place.position :]
        return place.depth == len(self.containers) and place.indent < 4 and is_head(self.lines[number][at:], below)

    def _table(self, number: int, at: int) -> int:
        self._row(number, at)
        self._add(Kind.table_row, number + 1, number + 2)
        after = number + 2
        while after < len(self.lines):
            line = self.lines[after]
            place = locate(line, self.containers)
            if place.depth < len(self.containers) or not line[place.position :].strip():
                break
            if self._interrupts(after, place) or (place.indent < 4 and "|" not in line):
                break
            self._row(after, place.position)
            after += 1
        return after

    def _row(self, number: int, at: int) -> None:
        line = self.lines[number]
        texts: tuple[Text, ...] = ()
        for begin, end in cells(line[at:]):
            if end > begin:
                texts += self._texts(Kind.table_cell, [(number, at + begin, at + end)], None, len(texts))
        self._add(Kind.table_row, number, number + 1, texts)

    def _paragraph(self, number: int, at: int) -> int:
        line = self.lines[number]
        in_quote = QUOTE in self.containers
        kind = Kind.list_item if self.item else Kind.quote if in_quote else Kind.paragraph
        caption = leaves.CAPTION.match(line, at)
        note = leaves.FOOTNOTE.match(line, at)
        if caption and kind == Kind.paragraph:
            kind, at = Kind.caption, caption.end()
        elif note and line[note.end() :].strip():
            at = note.end()
        rows = [(number, at, len(line))]
        math = self._math_after(number, at, inside=False)
        after = number + 1
        setext = 0
        while after < len(self.lines):
            line = self.lines[after]
            if math > after:
                place = locate(line, self.containers)
                rows.append((after, place.inner, len(line)))
                after += 1
                if math == after:
                    math = self._math_after(after - 1, place.inner, inside=True)
                continue
            if not line or line.isspace():
                break
            if line[0] in leaves.SPECIAL or line[0] in " \t" or self.containers:
                place = locate(line, self.containers)
                if place.position == len(line):
                    break
                if place.depth == len(self.containers) and place.indent < 4:
                    underline = leaves.SETEXT.match(line, place.position)
                    if underline:
                        setext = 1 if underline[1] else 2
                        after += 1
                        break
                if self._interrupts(after, place):
                    break
            else:
                place = Place(0, 0, 0, 0, 0)
            rows.append((after, place.position, len(line)))
            if "$$" in line:
                math = self._math_after(after, place.position, inside=False)
            after += 1
        if setext:
            texts = self._texts(Kind.heading, rows, prefix(self.containers))
            return self._add(Kind.heading, number, after, texts, setext)
        texts = self._texts(kind, rows, prefix(self.containers))
        if kind == Kind.paragraph and self.text.startswith("![", self.starts[number] + at):
            caption_rows = self._image(texts[0])
            if caption_rows is not None:
                return self._add(Kind.image, number, after, caption_rows)
        return self._add(kind, number, after, texts)

    def _math_after(self, number: int, at: int, *, inside: bool) -> int:
        """The line after the one that ends the display math open at the end of this line; 0 where none is."""
        if (self.lines[number].count("$$", at) + inside) % 2 == 0:
            return 0
        after = number + 1
        while after < len(self.lines) and self.lines[after].strip():
            if "$$" in self.lines[after]:
                return after + 1
            after += 1
        return 0

    def _interrupts(self, number: int, place: Place) -> bool:
        """Whether a block begins in this line that ends the paragraph before it."""
        line, at = self.lines[number], place.position
        if place.indent > 3 or at == len(line) or line[at] not in leaves.SPECIAL:
            return place.indent < 4 and "|" in line and number + 1 < len(self.lines) and self._is_head(number, at)
        first = line[at]
        if first == "#":
            return leaves.HEADING.match(line, at) is not None
        if first == ">":
            return True
        if first in "`~" and leaves.FENCE.match(line, at):
            return True
        if first in "-*_" and leaves.THEMATIC.match(line, at):
            return True
        if first in "-+*0123456789":
            return self._item_interrupts(number, place)
        if first in "$[(*~" and leaves.MATH_START.match(line, at):
            return self._math_end(number, at) is not None
        if first == ":":
            return any(p.match(line, at) for p in (leaves.TAB_MARK, leaves.ROLE_LINE, leaves.FENCED_DIV))
        if first == "<":
            if line.startswith("<!--", at):
                close = line.find("-->", at)
                return close < 0 or not line[close + 3 :].strip()
            return bool(leaves.MARKUP_BLOCK.match(line, at) or leaves.MARKUP_RAW.match(line, at))
        return "|" in line and number + 1 < len(self.lines) and self._is_head(number, at)

    def _item_interrupts(self, number: int, place: Place) -> bool:
        line = self.lines[number]
        item = open_item(line, place)
        if item is None:
            return False
        if place.depth == len(self.containers) and (item[2][0].isdigit() and item[2][:-1] != "1"):
            return False
        if not line[item[0].position :].strip() and place.depth == len(self.containers):
            return False
        # A formula that goes on in the next line may begin it with a sign that looks like a list's.
        return not (self.lines[number - 1].count("$") % 2 and line.count("$") % 2)

    # What the methods above build of lines.

    def _texts(
        self, kind: Kind, rows: list[tuple[int, int, int]], continuation: str | None, index: int = 0
    ) -> tuple[Text, ...]:
        """One text of parts of lines, with the white space around it left out; none where there is nothing else."""
        spans = []
        for number, begin, end in rows:
            line = self.lines[number]
            if number == rows[-1][0]:
                end = begin + len(line[begin:end].rstrip())
            elif line.endswith("\r"):
                end -= 1
            if number == rows[0][0]:
                end = max(begin, end)
                begin = end - len(line[begin:end].lstrip())
            spans.append((self.starts[number] + begin, self.starts[number] + max(begin, end)))
        source = "\n".join([self.text[begin:end] for begin, end in spans])
        return (Text(index, kind, tuple(spans), source, continuation),) if source else ()

    def _image(self, text: Text) -> tuple[Text, ...] | None:
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
        source = "\n".join(self.text[begin:end] for begin, end in spans)
        return (Text(0, Kind.caption, tuple(spans), source, text.continuation),) if source.strip() else ()

    def _add(self, kind: Kind, number: int, after: int, texts: tuple[Text, ...] = (), level: int | None = None) -> int:
        start, end = self.starts[number], self.starts[after]
        content = self.text[start:end]
        tab = self.tab
        labels: tuple[str, ...] = ()
        if kind == Kind.code:
            mark = leaves.CODE_TAB.search(content)
            tab = mark[1].strip() if mark else tab
        elif "label:`" in content and kind not in _CODE_LIKE:
            labels = tuple(match[1] for match in leaves.LABEL.finditer(content))
        if level is None:
            level = len(self.containers) - self.containers.count(QUOTE) if kind != Kind.blank else 0
        self.found.append(Block(len(self.found), kind, start, end, number + 1, content, level, tab, labels, texts))
        return after
