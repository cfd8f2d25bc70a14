"""LibreTranslate, or what speaks its interface, behind an address (AGPL server: a process of somebody else's)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from amts_tasks.emulator.engines.engine import EngineError, Example, Masked, Term
from amts_tasks.emulator.engines.marks import through
from amts_tasks.emulator.engines.remote import Remote

BATCH = 25
"""Texts of one request."""
CODES = {"zh": "zh", "zh-TW": "zt", "pt-PT": "pt", "es-MX": "es", "fr-CA": "fr", "no": "nb"}
"""Where its language codes are not Amazon's."""


class LibreTranslateEngine:
    """``POST /translate`` with HTML, of which it keeps the elements, mostly; parallel data changes nothing."""

    name = "libretranslate"
    whole = False

    def __init__(self, remote: Remote, key: str | None = None) -> None:
        self._remote, self._key = remote, key

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """One text a segment; one that lost an element is translated piece by piece."""
        pair = CODES.get(source, source), CODES.get(target, target)
        return through(segments, lambda texts: self._ask(texts, *pair), "html")

    def _ask(self, texts: list[str], source: str, target: str) -> list[str]:
        said: list[str] = []
        for first in range(0, len(texts), BATCH):
            batch = texts[first : first + BATCH]
            body: dict[str, Any] = {"q": batch, "source": source, "target": target, "format": "html"}
            if self._key:
                body["api_key"] = self._key
            answer = self._remote.post("/translate", body)
            found = answer.get("translatedText") if isinstance(answer, dict) else None
            if (
                not isinstance(found, list)
                or len(found) != len(batch)
                or not all(isinstance(one, str) for one in found)
            ):
                expected = f"translatedText with {len(batch)} texts"
                raise EngineError(f"engine {self.name}: found {str(answer)[:200]!r}; expected {expected}")
            said += found
        return said
