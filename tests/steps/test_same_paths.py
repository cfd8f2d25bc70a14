"""A translation that keeps no copy of its source: each document has its source's path at a recorded revision."""

from __future__ import annotations

from typing import Any

from amts_tasks.emulator.engines.pseudo import pseudo

Small = Any
BRANCH = "amts/en-es/urn"
DRAWS = "urn/draws.md"
MACHINE = pseudo("We draw balls from an urn, one after the other, and note the colour of each ball in a table.", "es")
HUMAN = "Extraemos bolas de una urna, una tras otra, y anotamos el color de cada bola en una tabla."


def corrected(text: str) -> str:
    assert MACHINE in text
    return text.replace(MACHINE, HUMAN)


def test_the_first_run_compares_with_the_recorded_revision(small: Small) -> None:
    small.revise()
    small.revise("index.md", "small book", "short book")
    results = small.run("en-es")
    assert results["plan"]["units"] == 2
    repo = small.published("es")
    assert repo.changed("main", BRANCH) == [DRAWS]
    old = small.es.read(DRAWS)
    assert repo.read(DRAWS, BRANCH) == old.replace("y anotamos el color de cada bola.", "").replace(
        "Extraemos bolas de una urna, una tras otra, ", MACHINE
    )
    assert small.run("en-es") is None


def test_after_the_merge_the_base_is_the_published_revision(small: Small) -> None:
    small.revise()
    small.run("en-es")
    small.merge(BRANCH, language="es")
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    small.forget()
    assert small.run("en-es")["plan"]["units"] == 1


def test_an_edited_document_was_still_made_from_the_published_revision(small: Small) -> None:
    """Merged with a correction: the correction stays when another block changes."""
    small.revise()
    small.run("en-es")
    small.merge(BRANCH, language="es", edit=corrected)
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    assert small.run("en-es")["plan"]["units"] == 1
    text = small.published("es").read(DRAWS, BRANCH)
    assert HUMAN in text
    assert pseudo("quite independent", "es") in text


def test_a_correction_that_waits_on_the_branch_stays(small: Small) -> None:
    """Nobody has merged yet; somebody has corrected our text on our branch."""
    small.revise()
    small.run("en-es")
    small.es.git("fetch", "--quiet", str(small.published("es").path), f"+refs/heads/{BRANCH}:refs/heads/{BRANCH}")
    small.es.commit({DRAWS: corrected(small.es.read(DRAWS, BRANCH))}, branch=BRANCH)
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    assert small.run("en-es")["plan"]["units"] == 1
    text = small.published("es").read(DRAWS, BRANCH)
    assert HUMAN in text
    assert pseudo("quite independent", "es") in text


def test_a_renamed_document(small: Small) -> None:
    text = small.book.read(DRAWS)
    small.book.commit({DRAWS: None, "urn/drawing.md": text.replace("write down the colour", "note the colour")})
    assert small.run("en-es")["plan"]["units"] == 1
    repo = small.published("es")
    assert repo.changed("main", BRANCH) == ["urn/drawing.md", DRAWS]
    assert DRAWS not in repo.files(BRANCH)
    assert "La urna queda como estaba" in repo.read("urn/drawing.md", BRANCH)
    small.merge(BRANCH, language="es")
    small.revise("urn/drawing.md", "independent of the draws", "quite independent of the draws")
    assert small.run("en-es")["plan"]["units"] == 1


def test_two_pairs_of_one_book_know_nothing_of_each_other(small: Small) -> None:
    small.revise()
    small.run("en-es")
    small.run("en-zh")
    assert list(small.branches("es")) == [BRANCH]
    assert list(small.branches("zh")) == ["amts/en-zh/urn"]
    assert small.run("en-es") is None
