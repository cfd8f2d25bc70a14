"""What of a Markdown file is protected and what is prose, by plain patterns: a second opinion apart from the parser.

Fences and front matter are found line by line, indented code is what markdown-it-py takes for it, all else is patterns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from amts_tasks.roundtrip.commonmark import indented_code

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
_KEY = re.compile(
    r"""^(?P<indent>[ \t]*)(?:-[ ]+)*["']?(?:(?:sub|link|short_?|nav_?|meta_?|og_?|hero_?|toc_?|card_?|sidebar_?)?title
    |description|desc|summary|excerpt|abstract|lead|intro|tagline|details|caption|sidebar_label|teaser|heading)
    ["']?[ ]*[:=]""",
    re.VERBOSE | re.IGNORECASE,
)
_FIRST = re.compile(r"""\s*(?:[#\[{]|-[ ]|["']?[\w.$@-]+["']?\s*[:=])""")
"""What the first line of front matter begins with: a key, a table, a list or a comment."""
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ ]+)*(?P<mark>```+|~~~+)(?P<info>[^`\n]*)$|")
_COLON = re.compile(r"[ \t>]*(?P<mark>:{3,})[ \t]*\{(?P<name>[\w:+-]+)\}")
_IDENTIFIER = re.compile(r":::[ \t]+[\w.]+[ \t]*$")
"""mkdocstrings: what stands indented below the name of a Python object are options."""
_OPTION = re.compile(r"[ \t>]*:(?P<name>[\w-]+):(?!`)(?P<value>.*)$")
_MARKDOWN_IN = re.compile(
    r"""\s*\{(?:admonition|note|warning|tip|hint|important|caution|danger|error|attention|seealso|todo|version\w+|deprecated
    |dropdown|toggle|tabs|group-tab|marginnote|hero|callout|discussion|challenge|instructor-note|prerequisites|objectives
    |questions|keypoints|demo|type-along|card|grid[\w-]*|tab-set|tab-item|topic|sidebar|rubric|table|list-table|epigraph|margin|figure|glossary|aside
    |container|div|(?:prf:)?(?:exercise|solution|theorem|proof|lemma|definition|axiom|corollary|proposition|remark|example
    |property|observation|conjecture|criterion|assumption|algorithm)(?:-start|-end)?|details|only|pull-quote|blockquote|button
    |hlist|centered|compound|highlights|card-carousel|figure-md|tab|simple-note|iframe-caption|parsed-note)\}""",
    re.VERBOSE,
)


class Span(NamedTuple):
    """A protected piece of a file; ``content`` is what of it must come back."""

    start: int
    end: int
    sort: str
    content: str


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
    for span in _lines(text):
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
_COMMENT_OPEN = re.compile(r"(?<!\\)<!--(?!.*-->)")
_CODE = re.compile(r"(`+)[^`]*\1")
_BLANK = re.compile(r"[ \t>]*$", re.MULTILINE)
_NUMBERED = re.compile(r"[ \t>]*(\d+)[.)][ ]")
_QUOTE_LINE = re.compile(r"[ ]{0,3}>[ \t]*[^\s>]")
_ITEM_LINE = re.compile(r"[ \t>]*(?:[-*+]|\d+[.)])[ \t]+")


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
    return at != match.start() and not _ITEM_LINE.match(text, at)


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


