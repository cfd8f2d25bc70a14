"""How the lines of each kind of block look, and where such a block ends."""

from __future__ import annotations

import re
from functools import lru_cache

HEADING = re.compile(r"(#{1,6})(?:[ \t]+|(?=\r?$))")
"""The start of a heading; ``heading_end`` tells where its text ends."""
FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$")
THEMATIC = re.compile(r"(?:(?:-[ \t]*+){3,}+|(?:\*[ \t]*+){3,}+|(?:_[ \t]*+){3,}+)\r?$")
SETEXT = re.compile(r"(?:(=+)|-+)[ \t\r]*$")
ROLE_LINE = re.compile(r"(?::(?:label|eqlabel|width|height|bibliography):(`+)[^`]*\1[ \t\r]*)+$")
LABEL = re.compile(r":(?:eq)?label:`+([^`]*)`+")
TAB_MARK = re.compile(r":(?:begin_tab:[ \t]*(?:`+([^`]*)`+|(\w*))|end_tab:)[ \t\r]*$")
CODE_TAB = re.compile(r"^[ \t]*(?:#[ \t]*@tab|%%tab)[ \t]+([^\r\n]*)", re.MULTILINE)
CAPTION = re.compile(r":(?=[^\s:`])(?![A-Za-z_]+:)")
FENCED_DIV = re.compile(r":{3,}")
TASK = re.compile(r"\[[ xX]\][ \t]+(?=\S)")
MATH_START = re.compile(r"[\[(]?(?:\*\*|~~)?\$\$(?!\$)")
_PUNCTUATION = r"(?:[ \t.,;!?。，；：]|:(?!eqlabel:))*+"
MATH_TAIL = re.compile(rf"{_PUNCTUATION}(?:(?:\*\*|~~)[\])]?)?+{_PUNCTUATION}(?::eqlabel:(`+)[^`]*\1)?[ \t\r]*$")
"""What may follow the end of display math on its line if that is not to be prose."""
MARKUP_BLOCK = re.compile(
    r"<(?:/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl"
    r"|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu"
    r"|menuitem|meta|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr"
    r"|track|ul)(?=[\s/>]|$)|\?|![A-Za-z]|!\[CDATA\[)",
    re.IGNORECASE,
)
MARKUP_RAW = re.compile(r"<(pre|script|style|textarea|svg|math)(?=[\s>]|$)", re.IGNORECASE)
MARKUP_ALONE = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*+(?:\s[^<>]*+)?/?>[ \t\r]*$")
JSX_LINE = re.compile(r"</?[A-Z][\w.]*(?:[\s/>]|$)|</?>")
SPECIAL = frozenset("#>`~*+-_=<:$|[({0123456789!?%/\\")
"""First characters of the lines that need a look; any other line goes on with the paragraph it stands in."""

_DIRECTIVES = frozenset(("toc", "eval_rst", "{toc}", "{eval_rst}", "{toctree}", "{eval-rst}"))


def heading_end(line: str, begin: int) -> int:
    """Where the text of a heading that begins there ends: before closing marks, attributes and white space."""
    end = len(line.rstrip(" \t\r"))
    if line.endswith("}", begin, end):
        opened = line.rfind("{", begin, end)
        if opened >= 0 and line.find("}", opened, end) == end - 1:
            end = len(line[:opened].rstrip(" \t"))
    marked = len(line[:end].rstrip("#"))
    if begin <= marked < end and line[marked - 1] in " \t":
        end = len(line[:marked].rstrip(" \t"))
    return max(begin, end)


@lru_cache(4)
def _rule_start(line: str, mark: str) -> int:
    """The character from which on the line holds nothing but the mark and white space."""
    return len(line.rstrip(mark + " \t\r"))


def is_rule(line: str, at: int) -> bool:
    """Whether a thematic break begins here; constant time for the many places of a line that might begin one."""
    return line[at] in "-*_" and at >= _rule_start(line, line[at]) and THEMATIC.match(line, at) is not None


def is_directive(info: str) -> bool:
    """Whether a fence's info string makes it a directive of the book's builder rather than code."""
    return info.split(None, 1)[0] in _DIRECTIVES if info.strip() else False


@lru_cache(64)
def fence_close(mark: str, length: int) -> re.Pattern[str]:
    """Finds the line that ends a fence, or matches it from the line's first character that is no space."""
    return re.compile(rf"^ {{0,3}}{re.escape(mark[0])}{{{length},}}[ \t]*\r?$", re.MULTILINE)
