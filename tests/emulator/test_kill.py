"""The emulator killed at random moments, by seed; see killing.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def test_every_kill_leaves_legal_states_and_nothing_lost(tmp_path):
    words = [sys.executable, str(Path(__file__).with_name("killing.py")), str(tmp_path / "state"), "12", "7"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert told["rounds"] == 12
    assert told["jobs"] > 12
    assert told["met"]["job"] > 0  # the kills met work under way
    assert told["met"]["import"] > 0
