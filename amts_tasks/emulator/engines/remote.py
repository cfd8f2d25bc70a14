"""JSON over HTTP with an end in time: what the engines behind an address share."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from amts_tasks.emulator.engines.engine import EngineError

MOST_BYTES = 20_000_000
"""The longest answer that is read."""
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP statuses after which the same request may succeed."""
PAUSE = 0.5
"""Seconds before the second try; twice as long before each later one."""


class Remote:
    """One address that takes and answers JSON."""

    def __init__(
        self,
        name: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60.0,
        tries: int = 3,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"engine {name}: found address {url!r}; expected http://… or https://…")
        self._name, self._url, self._timeout, self._tries, self._sleep = name, url.rstrip("/"), timeout, tries, sleep
        self._headers = {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})}
        loopback = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        handlers = [urllib.request.ProxyHandler({})] if loopback else []
        self._opener = urllib.request.build_opener(*handlers)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The answer's JSON. EngineError after ``tries`` tries, each at most ``timeout`` seconds long."""
        data = json.dumps(body, ensure_ascii=False).encode()
        place = f"{self._url}{path}"
        why = ""
        for number in range(self._tries):
            if number:
                self._sleep(PAUSE * 2 ** (number - 1))
            request = urllib.request.Request(place, data=data, headers=self._headers, method="POST")  # noqa: S310
            try:
                return json.loads(self._read(request))
            except urllib.error.HTTPError as error:
                why = f"HTTP {error.code}: {_shown(error.read(2000))}"
                if error.code not in AGAIN:
                    break
            except ValueError as error:
                why = f"its answer is no JSON ({error})"
                break
            except (OSError, EOFError) as error:
                reason = getattr(error, "reason", error)
                why = f"{type(reason).__name__}: {reason}" if str(reason) else type(reason).__name__
        raise EngineError(f"engine {self._name}: {place}: {why}")

    def _read(self, request: urllib.request.Request) -> bytes:
        """The body, or TimeoutError when it has not ended in time, however slowly it drips."""
        end = time.monotonic() + self._timeout
        out = bytearray()
        with self._opener.open(request, timeout=self._timeout) as answer:
            while piece := answer.read1(65_536):
                out += piece
                if len(out) > MOST_BYTES:
                    raise EOFError(f"the answer is longer than {MOST_BYTES:,} bytes")
                if time.monotonic() > end:
                    raise TimeoutError(f"no whole answer within {self._timeout:g} s")
        return bytes(out)


def _shown(body: bytes) -> str:
    text = " ".join(body.decode("utf-8", "replace").split())
    return text[:300] or "no text"
