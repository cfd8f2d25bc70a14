"""The steps of the pipeline: one function a task, each reads artefacts, makes one pure call and writes artefacts."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from amts_tasks.steps.run import Params, Run

if TYPE_CHECKING:
    from amts_tasks.steps.align import align
    from amts_tasks.steps.download import download
    from amts_tasks.steps.extract import extract
    from amts_tasks.steps.plan import plan
    from amts_tasks.steps.publish import publish
    from amts_tasks.steps.resolve import release, resolve
    from amts_tasks.steps.score import score
    from amts_tasks.steps.upload import upload

__all__ = [
    "Params",
    "Run",
    "align",
    "download",
    "extract",
    "plan",
    "publish",
    "release",
    "resolve",
    "score",
    "upload",
]

_ELSEWHERE = {"release": "resolve"}


def __getattr__(name: str) -> Any:
    """A step's function, imported when it is asked for: each task is a process of its own and needs one of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_ELSEWHERE.get(name, name)}")
    # The import has put the module under its name; the step is the function of that name in it.
    globals()[name] = function = getattr(module, name)
    return function
