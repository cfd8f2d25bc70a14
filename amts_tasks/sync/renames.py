"""Renamed documents, found by content: a document gone from the source whose blocks stand in one that is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from amts_tasks.sync.identity import Identity
from amts_tasks.text import ParsedDocument

LEAST_SHARE = 0.5
"""Share of a base document's text that has to stand, block by block, in a new document for it to be the same one."""


def renames(
    gone: Mapping[str, ParsedDocument], new: Mapping[str, ParsedDocument], identity: Identity
) -> dict[str, str]:
    """New path to old path; each old document becomes at most one new one, the greatest share first."""
    old_weights = {path: _weights(document, identity) for path, document in gone.items()}
    new_weights = {path: _weights(document, identity) for path, document in new.items()}
    shares = []
    for old, before in old_weights.items():
        total = before.total()
        for path, after in new_weights.items():
            share = (before & after).total() / total if total else 0.0
            if share >= LEAST_SHARE:
                shares.append((-share, old, path))
    found: dict[str, str] = {}
    for _, old, path in sorted(shares):
        if path not in found and old not in found.values():
            found[path] = old
    return found


def _weights(document: ParsedDocument, identity: Identity) -> Counter[str]:
    weights: Counter[str] = Counter()
    for index, key in identity.keys(document).items():
        weights[key] += len(document.blocks[index].text)
    return weights
