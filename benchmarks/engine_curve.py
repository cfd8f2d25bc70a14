"""What more parallel data, and parallel data in sentences, do to the emulator's output.

    python benchmarks/engine_curve.py [--pair en-zh] [--draws 5] [--shares 5,25,50,100]

Prints two tables of mean corpus BLEU over the five test articles: by share of the rows, drawn at random so many times
(with all rows there is one draw only, and the interval is that of nothing), and by the cut of the rows. Intervals are
Student's, 95 %, over the draws; that of the cuts' difference is over the articles. Nothing is chosen by these figures.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Sequence

from engine_quality import TEST, Shelf, measured, memory, parallel_data, shelf

STUDENT = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 8: 2.365, 10: 2.262}
"""The t value of a two-sided 95 % interval for so many observations."""


def interval(values: Sequence[float]) -> float:
    """Half the width of the 95 % interval of the mean; NaN for a single value."""
    count = len(values)
    if count not in STUDENT:
        return math.nan
    mean = sum(values) / count
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / (count - 1))
    return STUDENT[count] * deviation / math.sqrt(count)


def drawn(rows: bytes, share: float, seed: int) -> bytes:
    """The header and a random share of the rows, in their order."""
    head, *others = rows.decode().splitlines(keepends=True)
    count = max(1, round(len(others) * share))
    kept = sorted(random.Random(seed).sample(range(len(others)), count))
    return (head + "".join(others[place] for place in kept)).encode()


def by_share(held: Shelf, rows: bytes, shares: Sequence[float], draws: int) -> None:
    """The curve."""
    print("share   rows   BLEU    ± 95 %   draws")
    for share in shares:
        results = [
            measured(held, memory(held, drawn(rows, share, seed)), TEST) for seed in range(1 if share == 1 else draws)
        ]
        means = [result.mean for result in results]
        mean, half = sum(means) / len(means), interval(means)
        shown = "     –" if math.isnan(half) else f"{half:.4f}"
        each = " ".join(f"{value:.4f}" for value in means)
        print(f"{share:5.0%}  {results[0].rows:5}  {mean:.4f}  {shown:>7}   {each}", flush=True)


def by_cut(held: Shelf) -> None:
    """Rows of sentences beside rows of paragraphs."""
    found = {}
    print("\ncut         rows   BLEU")
    for granularity in ("paragraph", "sentence", "both"):
        result = measured(held, memory(held, parallel_data(held, TEST, granularity).csv), TEST)
        found[granularity] = result.bleu
        print(f"{granularity:<10} {result.rows:5}  {result.mean:.4f}", flush=True)
    differences = [found["sentence"][name] - found["paragraph"][name] for name in TEST]
    mean = sum(differences) / len(differences)
    print(f"sentence - paragraph: {mean:+.4f} ± {interval(differences):.4f} over {len(TEST)} articles")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pair", default="en-zh")
    options.add_argument("--draws", type=int, default=5, choices=[1, *STUDENT])
    options.add_argument("--shares", default="5,25,50,100", help="percent, with commas between")
    given = options.parse_args()
    held = shelf(given.pair)
    by_share(
        held,
        parallel_data(held, TEST).csv,
        [float(share) / 100 for share in given.shares.split(",")],
        given.draws,
    )
    by_cut(held)


if __name__ == "__main__":
    main()
