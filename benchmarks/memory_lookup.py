"""The memory's look-ups over many pairs: time, resident memory, and how many near matches are found.

    python benchmarks/memory_lookup.py [--pairs 10000000] [--folder FOLDER]

Sentences are generated: words drawn by Zipf's law from 60,000, 4 to 24 a sentence, so that most words are common ones
and every rare word stands in many sentences; every twentieth holds a code span. A query is one of them with some words
replaced, or what the code span holds. Times are told beside a calibration of the same process (comparing 100,000 pairs
of sentences with rapidfuzz), for machines differ and are busy. The questions are asked by a process of their own, so
that its resident memory is what looking up takes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
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
CODED = 20
"""Every so manieth sentence ends in a code span."""


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
    for number, length in enumerate(lengths.tolist()):
        text = " ".join(words[rank] for rank in ranks[place : place + length].tolist())
        yield f"{text} `{words[number % WORDS]}`" if number % CODED == 0 else text
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
    high = sorted(times)[int(len(times) * 0.99)]
    print(
        f"{name:<34} median {statistics.median(times):9.3f} ms   99 % {high:9.3f} ms   ({len(times)} asked)", flush=True
    )


def calibrated(words: list[str]) -> str:
    """How long this process takes for what it always takes the same work for."""
    some = list(sentences(words, 1000, 99))
    shift = some[1:] + some[:1]
    taken = timed(lambda: [Indel.distance(a, b) for _ in range(100) for a, b in zip(some, shift, strict=True)])
    return f"load {os.getloadavg()[0]:.1f}; calibration: 100,000 comparisons {taken:.0f} ms"


def resident() -> str:
    """The most memory this process ever held (Linux: `getrusage` would count what its parent held)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return f"{int(next(line.split()[1] for line in lines if line.startswith('VmHWM'))) / 1000:.0f} MB"


def translation(source: str) -> str:
    """The sentence backwards, but for its code span."""
    text, mark, code = source.partition(" `")
    return text[::-1] + mark + code


def ask(path: Path, sample: list[str]) -> None:
    """Asks the index and prints what it took; in a process that has done nothing else."""
    random = Random(2)
    print(calibrated(vocabulary(Random(1))), flush=True)
    with Index(path) as index:
        print(f"asking; resident before {resident()}", flush=True)
        look = Lookup(index)
        asked = random.sample(sample, min(500, len(sample)))
        told("exact", [timed(lambda s=s: look.exact(s)) for s in asked])  # type: ignore[misc]
        told("exact, nothing there", [timed(lambda s=s: look.exact(s + " no")) for s in asked])  # type: ignore[misc]
        loose = ["  ".join(s.split()) + "\n" for s in asked]
        missed = sum(not look.exact(s) for s in loose)
        told("normalised (white space)", [timed(lambda s=s: look.exact(s)) for s in loose])  # type: ignore[misc]
        print(f"{'':<34} not found: {missed}")
        other = [s.partition("`")[0] + "`other_name`" for s in sample if "`" in s][:500]
        missed = sum(not look.masked(s) for s in other)
        told("masked (another code span)", [timed(lambda s=s: look.masked(s)) for s in other])  # type: ignore[misc]
        print(f"{'':<34} not found: {missed}")
        for share in (0.1, 0.2, 0.35):
            queries = [(source, edited(source, share, random)) for source in asked]
            times = [timed(lambda q=q: look.fuzzy(q)) for _, q in queries]  # type: ignore[misc]
            found = [any(m.unit.source == source for m in look.fuzzy(query)) for source, query in queries]
            told(f"fuzzy, {share:.0%} of the words changed", times)
            scores = [similarity(query, source) for source, query in queries]
            sure = [hit for hit, score in zip(found, scores, strict=True) if score >= 75]
            hits = f"{sum(found)} of {len(found)}; from a score of 75 on {sum(sure)} of {len(sure)}"
            print(f"{'':<34} the sentence itself found: {hits}")
        told("fuzzy, all words unknown", [timed(lambda s=s: look.fuzzy(s[::-1])) for s in asked])  # type: ignore[misc]
    print(f"most resident memory while asking {resident()}; load {os.getloadavg()[0]:.1f}", flush=True)


def main() -> None:
    """Builds the memory, then asks it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=int, default=200_000)
    options.add_argument("--folder", type=Path)
    options.add_argument("--minutes", type=float, default=15, help="stop building after so many, and say so")
    chosen = options.parse_args()
    words = vocabulary(Random(1))
    print(calibrated(words), flush=True)
    sample: list[str] = []
    taking, count = 0.0, 0
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        path = Path(folder) / "memory.sqlite"
        begun = time.perf_counter()
        with Index(path) as index:
            while count < chosen.pairs and time.perf_counter() - begun < chosen.minutes * 60:
                sources = list(sentences(words, min(PART, chosen.pairs - count), count))
                sample += sources[:: PART // 20 - 1]
                units = [Unit(source, translation(source), "human", f"{count}.md") for source in sources]
                taking += timed(lambda units=units, count=count: index.take(str(count), "r1", units))  # type: ignore[misc]
                count += len(sources)
                if count % 1_000_000 == 0:
                    print(f"  {count:,} pairs after {time.perf_counter() - begun:.0f} s", flush=True)
        if count < chosen.pairs:
            print(f"stopped at {count:,} of {chosen.pairs:,} pairs: {chosen.minutes:g} minutes were over")
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        each = f"{taking / count * 1000:.0f} µs a pair"
        print(f"{count:,} pairs taken in, {taking / 1000:.0f} s ({each}); {size / 1e9:.2f} GB", flush=True)
        print(f"most resident memory while taking in {resident()} (with the generator)", flush=True)
        asking = multiprocessing.get_context("spawn").Process(target=ask, args=(path, sample))
        asking.start()
        asking.join()


if __name__ == "__main__":
    main()
