"""Faults to order: a script of what shall go wrong next, operation by operation."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

FaultKind = Literal["throttle", "error", "reset", "lost", "import_failed", "job_failed", "document_errors"]
"""throttle: TooManyRequestsException; error: InternalServerException; reset: the connection, before any work; lost: the
connection, after the work was done; import_failed, job_failed: the work ends FAILED; document_errors: documents whose
path matches ``documents`` fail, the job ends COMPLETED_WITH_ERROR."""

BEFORE: frozenset[str] = frozenset({"throttle", "error", "reset"})
"""Faults that strike before any work is done."""


@dataclass(slots=True)
class FaultOrder:
    """One line of the script."""

    operation: str
    """An operation's name, or ``*``."""
    fault: FaultKind
    times: int = 1
    """How many calls it strikes."""
    after: int = 0
    """How many calls of the operation it lets pass first."""
    status: int | None = None
    """HTTP status of throttle (429, or 400 as in older answers) and error (500)."""
    message: str = ""
    """The sentence of the error, or of the failed import or job."""
    documents: str = "*"
    """Glob of the documents that fail, for document_errors."""


class Faults:
    """The script; orders strike in the order they were given, one a call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[FaultOrder] = []

    def order(self, script: list[Mapping[str, Any]]) -> None:
        """Adds to the script; raises ValueError, naming the line, for one that is not understood."""
        orders = []
        for number, line in enumerate(script, 1):
            if line.get("fault") not in get_args(FaultKind):
                kinds = ", ".join(get_args(FaultKind))
                raise ValueError(f"fault {number}: found fault {line.get('fault')!r}; expected one of: {kinds}")
            try:
                orders.append(FaultOrder(**line))
            except TypeError as error:
                raise ValueError(
                    f"fault {number}: {error}; expected operation, fault and the options of docs"
                ) from None
        with self._lock:
            self._orders.extend(orders)

    def clear(self) -> None:
        """Forgets what is left of the script."""
        with self._lock:
            self._orders.clear()

    def pending(self) -> list[dict[str, Any]]:
        """What is left of the script."""
        with self._lock:
            return [asdict(order) for order in self._orders]

    def strike(self, operation: str) -> FaultOrder | None:
        """The fault that hits this call, or None; counts the call."""
        with self._lock:
            for order in self._orders:
                if order.operation not in {operation, "*"}:
                    continue
                if order.after > 0:
                    order.after -= 1
                    continue
                order.times -= 1
                if order.times <= 0:
                    self._orders.remove(order)
                return order
        return None
