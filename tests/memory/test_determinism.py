"""The same bytes for any seed of Python's hashes."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = """
from amts_tasks.align import align_sentences, write_beads
from amts_tasks.languages import default_profile
from amts_tasks.memory import build
from amts_tasks.align import Pair
en, es = default_profile("en"), default_profile("es")
words = "alpha beta gamma delta epsilon zeta eta theta iota kappa".split()
source = [" ".join(words[(i * k) % 10] for k in range(1, 4 + i % 5)) + f" {i % 7}." for i in range(60)]
target = [line.replace("a", "o") for i, line in enumerate(source) if i % 9]
print(write_beads(align_sentences(source, target, en, es)))
sides = enumerate(zip(source, target))
pairs = [Pair(f"{i % 3}.md", 0, 1, 0, 1, "paragraph", 0.9, "anchor", a, b) for i, (a, b) in sides]
print(build(pairs, en, es, {"1.md"}, granularity="both").digest)
"""


def test_beads_and_parallel_data_do_not_depend_on_the_hash_seed() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 500
