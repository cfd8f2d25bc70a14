"""TMX 1.4b (LISA 2005), level 2: units with inline codes, read and written as a stream.

A pair of tags is `bpt` and `ept`, a placeholder `ph`; their content is their Markdown, so a text is the content of its
`seg` with all the codes in it. Read are also the codes of other tools (`it`, `ut`, `hi`, `sub`) and OmegaT's `prop`s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

from lxml import etree

from amts_tasks import __version__
from amts_tasks.errors import InputError
from amts_tasks.memory.carried import Carried, Head, base, insist
from amts_tasks.memory.coded import Code, Coded, coded, joined, markdown, target_coded
from amts_tasks.memory.markup import LANGUAGE, SPACE, append, elements, forget, insist_on_no_entities, local

_PROPS = {"x-amts-id": "id", "x-amts-document": "document", "x-amts-state": "state", "file": "document"}
"""Types of `prop`, ours and OmegaT's."""


def write(file: IO[bytes], rows: Iterable[Carried], head: Head, *, codes: bool = True) -> int:
    """Writes the units in their order; how many. Without `codes` all is text: what the service's importer takes.

    InputError for a text that XML cannot hold.
    """
    count = 0
    about = {
        "creationtool": "AMTS", "creationtoolversion": __version__, "segtype": "block", "o-tmf": "AMTS",
        "adminlang": "en", "srclang": head.source, "datatype": "plaintext",
    }  # fmt: skip
    with etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("tmx", {"version": "1.4"}):
            xml.write("\n")
            with xml.element("header", about):
                for name, value in head.about:
                    xml.write(_prop(f"x-amts-{name}", value))
            xml.write("\n")
            with xml.element("body"):
                for row in rows:
                    count += 1
                    xml.write("\n")
                    xml.write(_unit(row, head, count, codes))
                xml.write("\n")
            xml.write("\n")
    file.write(b"\n")
    return count


def read(file: IO[bytes], name: str, source: str, target: str) -> Iterator[Carried]:
    """The units with a text in both languages (codes as AMTS writes them; a file's region may differ).

    InputError, with the line, for what is no TMX, is cut short, has a source language that is not `source`, or a unit
    without a text in `source`. A unit without one in `target` is passed over: a TMX may hold many languages.
    """
    heads = found = units = 0
    languages: set[str] = set()
    for seen, (event, element) in enumerate(elements(file, name, "start", "end")):
        tag = local(element)
        if seen == 0 and tag != "tmx":
            raise InputError(
                f"{name}:{element.sourceline}: found <{tag}>; expected a TMX file, which begins with <tmx>"
            )
        if event == "start" and tag == "header":
            heads += 1
            stated = element.get("srclang", "")
            if stated and stated.casefold() != "*all*" and base(stated) != base(source):
                raise InputError(
                    f"{name}:{element.sourceline}: found srclang {stated!r}; expected {source!r}: is it another pair's?"
                )
        if event == "end" and tag == "tu":
            units += 1
            carried = _read(element, name, source, target, languages)
            if carried is not None:
                found += 1
                yield carried
            forget(element)
    if not heads:
        raise InputError(f"{name}: found no <header>; expected TMX 1.4")
    if units and not found:
        others = ", ".join(sorted(languages))
        raise InputError(f"{name}: found {units} units in {others}, none with {source!r} and {target!r}")


def _unit(row: Carried, head: Head, number: int, codes: bool) -> Any:
    unit = etree.Element("tu", {"tuid": row.id} if row.id else {})
    for name, value in (("x-amts-document", row.document), ("x-amts-state", row.state)):
        if value:
            unit.append(_prop(name, value))
    if row.note:
        note = etree.SubElement(unit, "note")
        note.text = insist(row.note, f"unit {number}")
    here = coded(row.source) if codes else (row.source,)
    there = target_coded(row.target, here) if codes else (row.target,)
    for language, text in ((head.source, here), (head.target, there)):
        variant = etree.SubElement(unit, "tuv", {LANGUAGE: language})
        _fill(etree.SubElement(variant, "seg", {SPACE: "preserve"}), text, f"{row.document or 'unit'} {number}")
    return unit


def _prop(kind: str, value: str) -> Any:
    made = etree.Element("prop", {"type": kind})
    made.text = insist(value, kind)
    return made


def _fill(seg: Any, text: Coded, name: str) -> None:
    for piece in text:
        if isinstance(piece, str):
            append(seg, insist(piece, name))
            continue
        tag = {"open": "bpt", "close": "ept", "alone": "ph"}[piece.kind]
        element = etree.SubElement(seg, tag)
        if piece.kind != "alone":
            element.set("i", piece.ref)
        if piece.kind != "close":
            element.set("x", piece.ref)
            element.set("type", piece.name)
        element.text = insist(piece.data or "", name)


def _read(unit: Any, name: str, source: str, target: str, languages: set[str]) -> Carried | None:
    insist_on_no_entities(unit, name)
    facts: dict[str, str] = {"id": unit.get("tuid", "")}
    texts: dict[str, Any] = {}
    for child in unit:
        tag = local(child)
        if tag == "prop" and child.get("type") in _PROPS:
            facts[_PROPS[child.get("type")]] = child.text or ""
        elif tag == "note":
            facts["note"] = child.text or ""
        elif tag == "tuv":
            language = child.get(LANGUAGE) or child.get("lang") or ""
            seg = next((one for one in child if local(one) == "seg"), None)
            if not language or seg is None:
                raise InputError(
                    f"{name}:{child.sourceline}: found a <tuv> without {'<seg>' if language else 'xml:lang'}"
                )
            languages.add(language)
            texts.setdefault(base(language), {})[language.casefold()] = seg
    here, there = _chosen(texts, source), _chosen(texts, target)
    if here is None:
        found = ", ".join(sorted(languages))
        raise InputError(
            f"{name}:{unit.sourceline}: found a unit without a text in {source!r}; it has {found or 'none'}"
        )
    if there is None:
        return None
    left, right = _codes(here), _codes(there)
    return Carried(
        markdown(left) or "",
        markdown(right) or "",
        line=int(unit.sourceline or 0),
        source_codes=left,
        target_codes=right,
        id=facts.get("id", ""),
        document=facts.get("document", ""),
        state=facts.get("state", ""),
        note=facts.get("note", ""),
    )


def _chosen(texts: dict[str, dict[str, Any]], language: str) -> Any:
    """The text in this very language code, else in its language."""
    found = texts.get(base(language), {})
    return found.get(language.casefold(), next(iter(found.values()), None))


def _codes(seg: Any) -> Coded:
    pieces: list[str | Code] = [seg.text or ""]
    for child in seg:
        tag = local(child)
        content = "".join(child.itertext())
        if tag in {"bpt", "ept"}:
            kind = child.get("type", "")
            pieces.append(Code("open" if tag == "bpt" else "close", child.get("i", ""), content, kind))
        elif tag in {"ph", "it", "ut"}:
            pieces.append(Code("alone", child.get("x") or child.get("i") or content, content, child.get("type", "")))
        elif tag in {"hi", "sub"}:
            pieces += _codes(child)
        pieces.append(child.tail or "")
    return joined(pieces)
