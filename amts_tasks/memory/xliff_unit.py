"""A unit of XLIFF, as 2.0 writes it and as 1.2 does, with its codes; see `xliff`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from amts_tasks.errors import InputError
from amts_tasks.memory.carried import Carried, insist
from amts_tasks.memory.coded import Code, Coded, coded, joined, markdown, target_coded
from amts_tasks.memory.markup import SPACE, append, local

TWO = "urn:oasis:names:tc:xliff:document:2.0"
ONE = "urn:oasis:names:tc:xliff:document:1.2"
_FINAL = frozenset(("reviewed", "final", "signed-off"))
"""Weblate writes `reviewed` for what it calls approved."""
_UNREAD = {TWO: "initial", ONE: "needs-review-translation"}
"""What we write where nobody has read a text. Tools that know no states leave it beside a text that was changed, so it
does not say that a change is not finished. Weblate writes `needs-translation` for that."""
_OPEN = frozenset(("new", "needs-translation", "needs-adaptation", "needs-l10n", "needs-review-adaptation",
                   "needs-review-l10n"))  # fmt: skip
_LINKED = frozenset(("a", "link", "image"))


def key(note: Any) -> str:
    """What a note or a property says it is about; "" where it does not."""
    return str(note.get("category") or note.get("from") or "")


def unit_two(row: Carried, number: int) -> Any:
    """The `unit` of 2.0."""
    unit = etree.Element(
        f"{{{TWO}}}unit", {"id": f"u{number}", **({"name": row.id} if row.id else {})}, nsmap={None: TWO}
    )
    name = f"{row.document or 'unit'} {number}"
    noted = [("note", row.note), ("amts-former", row.former), ("amts-state", row.state)]
    if any(text for _, text in noted):
        notes = etree.SubElement(unit, f"{{{TWO}}}notes")
        for kind, text in noted:
            if text:
                note = etree.SubElement(notes, f"{{{TWO}}}note", {"category": kind})
                note.text = insist(text, name)
    here = coded(row.source)
    there = target_coded(row.target, here)
    shelf: dict[str, str] = {}
    for piece in (*here, *there):
        if isinstance(piece, Code):
            shelf.setdefault(piece.data or "", f"d{len(shelf) + 1}")
    if shelf:
        data = etree.SubElement(unit, f"{{{TWO}}}originalData")
        for text, key in shelf.items():
            one = etree.SubElement(data, f"{{{TWO}}}data", {"id": key, SPACE: "preserve"})
            one.text = insist(text, name)
    segment = etree.SubElement(unit, f"{{{TWO}}}segment", {"id": "s1", "state": _state(row, TWO)})
    for side, codes in (("source", here), ("target", there)):
        if side == "source" or row.target:
            _fill_two(etree.SubElement(segment, f"{{{TWO}}}{side}", {SPACE: "preserve"}), codes, shelf, name)
    return unit


def _state(row: Carried, version: str) -> str:
    if row.open or row.state == "machine":
        return _UNREAD[version]
    return "final" if row.state in {"approved", "human"} else "translated"


def _fill_two(element: Any, text: Coded, shelf: Mapping[str, str], name: str) -> None:
    stack = [element]
    closing = {piece.ref: piece for piece in text if isinstance(piece, Code) and piece.kind == "close"}
    for piece in text:
        if isinstance(piece, str):
            append(stack[-1], insist(piece, name))
        elif piece.kind == "alone":
            facts = {"id": piece.ref, "dataRef": shelf[piece.data or ""], "disp": (piece.data or "")[:80]}
            etree.SubElement(stack[-1], f"{{{TWO}}}ph", facts)
        elif piece.kind == "open":
            refs = {"dataRefStart": shelf[piece.data or ""], "dataRefEnd": shelf[closing[piece.ref].data or ""]}
            kind = "link" if piece.name in _LINKED else "fmt"
            stack.append(etree.SubElement(stack[-1], f"{{{TWO}}}pc", {"id": piece.ref, **refs, "type": kind}))
        else:
            stack.pop()


def unit_one(row: Carried, number: int) -> Any:
    """The `trans-unit` of 1.2."""
    facts = {"id": f"u{number}", **({"resname": row.id} if row.id else {})}
    if row.state in {"approved", "human"} and not row.open:
        facts["approved"] = "yes"
    unit = etree.Element(f"{{{ONE}}}trans-unit", {**facts, SPACE: "preserve"}, nsmap={None: ONE})
    name = f"{row.document or 'unit'} {number}"
    here = coded(row.source)
    sides: list[tuple[str, Coded, dict[str, str]]] = [("source", here, {})]
    if row.target:
        sides.append(("target", target_coded(row.target, here), {"state": _state(row, ONE)}))
    for side, codes, own in sides:
        element = etree.SubElement(unit, f"{{{ONE}}}{side}", own)
        for piece in codes:
            if isinstance(piece, str):
                append(element, insist(piece, name))
                continue
            tag = {"open": "bpt", "close": "ept", "alone": "ph"}[piece.kind]
            code = etree.SubElement(element, f"{{{ONE}}}{tag}", {"id": piece.ref})
            code.text = insist(piece.data or "", name)
    for kind, text in (("", row.note), ("amts-former", row.former), ("amts-state", row.state)):
        if text:
            note = etree.SubElement(unit, f"{{{ONE}}}note", {"from": kind} if kind else {})
            note.text = insist(text, name)
    return unit


def read_two(unit: Any, name: str) -> Carried:
    """What a `unit` holds, its segments put together; InputError, with the line, where that cannot be read."""
    shelf: dict[str, str] = {}
    sides: dict[str, list[str | Code]] = {"source": [], "target": []}
    states: list[str] = []
    told: dict[str, str] = {}
    for child in unit.iter():
        tag = local(child)
        if tag == "data":
            shelf[child.get("id", "")] = "".join(child.itertext())
        elif tag == "note":
            told[key(child) or "note"] = child.text or ""
    for part in unit.iter():
        if local(part) not in {"segment", "ignorable"}:
            continue
        target = None
        for child in part:
            if local(child) == "source":
                source = _codes_two(child, shelf)
                sides["source"] += source
            elif local(child) == "target":
                target = _codes_two(child, shelf)
        if local(part) == "segment":
            states.append(part.get("state", "initial"))
            sides["target"] += target or []
        else:
            sides["target"] += source if target is None else target
    if not sides["source"]:
        raise InputError(f"{name}:{unit.sourceline}: found a unit without a source text")
    return _carried(joined(sides["source"]), joined(sides["target"]), unit.get("name", ""), states, told)


def _codes_two(element: Any, shelf: Mapping[str, str]) -> list[str | Code]:
    pieces: list[str | Code] = [element.text or ""]
    for child in element:
        tag, get = local(child), child.get
        if tag == "pc":
            opening, closing = get("dataRefStart"), get("dataRefEnd")
            pieces.append(Code("open", get("id", ""), shelf.get(opening) if opening else None))
            pieces += _codes_two(child, shelf)
            pieces.append(Code("close", get("id", ""), shelf.get(closing) if closing else None))
        elif tag in {"ph", "sc", "ec"}:
            kind = {"ph": "alone", "sc": "open", "ec": "close"}[tag]
            reference = get("startRef") if tag == "ec" and get("startRef") else get("id", "")
            data = shelf.get(get("dataRef")) if get("dataRef") else None
            pieces.append(Code(kind, reference, data))  # type: ignore[arg-type]
        elif tag == "cp":
            pieces.append(chr(int(get("hex", "FFFD"), 16)))
        elif tag == "mrk":
            pieces += _codes_two(child, shelf)
        pieces.append(child.tail or "")
    return pieces


def read_one(unit: Any, name: str) -> Carried:
    """What a `trans-unit` holds."""
    sides: dict[str, list[str | Code]] = {}
    states, told = [], {}
    for child in unit:
        tag = local(child)
        if tag in {"source", "target"}:
            sides[tag] = _codes_one(child)
        if tag == "target":
            states.append("final" if unit.get("approved") == "yes" else child.get("state", "translated"))
        elif tag == "note":
            told[key(child) or "note"] = child.text or ""
    if "source" not in sides:
        raise InputError(f"{name}:{unit.sourceline}: found a unit without a source text")
    source, target = joined(sides["source"]), joined(sides.get("target", []))
    return _carried(source, target, unit.get("resname", ""), states, told)


def _codes_one(element: Any) -> list[str | Code]:
    pieces: list[str | Code] = [element.text or ""]
    for child in element:
        tag, number = local(child), child.get("rid") or child.get("id", "")
        content = "".join(child.itertext())
        if tag in {"bpt", "ept"}:
            pieces.append(Code("open" if tag == "bpt" else "close", number, content))
        elif tag in {"ph", "it"}:
            pieces.append(Code("alone", number, content))
        elif tag in {"x", "bx", "ex"}:
            kind = {"x": "alone", "bx": "open", "ex": "close"}[tag]
            pieces.append(Code(kind, number, child.get("equiv-text")))  # type: ignore[arg-type]
        elif tag == "g":
            pieces += [Code("open", number, None), *_codes_one(child), Code("close", number, None)]
        elif tag in {"mrk", "sub"}:
            pieces += _codes_one(child)
        pieces.append(child.tail or "")
    return pieces


def _carried(source: Coded, target: Coded, name: str, states: list[str], told: Mapping[str, str]) -> Carried:
    return Carried(
        markdown(source) or "",
        markdown(target) or "",
        id=name,
        state=told.get("amts-state", ""),
        confirmed=bool(states) and all(state in _FINAL for state in states),
        open=any(state in _OPEN for state in states),
        note=told.get("note", ""),
        former=told.get("amts-former", ""),
        source_codes=source,
        target_codes=target,
    )