def _lines(text: str) -> Iterator[Span]:
    """Front matter, fences and indented code; of directives that hold Markdown only the fences and options."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    number = 0
    mark = lines[0].rstrip()
    if mark in {"---", "+++"} and len(lines) > 1 and _FIRST.match(lines[1]):
        end = next((n for n in range(1, len(lines)) if lines[n].rstrip() in {mark, "..."}), 0)
        if end:
            yield from _front_matter(lines, starts, end)
            number = end + 1
    code = {first: last for first, last in indented_code(text) if first >= number}
    opened: list[str] = []
    while number < len(lines):
        line = lines[number].rstrip("\r")
        first = number
        number += 1
        if "<!--" in line and _COMMENT_OPEN.search(_CODE.sub("", line)):
            number = next((n for n in range(number, len(lines)) if "-->" in lines[n]), number)
            continue
        if first in code:
            number = code[first]
            yield _whole(lines, starts, first, number, "indented")
            continue
        if _IDENTIFIER.match(line):
            while number < len(lines) and (not lines[number].strip() or lines[number].startswith("    ")):
                number += 1
            yield _whole(lines, starts, first, number, "fence")
            continue
        fence = _FENCE.match(line)
        colon = _COLON.match(line)
        if colon and not _MARKDOWN_IN.match("{" + colon["name"] + "}"):
            close = next((n for n in range(number, len(lines)) if lines[n].strip(" >\r") == colon["mark"]), 0)
            if close:
                number = close + 1
                yield _whole(lines, starts, first, number, "fence")
            continue
        if fence is None or not fence["mark"]:
            continue
        if not fence["info"].strip() and opened and fence["mark"].startswith(opened[-1]):
            opened.pop()
            yield _whole(lines, starts, first, number, "fence")
        elif _MARKDOWN_IN.match(fence["info"]):
            opened.append(fence["mark"])
            named = line.index("}") + 1
            yield Span(starts[first], starts[first] + named, "fence", line[:named].strip())
            while number < len(lines) and (option := _OPTION.match(lines[number].rstrip("\r"))):
                if option["name"] not in {"alt", "caption", "title", "header", "footer"}:
                    yield _whole(lines, starts, number, number + 1, "option")
                number += 1
        else:
            most = fence.start("mark") + 3
            ends = re.compile(rf"[ \t>]{{0,{most}}}{fence['mark'][0]}{{{len(fence['mark'])},}}[ \t\r]*$")
            last = _item_end(lines, first)
            number = next((n + 1 for n in range(number, last) if ends.match(lines[n])), last)
            yield from _fence(lines, starts, first, number)


def _item_end(lines: list[str], number: int) -> int:
    """The line after the list item in which a line stands, for lines indented as its text; the last one for none."""
    own = len(lines[number]) - len(lines[number].lstrip(" "))
    above = number - 1
    while above >= 0 and (not lines[above].strip() or len(lines[above]) - len(lines[above].lstrip(" ")) >= own):
        above -= 1
    item = _ITEM_LINE.match(lines[above]) if own and above >= 0 else None
    if item is None or item.end() > own:
        return len(lines)
    for after in range(number + 1, len(lines)):
        line = lines[after]
        if line.strip() and len(line) - len(line.lstrip()) < min(item.end(), own):
            return after
    return len(lines)


def _fence(lines: list[str], starts: list[int], first: int, after: int) -> Iterator[Span]:
    """Code; of a builder's directive the captions are prose."""
    begin = first
    if "{" in lines[first]:
        for number in range(first + 1, after):
            option = _OPTION.match(lines[number].rstrip("\r"))
            if option is None:
                break
            if option["name"] in {"alt", "caption", "title"} and option["value"].strip():
                yield _whole(lines, starts, begin, number, "fence")
                begin = number + 1
    entries = [n for n in range(begin, after) if re.search(r"\S\s*<[^<>\s]+>\s*$", lines[n])]
    if "{toctree}" in lines[first]:
        for number in entries:
            yield _whole(lines, starts, begin, number, "fence")
            start = starts[number] + lines[number].rindex("<")
            yield Span(start, starts[number + 1] - 1, "fence", lines[number][lines[number].rindex("<") :].strip())
            begin = number + 1
    yield _whole(lines, starts, begin, after, "fence")


def _whole(lines: list[str], starts: list[int], first: int, after: int, sort: str) -> Span:
    end = max(starts[first], min(starts[after], starts[-1]) - 1)
    return Span(starts[first], end, sort, "\n".join(line.rstrip() for line in lines[first:after]))


def _front_matter(lines: list[str], starts: list[int], end: int) -> Iterator[Span]:
    """All lines but the values of keys that readers see."""
    number = 0
    while number <= end:
        key = _KEY.match(lines[number])
        value = lines[number][key.end() :].strip() if key else ""
        if key is None or (value and value[0] not in "|>" and not any(map(str.isalpha, value))):
            yield _whole(lines, starts, number, number + 1, "front_matter")
            number += 1
            continue
        yield Span(starts[number], starts[number] + key.end(), "front_matter", key[0])
        number += 1
        if value in {"|", ">", "|-", ">-", "|+", ">+"}:
            while number < end and (
                not lines[number].strip() or len(lines[number]) - len(lines[number].lstrip()) > len(key["indent"])
            ):
                number += 1
