"""What the index knows of a text's content: words and pairs of neighbouring words, a fixed sample of them.

Han, kana and Hangul have no spaces between words, so two and three neighbouring characters stand for words and pairs.
Of a long text the features with the least hashes are kept (the bottom-k sketch of Broder 1997): two texts that share
half of their features share about half of what is kept, whatever the rest of the memory holds. So the index does not
depend on the order in which texts came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zlib import crc32

INDEXED = 16
"""Most features kept of a text in the index."""
ASKED = 48
"""Most features a query is looked up by; more than `INDEXED`, for another text may have kept others."""

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")


def grams(text: str, most: int) -> list[int]:
    """The hashes (32 bits) of at most `most` features of a text, least first, each once."""
    return sorted({crc32(feature.encode("utf-8", "surrogatepass")) for feature in _features(text.casefold())})[:most]


def _features(text: str) -> Iterator[str]:
    before = ""
    for run in _RUN.findall(text):
        if run[0] > "\u2fff":
            yield run[:1] if len(run) == 1 else run[:2]
            for place in range(1, len(run) - 1):
                yield run[place : place + 2]
                yield run[place - 1 : place + 2]
            before = ""
        else:
            yield run
            if before:
                yield f"{before} {run}"
            before = run
    if not _RUN.search(text):
        yield text.strip()
