"""Sentence vectors: what an encoder must give, and the vectors of texts, kept by content.

Two texts of any two languages the encoder knows mean the same when their vectors point the same way. A group of
sentences needs a vector too. Encoding each group's joined text costs as much as its length; most encoders pool over
tokens, though, so that pooled rows can be added before the encoder's last layers see them (`PoolingEncoder`). Where the
encoder cannot do that, the mean of the sentences' vectors stands in.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LIMIT = 2000
"""Characters of a text that are encoded, two thousand being five pages' worth of one sentence: a line of a million
characters must cost no more than a long sentence."""
KEPT = 60_000
"""Texts whose rows are kept, about 2 KB each."""
BATCH = 512
"""Texts given to the encoder at a time."""


class Encoder(Protocol):
    """Sentences → vectors."""

    @property
    def name(self) -> str:
        """Which encoder and which release: rows of two names are never mixed."""

    @property
    def languages(self) -> frozenset[str]:
        """Two-letter codes of the languages it knows."""

    def encode(self, texts: list[str]) -> Floats:
        """One unit row for each text: float32, (n, d)."""


@runtime_checkable
class PoolingEncoder(Encoder, Protocol):
    """An encoder whose pooled rows may be added."""

    def pooled(self, texts: list[str]) -> Floats:
        """One row for each text, float32 (n, p); the sum of two texts' rows is, nearly, the row of both joined."""

    def finish(self, pooled: Floats) -> Floats:
        """Pooled rows, or sums of them → unit rows (n, d)."""


class Vectors:
    """Pooled rows of texts by content, so that no text is encoded twice; at most `kept` of them, the oldest go first.

    Not for several threads at once.
    """

    def __init__(self, encoder: Encoder, kept: int = KEPT) -> None:
        self.encoder = encoder
        self.kept = kept
        self.encoded = 0
        """Texts the encoder was asked for."""
        self._rows: OrderedDict[str, Floats] = OrderedDict()

    def knows(self, *languages: str) -> bool:
        """Whether the encoder knows all of these languages: `zh-TW` is known where `zh` is."""
        return all(language.partition("-")[0] in self.encoder.languages for language in languages)

    def pooled(self, texts: Sequence[str]) -> Floats:
        """A row for each text, float32 (n, p), to be added over a group and given to `finish`."""
        keys = [text[:LIMIT] for text in texts]
        found: dict[str, Floats] = {}
        for key in keys:
            if key in self._rows:
                self._rows.move_to_end(key)
                found[key] = self._rows[key]
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        encode = self.encoder.pooled if isinstance(self.encoder, PoolingEncoder) else self.encoder.encode
        # Texts of like length together: encoders work in batches of so many tokens.
        missing.sort(key=len)
        for start in range(0, len(missing), BATCH):
            part = missing[start : start + BATCH]
            rows = np.ascontiguousarray(encode(part), dtype=np.float32)
            self.encoded += len(part)
            for key, row in zip(part, rows, strict=True):
                found[key] = self._rows[key] = row
        while len(self._rows) > self.kept:
            self._rows.popitem(last=False)
        return np.stack([found[key] for key in keys]) if keys else np.zeros((0, 1), np.float32)

    def finish(self, pooled: Floats) -> Floats:
        """Rows of `pooled`, or sums of them, as unit rows (n, d)."""
        if isinstance(self.encoder, PoolingEncoder):
            return self.encoder.finish(pooled)
        return unit(pooled)

    def of(self, texts: Sequence[str]) -> Floats:
        """The unit vector of each text, float32 (n, d): their products are cosines."""
        return self.finish(self.pooled(texts))


def unit(rows: Floats) -> Floats:
    """The rows at length one; a row of zeros stays one."""
    found: Floats = rows / np.sqrt(np.maximum(np.einsum("ij,ij->i", rows, rows), 1e-12))[:, None]
    return found
