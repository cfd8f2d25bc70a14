"""Where placeholders and paired marks stand in inline Markdown with D2L's roles, math and slide marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from amts_tasks.text import emphasis, raw
from amts_tasks.text.addresses import address_end, mail_span
from amts_tasks.text.formulas import Formulas
from amts_tasks.text.ticks import Ticks


class Mark(NamedTuple):
    """source[start:end] is a placeholder (pair None) or one end of a pair."""

    start: int
    end: int
    kind: str
    pair: int | None


_SPECIAL = re.compile(r"[\\`:{$<&\[\]*_~]")
_SPECIAL_OR_RARE = re.compile(r"[\\`:{$<&\[\]*_~\nw@]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~]|\r?\n)")
_ROLE = re.compile(r"(?::[A-Za-z][\w.+-]*+:|\{[A-Za-z][\w:.+-]*+\})(?=(`+))")
_ICON = re.compile(r":[a-z][a-z0-9_+-]++:(?![\w:`])(?:\{[ :.#][^{}\n]*+\})?")
_TAB = re.compile(r":(?:begin|end)_tab:")
_SHORTCODE = re.compile(r"""\{\{(?:[^{}\n]|\}(?!\})|\{(?!\{))*+\}\}|\{%(?:[^%{}]|%(?!\}))*+%\}""")
_ATTRIBUTES = re.compile(r"\{:[ \t]*[^{}\n]*+\}|\{[#.][A-Za-z][^{}\n]*+\}")
_EXPRESSION = re.compile(r"\{[A-Za-z_$][\w$]*+(?:\.[\w$]++)*+(?:\([^(){}\n]*+\))?\}")
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+|[\w.!#$%&'*+/=?^`{|}~-]++@[\w-]++(?:\.[\w-]++)*+)>")
_MARKUP = re.compile(
    r"""</?[A-Za-z][\w-]*+
        (?:\s++(?:[A-Za-z_:@\#][\w.:@-]*+(?:\s*+=\s*+(?:\{(?:[^{}]|\{[^{}]*+\})*+\}|[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?
        |\{\.\.\.[^{}]*+\}))*+\s*+/?>""",
    re.VERBOSE,
)
_ENTITY = re.compile(r"&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]++\]")
_RUN = re.compile(r"\*++|_++|~++")
_TARGET = re.compile(
    r"""\(\s*+
        (?:<[^<>\n]*+>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*+\))*+\))*+)
        (?:\s++(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)))?
        \s*+\)(?:\{[^{}\n]*+\})?""",
    re.VERBOSE | re.DOTALL,
)
_REFERENCE = re.compile(r"\[(?:[^\[\]\\]|\\.)*+\]|\{[:#.][^{}\n]*+\}")


def scan(source: str) -> list[Mark]:
    """All placeholders and ends of pairs, in order and without overlap; pairs are nested. Linear in the length."""
    marks = _Scanner(source).marks()
    return [Mark(*mark) for mark in raw.elements(source, marks)] if "</" in source else marks


def is_tag(text: str) -> bool:
    """Whether the whole text is one tag as CommonMark reads it."""
    return _MARKUP.fullmatch(text) is not None


class _Scanner:
    """One pass over the characters that may begin something; each handler returns where to go on."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[Mark] = []
        self.runs: list[emphasis.Run] = []
        self.spans: list[emphasis.Span] = []
        self.lone: list[emphasis.Run] = []
        self.brackets: list[tuple[int, int, int]] = []  # start, end, number of runs before
        self.literal_below = 0  # a link may not stand in a link: brackets under this height are text
        self.taken: set[int] = set()  # brackets that belong to a link
        self.pairs = 0
        self.ticks = Ticks(source)
        self.formulas: Formulas | None = None
        self.unended: set[str] = set()  # what has no end in the rest of the text
        self.done = 0  # everything before belongs to a mark already

    def marks(self) -> list[Mark]:
        rare = "  \n" in self.source or "  \r\n" in self.source or "www." in self.source or "@" in self.source
        special = _SPECIAL_OR_RARE if rare else _SPECIAL
        position = 0
        while match := special.search(self.source, position):
            position = _HANDLERS[match[0]](self, match.start())
        self._pair(0)
        edges = {edge for mark in self.found for edge in mark[:2]} if self.spans or self.lone else set()
        for span in self.spans:
            self.found += self._ends(span, edges)
            self.pairs += 1
        self.found += [self._half(run, edges) for run in self.lone]
        self.found.sort()
        return self.found

    def _keep(self, start: int, end: int, kind: str) -> int:
        self.found.append(Mark(start, end, kind, None))
        self.done = end
        return end

    def _escape(self, start: int) -> int:
        if self.source.startswith(("(", "[", "\\(", "\\["), start + 1):
            formula = self._formulas().in_brackets(start)
            if formula:
                return self._keep(start, formula, "math")
        match = _ESCAPE.match(self.source, start)
        return self._keep(start, match.end(), "break" if match[1][-1] == "\n" else "escape") if match else start + 1

    def _code(self, start: int) -> int:
        end = self.ticks.end(start)
        close = self.ticks.close(start, end)
        return end if close is None else self._keep(start, close, "code")

    def _colon(self, start: int) -> int:
        role = self._role(start)
        if role:
            return role
        tab = _TAB.match(self.source, start)
        if tab:
            return self._keep(start, tab.end(), "role")
        if self.source.startswith("://", start):
            for scheme in ("https", "http"):
                begin = start - len(scheme)
                if self.source.startswith(scheme, max(begin, 0)) and begin >= self.done:
                    return self._address(begin) or start + 1
        icon = _ICON.match(self.source, start)
        if icon and not (start and (self.source[start - 1].isalnum() or self.source[start - 1] in ":_")):
            return self._keep(start, icon.end(), "shortcode")
        return start + 1

    def _role(self, start: int) -> int | None:
        role = _ROLE.match(self.source, start)
        if role is None:
            return None
        close = self.ticks.close(role.start(1), role.end(1))
        return role.end(1) if close is None else self._keep(start, close, "role")

    def _brace(self, start: int) -> int:
        if self.source.startswith("{/*", start):
            end = -1 if "*/}" in self.unended else self.source.find("*/}", start + 3)
            if end < 0:
                self.unended.add("*/}")
            return start + 3 if end < 0 else self._keep(start, end + 3, "shortcode")
        shortcode = _SHORTCODE.match(self.source, start)
        if shortcode:
            return self._keep(start, shortcode.end(), "shortcode")
        role = self._role(start)
        if role:
            return role
        other = _EXPRESSION.match(self.source, start) or _ATTRIBUTES.match(self.source, start)
        return self._keep(start, other.end(), "shortcode") if other else start + 1

    def _formulas(self) -> Formulas:
        # Most texts have none.
        self.formulas = self.formulas or Formulas(self.source, self.ticks)
        return self.formulas

    def _math(self, start: int) -> int:
        end = self._formulas().in_dollars(start)
        if end is None:
            return start + (2 if self.source.startswith("$$", start) else 1)
        return self._keep(start, end, "math")

    def _angle(self, start: int) -> int:
        if self.source.startswith("<!--", start):
            end = -1 if "-->" in self.unended else self.source.find("-->", start + 4)
            if end < 0:
                self.unended.add("-->")
            return start + 4 if end < 0 else self._keep(start, end + 3, "html")
        link = _AUTOLINK.match(self.source, start)
        if link:
            return self._keep(start, link.end(), "link")
        markup = _MARKUP.match(self.source, start)
        return self._keep(start, markup.end(), "html") if markup else start + 1

    def _mail(self, start: int) -> int:
        """A bare mail address, as GFM has it."""
        span = mail_span(self.source, start, self.done)
        if span is None:
            return start + 1
        runs = self.runs
        while runs and runs[-1].start >= span[0]:
            runs.pop()
        return self._keep(*span, "link")

    def _ampersand(self, start: int) -> int:
        entity = _ENTITY.match(self.source, start)
        return self._keep(start, entity.end(), "entity") if entity else start + 1

    def _line_feed(self, start: int) -> int:
        begin = start - 1 if self.source.startswith("\r", start - 1) and start else start
        first = begin
        while first > self.done and self.source[first - 1] == " ":
            first -= 1
        return self._keep(first, start + 1, "break") if begin - first > 1 else start + 1

    def _www(self, start: int) -> int:
        return (self._address(start) if self.source.startswith("www.", start) else None) or start + 1

    def _address(self, start: int) -> int | None:
        end = address_end(self.source, start)
        return None if end is None else self._keep(start, end, "link")

    def _run(self, start: int) -> int:
        end = _RUN.match(self.source, start).end()  # type: ignore[union-attr]
        if self.source[start] != "~" or end - start > 1:
            self.runs.append(emphasis.run(self.source, start, end))
        return end

    def _open(self, start: int) -> int:
        note = _FOOTNOTE.match(self.source, start)
        if note:
            return self._keep(start, note.end(), "footnote")
        image = start > self.done and self.source[start - 1] == "!"
        self.brackets.append((start - image, start + 1, len(self.runs)))
        return start + 1

    def _close(self, start: int) -> int:
        if not self.brackets:
            return start + 1
        opened, inner, before = self.brackets.pop()
        image = self.source[opened] == "!"
        if len(self.brackets) < self.literal_below and not image:
            self.literal_below = len(self.brackets)
            return start + 1
        target = _TARGET.match(self.source, start + 1) or _REFERENCE.match(self.source, start + 1)
        if target is None:
            return start + 1
        self._pair(before)
        end = self.done = target.end()
        if inner == start:
            self.found.append(Mark(opened, end, "image" if image else "link", None))
        else:
            name = "u" if image else "a"
            self.found += (Mark(opened, inner, name, self.pairs), Mark(start, end, name, self.pairs))
            self.pairs += 1
        self.taken.update((opened, start))
        if not image:
            self.literal_below = len(self.brackets)
        return end

    def _pair(self, first: int) -> None:
        """Pair the runs from the first on."""
        runs = self.runs[first:]
        del self.runs[first:]
        self.spans += emphasis.pair(runs)
        self.lone += [run for run in runs if run.count > 1 and run.mark != "_"]

    def _half(self, run: emphasis.Run, edges: set[int]) -> Mark:
        """A double mark without a partner, protected: a slide mark's other half may stand in another block."""
        start, end = run.start, run.start + run.count
        if self.source[end : end + 1] in {"]", ")"} and end not in self.taken and end not in edges:
            end += 1
        elif start and self.source[start - 1] in "[(" and start - 1 not in self.taken and start not in edges:
            start -= 1
        return Mark(start, end, "mark", None)

    def _ends(self, span: emphasis.Span, edges: set[int]) -> tuple[Mark, Mark]:
        """The two marks of a pair; a slide mark takes the brackets around it in."""
        source = self.source
        width = span.open_end - span.open_start
        name = "s" if source[span.open_start] == "~" else "b" if width == 2 else "i"
        first, last = span.open_start, span.close_end
        around = source[first - 1 : first] + source[last : last + 1]
        free = not {first - 1, last} & self.taken and not {first, last} & edges
        if width == 2 and free and around in {"[]", "()"}:
            first, last = first - 1, last + 1
        return Mark(first, span.open_end, name, self.pairs), Mark(span.close_start, last, name, self.pairs)


_HANDLERS: dict[str, Callable[[_Scanner, int], int]] = {
    "\\": _Scanner._escape,
    "`": _Scanner._code,
    ":": _Scanner._colon,
    "{": _Scanner._brace,
    "$": _Scanner._math,
    "<": _Scanner._angle,
    "&": _Scanner._ampersand,
    "[": _Scanner._open,
    "]": _Scanner._close,
    "*": _Scanner._run,
    "_": _Scanner._run,
    "~": _Scanner._run,
    "\n": _Scanner._line_feed,
    "w": _Scanner._www,
    "@": _Scanner._mail,
}
