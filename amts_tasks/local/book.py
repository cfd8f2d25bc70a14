"""The example's repositories, made before anything reads them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from amts_tasks.config import Config
from amts_tasks.errors import BookError
from amts_tasks.local.stack import ROOT

EXAMPLE = ROOT / ".amts" / "example"
"""Where config/amts.yaml expects them."""


def build_example(config: Config, say: Callable[[str], None] = print) -> None:
    """Make the example's history when this configuration reads it; BookError with its words when that fails."""
    if not config.book.place.location.startswith(str(EXAMPLE)):
        return
    command = [sys.executable, str(ROOT / "examples" / "history.py"), str(EXAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BookError(f"the example book could not be made: {(done.stderr or done.stdout).strip()}")
    say(f"the example book is in {EXAMPLE.relative_to(ROOT)}")
