"""An XLIFF 1.2 document: the source of every trans-unit, with a target beside it when it comes back.

Units and groups that say ``translate="no"`` stay as they are; a target that is there is replaced. Inline elements that
hold native code (``ph``, ``it``, ``bpt``, ``ept``) come back byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from amts_tasks.emulator import inline
from amts_tasks.emulator.damage import Damage
from amts_tasks.emulator.inline import Inline

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
CODE = frozenset({"ph", "it", "bpt", "ept"})
"""Inline elements whose content is not text."""


class XliffError(Exception):
    """The file is no XLIFF 1.2; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Xliff:
    """The tree and the segments of its units."""

    tree: Any
    units: tuple[Any, ...]
    """The trans-unit elements, one a segment."""
    segments: tuple[Inline, ...]

    def render(self, translations: Sequence[str], target: str, damage: Damage | None = None) -> str:
        """The file with a target in every unit, and ``target-language`` on every file element."""
        for number, (unit, segment, text) in enumerate(zip(self.units, self.segments, translations, strict=True)):
            inner = inline.put_back(text, segment)
            inner = damage.apply(inner, number) if damage else inner
            old = unit.find(f"{{{NAMESPACE}}}target")
            if old is not None:
                unit.remove(old)
            source = unit.find(f"{{{NAMESPACE}}}source")
            place = list(unit).index(source) + 1
            if unit.find(f"{{{NAMESPACE}}}seg-source") is not None:
                place = max(place, list(unit).index(unit.find(f"{{{NAMESPACE}}}seg-source")) + 1)
            unit.insert(place, _target(inner))
        for file in self.tree.iter(f"{{{NAMESPACE}}}file"):
            file.set("target-language", target)
        text = etree.tostring(self.tree, encoding="utf-8", xml_declaration=True)
        return str(text.decode())


def read(text: str) -> Xliff:
    """The document of a file's text; raises XliffError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        tree = etree.fromstring(text.encode(), parser).getroottree()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XliffError(f"Invalid XLIFF format. {error}") from None
    root = tree.getroot()
    if root.tag != f"{{{NAMESPACE}}}xliff" or root.get("version") != "1.2":
        why = f"found the root element {root.tag} of version {root.get('version')}; expected XLIFF 1.2"
        raise XliffError(f"Invalid XLIFF format: {why}.")
    units, segments = [], []
    for unit in tree.iter(f"{{{NAMESPACE}}}trans-unit"):
        source = unit.find(f"{{{NAMESPACE}}}source")
        if source is None or _kept(unit):
            continue
        segment = inline.parse(_inner(source), CODE)
        if any(character.isalnum() for character in segment.text):
            units.append(unit)
            segments.append(segment)
    return Xliff(tree, tuple(units), tuple(segments))


def _kept(unit: Any) -> bool:
    """Whether the nearest word on it is ``translate="no"``."""
    for element in (unit, *unit.iterancestors()):
        said = element.get("translate")
        if said is not None:
            return bool(said == "no")
    return False


def _inner(element: Any) -> str:
    """Inner XML, without the namespace declarations a fragment would carry."""
    whole = etree.tostring(element, encoding="unicode", with_tail=False)
    inside = whole[whole.index(">") + 1 : whole.rindex("</")] if "</" in whole else ""
    return inside.replace(f' xmlns="{NAMESPACE}"', "")


def _target(inner: str) -> Any:
    """A target element; what a fault left without its partner goes in as text."""
    try:
        return etree.fromstring(f'<target xmlns="{NAMESPACE}">{inner}</target>')
    except etree.XMLSyntaxError:
        target = etree.Element(f"{{{NAMESPACE}}}target")
        target.text = inner
        return target
