"""Sentences of two texts → beads, by a monotone dynamic program in two passes.

The first pass finds out roughly what stands where: around sentences whose vectors are each other's nearest, or that
share anchors nobody else has. Its beads teach which words come together. The second looks only near the first's path,
and weighs everything: meaning (Thompson and Koehn 2019; Liu and Zhu 2022 for two passes over sentence vectors), words
(Moore 2002), anchors, lengths (Gale and Church 1993). What there is no encoder for goes without meaning.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from amts_tasks.align import wording
from amts_tasks.align.anchors import Evidence, evidence, protected, tokens
from amts_tasks.align.band import Band, Floats, Pricing, Search
from amts_tasks.align.beads import Bead
from amts_tasks.align.cues import Anchors, Lengths, Meanings, Words
from amts_tasks.align.lattice import Move, Step, corridor, unique_waypoints
from amts_tasks.align.length import SPREAD, VARIANCE, fitted, size
from amts_tasks.align.nearest import mutual
from amts_tasks.align.quality import Kind, log_odds, quality
from amts_tasks.align.vectors import Floats as Rows
from amts_tasks.align.vectors import Vectors
from amts_tasks.align.weights import PRIOR, ROUGH, ROUGHLY, WITH_MEANING, WITHOUT, Weights

if TYPE_CHECKING:
    from amts_tasks.languages import Profile

Text = tuple[Sequence[str], Sequence[str]]
"""Source and target sentences of one text."""

NEAR = 12
"""Sentences a pass may stray from the one before it."""
READ = 4000
"""Characters of a sentence that are looked at; no more than its length is known of the rest."""
LEARN_FROM = 40
"""Sentences on either side from which on words are learnt; a paragraph teaches nothing."""

ADAPTATIONS = 2
"""How often the shapes' rates are taken from the beads found and the search is made again."""
BELIEF = 20
"""Beads that the prior rates weigh as much as, in a book, and the book's rates in a text of it."""


def align_sentences(
    source: Sequence[str],
    target: Sequence[str],
    source_profile: Profile,
    target_profile: Profile,
    *,
    vectors: Vectors | None = None,
    passes: Sequence[Weights] | None = None,
) -> tuple[Bead, ...]:
    """The beads that cover both sequences of sentences once each, in order; `score` is a cost.

    `align_texts` of one text. An empty side gives omissions only.
    """
    return align_texts([(source, target)], source_profile, target_profile, vectors=vectors, passes=passes)[0]


def align_texts(
    texts: Sequence[Text],
    source_profile: Profile,
    target_profile: Profile,
    *,
    vectors: Vectors | None = None,
    passes: Sequence[Weights] | None = None,
) -> list[tuple[Bead, ...]]:
    """The beads of each text; a book's texts teach one another words, lengths and rates, so give them all at once.

    A text is a document's sentences, or those of one block of which it is known what it belongs to. Beads hold up to
    five sentences of a side. `vectors` are those of an encoder that knows both languages (else they are passed over);
    without them lengths, anchors and words decide. Lengths are in characters, not bytes, since a Chinese character and
    a Latin letter do not differ threefold in what they say. Time is linear in the number of sentences, but for texts of
    thousands of sentences, of which each is compared with each up to a bound. `passes` are other weights than those
    found good, for experiments.
    """
    if vectors is not None and not vectors.knows(source_profile.code, target_profile.code):
        vectors = None
    # Texts of like size together: the search goes through a batch at the width of its widest.
    order = sorted(range(len(texts)), key=lambda k: len(texts[k][1]))
    with threadpool_limits(1, "blas"):  # more threads than one cost more than they bring, and may round otherwise
        sorted_texts = [texts[k] for k in order]
        sorted_beads = _Alignment(sorted_texts, source_profile, target_profile, vectors, passes).beads()
    found: list[tuple[Bead, ...]] = [()] * len(texts)
    for k, beads in zip(order, sorted_beads, strict=True):
        found[k] = beads
    return found


