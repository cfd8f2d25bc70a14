"""One call as its operation sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amts_tasks.emulator.faults import NOTHING, Strike


@dataclass(frozen=True, slots=True)
class Request:
    """One call: validated parameters and where they come from."""

    operation: str
    parameters: Mapping[str, Any]
    region: str
    endpoint: str
    """URL the client used, for presigned locations."""
    strike: Strike = NOTHING
    """Faults that strike the work the call starts."""
