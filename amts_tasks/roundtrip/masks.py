"""What of a Markdown file is protected and what is prose, by plain patterns: a second opinion that asks no parser."""

from __future__ import annotations

import re
from collections import Counter

_PROTECTED = re.compile(
    r"""
    (?P<front_matter>\A---\n(?:.*\n)*?---$)
  | (?P<fence>^[ \t>]*(?:(?:[-*+]|\d+\.)[ ]+)?(?P<mark>```+|~~~+)[^`\n]*\n(?:.*\n)*?[ \t>]*(?P=mark)[ \t]*$)
  | (?P<comment><!--(?:[^-]|-(?!->))*-->)
  | (?P<escape>\\[$`\\*_\[\]<>&|~\#{}()!.+-])
  | (?P<display>\$\$(?:[^$\n]|\n(?!\s*\n)|\\\$|\$(?!\$))+?\$\$)
  | (?P<tab>^[ ]{0,3}:(?:begin|end)_tab:.*$)
  | (?P<role>:[a-z_]+:(?P<ticks>`+)[^`\n]+(?P=ticks))
  | (?P<code>(?<!`)(?P<tick>`+)(?!`)(?:[^`\n]|\n(?!STOP)|(?!(?P=tick)(?!`))`+)+(?P=tick)(?!`))
  | (?P<math>\$(?![\s$]|\d[^$\\]*\$\d)(?:[^$\\\n]|\n(?!STOP)|\\[\s\S])+?(?<!\s)\$)
  | (?P<target>\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+"[^"\n]*")?\))
  | (?P<reference>^[ ]{0,3}\[[^\]\n^]+\]:[ ].*$)
  | (?P<url>https?://[^\s<>()\[\]，。、）*`$\\]+)
  | (?P<element><(?P<name>code|kbd|samp|var)>[^<\n]*</(?P=name)>)
  | (?P<tag></?[A-Za-z][\w-]*(?:\s+[\w:-]+(?:=(?:"[^"\n]*"|'[^'\n]*'|[^\s<>"']+))?)*\s*/?>)
  | (?P<entity>&(?:\#\d+|\#x[0-9A-Fa-f]+|[A-Za-z]+[0-9]*);)
    """.replace("STOP", r"\s*(?:\n|[*+-][ ]|\d+\.[ ]|\#|```|:\w+:`|!\[)"),
    re.VERBOSE | re.MULTILINE,
)
_HEADING = re.compile(r"^(#{1,6})[ \t]", re.MULTILINE)


def protected(text: str) -> Counter[tuple[str, str]]:
    """The multiset of (sort, content) a translator may not change; white space in what may span lines is collapsed.

    Also counted are the headings by their level, as a word on the structure.
    """
    found: Counter[tuple[str, str]] = Counter()
    for match in _PROTECTED.finditer(text):
        sort = _sort(match)
        content = match[0] if sort in {"fence", "front_matter", "comment"} else "".join(match[0].split())
        if sort == "url":
            content = content.rstrip(".,;:!?_")
        # Fewer escapes are harm, more are not: a translation may have a new mark to escape.
        if sort != "escape":
            found[sort, content] += 1
    bare = _PROTECTED.sub("x", text)
    found.update(("heading", match[1]) for match in _HEADING.finditer(bare))
    return found


def prose(text: str) -> bytearray:
    """For each character, 1 where it is a letter outside of all protected spans, else 0."""
    letters = bytearray(map(str.isalpha, text))
    for match in _PROTECTED.finditer(text):
        letters[match.start() : match.end()] = bytes(match.end() - match.start())
    return letters


def _sort(match: re.Match[str]) -> str:
    sort = match.lastgroup or ""
    return {"mark": "fence", "ticks": "role", "tick": "code", "name": "element"}.get(sort, sort)
