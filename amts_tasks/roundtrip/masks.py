"""What of a Markdown file is protected and what is prose, by plain patterns: a second opinion apart from the parser.

What is protected in whole lines is told by ``protected_lines``, all else by patterns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from amts_tasks.roundtrip.protected_lines import ITEM_LINE, Span, protected_lines

_STOP = r"\s*(?:\n|[*+-][ ]|\d+\.[ ]|\#|```|:\w+:`|!\[|\||</?(?:p|div|pre|[ou]l|li|h[1-6r]|table|t[rhd]|blockquote)\b)"
"""What a line begins with that ends the paragraph, or the row of a table, before it."""
_PATTERNS = rf"""
    (?P<comment>^[ \t>*+\d.-]*<!--(?:[^-]|-(?!->))*-->|<!--(?:[^-\n]|-(?!->)|\n(?!\s*\n))*-->
      |\{{/\*(?:[^*]|\*(?!/))*\*/\}})
  | (?P<tex>\\begin\{{(?P<env>[A-Za-z]+\*?)\}}(?:.|\n(?!\s*\n))*?\\end\{{(?P=env)\}}
      |(?P<slash>\\+)\((?=[^()\n]{{0,200}}(?:\\[A-Za-z]|[=^_+<>]))(?:[^\\\n]|\\[^()])*?(?P=slash)\)
      |\\+\((?:.)\\+\)
      |(?P<slashes>\\+)\[(?=(?:[^\[\]\n]|\n(?!\n)){{0,400}}(?:\\[A-Za-z]|[=^_+<>]))(?:[^\n]|\n(?!\s*\n))*?(?P=slashes)\])
  | (?P<escape>\\[$`\\*_\[\]<>&|~\#{{}}()!.+-])
  | (?P<display>\$\$(?:[^$\n]|\n(?!\s*\n)|\\\$|\$(?!\$))+?\$\$)
  | (?P<tab>^[ ]{{0,3}}:(?:begin|end)_tab:.*$)
  | (?P<role>(?::[a-z_]+:|\{{[A-Za-z][\w:.+-]*\}})(?P<ticks>`+)[^`\n]+(?P=ticks))
  | (?P<code>(?:(?<!`)|(?<=\\`))(?P<tick>`+)(?!`)(?:[^`\n]|\n(?!{_STOP})|(?!(?P=tick)(?!`))`++)+(?P=tick)(?!`))
  | (?P<math>\$(?![\s$]|\d[^$\\]*\$\d)(?:[^$\\\n`]|`[^`\n]*`|\n(?!{_STOP})|\\[\s\S])+?(?<!\s)\$)
  | (?P<kept><(?P<element>pre|code|kbd|var|script|style|svg|math|textarea|samp|tt)\b[^<>]*(?<!/)>
        (?:.|\n)*?</(?P=element)\s*>
      |<(?P<other>\w+)\s[^<>]*?translate="?no\b[^<>]*(?<!/)>(?:.|\n)*?</(?P=other)\s*>
      |\{{%-?\s*(?P<raw>highlight|raw|comment|codeblock|mermaid)\b(?:.|\n)*?\{{%-?\s*end(?P=raw)\s*-?%\}}
      |^(?:import[ ].*?(?:from[ ])?|export[ ](?:const|let|default|function|async)[ ](?:.|\n(?!\n))*?)(?<=['";}}])[ ]*$)
  | (?P<target>\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+"[^"\n]*")?\)|\]\[(?:[^\[\]\n]|\n(?!\n))*\])
  | (?P<note>\[\^[^\]\s]+\]:?)
  | (?P<reference>^[ >]*\[[^\]\n^]+\]:[ \t]+\S+(?=(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$)
      |^[ ]*\*\[[^\]\n]+\]:)
  | (?P<url>(?:https?://|\bwww\.)[^\s<>()\[\]*`$\\"\u2e80-\uffef]+|[\w.+-]+@[\w-]+\.[\w.-]+)
  | (?P<tag></?[A-Za-z][\w.:-]*(?:\s+(?:[\w:@-]+(?:\s*=\s*(?:"[^"]*"|'[^'\n]*'
      |\{{(?:[^{{}}]|\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}})*\}}|[^\s<>"'{{}}]+))?|\{{[^{{}}]*\}}))*\s*/?>)
  | (?P<shortcode>\{{\{{(?:[^{{}}]|\}}(?!\}})|\{{(?!\{{))*\}}\}}|\{{%(?:[^%{{}}]|%(?!\}}))*%\}}
      |\{{:{{1,2}}[^{{}}\n]*\}}
      |\{{[\#.][A-Za-z][^{{}}\n]*\}}|\{{[A-Za-z_$][\w$.]*(?:\([^(){{}}\n]*\))?\}}
      |(?<![\w:]):[a-z][a-z0-9_+-]+:(?![\w:`])(?:\{{[ :.\#][^{{}}\n]*\}})?)
  | (?P<fence_line>(?i:^\[{{1,2}}_?toc_?\]{{1,2}}$)|^[ \t>]*:{{3,}}[ \t]*(?:\{{[^{{}}\n]*\}}|[A-Za-z][\w-]*)?
      |^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+[\w-]+(?:[ \t]+[\w-]+)*(?=[ \t]*(?:"|$))|^[ \t]*/{{3,}}[ \t]*[\w-]*[ \t]*\|?
      |^[ >]*>[ ]?\[![A-Za-z]+\][+-]?
      |^[ >*+\d.-]*\[[ xX]\][ ]|^\([^()\s]+\)=$|^\[\^[^\]\s]+\]:$)
  | (?P<entity>&(?:\#\d{{1,7}}|\#x[0-9A-Fa-f]{{1,6}}|[A-Za-z]+[0-9]*);)
"""
_PROTECTED = re.compile(_PATTERNS, re.VERBOSE | re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})[ \t]", re.MULTILINE)
_SEEN = re.compile(
    r"""(?<![\w-])(?:alt|title|label|caption|description|summary|aria-label)=(?:"(?P<a>[^"\n]*)"|'(?P<b>[^'\n]*)')"""
)


def protected(text: str) -> Counter[tuple[str, str]]:
    """The multiset of (sort, content) a translator may not change; white space in what may span lines is collapsed.

    Also counted are the headings by their level, as a word on the structure.
    """
    found: Counter[tuple[str, str]] = Counter()
    bare = bytearray(len(text))
    for span in _spans(text):
        bare[span.start : span.end] = b"\1" * (span.end - span.start)
        # Fewer escapes are harm, more are not: a translation may have a new mark to escape.
        if span.sort != "escape":
            found[span.sort, span.content] += 1
    found.update(("heading", match[1]) for match in _HEADING.finditer(text) if not bare[match.start()])
    return found


def prose(text: str) -> bytearray:
    """For each character, 1 where it is a letter outside of all protected spans, else 0."""
    letters = bytearray(map(str.isalpha, text))
    for start, end, _, _ in _spans(text):
        letters[start:end] = bytes(end - start)
    return letters


def _spans(text: str) -> Iterator[Span]:
    rest = list(text)
    for span in protected_lines(text):
        yield span
        rest[span.start : span.end] = ["\n" if character == "\n" else " " for character in text[span.start : span.end]]
    remaining = "".join(rest)
    for match in _PROTECTED.finditer(remaining):
        sort = next(name for name in _SORTS if match[name] is not None)
        if sort in {"tag", "shortcode"}:
            yield from _without_values(match, sort)
            continue
        if sort == "fence_line" and _goes_on(remaining, match):
            continue
        content = _PREFIX.sub("\n", match[0])
        content = content if sort in {"comment", "kept"} else "".join(content.split())
        end = match.end()
        if sort == "url":
            content = content.rstrip(".,;:!?_'~")
        yield Span(match.start(), end, sort, content)


_PREFIX = re.compile(r"\n[ \t]*(?:>[ \t]?)+")
_BLANK = re.compile(r"[ \t>]*$", re.MULTILINE)
_NUMBERED = re.compile(r"[ \t>]*(\d+)[.)][ ]")
_QUOTE_LINE = re.compile(r"[ ]{0,3}>[ \t]*[^\s>]")


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether the mark of an alert or a task stands in the middle of a paragraph, where it is text."""
    above = _above(text, match.start())
    if "[!" in match[0]:
        return _QUOTE_LINE.match(text, above) is not None
    at = match.start()
    # A list that does not begin with 1 ends no paragraph.
    while (number := _NUMBERED.match(text, at)) and number[1] != "1":
        at = _above(text, at)
        if at < 0 or _BLANK.match(text, at):
            return False
    return at != match.start() and not ITEM_LINE.match(text, at)


def _above(text: str, at: int) -> int:
    """Where the line before the one that begins here begins; -1 where there is none."""
    return text.rfind("\n", 0, at - 1) + 1 if at else -1


_SORTS_NAMES = """
comment tex escape display tab role code math kept target note reference url tag shortcode fence_line entity
"""
_SORTS = tuple(_SORTS_NAMES.split())


def _without_values(match: re.Match[str], sort: str) -> Iterator[Span]:
    """A tag in pieces between the attributes that readers see."""
    begin = match.start()
    pieces = []
    for seen in _SEEN.finditer(match.string, match.start(), match.end()):
        start, end = seen.span("a") if seen["a"] is not None else seen.span("b")
        pieces.append((begin, start))
        begin = end
    pieces.append((begin, match.end()))
    for start, end in pieces:
        yield Span(start, end, sort, "".join(_PREFIX.sub("\n", match.string[start:end]).split()))
