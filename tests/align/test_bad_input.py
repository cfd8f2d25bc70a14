"""What is not two languages' versions of one text: every sentence comes out, and a word is said."""

from __future__ import annotations

import pytest

from amts_tasks.align import Bead, align_sentences, align_texts
from amts_tasks.align.band import Band
from amts_tasks.align.doubts import doubts
from amts_tasks.align.encoders import UseEncoder, vectors_for
from amts_tasks.align.lattice import corridor
from amts_tasks.align.vectors import LIMIT, Floats, Vectors
from amts_tasks.languages import default_profile

EN, ES = default_profile("en"), default_profile("es")
ENGLISH = [
    f"The {name} of layer {k} is computed before the weights of the network are changed."
    for k, name in enumerate(("gradient", "output", "loss", "norm", "kernel"))
]
SPANISH = [
    f"{name} de la capa {k} se calcula antes de que cambien los pesos de la red."
    for k, name in enumerate(("El gradiente", "La salida", "La pérdida", "La norma", "El núcleo"))
]


def covers(beads: tuple[Bead, ...], n: int, m: int) -> bool:
    here = [index for bead in beads for index in bead.source]
    there = [index for bead in beads for index in bead.target]
    return here == list(range(n)) and there == list(range(m))


def test_an_ordinary_text_raises_no_doubt() -> None:
    assert doubts(ENGLISH, SPANISH, ("en", "es")) == ()


def test_an_empty_side() -> None:
    assert doubts(ENGLISH, [], ("en", "es")) == (
        "the target is empty: 5 sentences of the source come out as omissions",
    )
    assert doubts([], [], ("en", "es")) == ()
    assert align_texts([([], []), ([], SPANISH), (ENGLISH, [])], EN, ES)[0] == ()


def test_one_side_a_hundred_times_the_other() -> None:
    many = SPANISH * 100
    (doubt,) = doubts(ENGLISH, many, ("en", "es"))
    assert doubt.startswith("the target has 500 sentences and the source 5: at most 25 can be paired")
    assert covers(align_sentences(ENGLISH, many, EN, ES), 5, 500)
    assert covers(align_sentences(many, ENGLISH, ES, EN), 500, 5)


def test_swapped_languages() -> None:
    (doubt,) = doubts(SPANISH, ENGLISH, ("en", "es"))
    assert doubt.startswith("source and target are swapped, it seems: the source reads as es")
    assert "expected en and es" in doubt


def test_the_same_text_on_both_sides() -> None:
    (doubt,) = doubts(ENGLISH, ENGLISH, ("en", "es"))
    assert doubt == "100% of the target's sentences stand in the source as they are: it is not translated"
    assert all(bead.source == bead.target for bead in align_sentences(ENGLISH, ENGLISH, EN, ES))


def test_identical_sentences_over_and_over() -> None:
    count = 1000
    beads = align_sentences(["Again and again."] * count, ["Una y otra vez."] * count, EN, ES)
    assert covers(beads, count, count)
    assert sum(bead.kind == "1-1" for bead in beads) > 0.9 * count
    # Ten thousand of them: a few hundred cells for each, and not so many as there are sentences.
    assert Band.of([(10_000, 10_000)], [corridor(10_000, 10_000, ())]).cells < 300 * 10_000


def test_a_line_of_a_million_characters() -> None:
    long = "`x $" * 250_000
    (doubt,) = doubts([*ENGLISH, long], SPANISH, ("en", "es"))
    assert doubt.startswith("source line 6 has 1000000 characters: only the first 4000 were compared")
    beads = align_sentences([*ENGLISH, long], SPANISH, EN, ES)
    assert [(bead.source, bead.target) for bead in beads] == [*(((k,), (k,)) for k in range(5)), ((5,), ())]


@pytest.mark.parametrize("count", [1, 300])
def test_identical_sentences_over_and_over_are_encoded_once(count: int) -> None:
    vectors = fresh()
    beads = align_sentences(["Again and again."] * count, ["Una y otra vez."] * count, EN, ES, vectors=vectors)
    assert covers(beads, count, count)
    assert vectors.encoded == 2
    assert sum(bead.kind == "1-1" for bead in beads) > 0.9 * count


def test_of_a_line_of_a_million_characters_the_encoder_sees_no_more_than_of_a_long_sentence() -> None:
    seen: list[int] = []

    class Counting(UseEncoder):
        def pooled(self, texts: list[str]) -> Floats:
            seen.extend(map(len, texts))
            return super().pooled(texts)

    long = "the weight of a layer " * 50_000
    beads = align_sentences([*ENGLISH, long], SPANISH, EN, ES, vectors=Vectors(Counting()))
    assert [(bead.source, bead.target) for bead in beads] == [*(((k,), (k,)) for k in range(5)), ((5,), ())]
    assert max(seen) <= LIMIT


@pytest.mark.parametrize(("here", "there"), [(5, 0), (0, 5), (5, 500), (500, 5)])
def test_sides_of_any_size_come_out_whole_with_the_encoder(here: int, there: int) -> None:
    source, target = (ENGLISH * 100)[:here], (SPANISH * 100)[:there]
    beads = align_sentences(source, target, EN, ES, vectors=fresh())
    assert covers(beads, here, there)
    assert sum(bool(bead.source and bead.target) for bead in beads) <= min(here, there)


def test_empty_texts_among_others_with_the_encoder() -> None:
    found = align_texts([([], []), ([], SPANISH), (ENGLISH, []), (ENGLISH, SPANISH)], EN, ES, vectors=fresh())
    assert [sum(bool(bead.source and bead.target) for bead in beads) for beads in found] == [0, 0, 0, 5]
    assert covers(found[1], 0, 5)
    assert covers(found[2], 5, 0)


def test_swapped_or_untranslated_texts_come_out_whole_with_the_encoder() -> None:
    for source, target in ((SPANISH, ENGLISH), (ENGLISH, ENGLISH), (SPANISH, SPANISH)):
        beads = align_sentences(source, target, EN, ES, vectors=fresh())
        assert [(bead.source, bead.target) for bead in beads] == [((k,), (k,)) for k in range(5)]


def fresh() -> Vectors:
    """The encoder with nothing encoded yet."""
    shared = vectors_for("en", "es")
    assert shared is not None
    return Vectors(shared.encoder)
