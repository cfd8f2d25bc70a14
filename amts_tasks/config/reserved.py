"""reserved.yaml, beside the configuration: documents that translators have taken for themselves for a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from amts_tasks.settings import Section, Sheet, quoted

NAME = "reserved.yaml"


@dataclass(frozen=True, slots=True)
class Reserved:
    """One reservation."""

    who: str
    """The translator."""
    until: date
    """The last day on which AMTS leaves the documents alone."""
    languages: tuple[str, ...] = ()
    """The translations it is for; all where it is empty."""
    documents: str = ""
    """Derived: the pattern of paths it stands under."""

    def holds(self, language: str, today: date) -> bool:
        """Whether it holds on that day for that translation."""
        return not self.expired(today) and self.concerns(language)

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > self.until

    def concerns(self, language: str) -> bool:
        """Whether it is for that translation."""
        return not self.languages or language in self.languages


def read_reserved(path: Path, known: Collection[str] | None = None) -> tuple[Reserved, ...]:
    """The reservations of a file, in its order; none where there is no file. Raises ConfigError with all its faults.

    ``known`` are the translations there are; a night does not fail over one that is not, so only who checks gives them.
    """
    if not path.exists() or not path.read_bytes().strip():
        return ()
    sheet = Sheet(path, {})
    top = Section.top(sheet, Reserved)
    found = []
    for documents in top:
        part = top.section(documents, Reserved)
        who, until, languages = part.text("who"), part.day("until"), part.texts("languages")
        for language in languages:
            if known is not None and language not in known:
                part.fault("languages", quoted(language), f"translations of the configuration: {', '.join(known)}")
        part.done()
        found.append(Reserved(who, until, languages, documents))
    sheet.raise_faults()
    return tuple(found)
