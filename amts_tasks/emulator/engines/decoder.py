"""Beam search over phrases (Koehn, 2004), with one gap: a stretch that is left out is filled before the next jump.

A partial translation covers the source up to some word, and perhaps a block further right, with the gap between them
open (Kumar and Byrne's jumps, 2005, with blocks of several phrases). Partial translations that cover equally many words
compete; what is still to be translated is estimated from the best options of each span.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from amts_tasks.emulator.engines.language_model import END, LanguageModel
from amts_tasks.emulator.engines.phrases import Option, Orientations


@dataclass(frozen=True, slots=True)
class Search:
    """How far the search goes, and what order costs."""

    beam: int = 8
    """Partial translations that are carried on, of those that cover equally many words."""
    margin: float = 2.0
    """Those worse than the best by more than this are not."""
    gap: int = 0
    """Words of the longest stretch that is left out; 0: the source's order stays."""
    language: float = 0.3
    distortion: float = -0.05
    """For each word that is jumped over."""
    orientation: Orientations = (0.15, 0.15, 0.15)
    """Of ln of the orientation's probability: following, before, elsewhere."""

    def orientations(self, logs: Orientations) -> Orientations:
        """The weighted logs."""
        one, two, three = self.orientation
        return one * logs[0], two * logs[1], three * logs[2]


class Choice(NamedTuple):
    """An option as the search sees it."""

    score: float
    """Its weighted features."""
    words: tuple[int, ...]
    """As the language model numbers them."""
    before: Orientations
    """Weighted ln of its orientations to what was translated before it."""
    after: Orientations
    option: Option
    estimate: float
    """Its score with the language model's as far as that can be told without what stands before."""
    number: int
    """The same for the same words."""


class _Partial(NamedTuple):
    score: float
    rank: float
    """The score with the estimate of the rest."""
    state: int
    low: int
    """All words before this one are covered."""
    jump: int
    """So are those from here …"""
    high: int
    """… to here; where there is no gap all three are one."""
    last: int
    """Where the phrase translated last ends."""
    first: int
    after: Orientations
    back: _Partial | None
    choice: Choice | None
    start: int


Choices = Mapping[tuple[int, int], Sequence[Choice]]


def search(
    size: int, choices: Choices, walls: Sequence[bool], model: LanguageModel, how: Search
) -> list[tuple[int, int, Choice]]:
    """The best translation: (source start, end, choice) in the order of the target.

    ``choices`` by source span, best estimate first, one at least for each word; ``walls[i]``: no gap reaches over the
    border before word i.
    """
    ahead = _ahead(size, choices, how.gap)
    known: dict[tuple[int, int], tuple[float, int]] = {}
    weight = how.language
    nothing = (0.0, 0.0, 0.0)
    stacks: list[dict[tuple[int, int, int, int, int], _Partial]] = [{} for _ in range(size + 1)]
    best = [-math.inf] * (size + 1)
    stacks[0][model.start, 0, 0, 0, 0] = _Partial(0.0, 0.0, model.start, 0, 0, 0, 0, 0, nothing, None, None, 0)
    suffix = ahead[size]
    lengths: list[list[tuple[int, Sequence[Choice]]]] = [[] for _ in range(size)]
    for (start, end), offered in choices.items():
        lengths[start].append((end, offered))
    for offered_at in lengths:
        offered_at.sort(key=lambda item: item[0])
    floor_margin = how.margin
    for covered in range(size):
        ranked = sorted(stacks[covered].values(), key=_rank)[: how.beam]
        if not ranked:
            continue
        floor = ranked[0].rank - floor_margin
        for partial in ranked:
            if partial.rank < floor:
                break
            low, jump, high = partial.low, partial.jump, partial.high
            if low < jump:
                starts: Sequence[int] = (
                    (low, high) if high < size and high - low < how.gap + 8 and not walls[high] else (low,)
                )
            else:
                starts = (low,)
                if how.gap:
                    far = low + 1
                    while far < size and far - low <= how.gap and not walls[far]:
                        far += 1
                    starts = range(low, far)
            for start in starts:
                last = partial.last
                distance = start - last if start >= last else last - start
                moved = how.distortion * distance
                follows = 0 if distance == 0 else None
                for end, offered in lengths[start]:
                    if low < jump and start == low:
                        if end > jump:
                            break
                        after = (high, high, high) if end == jump else (end, jump, high)
                    elif low < jump:
                        after = (low, jump, end)
                    elif start == low:
                        after = (end, end, end)
                    else:
                        after = (low, start, end)
                    many = covered + end - start
                    rest = suffix[after[2]] + (ahead[after[1]][after[0]] if after[0] < after[1] else 0.0)
                    way = follows if follows is not None else 1 if end == partial.first else 2
                    fixed = partial.score + moved + partial.after[way]
                    bound = best[many] - floor_margin
                    stack = stacks[many]
                    for choice in offered:
                        if fixed + choice.estimate + choice.before[way] + rest < bound:
                            break
                        key = (partial.state, choice.number)
                        found = known.get(key)
                        if found is None:
                            total, state = 0.0, partial.state
                            for word in choice.words:
                                value, state = model.score(state, word)
                                total += value
                            found = known[key] = (weight * total, state)
                        score = fixed + choice.score + choice.before[way] + found[0]
                        state = found[1]
                        if many == size:
                            score += weight * model.score(state, END)[0]
                        rank = score + rest
                        if rank < bound:
                            continue
                        place = (state, *after, end)
                        held = stack.get(place)
                        if held is None or rank > held.rank:
                            stack[place] = _Partial(
                                score, rank, state, *after, end, start, choice.after, partial, choice, start
                            )
                            if rank > best[many]:
                                best[many] = rank
                                bound = rank - floor_margin
    final: _Partial | None = min(stacks[size].values(), key=_rank)
    out: list[tuple[int, int, Choice]] = []
    while final is not None and final.choice is not None:
        out.append((final.start, final.last, final.choice))
        final = final.back
    return out[::-1]


def _rank(partial: _Partial) -> tuple[float, int, int, int]:
    return -partial.rank, partial.low, partial.high, partial.state


def _ahead(size: int, choices: Choices, gap: int) -> list[list[float]]:
    """[end][start]: the best estimate of a span's translation; for all ends up to a gap, and for the text's end."""
    best = {span: offered[0].estimate for span, offered in choices.items() if offered}
    spans: list[list[tuple[int, float]]] = [[] for _ in range(size)]
    for (start, end), value in sorted(best.items()):
        spans[start].append((end, value))
    table = [[0.0] * (size + 1) for _ in range(size + 1)]
    for end in range(size + 1):
        row = table[end]
        lowest = 0 if end == size else max(0, end - gap - 1)
        for start in range(end - 1, lowest - 1, -1):
            row[start] = max((value + row[stop] for stop, value in spans[start] if stop <= end), default=-math.inf)
    return table
