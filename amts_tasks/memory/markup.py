"""XML that is read and written as a stream: nothing is fetched, nothing expands, memory is that of one unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from amts_tasks.errors import InputError

XML = "{http://www.w3.org/XML/1998/namespace}"
LANGUAGE, SPACE = f"{XML}lang", f"{XML}space"


def elements(file: IO[bytes], name: str, *events: str) -> Iterator[tuple[str, Any]]:
    """(event, element) as they are read: `start` and `end` of every element. What has ended may be cleared.

    InputError with the line for what is not XML, is cut short or leans on entities of its own.
    """
    try:
        yield from etree.iterparse(
            file,
            events=events or ("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
        )
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise InputError(f"{name}:{line}: not XML that can be read ({error.msg}); is the file whole?") from None


def local(element: Any) -> str:
    """The element's name without its namespace; empty for comments and instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def namespace(element: Any) -> str:
    """The element's namespace, or nothing."""
    return etree.QName(element).namespace or "" if isinstance(element.tag, str) else ""


def forget(element: Any) -> None:
    """Frees an element that was read, and what stood before it."""
    element.clear()
    while element.getprevious() is not None and element.getparent() is not None:
        del element.getparent()[0]


def append(element: Any, text: str) -> None:
    """Adds text at the end of an element's content."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def insist_on_no_entities(element: Any, name: str) -> None:
    """InputError where an entity of the file's own stands in the element: it is not expanded, so text would be lost."""
    for found in element.iter(etree.Entity):
        raise InputError(f"{name}:{found.sourceline}: found the entity {found.text}; write the text itself")
