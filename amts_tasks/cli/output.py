"""Where a command's words go: results to standard output, progress and errors to standard error."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Output:
    """One command's voice; with ``json`` only ``give`` reaches standard output, as JSON."""

    json: bool
    results: frozenset[str] = frozenset()
    """The steps whose reports the command gives as its result, and need not be shown before."""
    started: float = field(default_factory=time.monotonic)

    def say(self, line: str) -> None:
        """A line of progress, with the seconds since the start."""
        print(f"{time.monotonic() - self.started:6.1f} s  {line}", file=sys.stderr, flush=True)

    def show(self, step: str, text: str) -> None:
        """A step's report, unless it is the command's result."""
        if self.json or step not in self.results:
            print(f"\n{text}\n", file=sys.stderr, flush=True)

    def give(self, value: Any, text: str) -> None:
        """The result: the value with ``--json``, else the text a person reads."""
        print(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) if self.json else text, flush=True)

    def fail(self, error: BaseException | str) -> None:
        """An error, a line for each of its faults."""
        for line in str(error).split("\n"):
            print(f"amts: {line}", file=sys.stderr, flush=True)
