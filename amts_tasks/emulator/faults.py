"""Faults to order: a script of what shall go wrong next, or rates at which it shall, operation by operation."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

DamageKind = Literal["lost_tag", "moved_tag", "doubled_tag", "dnt_leak", "added_space"]
"""What the service is known, or feared, to do to markup; see ``damage.py``."""
FaultKind = Literal[
    "throttle",
    "error",
    "reset",
    "lost",
    "slow",
    "clock",
    "import_failed",
    "job_failed",
    "document_errors",
    "expired_location",
    DamageKind,
]
"""throttle: TooManyRequestsException; error: InternalServerException, or ``code``; reset: the connection, before any
work; lost: the connection, after the work was done; slow: the answer comes ``seconds`` later; clock: the clock jumps by
``seconds`` first; import_failed, job_failed: the work ends FAILED; document_errors: documents whose path matches
``documents`` fail, the job ends COMPLETED_WITH_ERROR; expired_location: the presigned URLs of the answer are stale."""

KINDS: tuple[str, ...] = tuple(get_args(FaultKind))
DAMAGE: tuple[str, ...] = tuple(get_args(DamageKind))
ANSWERS = frozenset({"throttle", "error", "reset", "lost"})
"""What becomes of the answer: of these one strikes a call; of the others one of each kind may join it."""


@dataclass(slots=True)
class FaultOrder:
    """One line of the script."""

    fault: str
    operation: str = "*"
    """An operation's name, or ``*``."""
    times: int | None = None
    """How many calls it strikes; 1 without a rate, endlessly with one."""
    after: int = 0
    """How many calls of the operation it lets pass first."""
    rate: float | None = None
    """Chance of each call, 0 to 1, drawn from the seed; None: every call, until ``times`` are struck."""
    status: int | None = None
    """HTTP status of throttle (429, or 400 as in older answers) and error (500)."""
    code: str = ""
    """Another code for error, such as ServiceUnavailableException, ThrottlingException or AccessDeniedException."""
    message: str = ""
    """The sentence of the error, or of the failed import or job."""
    documents: str = "*"
    """Glob of the documents that fail, for document_errors."""
    share: float = 1.0
    """Share of those documents, or of the segments that are damaged, by seed."""
    seconds: float = 1.0
    """How slow, or how far the clock jumps (may be negative)."""

    def __post_init__(self) -> None:
        if self.fault not in KINDS:
            raise ValueError(f"found fault {self.fault!r}; expected one of: {', '.join(KINDS)}")
        for name in ("rate", "share"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, (int, float)) and 0 <= value <= 1):
                raise ValueError(f"found {name} {value!r}; expected a number from 0 to 1")
        if self.times is None and self.rate is None:
            self.times = 1


@dataclass(frozen=True, slots=True)
class Strike:
    """What strikes one call: at most one order of each kind."""

    orders: Mapping[str, FaultOrder]

    def get(self, *kinds: str) -> FaultOrder | None:
        """The order of the first of these kinds that there is."""
        return next((self.orders[kind] for kind in kinds if kind in self.orders), None)

    @property
    def damage(self) -> dict[str, float]:
        """Kind of damage → share of segments."""
        return {kind: self.orders[kind].share for kind in DAMAGE if kind in self.orders}


NOTHING = Strike({})


class Faults:
    """The script; orders strike in the order they were given."""

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._seed = seed
        self._orders: list[tuple[FaultOrder, random.Random]] = []
        self._given = 0

    def order(self, script: Iterable[Mapping[str, Any]]) -> None:
        """Adds to the script; raises ValueError, naming the line, for one that is not understood."""
        orders = []
        for number, line in enumerate(script, 1):
            try:
                orders.append(FaultOrder(**line))
            except TypeError:
                known = {item.name for item in fields(FaultOrder)}
                wrong = sorted(set(line) - known) or ["no fault"]
                raise ValueError(
                    f"fault {number}: found {', '.join(wrong)}; expected fault and any of: "
                    f"{', '.join(sorted(known - {'fault'}))}"
                ) from None
            except ValueError as error:
                raise ValueError(f"fault {number}: {error}") from None
        with self._lock:
            for order in orders:
                self._given += 1
                self._orders.append((order, random.Random(f"{self._seed}:{self._given}")))  # noqa: S311

    def clear(self) -> None:
        """Forgets what is left of the script."""
        with self._lock:
            self._orders.clear()

    def pending(self) -> list[dict[str, Any]]:
        """What is left of the script."""
        with self._lock:
            return [asdict(order) for order, _ in self._orders]

    def strike(self, operation: str) -> Strike:
        """What hits this call; counts the call."""
        if not self._orders:
            return NOTHING
        hit: dict[str, FaultOrder] = {}
        with self._lock:
            for order, chance in list(self._orders):
                if order.operation not in {operation, "*"}:
                    continue
                group = ANSWERS if order.fault in ANSWERS else {order.fault}
                if not group.isdisjoint(hit):
                    continue
                if order.after > 0:
                    order.after -= 1
                    continue
                if order.rate is not None and chance.random() >= order.rate:
                    continue
                if order.times is not None:
                    order.times -= 1
                    if order.times <= 0:
                        self._orders = [held for held in self._orders if held[0] is not order]
                hit[order.fault] = order
        return Strike(hit)


def parse(word: str) -> dict[str, Any]:
    """A fault as the command line takes it: ``KIND,name=value,…``; raises ValueError for what is no number."""
    kind, *options = word.split(",")
    line: dict[str, Any] = {"fault": kind}
    numbers = {"times": int, "after": int, "status": int, "rate": float, "share": float, "seconds": float}
    for option in options:
        name, equals, text = option.partition("=")
        if not equals:
            raise ValueError(f"fault {word!r}: found {option!r}; expected name=value")
        try:
            line[name] = numbers.get(name, str)(text)
        except ValueError:
            raise ValueError(f"fault {word!r}: found {text!r} for {name}; expected a number") from None
    return line
