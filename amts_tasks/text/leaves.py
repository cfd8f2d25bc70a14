"""How the lines of each kind of block look, and where such a block ends."""

from __future__ import annotations

import re

HEADING = re.compile(r"(#{1,6})(?:[ \t]+|(?=\r?$))(.*?)(?:[ \t]+#+)?[ \t]*(\{[^{}]*\})?[ \t\r]*$")
FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$")
YAML = re.compile(r"[\w.-]+[ \t]*:|#|- ")
THEMATIC = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\r?$")
SETEXT = re.compile(r"(?:(=+)|-+)[ \t\r]*$")
ROLE_LINE = re.compile(r"(?::(?:label|eqlabel|width|height|bibliography):(`+)[^`]*\1[ \t\r]*)+$")
LABEL = re.compile(r":(?:eq)?label:`+([^`]*)`+")
TAB_MARK = re.compile(r":(?:begin_tab:[ \t]*(?:`+([^`]*)`+|(\w*))|end_tab:)[ \t\r]*$")
CODE_TAB = re.compile(r"^[ \t]*(?:#[ \t]*@tab|%%tab)[ \t]+([^\r\n]*)", re.MULTILINE)
CAPTION = re.compile(r":(?=[^\s:`])(?![A-Za-z_]+:)")
FENCED_DIV = re.compile(r":{3,}")
DEFINITION = re.compile(
    r"""\[(?!\^)(?:[^\[\]\\]|\\.)+\]:[ \t]*(?:<[^<>]*>|\S+)(?:[ \t]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t\r]*$"""
)
FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]:[ \t]*")
SHORTCODE = re.compile(r"\{[{%].*[}%]\}[ \t\r]*$")
MATH_START = re.compile(r"[\[(]?(?:\*\*|~~)?\$\$(?!\$)")
MATH_TAIL = re.compile(
    r"[ \t.,;:!?。，；：]*(?:(?:\*\*|~~)[\])]?)?[ \t.,;:!?。，；：]*(?::eqlabel:(`+)[^`]*\1)?[ \t\r]*$"
)
"""What may follow the end of display math on its line if that is not to be prose."""
MARKUP_BLOCK = re.compile(
    r"<(?:/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl"
    r"|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu"
    r"|menuitem|meta|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr"
    r"|track|ul)(?=[\s/>]|$)|[?!](?!--))",
    re.IGNORECASE,
)
MARKUP_RAW = re.compile(r"<(pre|script|style|textarea|svg)(?=[\s>]|$)", re.IGNORECASE)
MARKUP_ALONE = re.compile(r"</?[A-Za-z][\w-]*(?:\s+[^<>]*)?/?>[ \t\r]*$")
SPECIAL = frozenset("#>`~*+-_=<:$|[({0123456789")
"""First characters of the lines that need a look; any other line goes on with the paragraph it stands in."""

_DIRECTIVES = frozenset(("toc", "eval_rst", "{toc}", "{eval_rst}", "{toctree}", "{eval-rst}"))


def is_directive(info: str) -> bool:
    """Whether a fence's info string makes it a directive of the book's builder rather than code."""
    return info.split(None, 1)[0] in _DIRECTIVES if info.strip() else False


def fence_close(mark: str) -> re.Pattern[str]:
    """Finds the line that ends a fence, or matches it from the line's first character that is no space."""
    return re.compile(rf"^ {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*\r?$", re.MULTILINE)
