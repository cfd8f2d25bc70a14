"""The plan of one document."""

from __future__ import annotations

from dataclasses import dataclass

from amts_tasks.sync.document.maker import Lookup
from amts_tasks.sync.document.planner import Planner, Versions
from amts_tasks.sync.identity import content
from amts_tasks.sync.item import Item
from amts_tasks.text import ParsedDocument


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """What happens to one document."""

    path: str
    """Its path in the new source, where the result is written."""
    old_path: str | None
    """Where the translation stands now; None when there is none."""
    source: ParsedDocument
    target: ParsedDocument | None
    items: tuple[Item, ...]
    """In the order of the result."""
    based: bool
    """False when there is a translation but no base: it is kept as it is, and only what it lacks is sent."""
    languages: tuple[str, str] | None = None
    """Of the source and of the translation, BCP 47; None where they are not known."""

    @property
    def renamed(self) -> bool:
        """Whether the result moves to a new path."""
        return self.old_path is not None and self.old_path != self.path


def plan_document(
    path: str,
    versions: Versions,
    look: Lookup,
    old_path: str | None = None,
    languages: tuple[str, str] | None = None,
) -> DocumentPlan:
    """The plan of one document; pure. `old_path` is where its translation stands, when that is another path.

    An empty file is no translation yet: all of the source is new in it.
    """
    if versions.target is not None and not content(versions.target) and content(versions.source):
        versions = Versions(None, versions.source, None)
    items = Planner(path, versions, look).items()
    target = versions.target
    where = (old_path or path) if target is not None else None
    based = versions.base is not None or target is None
    return DocumentPlan(path, where, versions.source, target, items, based, languages)


def asked(plan: DocumentPlan, item: Item, place: tuple[int, ...]) -> str:
    """The source of a text, or of a sentence of it, that an item wants (one of its `asked`); inline Markdown."""
    if len(place) == 1:
        return plan.source.blocks[item.index].texts[place[0]].source
    return dict(item.patches)[place[0]][place[1]].text
