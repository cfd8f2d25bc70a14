"""The emulator's service: its state, and the threads that do the jobs' work."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from amts_tasks.emulator.state import State
from amts_tasks.emulator.worker import Worker


class Service(State):
    """What every operation works on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sleep: Callable[[float], None] = time.sleep
        """How a slow answer waits."""
        self.worker = Worker(self)
