"""Amazon Translate on this machine, beside moto's S3, on one port: ``Emulator`` in Python, ``serve`` as a program."""

from amts_tasks.emulator.clock import Clock
from amts_tasks.emulator.engines import ENGINE_NAMES
from amts_tasks.emulator.server import Emulator, serve
from amts_tasks.emulator.switches import Switches

__all__ = ["ENGINE_NAMES", "Clock", "Emulator", "Switches", "serve"]
