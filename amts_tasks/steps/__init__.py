"""The steps of the pipeline: one function a task, each reads artefacts, makes one pure call and writes artefacts."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from amts_tasks.steps.run import Params, Run

STEPS = ("resolve", "extract", "align", "plan", "upload", "parallel_data", "translate", "download", "score", "publish")
"""The steps in their order. ``parallel_data`` and ``translate`` wait for the service: Airflow's operators do that, and
``whole`` for the command line."""

LEASE = frozenset({"hold", "release"})

__all__ = ["STEPS", "Params", "Run", "step"]


def step(name: str) -> Callable[..., Any]:
    """The function of a step (or of ``hold`` and ``release``, which keep its lease), imported when it is asked for.

    Each task is a process of its own and needs one of them; together they import a second's worth of libraries.
    """
    module = importlib.import_module(f"{__name__}.{'resolve' if name in LEASE else name}")
    function: Callable[..., Any] = getattr(module, name)
    return function
