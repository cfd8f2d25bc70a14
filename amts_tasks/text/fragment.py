"""A run of HTML as inline Markdown, and back: text and tags as they stand, all else in a form Markdown reads the same.

    5 * 3 &lt; <b title="Many">x</b>   →   5 \\* 3 &lt; <b title="…">x</b>

So the exchange, the checks and the memory know one kind of text. A tag with an attribute that is translated by itself,
or that Markdown would not read as a tag, stands under another name; ``\\(x\\)`` stands between dollar signs. What
cannot be written so that it reads back is no text for a translator.
"""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from amts_tasks.text.elements import VOID, is_kept, translatable_attributes
from amts_tasks.text.inline import is_tag, scan
from amts_tasks.text.markup import Piece, pieces
from amts_tasks.text.segments import Placeholder, Segment, Tag

_SPECIAL = re.compile(r"[\\`*_\[\]~<&{$]")
_BROKEN_LINE = re.compile(r"[ \t\r\f]*\n\s*")
_MATHJAX = re.compile(r"\\\((?:[^\\$]|\\[^()$])++\\\)|\\\[(?:[^\\$]|\\[^\[\]$])++\\\]")
_UNENDED_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31})(?![\w;])")
_REFERENCE = re.compile(r"&(?:#\w{0,8}|[A-Za-z][A-Za-z0-9]{0,31});?")
_KEPT_KINDS = frozenset(("entity", "link", "math", "shortcode"))


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run as a translator sees it."""

    source: str
    """Inline Markdown."""
    tags: Mapping[str, tuple[tuple[int, int], ...]]
    """By the form they have in the source, where tags and whole elements stand in the run, in order."""


@lru_cache(2048)
def fragment(run: str) -> Fragment | None:
    """The run as inline Markdown; None where it cannot be written so that it reads back."""
    parts = list(_parts(run))
    for escape in (_plain, _escaped, _bare):
        tags: dict[str, list[tuple[int, int]]] = {}
        written: list[str] = []
        for start, end, form in parts:
            if form is None:
                written.append(escape(_text(run[start:end])))
            else:
                tags.setdefault(form, []).append((start, end))
                written.append(form)
        made = Fragment("".join(written), {form: tuple(spans) for form, spans in tags.items()})
        if _reads_back(made, run, parts):
            return made
    return None


@lru_cache(2048)
def value(written: str) -> Fragment | None:
    """An attribute's value as inline Markdown; there are no tags in it."""
    for escape in (_plain, _escaped, _bare):
        source = escape(_text(written))
        made = Fragment(source, {})
        if _reads_back(made, written, [(0, len(written), None)]):
            return made
    return None


def restored(made: Fragment, new: str, run: str, changed: Mapping[tuple[int, int], str]) -> str:
    """New inline Markdown as HTML; ``changed`` are places of the run (values of attributes) that have a new text."""
    queues = {form: deque(spans) for form, spans in made.tags.items()}

    def tag(form: str) -> str:
        spans = queues.get(form)
        if not spans:
            return form
        return _spliced(run, spans.popleft() if len(spans) > 1 else spans[0], changed)

    parts: list[str] = []
    plain = ""
    for token in Segment.of(new).tokens:
        if isinstance(token, str):
            plain += token
            continue
        if isinstance(token, Placeholder) and token.kind == "escape":
            plain += token.text[1:]
            continue
        # An escaped character may begin a reference with what follows it.
        parts.append(escaped(plain, run))
        plain = ""
        if token.text in queues:
            parts.append(tag(token.text))
        elif isinstance(token, Tag) or token.kind == "html":
            parts += [tag(token.text[piece.start : piece.end]) for piece in pieces(token.text)]
        elif token.kind == "math" and token.text.startswith(("$\\(", "$\\[")):
            parts.append(token.text[1:-1])
        else:
            parts.append(token.text)
    return "".join([*parts, escaped(plain, run)])


def escaped(text: str, run: str) -> str:
    """Plain text as HTML: what might be read as a tag or a character reference is escaped, all else stays.

    A bare ``&`` that the run has before the same letters (AT&T) stays bare.
    """
    known = run.casefold() if "&" in text else ""

    def reference(match: re.Match[str]) -> str:
        bare = match[0][1] != "#" and html.unescape(match[0]) == match[0] and match[0].casefold() in known
        return match[0] if bare else "&amp;" + match[0][1:]

    return _REFERENCE.sub(reference, text).replace("<", "&lt;")


def quoted(text: str, mark: str) -> str:
    """HTML's text as the value of an attribute that stood between those quote marks; in marks where it needs some."""
    if mark == "'":
        return text.replace("'", "&#39;")
    text = text.replace('"', "&quot;")
    return text if mark or re.fullmatch(r"[^\s\"'=<>`]+", text) else f'"{text}"'


