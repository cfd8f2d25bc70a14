"""The time the emulator lives in: the real one plus what a test has advanced, so that nobody sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Epoch seconds that run with the real clock and can be pushed; listeners hear of every push."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._offset = 0.0
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> float:
        """Epoch seconds, to the millisecond as on the wire."""
        return round(self._now() + self._offset, 3)

    def advance(self, seconds: float) -> float:
        """Pushes the clock (a negative value: back), waits for the work that fell due, and gives the new time."""
        self._offset += seconds
        self._tell()
        return self.now()

    def set(self, epoch: float) -> float:
        """Puts the clock to an instant, in epoch seconds; it runs on from there."""
        self._offset = epoch - self._now()
        self._tell()
        return self.now()

    def listen(self, listener: Callable[[], None]) -> None:
        """``listener`` is called after every push, in the pushing thread."""
        self._listeners.append(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        """``listener`` is called no more."""
        self._listeners.remove(listener)

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()
