"""When something is due next, so that most requests need not look at a single job."""

from __future__ import annotations

import math
import threading


class Agenda:
    """The next instant of the emulator's clock at which a state may change; safe in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at = -math.inf

    def touch(self) -> None:
        """Something changed: look again at once."""
        with self._lock:
            self._at = -math.inf

    def due(self, now: float) -> bool:
        """Whether somebody should look."""
        return now >= self._at

    def begin(self, now: float) -> bool:
        """As ``due``; if so, whoever asked looks, and says with ``plan`` when the next look is due."""
        with self._lock:
            if now < self._at:
                return False
            self._at = math.inf
            return True

    def plan(self, at: float) -> None:
        """The next look is due at ``at``, or earlier if something was touched meanwhile."""
        with self._lock:
            self._at = min(self._at, at)
