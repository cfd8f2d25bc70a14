"""The memory's look-ups over many pairs: time, resident memory, and how many near matches are found.

    python benchmarks/memory_lookup.py [--pairs 10000000] [--folder FOLDER]

Sentences are generated: words drawn by Zipf's law from 60,000, 4 to 24 a sentence, so that most words are common ones
and every rare word stands in many sentences. A query is one of them with some words replaced. Times are told beside a
calibration of the same process (comparing 100,000 pairs of sentences with rapidfuzz), for machines differ and are busy.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import numpy as np
from rapidfuzz.distance import Indel

from amts_tasks.memory import Lookup, Unit
from amts_tasks.memory.index import Index
from amts_tasks.memory.match import similarity

WORDS = 60_000
PART = 100_000
"""Units taken in at once, as `part.ROWS` of a real part."""


def vocabulary(random: Random) -> list[str]:
    """Distinct made-up words, short ones first, as common words are."""
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    made: dict[str, None] = {}
    while len(made) < WORDS:
        length = 2 + min(9, len(made) * 4 // WORDS + random.randint(0, 5))
        made["".join(random.choices(letters, weights=range(26, 0, -1), k=length))] = None
    return list(made)


def sentences(words: list[str], count: int, seed: int) -> Iterator[str]:
    """Sentences of words by Zipf's law."""
    drawn = np.random.default_rng(seed)
    weights = 1 / np.arange(1, len(words) + 1)
    sums = np.cumsum(weights / weights.sum())
    lengths = drawn.integers(4, 25, count)
    ranks = np.searchsorted(sums, drawn.random(int(lengths.sum())))
    place = 0
    for length in lengths.tolist():
        yield " ".join(words[rank] for rank in ranks[place : place + length].tolist())
        place += length


def edited(source: str, share: float, random: Random) -> str:
    """The sentence with a share of its words replaced by one that is nowhere else."""
    words = source.split()
    for place in random.sample(range(len(words)), max(1, round(share * len(words)))):
        words[place] = "zzzqqq"
    return " ".join(words)


def timed(action: Callable[[], object]) -> float:
    """Milliseconds that it took."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def told(name: str, times: list[float]) -> None:
    """A line of a table."""
    high = sorted(times)[int(len(times) * 0.95)]
    print(
        f"{name:<34} median {statistics.median(times):9.3f} ms   95 % {high:9.3f} ms   ({len(times)} asked)", flush=True
    )


def main() -> None:
    """Builds the memory, then asks it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=int, default=200_000)
    options.add_argument("--folder", type=Path)
    options.add_argument("--minutes", type=float, default=15, help="stop building after so many, and say so")
    chosen = options.parse_args()
    random = Random(1)
    words = vocabulary(random)
    some = list(sentences(words, 1000, 99))
    shift = some[1:] + some[:1]
    calibration = timed(lambda: [Indel.distance(a, b) for _ in range(100) for a, b in zip(some, shift, strict=True)])
    print(f"load {os.getloadavg()[0]:.1f}; calibration: 100,000 comparisons {calibration:.0f} ms", flush=True)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder, Index(Path(folder) / "memory.sqlite") as index:
        sample: list[str] = []
        taking = 0.0
        begun = time.perf_counter()
        count = 0
        while count < chosen.pairs and time.perf_counter() - begun < chosen.minutes * 60:
            sources = list(sentences(words, min(PART, chosen.pairs - count), count))
            sample += sources[:: max(1, PART // 20)]
            units = [Unit(source, source[::-1], "human", f"{count}.md") for source in sources]
            taking += timed(lambda units=units, count=count: index.take(str(count), "r1", units))  # type: ignore[misc]
            count += len(sources)
            if count % 1_000_000 == 0:
                print(f"  {count:,} pairs after {time.perf_counter() - begun:.0f} s", flush=True)
        if count < chosen.pairs:
            print(f"stopped at {count:,} of {chosen.pairs:,} pairs: {chosen.minutes:g} minutes were over")
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        each = f"{taking / count * 1000:.0f} µs a pair"
        print(f"{count:,} pairs taken in, {taking / 1000:.0f} s ({each}); {size / 1e9:.2f} GB", flush=True)
        look = Lookup(index)
        asked = random.sample(sample, min(200, len(sample)))
        told("exact", [timed(lambda source=source: look.exact(source)) for source in asked])  # type: ignore[misc]
        told("exact, nothing there", [timed(lambda s=source: look.exact(s + " no")) for source in asked])  # type: ignore[misc]
        for share in (0.1, 0.2, 0.35):
            queries = [(source, edited(source, share, random)) for source in asked]
            found = [any(m.unit.source == source for m in look.fuzzy(query)) for source, query in queries]
            told(f"fuzzy, {share:.0%} of the words changed", [timed(lambda q=q: look.fuzzy(q)) for _, q in queries])  # type: ignore[misc]
            scores = [similarity(query, source) for source, query in queries]
            sure = [hit for hit, score in zip(found, scores, strict=True) if score >= 75]
            hits = f"{sum(found)} of {len(found)}; from a score of 75 on {sum(sure)} of {len(sure)}"
            print(f"{'':<34} the sentence itself found: {hits}")
        told("fuzzy, all words unknown", [timed(lambda s=s: look.fuzzy(s[::-1])) for s in asked])  # type: ignore[misc]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most resident memory {peak:.0f} MB (with the generator); load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
