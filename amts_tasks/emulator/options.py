"""Translation settings: which the service applies to which languages (developer guide and service model, 2022)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from amts_tasks.emulator.errors import AnswerError

FORMALITY = frozenset({"nl", "fr", "de", "hi", "it", "ja", "ko", "es", "es-MX"})
"""Target languages with a formality; elsewhere it is ignored."""
NO_PROFANITY = frozenset({"bn", "hi", "ml", "pa", "si", "vi"})
"""Target languages in which profanity is not found; one of them switches it off for the whole job."""
BREVITY = frozenset({"fr", "de", "it", "pt", "es"})
"""Languages that can be made brief: from any, and back to English; elsewhere it is ignored."""


def applied(settings: Mapping[str, Any] | None, source: str, targets: Sequence[str]) -> dict[str, str]:
    """The settings that take effect: what AppliedSettings shows."""
    given = settings or {}
    found: dict[str, str] = {}
    if given.get("Formality") and any(target in FORMALITY for target in targets):
        found["Formality"] = given["Formality"]
    if given.get("Profanity") and not any(target in NO_PROFANITY for target in targets):
        found["Profanity"] = given["Profanity"]
    if given.get("Brevity") and all(_brief(source, target) for target in targets):
        found["Brevity"] = given["Brevity"]
    return found


def refuse_brevity(settings: Mapping[str, Any] | None, what: str) -> None:
    """Raises InvalidRequestException when brevity is asked of an operation without it."""
    if (settings or {}).get("Brevity"):
        raise AnswerError("InvalidRequestException", f"Brevity is not supported in {what}.")


def _brief(source: str, target: str) -> bool:
    return target in BREVITY or (source in BREVITY and target == "en")
