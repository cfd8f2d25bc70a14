"""XLIFF 2.0 (OASIS 2014) and 1.2 (OASIS 2008), read and written as a stream, a `file` a document.

In 2.0 a pair of tags is `pc`, a placeholder `ph`, and their Markdown stands in `originalData`; in 1.2 it is `bpt`,
`ept` and `ph` with the Markdown as content. `initial` is what nobody has looked at, `final` what somebody approves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import IO, Any

from lxml import etree

from amts_tasks.errors import InputError
from amts_tasks.memory.carried import Carried, Head, insist, insist_on_languages
from amts_tasks.memory.markup import elements, forget, insist_on_no_entities, local, namespace
from amts_tasks.memory.xliff_unit import ONE, TWO, key, read_one, read_two, unit_one, unit_two


def write(file: IO[bytes], rows: Iterable[Carried], head: Head, *, version: str = "2.0") -> int:
    """Writes the units, neighbours of one document as one `file`; how many. InputError for a text XML cannot hold."""
    two = version == "2.0"
    space = TWO if two else ONE
    root = {"version": version, **({"srcLang": head.source, "trgLang": head.target} if two else {})}
    count = 0
    with etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(f"{{{space}}}xliff", root, nsmap={None: space}):
            for number, (document, units) in enumerate(groupby(rows, key=lambda row: row.document), start=1):
                xml.write("\n")
                facts = {"original": document or "memory"}
                if two:
                    facts["id"] = f"f{number}"
                else:
                    facts |= {"source-language": head.source, "target-language": head.target, "datatype": "plaintext"}
                with xml.element(f"{{{space}}}file", facts):
                    if two:
                        xml.write(_about(head))
                    else:
                        xml.write(_header(head))
                    with xml.element(f"{{{space}}}{'group' if two else 'body'}", {"id": f"g{number}"} if two else {}):
                        for row in units:
                            count += 1
                            xml.write("\n")
                            xml.write(unit_two(row, count) if two else unit_one(row, count))
                        xml.write("\n")
                    xml.write("\n")
            xml.write("\n")
    file.write(b"\n")
    return count


def read(file: IO[bytes], name: str, source: str, target: str) -> tuple[Head, Iterator[Carried]]:
    """What the file says of itself, and its units; both versions. A unit's segments are put together.

    InputError, with the line, for what is no XLIFF, is cut short, or is in other languages.
    """
    stream = elements(file, name, "start", "end")
    opening: list[tuple[str, Any]] = []
    head = Head("", "")
    for event, element in stream:
        opening.append((event, element))
        tag = local(element)
        if len(opening) == 1:
            if tag != "xliff" or not namespace(element).startswith("urn:oasis:names:tc:xliff:document:"):
                raise InputError(f"{name}:{element.sourceline}: found <{tag}>; expected XLIFF 1.2 or 2.x, <xliff>")
            head = replace(head, source=element.get("srcLang", ""), target=element.get("trgLang", ""))
        if event == "start" and tag == "file" and not head.source:
            head = replace(head, source=element.get("source-language", ""), target=element.get("target-language", ""))
        if event == "end" and (tag in {"note", "prop"}) and key(element).startswith("amts-"):
            head = replace(head, about=(*head.about, (key(element)[5:], element.text or "")))
        if event == "start" and tag in {"unit", "trans-unit"}:
            break
    insist_on_languages(head, source, target, name)
    about = tuple(sorted(set(head.about)))
    return replace(head, about=about), _units(iter(opening), stream, name)


def _units(opening: Iterator[tuple[str, Any]], stream: Iterator[tuple[str, Any]], name: str) -> Iterator[Carried]:
    original = ""
    for events in (opening, stream):
        for event, element in events:
            tag = local(element)
            if event == "start" and tag == "file":
                original = element.get("original", "")
            elif event == "end" and tag in {"unit", "trans-unit"}:
                insist_on_no_entities(element, name)
                made = (read_two if tag == "unit" else read_one)(element, name)
                yield replace(made, document=original, line=int(element.sourceline or 0))
                forget(element)


def _about(head: Head) -> Any:
    notes = etree.Element(f"{{{TWO}}}notes", nsmap={None: TWO})
    for kind, value in head.about:
        note = etree.SubElement(notes, f"{{{TWO}}}note", {"category": f"amts-{kind}"})
        note.text = insist(value, kind)
    if not head.about:
        etree.SubElement(notes, f"{{{TWO}}}note", {"category": "amts-tool"}).text = "AMTS"
    return notes


def _header(head: Head) -> Any:
    header = etree.Element(f"{{{ONE}}}header", nsmap={None: ONE})
    for kind, value in head.about:
        note = etree.SubElement(header, f"{{{ONE}}}note", {"from": f"amts-{kind}"})
        note.text = insist(value, kind)
    return header
