"""Where placeholders and paired marks stand in inline Markdown with D2L's roles, math and slide marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from amts_tasks.text import emphasis


class Mark(NamedTuple):
    """source[start:end] is a placeholder (pair None) or one end of a pair."""

    start: int
    end: int
    kind: str
    pair: int | None


_TOKEN = re.compile(
    r"""
    (?P<break>\ {2,}\r?\n|\\\r?\n)
  | (?P<escape>\\[!-/:-@\[-`{-~])
  | (?P<ticks>`+)
  | (?P<role>:[A-Za-z][\w.+-]*:(?=`)|\{[A-Za-z][\w:.+-]*\}(?=`))
  | (?P<tab>:(?:begin|end)_tab:)
  | (?P<math>\$\$?)
  | (?P<comment><!--)
  | (?P<link><(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+|[\w.!#$%&'*+/=?^`{|}~-]++@[\w-]++(?:\.[\w-]++)*+)>)
  | (?P<html></?[A-Za-z][A-Za-z0-9-]*+
        (?:\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?)*+\s*+/?>)
  | (?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
  | (?P<url>(?<![A-Za-z0-9])(?:https?://|www\.(?=[A-Za-z0-9]))[A-Za-z0-9._~:/?\#@!&'()+,;=%-]++)
  | (?P<footnote>\[\^[^\]\s]++\])
  | (?P<shortcode>\{\{[^{}\n]*+\}\}|\{%[^{}\n]*+%\})
  | (?P<bracket>!?\[)
  | (?P<close>\])
  | (?P<run>\*++|_++|~~++)
    """,
    re.VERBOSE,
)
_INLINE_MATH = re.compile(r"\$(?![\s$])(?:[^$\\]|\\.)++(?<!\s)\$", re.DOTALL)
_DISPLAY_MATH = re.compile(r"\$\$(?!\$)(?:[^$\\]|\\.|\$(?!\$))++\$\$", re.DOTALL)
_AMOUNT = re.compile(r"\$\d[^\\]*\Z", re.DOTALL)
_TARGET = re.compile(
    r"""\(\s*+
        (?:<[^<>\n]*+>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*+\))*+\))*+)
        (?:\s++(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)))?
        \s*+\)(?:\{[^{}\n]*+\})?""",
    re.VERBOSE | re.DOTALL,
)
_REFERENCE = re.compile(r"\[[^\[\]\n]++\]")
_SPACED = re.compile(r"\$[ \t]+[^\s$](?:[^$\\\n]|\\.)*+\$|\$(?![\s$])(?:[^$\\\n]|\\.)++(?<=\s)\$")


class Ticks:
    """The runs of backticks of a text, so that the end of a code span is found without a search."""

    def __init__(self, source: str) -> None:
        self._starts: dict[int, list[int]] = {}
        for match in re.finditer(r"`+", source):
            self._starts.setdefault(match.end() - match.start(), []).append(match.start())

    def close(self, start: int, end: int) -> int | None:
        """Where the code span that source[start:end] opens ends; None where it does not."""
        starts = self._starts.get(end - start, [])
        next_one = bisect_right(starts, start)
        return starts[next_one] + end - start if next_one < len(starts) else None


def _math(source: str, start: int, end: int) -> int | None:
    if end - start == 2:
        display = _DISPLAY_MATH.match(source, start)
        return display.end() if display else None
    found = _INLINE_MATH.match(source, start)
    if found is None:
        return None
    amount = source[found.end() : found.end() + 1].isdigit() and _AMOUNT.match(source, start, found.end())
    return None if amount else found.end()


def _trim_url(source: str, start: int, end: int) -> int:
    """The end of a bare URL without the punctuation of the sentence it stands in, as GFM has it."""
    unopened = source.count(")", start, end) - source.count("(", start, end)
    while end > start:
        last = source[end - 1]
        if last == ")" and unopened > 0:
            unopened -= 1
        elif last not in "?!.,:;'_~&":
            break
        end -= 1
    return end


def scan(source: str) -> list[Mark]:
    """All placeholders and ends of pairs, in order and without overlap; pairs are nested. Linear in the length."""
    marks: list[Mark] = []
    runs: list[emphasis.Run] = []
    spans: list[emphasis.Span] = []
    brackets: list[tuple[int, int, int]] = []  # start, end, number of runs before
    literal_below = 0  # a link may not stand in a link: brackets under this height are text
    taken: set[int] = set()  # starts of brackets that are links
    pairs = 0
    ticks: Ticks | None = None
    no_comment = False
    position = 0
    while match := _TOKEN.search(source, position):
        kind = match.lastgroup
        start, position = match.span()
        if kind == "run":
            runs.append(emphasis.run(source, start, position))
        elif kind in {"ticks", "role"}:
            ticks = ticks or Ticks(source)
            begin = start if kind == "ticks" else position
            while source.startswith("`", position):
                position += 1
            close = ticks.close(begin, position)
            if close is not None:
                position = close
                marks.append(Mark(start, close, "code" if kind == "ticks" else "role", None))
        elif kind == "math":
            close = _math(source, start, position)
            if close is not None:
                position = close
                marks.append(Mark(start, close, "math", None))
        elif kind == "bracket":
            brackets.append((start, position, len(runs)))
        elif kind == "close":
            if not brackets:
                continue
            opened, inner, before = brackets.pop()
            image = source[opened] == "!"
            if len(brackets) < literal_below and not image:
                literal_below = len(brackets)
                continue
            target = _TARGET.match(source, position) or _REFERENCE.match(source, position)
            if target is None:
                continue
            spans += emphasis.pair(runs[before:])
            _lone(source, runs[before:], marks)
            del runs[before:]
            position = target.end()
            if inner == start:
                marks.append(Mark(opened, position, "image" if image else "link", None))
            else:
                name = "u" if image else "a"
                marks += (Mark(opened, inner, name, pairs), Mark(start, position, name, pairs))
                pairs += 1
            taken.update((opened, start))
            if not image:
                literal_below = len(brackets)
        elif kind == "comment":
            end = -1 if no_comment else source.find("-->", position)
            if end < 0:
                no_comment = True
            else:
                position = end + 3
                marks.append(Mark(start, position, "html", None))
        elif kind == "url":
            position = max(_trim_url(source, start, position), start + 1)
            marks.append(Mark(start, position, "link", None))
        else:
            marks.append(Mark(start, position, "role" if kind == "tab" else str(kind), None))
    spans += emphasis.pair(runs)
    _lone(source, runs, marks)
    covered = {mark.start for mark in marks if mark.pair is None} if spans else set()
    for span in spans:
        marks += _ends(source, span, pairs, taken, covered)
        pairs += 1
    marks.sort()
    return marks


def _ends(source: str, span: emphasis.Span, pair: int, taken: set[int], covered: set[int]) -> tuple[Mark, Mark]:
    """The two marks of a pair; a slide mark takes the brackets around it in."""
    width = span.open_end - span.open_start
    strike = source[span.open_start] == "~"
    first, last = span.open_start, span.close_end
    if width == 2 and first and last < len(source):
        around = source[first - 1] + source[last]
        bare = first - 1 not in taken and last not in taken and last not in covered
        if around in {"[]", "()"} and bare and not (first > 1 and source[first - 2] in "\\!"):
            first, last = first - 1, last + 1
    name = "s" if strike else "b" if width == 2 else "i"
    return Mark(first, span.open_end, name, pair), Mark(span.close_start, last, name, pair)


def _lone(source: str, runs: list[emphasis.Run], marks: list[Mark]) -> None:
    """Protect double marks without a partner: a slide mark's other end stands in another block."""
    for run in runs:
        if run.count < 2 or run.mark == "_":
            continue
        marks.append(Mark(run.start, run.start + run.count, "mark", None))
