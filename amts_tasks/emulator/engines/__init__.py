"""What translates inside the emulator: one interface, engines chosen by name."""

from amts_tasks.emulator.engines.engine import Engine, EngineError, Example, NoEngineError, Term
from amts_tasks.emulator.engines.registry import ENGINE_NAMES, EngineRoom

__all__ = ["ENGINE_NAMES", "Engine", "EngineError", "EngineRoom", "Example", "NoEngineError", "Term"]
