"""All pairs of one language pair, and the parallel data that is cut from them."""

from __future__ import annotations

from amts_tasks.memory.lookup import Lookup
from amts_tasks.memory.match import Match
from amts_tasks.memory.memory import Entry, Memory, State
from amts_tasks.memory.parallel_data import LeftOut, ParallelData, build, summary
from amts_tasks.memory.unit import Unit

__all__ = ["Entry", "LeftOut", "Lookup", "Match", "Memory", "ParallelData", "State", "Unit", "build", "summary"]
