"""Which engine serves which pair: by name, or the best there is (``auto``)."""

from __future__ import annotations

import threading

from amts_tasks.emulator.engines.echo import EchoEngine
from amts_tasks.emulator.engines.engine import Engine, NoEngine

ENGINE_NAMES = ("auto", "echo")
"""What ``--engine`` takes."""


class EngineRoom:
    """The engines of one emulator."""

    def __init__(self, name: str = "auto") -> None:
        if name not in ENGINE_NAMES:
            raise ValueError(f"found engine {name!r}; expected one of: {', '.join(ENGINE_NAMES)}")
        self.name = name
        self._lock = threading.Lock()
        self._echo = EchoEngine()

    def customised(self, source: str, target: str) -> Engine:
        """The engine of a job with parallel data; there always is one."""
        return self._echo

    def baseline(self, source: str, target: str) -> Engine:
        """The engine without parallel data; raises NoEngine when the installation brings none for the pair."""
        if self.name == "echo":
            return self._echo
        raise NoEngine(f"no baseline engine for {source} to {target}")
