"""Ctrl-C and SIGTERM while servers run: both unwind, and neither cuts the tidying short."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(SystemExit):
    """SIGTERM arrived: an exit, so that everything started is stopped on the way out."""


@contextmanager
def interruptible() -> Iterator[None]:
    """While inside, SIGTERM raises Interrupted (exit code 143) as Ctrl-C raises KeyboardInterrupt."""

    def raise_exit(number: int, _: FrameType | None) -> None:
        raise Interrupted(128 + number)

    try:
        before = signal.signal(signal.SIGTERM, raise_exit)
    except ValueError:  # not the main thread: whoever owns it decides
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """While inside, Ctrl-C and SIGTERM wait: stopping half would leave servers behind."""
    try:
        before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
