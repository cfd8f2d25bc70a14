"""How good weights are on a set that had no say in their choice.

    python benchmarks/alignment_left_out.py [COUNT]

COUNT sets of weights (12) are drawn at random from wide ranges, with a fixed seed, and each is tried on the development
sets of ``alignment_quality.py`` but those that are made of the same sentences as another (by entry, with noise). For
every set the weights that are best on the mean of the *others* are taken, and their strict F1 on it is told, beside
that of the weights best over all, this one too, and that of the aligner's own. With the encoder, and without. The
aligner's own were found by turns over all sets, so their figures are in-sample; a draw is worse than a search.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

from alignment_quality import DATA, texts

from amts_tasks.align import GoldScore, align_sentences, score_beads, weights
from amts_tasks.align.encoders import vectors_for
from amts_tasks.align.weights import Weights
from amts_tasks.languages import default_profile

COUNT = 12
SAME = ("pydocs-para-", "pydocs-noisy-")
"""Sets made of the sentences of others."""
SEED = 4
Passes = tuple[Weights, ...]


def drawn(rng: random.Random, encoder: bool) -> Passes:
    """Weights of the passes: each evidence from next to nothing to more than enough."""
    rough = replace(
        weights.ROUGHLY,
        words=rng.uniform(0.05, 0.4),
        anchors=rng.uniform(0.2, 1.0),
        lengths=rng.uniform(0.4, 2.0),
        omission=rng.uniform(-0.5, 2.5),
    )
    if not encoder:
        return rough, rough, replace(rough, lengths=rng.uniform(0.2, 1.5), omission=rng.uniform(-0.5, 1.5))
    full = replace(
        rough,
        meaning=rng.uniform(5, 25),
        floor=rng.uniform(0.05, 0.35),
        group=rng.uniform(0, 0.5),
        stray=rng.uniform(0, 3),
        omission=rng.uniform(-0.5, 1.5),
    )
    return full, full


def measured(corpora: list[Path], encoder: bool, passes: Passes | None) -> dict[str, float]:
    """The strict F1 of each set."""
    found = {}
    for corpus in corpora:
        pair = corpus.name.split("-")[-2:]
        vectors = vectors_for(*pair) if encoder else None
        profiles = default_profile(pair[0]), default_profile(pair[1])
        whole = GoldScore()
        for source, target, gold, blocks in texts(corpus):
            beads = align_sentences(source, target, *profiles, vectors=vectors, passes=passes)
            whole += score_beads(beads, gold, *(blocks or (None, None)))
        found["-".join(pair)] = whole.f1()
    return found


def mean(scores: dict[str, float], without: str = "") -> float:
    """Over the sets but one."""
    some = [f1 for pair, f1 in scores.items() if pair != without]
    return sum(some) / len(some)


def main() -> None:
    """Measure and print."""
    corpora = sorted(path for path in DATA.iterdir() if path.is_dir()) if DATA.is_dir() else []
    corpora = [path for path in corpora if not path.name.startswith(SAME)]
    if not corpora:
        print(f"no gold data in {DATA}: set AMTS_ALIGNMENT_DATA")
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    for encoder in (True, False):
        own = measured(corpora, encoder, None)
        rng = random.Random(SEED)
        tried = []
        for number in range(count):
            tried.append(measured(corpora, encoder, drawn(rng, encoder)))
            print(f"  draw {number + 1} of {count}: mean {mean(tried[-1]):.3f}", file=sys.stderr, flush=True)
        everywhere = max(tried, key=mean)
        print(f"{'with' if encoder else 'without'} the encoder, {count} draws" + "".join(f"{pair:>9}" for pair in own))
        rows = {
            "chosen without it": {pair: max(tried, key=lambda one, p=pair: mean(one, p))[pair] for pair in own},  # type: ignore[misc]
            "chosen with it": everywhere,
            "the aligner's own": own,
        }
        for name, scores in rows.items():
            print(f"{name:<29}" + "".join(f"{scores[pair]:>9.3f}" for pair in own) + f"   mean {mean(scores):.3f}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
