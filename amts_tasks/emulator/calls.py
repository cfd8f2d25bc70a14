"""The log of every Translate call: kept in memory, appended to ``calls.jsonl``, answered on ``GET /_amts/calls``."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from amts_tasks.emulator.shelf import replace

_LONGEST = 200


class CallLog:
    """What the clients asked, in order, over all lives of the state folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._calls: list[dict[str, Any]] = []
        if path.exists():
            # A kill may have cut the last line short: its call was not answered, and the next line must not join it.
            text = path.read_text(encoding="utf-8")
            whole = text[: text.rfind("\n") + 1]
            if whole != text:
                replace(path, whole.encode())
            self._calls = [json.loads(line) for line in whole.splitlines()]

    def add(
        self,
        time: float,
        operation: str,
        region: str,
        parameters: Any,
        status: int,
        error: str | None,
        characters: int | None,
        engine: str | None,
    ) -> None:
        """``characters`` is what the call would be billed for, None where that is not known at its end."""
        call = {
            "time": time,
            "operation": operation,
            "region": region,
            "parameters": bounded(parameters),
            "status": status,
            "error": error,
            "characters": characters,
            "engine": engine,
        }
        line = json.dumps(call, ensure_ascii=False) + "\n"
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as log:
                log.write(line)
            self._calls.append(call)

    def all(self) -> list[dict[str, Any]]:
        """Every call, oldest first."""
        with self._lock:
            return list(self._calls)


def bounded(value: Any) -> Any:
    """The parameters with every long text cut, so that the log does not become a second copy of the book."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}… ({len(value)} characters)"
    if isinstance(value, dict):
        return {name: bounded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [bounded(item) for item in value]
    return value
