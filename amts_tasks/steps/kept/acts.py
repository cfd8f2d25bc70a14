"""The acts of approval of a pair in storage: one object each, never changed and never taken away."""

from __future__ import annotations

from datetime import datetime

from amts_tasks import names
from amts_tasks.steps.run import Run
from amts_tasks.sync.lineage.approvals import Act, read


def keep_act(run: Run, act: Act) -> None:
    """Writes an act down. Its key begins with its time; the same act once more is the same object."""
    value = act.as_json(run.pair)
    when = f"{datetime.fromisoformat(act.when):%Y%m%dT%H%M%SZ}"
    run.storage.put_json(f"{_home(run)}{when}-{names.digest(value)[:16]}.json", value)


def acts_of(run: Run) -> tuple[Act, ...]:
    """All acts of approval of the pair, in order of time; InputError for one that cannot be read."""
    keys = run.storage.list(_home(run))
    return tuple(read(run.storage.get_json(key), run.storage.uri(key)) for key in keys)


def _home(run: Run) -> str:
    return f"{run.home}approvals/"
