"""All pairs of one language pair, and the parallel data that is cut from them."""

from __future__ import annotations

from amts_tasks.memory.memory import Entry, Memory, State
from amts_tasks.memory.parallel_data import LeftOut, ParallelData, build, summary

__all__ = ["Entry", "LeftOut", "Memory", "ParallelData", "State", "build", "summary"]
