"""Corpus BLEU, chrF2++ and TER as sacrebleu computes them, each with its signature, interval and paired p-value.

Metrics: Papineni et al. (2002), Popović (2017), Snover et al. (2006), in the implementation of sacrebleu (Post,
2018), whose statistics of segments are kept: matching is slow (TER above all), resampling is not, so that every text
is matched once and then resampled for its own interval, for the difference to a baseline and for the mean over
articles.

Interval: sacrebleu's bootstrap, 1000 resamples, 95 %, its mean plus and minus half the width, the numbers that its
command line prints with ``--confidence``. p-value: its paired bootstrap, ``--paired-bs`` (Koehn, 2004). We depart
from sacrebleu in three things: lengths are compared first (it stops at the shorter list without a word); two systems
that never differ have p = 1 (it gives 1/1001); and the seed is fixed, so that an environment variable cannot change a
report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from amts_tasks.counts import counted
from amts_tasks.errors import InputError
from amts_tasks.languages import Profile
from amts_tasks.score.ter import FastTER

Metric = Literal["BLEU", "chrF2++", "TER"]

RESAMPLES = 1000
SEED = 12345
"""sacrebleu's own defaults; a signature with an interval reads ``bs:1000|seed:12345`` there."""


@dataclass(frozen=True, slots=True)
class Score:
    """One metric over one set of segments, with what is needed to get it again."""

    metric: Metric
    value: float
    """BLEU 0-1, chrF2++ and TER 0-100 (TER has no upper bound); a lower TER is better, the others the higher."""
    signature: str
    """sacrebleu's. The mean of several corpora has the signature they share."""
    segments: int
    low: float
    high: float
    """95 % interval, in the unit of the value."""
    p: float | None = None
    """Two-sided p-value of the difference to the baseline on the same segments; None without a baseline."""

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, for JSON; numbers to six decimals, so that no platform's last bit shows."""
        return {name: round(value, 6) if isinstance(value, float) else value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Measured:
    """The statistics of one metric over the segments of one corpus: all that its scores are made of."""

    name: Metric
    metric: Any
    """The sacrebleu metric, which turns a sum of statistics into a score."""
    statistics: np.ndarray[Any, np.dtype[np.float32]]
    """One row a segment."""

    @property
    def value(self) -> float:
        """The score of the whole corpus."""
        return self._of(self.statistics.sum(0))

    @property
    def signature(self) -> str:
        """sacrebleu's, without the resampling, which is not part of the value."""
        return str(self.metric.get_signature().format())

    def resampled(self, seed: int | Sequence[int] = SEED) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The scores of 1000 resamples of the segments; the same rows are drawn for every corpus of the same length."""
        rows = np.random.default_rng(seed).choice(
            len(self.statistics), size=(RESAMPLES, len(self.statistics)), replace=True
        )
        return np.array([self._of(self.statistics[row].sum(0)) for row in rows])

    def _of(self, summed: Any) -> float:
        value = float(self.metric._compute_score_from_stats(summed).score)
        return value / 100 if self.name == "BLEU" else value


def measure(hypotheses: Sequence[str], references: Sequence[str], profile: Profile) -> tuple[Measured, ...]:
    """The statistics of BLEU, chrF2++ and TER, in this order, for one reference a segment; case is kept but in TER.

    BLEU takes the profile's tokenizer; TER splits and normalises East Asian text. Time: TER's search for shifts, a few
    milliseconds a segment. Raises InputError when the two differ in length or hold nothing.
    """
    if len(hypotheses) != len(references):
        raise InputError(
            f"{counted(len(hypotheses), 'hypothesis', 'hypotheses')} and "
            f"{counted(len(references), 'reference')}; expected one line a segment in both"
        )
    if not references:
        raise InputError("no segments to score; expected at least one line")
    asian = profile.code.split("-")[0] in {"zh", "ja", "ko"}
    metrics: tuple[tuple[Metric, Any], ...] = (
        ("BLEU", BLEU(tokenize=profile.tokenizer, force=True)),
        ("chrF2++", CHRF(word_order=2)),
        ("TER", FastTER(asian_support=asian, normalized=asian)),
    )
    return tuple(
        Measured(name, metric, np.array(metric._extract_corpus_statistics(hypotheses, [references]), dtype=np.float32))
        for name, metric in metrics
    )


def score(measured: Measured, baseline: Measured | None = None) -> Score:
    """The score of one corpus; with a baseline on the same segments, also the p-value of the difference."""
    return mean([measured], None if baseline is None else [baseline])


def mean(measured: Sequence[Measured], baselines: Sequence[Measured] | None = None) -> Score:
    """The mean of the corpus scores of several articles, each of which counts the same whatever its length.

    Articles are resampled each for itself. ``segments`` is their sum. Raises InputError where the articles were not
    measured alike.
    """
    signatures = {one.signature for one in [*measured, *(baselines or ())]}
    if len(signatures) != 1:
        raise InputError(f"scores of different signatures have no mean: {'; '.join(sorted(signatures)) or 'no scores'}")
    value, samples = _mean(measured)
    low, high = _interval(samples)
    p = None
    if baselines is not None:
        if [len(one.statistics) for one in measured] != [len(one.statistics) for one in baselines]:
            raise InputError("the baseline has other segments than what is compared with it; expected the same")
        p = _p_value(value, samples, *_mean(baselines))
    segments = sum(len(one.statistics) for one in measured)
    return Score(measured[0].name, value, measured[0].signature, segments, low, high, p)


def corpus(
    hypotheses: Sequence[str], references: Sequence[str], profile: Profile, baseline: Sequence[str] | None = None
) -> tuple[Score, ...]:
    """BLEU, chrF2++ and TER of a text against one reference, and with a baseline the p-value of each difference.

    Raises InputError unless all have the same number of segments.
    """
    ours = measure(hypotheses, references, profile)
    if baseline is None:
        return tuple(score(one) for one in ours)
    theirs = measure(baseline, references, profile)
    return tuple(score(one, other) for one, other in zip(ours, theirs, strict=True))


def _mean(measured: Sequence[Measured]) -> tuple[float, np.ndarray[Any, np.dtype[np.float64]]]:
    # One corpus draws exactly as sacrebleu does; of several each needs its own draws, or they would go together.
    seeds: list[int | list[int]] = [SEED] if len(measured) == 1 else [[SEED, index] for index in range(len(measured))]
    samples = np.mean([one.resampled(seed) for one, seed in zip(measured, seeds, strict=True)], axis=0)
    return sum(one.value for one in measured) / len(measured), samples


def _interval(samples: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float]:
    # sacrebleu.significance.estimate_ci: 1/40 off each end, laid around the mean.
    ordered = np.sort(samples)
    cut = len(ordered) // 40
    half = 0.5 * (ordered[-cut - 1] - ordered[cut])
    middle = ordered.mean()
    return float(middle - half), float(middle + half)


def _p_value(
    value: float,
    samples: np.ndarray[Any, np.dtype[np.float64]],
    baseline: float,
    baseline_samples: np.ndarray[Any, np.dtype[np.float64]],
) -> float:
    # sacrebleu.significance._paired_bs_test.
    differences = np.abs(samples - baseline_samples)
    if not differences.any():
        return 1.0
    beyond = int(np.sum(differences - differences.mean() > abs(value - baseline)))
    return (beyond + 1) / (len(differences) + 1)