def _spliced(run: str, span: tuple[int, int], changed: Mapping[tuple[int, int], str]) -> str:
    parts: list[str] = []
    position = span[0]
    for (start, end), new in sorted(changed.items()):
        if span[0] <= start and end <= span[1]:
            parts += [run[position:start], new]
            position = end
    return "".join([*parts, run[position : span[1]]])


def _parts(run: str) -> list[tuple[int, int, str | None]]:
    """The run's texts (None), and its tags and kept elements with the form they get."""
    found: list[tuple[int, int, str | None]] = []
    tokens = list(pieces(run))
    ends = _ends(tokens)
    index = 0
    while index < len(tokens):
        piece = tokens[index]
        if piece.kind == "text":
            found.append((piece.start, piece.end, None))
        else:
            last = ends.get(index, index) if is_kept(run, piece) else index
            start, end = piece.start, tokens[last].end
            found.append((start, end, _form(run, piece, start, end, len(found))))
            index = last
        index += 1
    return found


def _ends(tokens: list[Piece]) -> dict[int, int]:
    """By the number of an opening tag that of the tag that ends its element; elements of other names do not count."""
    found: dict[int, int] = {}
    opened: dict[str, list[int]] = {}
    for index, piece in enumerate(tokens):
        if piece.kind == "open" and piece.name not in VOID and not piece.empty:
            opened.setdefault(piece.name, []).append(index)
        elif piece.kind == "close" and opened.get(piece.name):
            found[opened[piece.name].pop()] = index
    return found


def _form(run: str, tag: Piece, start: int, end: int, number: int) -> str:
    text = run[start:end]
    if tag.end < end:
        # Under a form of its own where Markdown would see more in it than one element.
        return text if [mark[:3] for mark in scan(text)] == [(0, len(text), "html")] else f'<x n="{number}"/>'
    if tag.kind == "comment":
        return text
    spans = translatable_attributes(run, tag) if tag.kind == "open" else []
    for begin, stop, mark in reversed(spans):
        shown = "…" if mark else '"…"'
        text = text[: begin - start] + shown + text[stop - start :]
    if is_tag(text):
        return text
    if tag.kind == "close":
        return f"</{_plain_name(tag)}>"
    return f'<{_plain_name(tag)} n="{number}"{"/" if tag.empty else ""}>'


def _plain_name(tag: Piece) -> str:
    return re.sub(r"[^\w-]", "-", tag.name, flags=re.ASCII) or "x"


def _text(text: str) -> str:
    """The text on lines without indentation; MathJax's marks between dollar signs; references with their semicolon."""
    text = _BROKEN_LINE.sub("\n", text)
    text = _UNENDED_ENTITY.sub(lambda match: match[0] + ";" if html.unescape(match[0]) != match[0] else match[0], text)
    return _MATHJAX.sub(lambda match: f"${match[0]}$", text)


def _plain(text: str) -> str:
    return text


def _escaped(text: str) -> str:
    # Between backticks a reference or a template's tag is none in Markdown; in HTML it is one.
    return _but_kept(text, text.replace("`", "\ufffd"))


def _bare(text: str) -> str:
    # So is a reference after a backslash.
    return _but_kept(text, text.replace("\\", "\ufffd").replace("`", "\ufffd"))


def _but_kept(text: str, scanned: str) -> str:
    """The text with every special character escaped, but for what is kept in the second one of equal length."""
    parts: list[str] = []
    position = 0
    for mark in scan(scanned):
        if mark.start >= position and mark.pair is None and mark.kind in _KEPT_KINDS:
            parts += [_SPECIAL.sub(r"\\\g<0>", text[position : mark.start]), text[mark.start : mark.end]]
            position = mark.end
    return "".join([*parts, _SPECIAL.sub(r"\\\g<0>", text[position:])])


def _reads_back(made: Fragment, run: str, parts: list[tuple[int, int, str | None]]) -> bool:
    for token in Segment.of(made.source).tokens:
        if isinstance(token, Tag):
            if not token.text.startswith("<"):
                return False
        elif isinstance(token, Placeholder):
            if token.kind == "html":
                if token.text not in made.tags and any(
                    piece.kind != "text" and token.text[piece.start : piece.end] not in made.tags
                    for piece in pieces(token.text)
                ):
                    return False
            elif token.kind not in _KEPT_KINDS and (token.kind != "escape" or token.text[1:].isspace()):
                return False
    plain = "".join(_BROKEN_LINE.sub("\n", run[a:b]) if form is None else run[a:b] for a, b, form in parts)
    return html.unescape(restored(made, made.source, run, {})) == html.unescape(plain)
