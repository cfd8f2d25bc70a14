"""What of a document is protected and what is prose, seen by the standard library's parsers instead of ours."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from amts_tasks.roundtrip import masks
from amts_tasks.text import Form
from amts_tasks.text.elements import VOID

Kept = Counter[tuple[str, str]]
"""Protected things by (sort, content)."""

_PROTECTED = frozenset([
    "code",
    "kbd",
    "samp",
    "var",
    "tt",
    "pre",
    "listing",
    "xmp",
    "math",
    "svg",
    "script",
    "style",
    "textarea",
    "template",
    "iframe",
    "noembed",
    "noframes",
])
_SHOWN = frozenset(("alt", "title", "aria-label", "placeholder"))
_DESCRIPTIONS = frozenset(("description", "og:title", "og:description", "twitter:title", "twitter:description"))
_ASIDE = re.compile(
    r"\$\$.+?\$\$|\$(?![\s$])[^$\n]+?(?<!\s)\$|\\\(.+?\\\)|\\\[.+?\\\]|\{\{.*?\}\}|\{%.*?%\}|https?://\S+|www\.\S+"
    r"|&[#\w]+;",
    re.DOTALL,
)
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
"""What a line of a quote begins with: text may be cut into lines anew."""
WORD = re.compile(r"[^\W\d_]+")
"""A run of letters."""


def protected(text: str, form: Form) -> Kept:
    """The multiset of what a translator may not change."""
    if form is Form.notebook:
        return _notebook(text)
    if form is Form.html:
        return _read(text).kept
    return masks.protected(text)


def words(text: str, form: Form) -> Counter[str]:
    """The runs of letters a translator has to be shown."""
    if form is Form.html:
        return Counter(WORD.findall(_ASIDE.sub(" ", "\n".join(_read(text).prose))))
    found: Counter[str] = Counter()
    for source in _sources(json.loads(text.removeprefix("\ufeff"))):
        letters = masks.prose("\n" + source)[1:]
        found.update(WORD.findall("".join(c if letter else " " for c, letter in zip(source, letters, strict=True))))
    return found


def covered(total: Counter[str], shown: Counter[str]) -> int:
    """Letters of the words that were shown, of those that had to be."""
    return sum(len(word) * count for word, count in (total & shown).items())


def bare(text: str, form: Form) -> str:
    """The document without what a translator that only changes the case of letters may change."""
    if form is Form.html:
        text = html.unescape(text)
    elif form is Form.notebook:
        found = json.loads(text.removeprefix("\ufeff"))
        sources = _sources(found)
        text = "\n".join((*sources, _without_sources(found)))
    else:
        text = _QUOTED.sub("", text)
    return unicodedata.normalize("NFC", "".join(text.upper().split()))


def _cells(notebook: Any) -> list[dict[str, Any]]:
    sheets = notebook.get("worksheets") or [notebook]
    return [cell for sheet in sheets for cell in sheet.get("cells", ())]


def _is_markdown(cell: dict[str, Any]) -> bool:
    metadata = cell.get("metadata") or {}
    mime = metadata.get("raw_mimetype", metadata.get("format"))
    return cell.get("cell_type") in {"markdown", "heading"} or (cell["cell_type"], mime) == ("raw", "text/markdown")


def _sources(notebook: Any) -> list[str]:
    return ["".join(cell.get("source", "")) for cell in _cells(notebook) if _is_markdown(cell)]


def _notebook(text: str) -> Kept:
    found = json.loads(text.removeprefix("\ufeff"))
    kept: Kept = Counter()
    for source in _sources(found):
        # A cell has no front matter: a rule in its first line is one.
        kept += masks.protected("\n" + source)
    kept["notebook", _without_sources(found)] += 1
    return kept


def _without_sources(notebook: Any) -> str:
    for cell in _cells(notebook):
        if _is_markdown(cell):
            cell["source"] = isinstance(cell.get("source"), str)
    return json.dumps(notebook, sort_keys=True)


def _read(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    page.close()
    page.kept["order of the blocks", " ".join(page.blocks)] += 1
    return page


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: Kept = Counter()
        self.prose: list[str] = []
        self.blocks: list[str] = []
        self.inside: tuple[str, int] | None = None  # the protected element, and how deep it stands in its like
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(reversed(attrs))
        described = tag == "meta" and (named.get("name") or named.get("property") or "").lower() in _DESCRIPTIONS
        shown = _SHOWN if tag not in {"link", "meta"} else {"content"} if described else set()
        starts = self.inside is None and self._is_protected(tag, named)
        if self.inside is not None or starts:
            shown = set()
        plain = [(name, None if name in shown and named[name] else value) for name, value in attrs]
        self.kept["tag", f"{tag} {plain}"] += 1
        if self.inside is None:
            self.prose += [value for name, value in attrs if name in shown and value and re.search(r"[^\W\d_]", value)]
            if tag in {"p", "div", "li", "ul", "ol", "td", "tr", "table", "section", "h1", "h2", "h3"}:
                self.blocks.append(tag)
        if self.inside is not None and tag == self.inside[0]:
            self.inside = tag, self.inside[1] + 1
        elif starts and tag not in VOID:
            self.inside = tag, 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside = self.inside
        self.handle_starttag(tag, attrs)
        # In HTML the stroke says nothing, in MathML and SVG it ends the element.
        if inside is None and tag not in {"math", "svg"}:
            return
        self.inside = inside

    def handle_endtag(self, tag: str) -> None:
        self.kept["end", tag] += 1
        if self.inside is not None and tag == self.inside[0]:
            self.inside = (tag, self.inside[1] - 1) if self.inside[1] > 1 else None

    def handle_data(self, data: str) -> None:
        if self.inside is not None:
            self.kept["protected", data] += 1
            return
        self.prose.append(data)
        for match in _ASIDE.finditer(data):
            self.kept["formula or address", "".join(match[0].split())] += 1

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.kept["comment", data] += 1

    def handle_decl(self, decl: str) -> None:
        self.kept["declaration", decl] += 1

    def handle_pi(self, data: str) -> None:
        self.kept["instruction", data] += 1

    def unknown_decl(self, data: str) -> None:
        self.kept["declaration", data] += 1

    def _reference(self, text: str) -> None:
        self.kept["reference", text] += text not in {"&amp;", "&lt;", "&gt;"} or self.inside is not None

    def _is_protected(self, tag: str, named: dict[str, str | None]) -> bool:
        if tag in _PROTECTED or (named.get("translate") or "").lower() == "no":
            return True
        if "notranslate" in (named.get("class") or "").split():
            return True
        language = (named.get("lang") or "").lower().partition("-")[0]
        if tag in {"html", "body"}:
            self.language = self.language or language or None
            return False
        return bool(language) and self.language is not None and language != self.language