class _Alignment:
    """Everything that is known of some texts while they are aligned."""

    def __init__(
        self,
        texts: Sequence[Text],
        source_profile: Profile,
        target_profile: Profile,
        vectors: Vectors | None,
        passes: Sequence[Weights] | None,
    ) -> None:
        self.sizes = [(len(source), len(target)) for source, target in texts]
        self.source = [sentence for source, _ in texts for sentence in source]
        self.target = [sentence for _, target in texts for sentence in target]
        self.codes = source_profile.code, target_profile.code
        own = (WITH_MEANING, WITH_MEANING) if vectors is not None else (ROUGHLY, ROUGHLY, WITHOUT)
        self.passes = tuple(passes or own)
        expected = target_profile.expected_ratio / source_profile.expected_ratio
        here, there = ([_size(text) for text in side] for side in (self.source, self.target))
        self.lengths = Lengths(here, there, fitted(here, there, expected).ratio, VARIANCE, SPREAD)
        self.shared: Evidence = evidence(
            *([tokens(text[:READ]) for text in side] for side in (self.source, self.target))
        )
        self.anchors = Anchors(self.shared)
        self.meanings: Meanings | None = None
        self.words: Words | None = None
        self.rows: tuple[Rows, Rows] | None = None
        if vectors is not None and self.source and self.target:
            pooled = vectors.pooled(self.source), vectors.pooled(self.target)
            self.rows = vectors.finish(pooled[0]), vectors.finish(pooled[1])
            self.meanings = Meanings(*pooled, vectors.finish, self.rows)

    def beads(self) -> list[tuple[Bead, ...]]:
        """Of each text."""
        corridors = [corridor(n, m, self._waypoints(k)) for k, (n, m) in enumerate(self.sizes)]
        band = Band.of(self.sizes, corridors)
        moves = tuple(PRIOR)
        if min(len(self.source), len(self.target)) >= LEARN_FROM:
            vocabulary = self._vocabulary()
            for weights in self.passes[:-1]:
                paths = Search(band, ROUGH, self._pricing(band, ROUGH, weights)).cheapest()
                self.words = self._learnt(vocabulary, band, paths)
                near = [corridor(*size, _points(path), NEAR) for path, size in zip(paths, self.sizes, strict=True)]
                band = Band.of(self.sizes, near)
        # Of a few sentences no words are learnt, and lengths must count to the end.
        last = self.passes[0 if self.words is None else -1]
        costs = _kept(self._pricing(band, moves, last))
        rates = np.array([PRIOR[move] for move in moves]) / sum(PRIOR.values())
        paths = Search(band, moves, costs).cheapest()
        for _ in range(ADAPTATIONS):
            search = Search(band, moves, _shifted(costs, self._surprises(band, moves, paths, rates)))
            paths = search.cheapest()
        return [
            tuple(self._bead(step, share, i0, j0) for step, share in zip(path, shares, strict=True))
            for path, shares, (_, i0, j0) in zip(paths, search.shares(paths, 1.0), band.starts[:-1], strict=True)
        ]

    def _bead(self, step: Step, share: float, i0: int, j0: int) -> Bead:
        i, i2, j, j2, cost = step
        source, target = tuple(range(i, i2)), tuple(range(j, j2))
        if not source or not target:
            return Bead(source, target, cost, "omission")
        if self.meanings is not None:
            method = "meaning"
        else:
            left, right = self.shared.source[i0 + i : i0 + i2], self.shared.target[j0 + j : j0 + j2]
            kept = self.shared.gain(frozenset[str]().union(*left), frozenset[str]().union(*right)) > 0
            method = "anchor" if kept else "length" if self.words is None else "words"
        kind: Kind = "sentence without encoder" if self.meanings is None else "sentence"
        return Bead(source, target, cost, method, quality(log_odds(share), kind))

    def _surprises(self, band: Band, moves: Sequence[Move], paths: Sequence[Sequence[Step]], rates: Floats) -> Floats:
        """(moves, rows): what the shapes cost in each text beyond their prior, after what was observed there.

        How much a translator leaves out, adds, joins and cuts differs from book to book, and from chapter to chapter.
        """
        number = {move: index for index, move in enumerate(moves)}
        counts = np.zeros((len(paths), len(moves)))
        for text, path in enumerate(paths):
            for i, i2, j, j2, _ in path:
                counts[text, number[i2 - i, j2 - j]] += 1
        book = counts.sum(axis=0) + BELIEF * rates
        texts = counts + BELIEF * book / book.sum()
        found = np.log(rates) - np.log(texts / texts.sum(axis=1, keepdims=True))
        rows = [end - start for (start, _, _), (end, _, _) in pairwise(band.starts)]
        return np.repeat(found, rows, axis=0).T

    def _vocabulary(self) -> tuple[list[list[str]], list[list[str]]]:
        source, target = (
            [wording.words(text[:READ], code) for text in side]
            for side, code in zip((self.source, self.target), self.codes, strict=True)
        )
        return source, target

    def _learnt(
        self, vocabulary: tuple[list[list[str]], list[list[str]]], band: Band, paths: Sequence[Sequence[Step]]
    ) -> Words:
        beads = [
            (range(i0 + i, i0 + i2), range(j0 + j, j0 + j2))
            for (_, i0, j0), path in zip(band.starts, paths, strict=False)
            for i, i2, j, j2, _ in path
        ]
        return wording.learnt(beads, *vocabulary, self.passes[-1].doubt)

    def _waypoints(self, text: int) -> list[tuple[int, int]]:
        i0, j0 = (sum(size[side] for size in self.sizes[:text]) for side in (0, 1))
        n, m = self.sizes[text]
        if self.rows is not None:
            return mutual(self.rows[0][i0 : i0 + n], self.rows[1][j0 : j0 + m])
        return unique_waypoints(
            [item if len(item) > 1 else None for item in self.shared.source[i0 : i0 + n]],
            [item if len(item) > 1 else None for item in self.shared.target[j0 : j0 + m]],
        )

    def _pricing(self, band: Band, moves: Sequence[Move], weights: Weights) -> Pricing:
        most = max(a for a, _ in moves), max(b for _, b in moves)
        prior = [-math.log(PRIOR[move]) for move in moves]
        columns = np.arange(band.width)

        def costs(start: int, end: int) -> Floats:
            first, last = band.first[start:end, None], band.last[start:end, None]
            ends = int(band.source[start]), int(band.source[end - 1]) + 1
            others = int(first.min()), int(last.max()) + 1
            at = (band.source[start:end] - ends[0])[:, None], np.minimum(first + columns, others[1] - 1) - others[0]
            there = first + columns - band.low[start:end, None]
            inside = first + columns <= last
            gains = [(weights.anchors, self.anchors.gains(ends, others, *most))]
            if self.meanings is not None:
                near = self.meanings.gains(ends, others, *most, weights.stray)
                gains.append((
                    weights.meaning,
                    lambda a, b: ((a + b) / 2) ** weights.group * (near(a, b) - weights.floor),
                ))
            if self.words is not None:
                gains.append((weights.words, self.words.gains(ends, others, *most)))
            found = np.full((len(moves), end - start, len(columns)), np.inf)
            for number, (a, b) in enumerate(moves):
                allowed = inside & (band.behind[start:end, None] >= a) & (there >= b)
                if a and b:
                    gain = weights.lengths * self.lengths.gain(ends, others, a, b)
                    for weight, of in gains:
                        gain += weight * of(a, b)
                    found[number] = np.where(allowed, prior[number] - gain[at], np.inf)
                else:
                    found[number] = np.where(allowed, prior[number] + weights.omission, np.inf)
            return found

        return costs


def _points(path: Sequence[Step]) -> list[tuple[int, int]]:
    return [(i, j) for i, _, j, _, _ in path]


def _kept(costs: Pricing) -> Pricing:
    """The same costs, computed once each."""
    known: dict[tuple[int, int], Floats] = {}

    def of(start: int, end: int) -> Floats:
        if (start, end) not in known:
            known[start, end] = costs(start, end)
        return known[start, end]

    return of


def _shifted(costs: Pricing, more: Floats) -> Pricing:
    """The costs and so much more for each move and row."""
    return lambda start, end: costs(start, end) + more[:, start:end, None]


def _size(text: str) -> int:
    """Characters outside protected spans; of a very long text all of them."""
    return size(protected(text)[1] if len(text) <= READ else text)
