"""What HTML's elements are to a translator: which begin a new text, which are never translated, which have no end."""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind
from amts_tasks.text.markup import Piece

VOID = frozenset([
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "param",
    "source",
    "track",
    "wbr",
])
"""Elements without an end tag."""
BLOCK = frozenset([
    "address",
    "article",
    "aside",
    "audio",
    "base",
    "blockquote",
    "body",
    "button",
    "canvas",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "listing",
    "main",
    "menu",
    "menuitem",
    "meta",
    "nav",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "plaintext",
    "pre",
    "script",
    "search",
    "section",
    "select",
    "style",
    "summary",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
    "video",
    "xmp",
])
"""Elements that end the text before them; all others stand within a text."""
KINDS = {
    "li": Kind.list_item,
    "dt": Kind.list_item,
    "dd": Kind.list_item,
    "td": Kind.table_row,
    "th": Kind.table_row,
    "caption": Kind.caption,
    "figcaption": Kind.caption,
    "blockquote": Kind.quote,
    **{f"h{level}": Kind.heading for level in range(1, 7)},
}
"""What the text of an element is, where it is no paragraph."""
PROTECTED = frozenset([
    "code",
    "kbd",
    "samp",
    "var",
    "tt",
    "pre",
    "listing",
    "plaintext",
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
"""Elements whose content is never translated."""
CLOSES_PARAGRAPH = frozenset([
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
    "xmp",
])
"""Elements before which an open ``p`` ends (WHATWG, section 13.1.2.4, optional tags)."""
_LISTS, _TABLE = frozenset(("ul", "ol", "menu", "dir")), frozenset(("table", "template"))
_ROWS = frozenset(("tbody", "thead", "tfoot"))
CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(("li",)), _LISTS | _TABLE),
    "dt": (frozenset(("dt", "dd")), frozenset(("dl",)) | _TABLE),
    "dd": (frozenset(("dt", "dd")), frozenset(("dl",)) | _TABLE),
    "option": (frozenset(("option",)), frozenset(("select", "optgroup", "datalist"))),
    "optgroup": (frozenset(("option", "optgroup")), frozenset(("select",))),
    "td": (frozenset(("td", "th")), frozenset(("tr",)) | _TABLE),
    "th": (frozenset(("td", "th")), frozenset(("tr",)) | _TABLE),
    "tr": (frozenset(("tr", "caption", "colgroup")), _ROWS | _TABLE),
    "tbody": (_ROWS | {"caption", "colgroup"}, _TABLE),
    "thead": (_ROWS | {"caption", "colgroup"}, _TABLE),
    "tfoot": (_ROWS | {"caption", "colgroup"}, _TABLE),
    "body": (frozenset(("head",)), frozenset(("html",))),
}
"""By element, those it ends when they are open, and those in which it looks no further."""
_ATTRIBUTES = frozenset(("alt", "title", "aria-label", "placeholder"))
_DESCRIPTIONS = frozenset(("description", "og:title", "og:description", "twitter:title", "twitter:description"))
_NOT_TRANSLATED = re.compile(r"(?:^|\s)notranslate(?:\s|$)")


def is_kept(source: str, tag: Piece) -> bool:
    """Whether an opening tag says that its element is not to be translated."""
    if tag.name in PROTECTED:
        return True
    if not tag.attributes:
        return False
    translate = tag.value(source, "translate")
    if translate is not None and translate.strip().lower() == "no":
        return True
    return _NOT_TRANSLATED.search(tag.value(source, "class") or "") is not None


def translatable_attributes(source: str, tag: Piece) -> list[tuple[int, int, str]]:
    """Where the values of a tag's attributes are that a reader is shown, and their quote marks."""
    found = []
    for attribute in tag.attributes:
        if attribute.name == "content":
            name = tag.value(source, "name") or tag.value(source, "property") or ""
            shown = tag.name == "meta" and name.lower() in _DESCRIPTIONS
        else:
            shown = attribute.name in _ATTRIBUTES and tag.name not in {"link", "meta"}
        if shown and any(map(str.isalpha, source[attribute.start : attribute.end])):
            found.append((attribute.start, attribute.end, attribute.quote))
    return found
