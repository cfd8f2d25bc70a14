"""Renamed documents: what the book's history tells, then what is found by content, a document gone from the source
whose text stands in one that is new."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import product

from amts_tasks.sync.identity import Identity
from amts_tasks.text import ParsedDocument

LEAST_SHARE = 0.5
"""Share of a base document's text that has to stand, block by block, in a new document for it to be the same one."""
LEAST_LIKE = 1 / 3
"""Dice of runs of four words from which on a new document is a gone one reworded; two like chapters of one book (the
real one's Kaggle competitions) have up to 0.27."""
_RUN = 4
_WORD = re.compile(r"\w+")


def renames(
    gone: Mapping[str, ParsedDocument],
    new: Mapping[str, ParsedDocument],
    identity: Identity,
    told: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """New path to old path; each old document becomes at most one new one, of its own form.

    `told` has the new paths of old ones that history knows. Of the others whole blocks come first, the greatest share
    before the others; then, among those left, the likest wording.
    """
    found = {path: old for old, path in sorted((told or {}).items(), reverse=True) if old in gone and path in new}
    known = set(found.values())
    old_weights = {path: _weights(document, identity) for path, document in gone.items() if path not in known}
    new_weights = {path: _weights(document, identity) for path, document in new.items() if path not in found}
    alike = [(old, path) for old, path in product(old_weights, new_weights) if gone[old].form is new[path].form]
    _take(found, LEAST_SHARE, [(-_share(old_weights[old], new_weights[path]), old, path) for old, path in alike])
    old_runs = {path: _runs(gone[path]) for path in gone.keys() - set(found.values())}
    new_runs = {path: _runs(new[path]) for path in new.keys() - found.keys()}
    left = [(old, path) for old, path in alike if old in old_runs and path in new_runs]
    _take(found, LEAST_LIKE, [(-_dice(old_runs[old], new_runs[path]), old, path) for old, path in left])
    return found


def _take(found: dict[str, str], least: float, ranked: list[tuple[float, str, str]]) -> None:
    """Adds the pairs of enough weight, the heaviest first, none of whose documents is taken."""
    for weight, old, path in sorted(ranked):
        if -weight >= least and path not in found and old not in found.values():
            found[path] = old


def _share(before: Counter[str], after: Counter[str]) -> float:
    return (before & after).total() / before.total() if before else 0.0


def _dice(before: Counter[tuple[str, ...]], after: Counter[tuple[str, ...]]) -> float:
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 0.0


def _weights(document: ParsedDocument, identity: Identity) -> Counter[str]:
    weights: Counter[str] = Counter()
    for index, key in identity.keys(document).items():
        weights[key] += len(document.blocks[index].text)
    return weights


def _runs(document: ParsedDocument) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(document.text)
    return Counter(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
