"""A case of the contract, what it learns, and how it asserts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from amts_tasks.doctor.desk import Desk
from amts_tasks.errors import AmtsError

PAGE = "<html><body><p>The sky is blue.</p></body></html>"
"""A document for whoever needs one."""


@dataclass(slots=True)
class Answer:
    """What a case learnt."""

    switches: dict[str, Any] = field(default_factory=dict)
    """Switch → value this service behaves like."""
    remarks: dict[str, str] = field(default_factory=dict)
    """What no switch stands for."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question."""

    name: str
    asks: str
    run: Callable[[Desk], Answer | None]
    characters: int = 0
    customised: int = 0


class NotAsDocumentedError(AmtsError):
    """The service does not do what its documentation says."""


def hold(fact: bool, seen: Any) -> None:
    """Raises NotAsDocumentedError with what was seen, or what should hold, unless the fact holds."""
    if not fact:
        raise NotAsDocumentedError(str(seen))


def same(found: Any, wanted: Any, why: Any = None) -> None:
    """Holds that both are the same."""
    hold(found == wanted, f"found {found!r}; expected {wanted!r}" + (f": {why}" if why else ""))


def among(found: Any, wanted: Any) -> None:
    """Holds that one is part of the other."""
    hold(found in wanted, f"found {found!r}; expected it in {wanted!r}")
