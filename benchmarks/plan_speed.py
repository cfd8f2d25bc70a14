"""What planning a night over the whole English book takes: seconds, memory, and the ratio to ``git diff``.

    python benchmarks/plan_speed.py [--nights 28,16] [--languages zh,tr] [--profile]

The book is that of the bundle under ``$AMTS_D2L_DATA`` (192 documents, 1.9 M characters), before and after a night; its
translations are made ones, one a language, as in ``sync_edits.py``. Times are processor seconds: reading both revisions
(git and the parser), aligning (which a run does once a revision and keeps), and planning, which is what the ratio is
of; ``git diff`` of the same two revisions is run in the same minute. Memory is the peak of this process.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import resource
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from sync_cost import book
from sync_edits import translated

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile, load_profiles
from amts_tasks.sync import Versioned, plan_book
from amts_tasks.sync.identity import billed, to_translate

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")


def now() -> float:
    """Processor seconds so far, those of child processes too."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def compared(repository: Path, tags: Sequence[str]) -> float:
    """Processor seconds of git's own comparison, the least of five."""
    taken = []
    for _ in range(5):
        started = now()
        subprocess.run(["git", "-C", repository, "diff", *tags], check=True, capture_output=True)
        taken.append(now() - started)
    return min(taken)


def measured(repository: Path, night: int, languages: Sequence[str], profile: bool) -> None:
    """Prints what a night takes."""
    profiles = load_profiles(ROOT / "config" / "languages")
    english = profiles["en"]
    tags = [f"night-{night:02}-{when}" for when in ("before", "after")]
    differ = compared(repository, tags)
    started = now()
    before, after = (book(repository, tag) for tag in tags)
    reading = now() - started
    prose = sum(billed(t.source) for d in after.values() for b in d.blocks for t in to_translate(b))
    print(f"night {night}: {len(after)} documents, {prose:,} characters of prose; load {os.getloadavg()[0]:.1f}")
    print(f"  git diff {differ:.3f} s; reading and parsing both revisions {reading:.1f} s")
    total = 0.0
    for language in languages:
        other = profiles.get(language) or default_profile(language)
        targets = {path: translated(document) for path, document in before.items()}
        started = now()
        beads = {path: align_blocks(before[path], targets[path], english, other) for path in before}
        aligned = now()
        watch = cProfile.Profile()
        if profile:
            watch.enable()
        versions = Versioned(before, after, targets, beads)
        plan = plan_book(f"en-{language}", {}, versions, other, source_profile=english)
        watch.disable()
        planning = now() - aligned
        total += planning
        print(f"  {language}: aligned in {aligned - started:.1f} s; planned in {planning:.2f} s, ", end="")
        print(f"{plan.characters['sent']:,} characters to be sent")
        if profile:
            pstats.Stats(watch).sort_stats("cumulative").print_stats(25)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  planned for all in {total:.2f} s = {total / differ:.0f} x git diff; peak {peak:.0f} MB", flush=True)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nights", default="28,16")
    options.add_argument("--languages", default="zh,tr")
    options.add_argument("--profile", action="store_true", help="print where the planning spends its time")
    given = options.parse_args()
    bundle = DATA / "replay.bundle"
    if not bundle.exists():
        print(f"skipped: {bundle} is not there")
        return
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder, "book.git")
        subprocess.run(["git", "clone", "-q", "--bare", bundle, repository], check=True)
        for night in given.nights.split(","):
            measured(repository, int(night), given.languages.split(","), given.profile)


if __name__ == "__main__":
    main()
