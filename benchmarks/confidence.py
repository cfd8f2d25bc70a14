"""Whether a pair's confidence is the probability that it is right; and the fit of the numbers it rests on.

    python benchmarks/confidence.py [--fit]

Texts with known alignment (`known/`) are aligned, and each bead with two sides is right (it is in gold) or not. For
every kind of bead: a table of what was said and what was true; the expected calibration error, and the same for each
language with the fit made without it; and last the pairs of the real book that were judged by eye, which no fit has
seen. `--fit` writes `amts_tasks/align/calibration.json`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import numpy as np
from known.beads import ALIGNMENT, BOOK, Sample
from known.blocks import block_samples
from known.sentences import sentence_samples
from numpy.typing import NDArray

from amts_tasks.align import align_blocks, quality
from amts_tasks.align.documents import Alignment
from amts_tasks.align.encoders import vectors_for
from amts_tasks.align.quality import Calibration, Kind
from amts_tasks.align.review import review
from amts_tasks.languages import default_profile
from amts_tasks.text import parse

JUDGED = Path(__file__).parent / "judged" / "d2l_sentence_pairs.json"
FITTED = Path(quality.__file__).with_name("calibration.json")
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
"""Of the table's bins."""
FEWEST = 15
"""Beads of either outcome below which nothing is fitted."""
ENOUGH = 1e-6
Floats = NDArray[np.float64]


def fit(samples: Sequence[Sample]) -> Calibration | None:
    """Platt's fit: logistic regression on his smoothed targets, by Newton's method with halved steps; None where there
    are fewer than FEWEST beads of either outcome."""
    odds = np.array([one.odds for one in samples])
    right = np.array([one.right for one in samples], bool)
    if min(right.sum(), (~right).sum()) < FEWEST:
        return None
    wanted = np.where(right, (right.sum() + 1) / (right.sum() + 2), 1 / ((~right).sum() + 2))
    rows = np.stack((np.ones_like(odds), odds), axis=1)

    def loss(weights: Floats) -> float:
        exponent = rows @ weights
        return float(np.sum(np.logaddexp(0, exponent) - wanted * exponent))

    weights = np.array([0.0, 1.0])
    for _ in range(100):
        share = 1 / (1 + np.exp(-(rows @ weights)))
        step = np.linalg.solve((rows * (share * (1 - share))[:, None]).T @ rows, rows.T @ (share - wanted))
        while loss(weights - step) > loss(weights) and np.abs(step).max() > ENOUGH:
            step = step / 2
        weights = weights - step
        if np.abs(step).max() <= ENOUGH:
            break
    return Calibration(round(float(weights[0]), 3), round(float(weights[1]), 3))


def error(said_: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error over the bins: mean distance of what was said from what was true."""
    return sum(abs(mean - true) * n for _, n, mean, true in bins(said_, right)) / max(1, len(right))


def bins(said_: Sequence[float], right: Sequence[bool]) -> Iterator[tuple[str, int, float, float]]:
    """Label, number, mean of what was said, share of what was true; bins with nothing in them left out."""
    where = np.clip(np.searchsorted(EDGES, said_, side="right") - 1, 0, len(EDGES) - 2)
    for number in range(len(EDGES) - 1):
        inside = where == number
        if inside.any():
            label = f"{EDGES[number]:g}–{EDGES[number + 1]:g}"
            yield (
                label,
                int(inside.sum()),
                float(np.mean(np.array(said_)[inside])),
                float(np.mean(np.array(right)[inside])),
            )


def told(kind: Kind, samples: Sequence[Sample], calibration: Calibration) -> str:
    """The table of one kind, in Markdown."""
    right = [one.right for one in samples]
    said_ = [calibration(one.odds) for one in samples]
    languages = sorted({one.group.split(" ")[-1] for one in samples})
    apart: dict[str, tuple[float, int]] = {}
    for language in languages:
        mine = [one for one in samples if one.group.endswith(f" {language}")]
        of = fit([one for one in samples if not one.group.endswith(f" {language}")])
        if of is not None:
            apart[language] = error([of(one.odds) for one in mine], [one.right for one in mine]), len(mine)
    crossed = "too few wrong ones to fit anything"
    if apart:
        mean = sum(one * n for one, n in apart.values()) / sum(n for _, n in apart.values())
        each = ", ".join(f"{language} {one:.3f}" for language, (one, _) in apart.items())
        crossed = f"{mean:.3f} for a language that is not in the fit ({each})"
    lines = [
        f"**{kind}**: {len(samples):,} beads, {np.mean(right):.1%} right; expected calibration error "
        f"{error(said_, right):.3f}; {crossed}",
        "",
        "| said | beads | mean said | right |",
        "|---|---:|---:|---:|",
    ]
    lines += [f"| {label} | {n:,} | {mean:.3f} | {true:.3f} |" for label, n, mean, true in bins(said_, right)]
    return "\n".join(lines) + "\n"


def judged() -> str:
    """The pairs of the real book that were judged by eye: what is said of those that are still found."""
    data = json.loads(JUDGED.read_text(encoding="utf-8"))
    lines = [
        "| language | still found | mean confidence | right | least of the right | those not right |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for language in ("zh", "tr"):
        rows = {tuple(row[:6]): row[6] for row in data[language]}
        here, there = default_profile("en"), default_profile(language)
        vectors = vectors_for("en", language)
        alignments = []
        for one, other in sorted({(row[0], row[1]) for row in rows}):
            source, target = (parse((BOOK / path).read_text(encoding="utf-8"), path) for path in (one, other))
            beads = align_blocks(source, target, here, there, vectors, moves=True)
            alignments.append(Alignment(source, target, beads, "path"))
        found = []
        for one in review(alignments, "sentence", here, there, vectors):
            pair = one.pair
            key = (
                pair.document,
                one.target_document,
                pair.source_start,
                pair.source_end,
                pair.target_start,
                pair.target_end,
            )
            if key in rows:
                found.append((pair.score, rows[key] == "right"))
        wrong = ", ".join(f"{score:.3f}" for score, right in sorted(found) if not right)
        lines.append(
            f"| {language} | {len(found)} of {len(rows)} | {np.mean([s for s, _ in found]):.3f} | "
            f"{np.mean([r for _, r in found]):.3f} | {min(s for s, r in found if r):.3f} | {wrong} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Collect, fit, tell."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--fit", action="store_true", help="write the numbers into the package")
    chosen = options.parse_args()
    if not ALIGNMENT.is_dir() or not BOOK.is_dir():
        print(f"no gold data in {ALIGNMENT} and {BOOK}: set AMTS_ALIGNMENT_DATA and AMTS_D2L_DATA")
        return
    own = quality.fitted()
    quality.CALIBRATIONS.update(dict.fromkeys(own, float))  # the beads' quality is then their log-odds
    samples = [*sentence_samples(), *block_samples()]
    quality.CALIBRATIONS.update(own)
    written = {}
    for kind in get_args(Kind):
        mine = [one for one in samples if one.kind == kind]
        calibration = (fit(mine) if chosen.fit else None) or own[kind]
        quality.CALIBRATIONS[kind] = calibration
        print(told(kind, mine, calibration))
        written[kind] = {**asdict(calibration), "beads": len(mine), "right": sum(one.right for one in mine)}
    if chosen.fit:
        FITTED.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    print(judged())


if __name__ == "__main__":
    main()
