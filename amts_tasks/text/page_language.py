"""The language that an HTML page says it is in, on its ``html`` element."""

from __future__ import annotations

from amts_tasks.text.markup import pieces

_NAMES = ("lang", "xml:lang")


def page_language(text: str) -> str | None:
    """What ``lang`` of the ``html`` element says; None where there is none, or where a part says it is in a language.

    A part is translated or left alone by whether its language is the page's: with another one on the page, its parts
    would be read otherwise.
    """
    found: str | None = None
    for piece in pieces(text):
        if piece.kind != "open" or not piece.attributes:
            continue
        if piece.name == "html":
            found = found or piece.value(text, "lang")
        elif any(piece.value(text, name) is not None for name in _NAMES):
            return None
    return found


def in_language(text: str, said: str, code: str) -> str:
    """A page, or a part of one, whose ``html`` element names one language (BCP 47) where it named another."""
    spans = [
        (attribute.start, attribute.end)
        for piece in pieces(text)
        if piece.kind == "open" and piece.name == "html"
        for attribute in piece.attributes
        if attribute.name in _NAMES and text[attribute.start : attribute.end] == said
    ]
    for start, end in reversed(spans):
        text = text[:start] + code + text[end:]
    return text
