"""What input that is no text and its translation costs: each case once, and ten times as large.

Processor seconds of one thread, the ratio of the two (about 10 where cost grows linearly), what was said about the
input, and the most memory the process held after the case (it never falls). With the encoder and without.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable

from amts_tasks.align import Vectors, align_sentences
from amts_tasks.align.doubts import doubts
from amts_tasks.align.encoders import UseEncoder
from amts_tasks.languages import default_profile

EN, ES = default_profile("en"), default_profile("es")
Text = tuple[list[str], list[str]]


def english(count: int) -> list[str]:
    """So many different sentences."""
    return [f"The weight {k} of layer {k % 7} is computed before the loss {k * 3} is known." for k in range(count)]


def spanish(count: int) -> list[str]:
    """Their translations."""
    return [
        f"El peso {k} de la capa {k % 7} se calcula antes de que se conozca la pérdida {k * 3}." for k in range(count)
    ]


CASES: dict[str, tuple[int, Callable[[int], Text]]] = {
    "an ordinary text": (1000, lambda n: (english(n), spanish(n))),
    "one sentence over and over": (1000, lambda n: (["Again and again."] * n, ["Una y otra vez."] * n)),
    "an empty target": (1000, lambda n: (english(n), [])),
    "a target of a hundredth": (1000, lambda n: (english(n), spanish(n // 100))),
    "a source of a hundredth": (1000, lambda n: (english(n // 100), spanish(n))),
    "languages swapped": (1000, lambda n: (spanish(n), english(n))),
    "the same text on both sides": (1000, lambda n: (english(n), english(n))),
    "one line of so many characters": (100_000, lambda n: ([*english(50), "`x $" * (n // 4)], spanish(50))),
}
"""The smaller size, and the input of a size."""


def main() -> None:
    """Measure and print."""
    print(f"load {os.getloadavg()[0]:.1f}")
    encoder = UseEncoder()
    encoder.encode(["Open."])
    for name, (size, made) in CASES.items():
        for what in ("with", "without"):
            taken = []
            for count in (size, 10 * size):
                source, target = made(count)
                vectors = Vectors(encoder) if what == "with" else None
                started = time.process_time()
                beads = align_sentences(source, target, EN, ES, vectors=vectors)
                taken.append(time.process_time() - started)
                covered = sum(len(bead.source) for bead in beads), sum(len(bead.target) for bead in beads)
                if covered != (len(source), len(target)):
                    raise SystemExit(f"{name}: {covered} of {len(source), len(target)} sentences came out")
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            ratio = taken[1] / max(taken[0], 1e-3)
            print(
                f"{name:<32} {what:<8}{taken[0]:8.2f} s at {size:,}{taken[1]:9.2f} s at {10 * size:,}"
                f"   ratio {ratio:5.1f}   {memory:5.0f} MB",
                flush=True,
            )
        for doubt in doubts(*made(10 * size), ("en", "es")):
            print(f"    {doubt}")


if __name__ == "__main__":
    main()
