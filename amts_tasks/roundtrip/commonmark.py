"""What markdown-it-py, a parser that is not ours, finds in a document: a third opinion on structure and on prose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from amts_tasks.counts import counted

Entry = tuple[object, ...]

_TAG = re.compile(r"""<(/?[A-Za-z][\w.:-]*)((?:=\s*"[^"<]*"|=\s*'[^'<]*'|[^<>])*)>""")
_SEEN = re.compile(
    r"""\b(alt|title|label|caption|description|summary|aria-label)\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE
)
_KEPT = re.compile(
    r"<!--.*?-->|<(pre|code|script|style|svg|math|textarea)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_EMPHASIS = frozenset(("em_open", "em_close", "strong_open", "strong_close", "s_open", "s_close"))
_BODY = re.compile(r"\s*\{[\w:.+-]+\}")
_INDENTED_BODY = re.compile(r"^\s*(?:!!!|\?\?\?|===[!+]*\s+\"|\[\^[^\]]+\]:|:[ \t]+\S|<[A-Z/]|</?>)", re.MULTILINE)
_FENCED = re.compile(r"^([ \t]*</?[A-Za-z][^<>\n]*>[ \t]*\n)(?=[ \t]*(?:```|~~~))", re.MULTILINE)
_DEEPEST = 8


@lru_cache(1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def structure(text: str, *, strict: bool = True, depth: int = 0) -> list[Entry]:
    """Everything but the prose, block by block: kinds, nesting, code, targets of links and images, tags of markup.

    Inline content is a multiset, for a translation may order it anew. Not ``strict`` leaves emphasis out: where its
    marks pair depends on the characters in formulas beside them, which CommonMark does not know.
    """
    indented = _INDENTED_BODY.search(text) is not None
    entries: list[Entry] = []
    # To CommonMark the text of a footnote is the target of a link, and a fence directly below a tag is markup.
    for token in _parser().parse(_FENCED.sub(r"\1\n", text.replace("[^", "\u27e6^"))):
        if token.type == "inline":
            entries.append(("inline", _inline(token.children or [], strict=strict)))
        elif token.type in {"fence", "code_block"}:
            entries += _code(token, strict=strict, depth=depth, indented=indented)
        elif token.type == "html_block":
            entries.append(("html_block", frozenset(Counter(_markup(token.content)).items())))
        else:
            entries.append((token.type, token.tag, token.level, token.attrGet("start") or ""))
    return entries


def _code(token: Token, *, strict: bool, depth: int, indented: bool) -> list[Entry]:
    name = _BODY.match(token.info)
    if depth < _DEEPEST and (name or (token.type == "code_block" and indented)):
        # What a directive or an admonition holds may be Markdown: if it is code, nothing in it may have changed.
        inside = structure(token.content, strict=strict, depth=depth + 1)
        return [(token.type, name[0].strip() if name else ""), *inside]
    return [(token.type, token.info, token.content)]


def _inline(children: list[Token], *, strict: bool) -> frozenset[tuple[Entry, int]]:
    found: Counter[Entry] = Counter()
    for child in children:
        if child.type in {"text", "softbreak", "text_special"} or (child.type in _EMPHASIS and not strict):
            continue
        if child.type == "html_inline":
            found.update(_markup(child.content))
        elif child.type == "code_inline":
            found["code", " ".join(child.content.split())] += 1
        elif child.type == "image":
            found["image", child.attrGet("src") or ""] += 1
            found.update(dict(_inline(child.children or [], strict=strict)))
        else:
            found[child.type, child.attrGet("href") or ""] += 1
    return frozenset(found.items())


def _markup(content: str) -> list[Entry]:
    kept: list[Entry] = [("kept", match[0]) for match in _KEPT.finditer(content)]
    tags = _TAG.findall(_KEPT.sub("", content))
    return kept + [("tag", name, " ".join(_SEEN.sub(r"\1", attributes).split())) for name, attributes in tags]


def difference(before: str, after: str, *, strict: bool = True) -> str | None:
    """The first thing in which the structure of two documents differs, in words; None where nothing does."""
    ours, theirs = structure(before, strict=strict), structure(after, strict=strict)
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            return f"{_told(one)} became {_told(other)}"
    if len(ours) != len(theirs):
        return f"{counted(len(ours), 'piece')} became {len(theirs)}"
    return None


def _told(entry: Entry) -> str:
    parts = [sorted(map(repr, part)) if isinstance(part, frozenset) else part for part in entry]
    return " ".join(str(part) for part in parts)[:200]


def fences(text: str) -> list[tuple[int, int, str]]:
    """The fences of Python code: zero-based, half-open ranges of lines, both fences included, and what is in them."""
    return [
        (token.map[0], token.map[1], token.content)
        for token in _parser().parse(text)
        if token.type == "fence" and token.map and _PYTHON.match(token.info.strip())
    ]


_PYTHON = re.compile(r"[{. ]*(?:code[\w-]*\}?\s+)?i?py(?:thon)?3?(?![\w+.-])", re.IGNORECASE)
_OPENS_BODY = re.compile(r"[ \t]*(?:!!!|\?\?\?|===[!+]*[ \t]+\"|\[\^[^\]]+\]:|:[ \t]+\S|</?[A-Z]|</?>)")


def indented_code(text: str) -> list[tuple[int, int]]:
    """Zero-based, half-open ranges of lines of indented code, but for what an admonition or a note above indents."""
    lines = text.split("\n")
    found = []
    for token in _parser().parse(text):
        if token.type == "code_block" and token.map:
            first, last = token.map
            if not any(_OPENS_BODY.match(lines[above]) for above in _around(lines, first)):
                found.append((first, last))
    return found


def _around(lines: list[str], number: int) -> Iterator[int]:
    """The lines above that are indented less than the one before, the nearest one first."""
    own = len(lines[number]) - len(lines[number].lstrip())
    for above in range(number - 1, -1, -1):
        indent = len(lines[above]) - len(lines[above].lstrip())
        if lines[above].strip() and indent < own:
            yield above
            if not indent:
                return
            own = indent
