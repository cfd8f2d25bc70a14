"""Whole or not at all: which merged documents would leave the book with something that points nowhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from amts_tasks.sync.whole.needs import Things
from amts_tasks.sync.whole.references import Dangling, dangling
from amts_tasks.text import ParsedDocument


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A document as it would be published."""

    document: ParsedDocument
    old_path: str | None
    """Where it stands now, when that is another path."""


def withheld(
    before: Mapping[str, ParsedDocument],
    rewritten: Mapping[str, Rewritten],
    things_before: Things,
    things_after: Things,
    excused: Collection[tuple[str, str]] = (),
) -> dict[str, str]:
    """The documents that must not be published, and why: by path.

    `before` is the whole translation, `rewritten` what would be published of it, by path. A document is withheld when
    a reference, citation, image or toc entry of it that is new, or that resolved before, would point nowhere; and when
    it no longer defines what another document, which is not rewritten, refers to. What is withheld may be needed by
    others, so they are looked at again. `excused` holds (path, name) that dangle in the source itself.
    """
    renamed = {one.old_path: path for path, one in rewritten.items() if one.old_path}
    known = {(renamed.get(one.path, one.path), one.role, one.name) for one in dangling(before, things_before)}
    held: dict[str, str] = {}
    while True:
        after = dict(before)
        for path, new in rewritten.items():
            if path not in held:
                after.pop(new.old_path or path, None)
                after[path] = new.document
        found = [
            one
            for one in dangling(after, things_after)
            if (one.path, one.role, one.name) not in known and (one.path, one.name) not in excused
        ]
        more: dict[str, str] = {}
        for one in found:
            for path in _culprits(one, before, rewritten, held):
                more.setdefault(path, f"{one.path}:{one.line}: {_words(one)}")
        if not more:
            return held
        held |= more


def _culprits(
    one: Dangling, before: Mapping[str, ParsedDocument], rewritten: Mapping[str, Rewritten], held: Collection[str]
) -> list[str]:
    if one.path in rewritten and one.path not in held:
        return [one.path]
    return [
        path
        for path, other in rewritten.items()
        if path not in held
        for old in [before.get(other.old_path or path)]
        if old is not None and any(one.name in block.labels for block in old.blocks)
    ]


def _words(one: Dangling) -> str:
    if one.role == "image":
        return f"the image {one.name} is not there"
    if one.role == "toc":
        return f"the toc entry {one.name} leads to no document"
    if one.role.startswith("cite"):
        return f":{one.role}:`{one.name}` is in no bibliography"
    return f":{one.role}:`{one.name}` points at nothing"
