"""A translation that AMTS has never seen, and that does not say which version of its source it was made from."""

from __future__ import annotations

from typing import Any

import pytest

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.sync.manifest import State

Small = Any
BRANCH = "amts/en-es/urn"
DRAWS = "urn/draws.md"


@pytest.fixture
def unknown(small: Small) -> Small:
    """The Spanish translation without its recorded revision; the book has moved on before and after it was made."""
    small.edit(("    layout: revision\n    source_revision: v1\n", "    layout: inferred\n"))
    return small


def inferred(small: Small) -> dict[str, dict[str, Any]]:
    rows = small.storage.get_json(f"{small.name}/en-es/inferred.json")
    return dict(rows)


def test_the_version_is_found_and_only_what_changed_since_is_sent(unknown: Small) -> None:
    old = unknown.book.git("rev-parse", "main")
    unknown.book.days = 10
    new = unknown.book.commit({DRAWS: unknown.book.read(DRAWS).replace("write down the colour", "note the colour")})
    unknown.book.commit({DRAWS: unknown.book.read(DRAWS).replace("urn, 10", "urn, 30")})
    results = unknown.run("en-es")
    assert results["plan"]["units"] == 1
    row = inferred(unknown)[DRAWS]
    assert (row["revision"], row["confidence"], row["versions"]) == (old, 1.0, 1), "the others came after it"
    assert new not in row["plausible"]
    for shown in (unknown.shown["plan"], unknown.shown["publish"]):
        assert "source revisions inferred from the book's history: 4 sure, 0 not" in shown
        assert f"{DRAWS}    {old[:12]}  2026-01-02        1.00" in shown
    repo = unknown.published("es")
    assert "urn, 30" in repo.read(DRAWS, BRANCH)
    assert pseudo("note the colour", "es") in repo.read(DRAWS, BRANCH)
    assert "La urna queda como estaba" in repo.read(DRAWS, BRANCH)
    assert {record.revision for record in unknown.manifest("en-es").documents["index.md"]} == {
        unknown.book.git("rev-parse", "main")
    }
    assert unknown.run("en-es") is None


def test_versions_that_differ_in_words_alone_send_nothing_and_are_listed(unknown: Small) -> None:
    """Both are older than the translation. What a human wrote stays, and is to be compared."""
    unknown.revise()
    unknown.es.commit({"note.txt": "later", DRAWS: unknown.es.read(DRAWS).replace("Extraer", "Sacar")})
    results = unknown.run("en-es")
    assert results["plan"]["units"] == 0
    assert not unknown.branches("es")
    assert "urn/draws.md: its source had 2 versions" in unknown.shown["plan"]
    assert inferred(unknown)[DRAWS]["confidence"] == 0.5
    (doubtful,) = inferred(unknown)[DRAWS]["doubtful"]
    assert "note the colour of each ball in a table" in doubtful


def test_code_tells_two_old_versions_apart(unknown: Small) -> None:
    unknown.book.commit({DRAWS: unknown.book.read(DRAWS).replace("urn, 10", "urn, 30")})
    unknown.es.commit({DRAWS: unknown.es.read(DRAWS).replace("Extraer", "Sacar")})
    unknown.run("en-es")
    row = inferred(unknown)[DRAWS]
    assert row["revision"] == unknown.book.git("rev-parse", "v1")
    assert row["confidence"] > 0.9
    assert "urn, 30" in unknown.published("es").read(DRAWS, BRANCH)


def test_a_corrected_word_does_not_move_the_base(unknown: Small) -> None:
    unknown.book.days = 10
    unknown.revise("urn/errors.md", "usually lies", "often lies")
    unknown.run("en-es", dry_run=True)
    first = inferred(unknown)["urn/errors.md"]["revision"]
    unknown.es.days = 20
    unknown.es.commit({"urn/errors.md": unknown.es.read("urn/errors.md").replace("Errores", "Error")})
    unknown.run("en-es")
    row = inferred(unknown)["urn/errors.md"]
    assert (row["versions"], row["revision"]) == (2, first)
    assert pseudo("often lies", "es") in unknown.published("es").read("urn/errors.md", BRANCH)


def test_a_document_of_something_else_is_left_alone(unknown: Small) -> None:
    unknown.es.commit({"urn/errors.md": "* Una.\n* Dos.\n* Tres.\n"})
    unknown.book.days = 10
    unknown.revise("urn/errors.md", "usually lies", "often lies")
    unknown.run("en-es")
    assert not inferred(unknown)["urn/errors.md"]["known"]
    (line,) = [line for line in unknown.said if "set aside: urn/errors.md" in line]
    assert "code, formulas, labels and headings" in line
    assert not unknown.branches("es")


def test_after_a_merge_the_published_revision_counts(unknown: Small) -> None:
    unknown.book.days = 10
    unknown.revise()
    unknown.run("en-es")
    unknown.es.days = 11
    unknown.merge(BRANCH, language="es")
    unknown.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    unknown.forget()
    assert unknown.run("en-es")["plan"]["units"] == 1
    assert {record.state for record in unknown.manifest("en-es").documents[DRAWS]} == {State.human, State.machine}


RENAMED = "sampling/draws.md"


def rename(unknown: Small, old: str = "", new: str = "") -> str:
    """The source gives urn/draws.md another path, and other words at the same time."""
    return str(unknown.book.commit({DRAWS: None, RENAMED: unknown.book.read(DRAWS).replace(old, new)}))


def test_a_translation_at_the_old_path_of_a_renamed_document_moves_along(unknown: Small) -> None:
    first = unknown.book.git("rev-parse", "main")
    unknown.book.days = 10
    rename(unknown, "urn, 10", "urn, 30")
    unknown.book.commit({RENAMED: unknown.book.read(RENAMED).replace("write down the colour", "note the colour")})
    results = unknown.run("en-es")
    assert results["plan"]["units"] == 1
    row = inferred(unknown)[DRAWS]
    assert (row["revision"], row["path"], row["confidence"]) == (first, DRAWS, 1.0)
    repo, branch = unknown.published("es"), "amts/en-es/sampling"
    assert DRAWS not in repo.files(branch)
    text = repo.read(RENAMED, branch)
    assert "urn, 30" in text
    assert pseudo("note the colour", "es") in text
    assert "La urna queda como estaba" in text
    assert unknown.manifest("en-es").documents[RENAMED][0].state is State.human
    assert unknown.run("en-es") is None


def test_a_translation_that_moved_along_is_one_of_the_old_path_still(unknown: Small) -> None:
    """Its own path knows only what came after; it was moved as it was, so its last change is of before the rename."""
    unknown.book.days = 10
    rename(unknown)
    unknown.book.commit({RENAMED: unknown.book.read(RENAMED).replace("write down the colour", "note the colour")})
    unknown.es.days = 20
    unknown.es.commit({DRAWS: None, RENAMED: unknown.es.read(DRAWS)})
    results = unknown.run("en-es")
    assert results["plan"]["units"] == 1
    row = inferred(unknown)[RENAMED]
    assert (row["revision"], row["path"]) == (unknown.book.git("rev-parse", "v1"), DRAWS)
    assert f"{row['revision'][:12]} {DRAWS}" in unknown.shown["plan"]
    text = unknown.published("es").read(RENAMED, "amts/en-es/sampling")
    assert pseudo("note the colour", "es") in text
    assert "La urna queda como estaba" in text


def test_a_renamed_document_of_which_little_is_left_is_followed_by_its_history(unknown: Small) -> None:
    """By its content nobody would know it again: history tells, and what is left of it keeps its translation."""
    unknown.book.days = 10
    rename(unknown)
    parts = unknown.book.read(RENAMED).split("\n\n")
    other = [f"Part {number} is about the {word} of other things." for number, word in enumerate(("size", "form"))]
    unknown.book.commit({RENAMED: "\n\n".join([*(text * 9 for text in other), parts[-1]])})
    unknown.run("en-es")
    repo, branch = unknown.published("es"), "amts/en-es/sampling"
    assert DRAWS not in repo.files(branch)
    assert "La urna queda como estaba" in repo.read(RENAMED, branch)


def test_what_is_doubtful_of_a_renamed_document_is_listed_where_it_stands_now(unknown: Small) -> None:
    """The words changed before the translation was last touched, and the path: the translation kept the old one."""
    rename(unknown, "write down the colour", "note the colour")
    unknown.es.commit({"note.txt": "later", DRAWS: unknown.es.read(DRAWS).replace("Extraer", "Sacar")})
    unknown.run("en-es")
    row = inferred(unknown)[DRAWS]
    assert (row["path"], row["confidence"], len(row["plausible"])) == (DRAWS, 0.5, 2)
    assert f"{RENAMED}: its source had 2 versions" in unknown.shown["plan"]


def test_only_the_documents_of_the_pair_move(unknown: Small) -> None:
    unknown.edit(('documents: ["**/*.md"]', 'documents: ["sampling/*.md", "index.md", "rank/*.md"]'))
    unknown.book.days = 10
    rename(unknown, "write down the colour", "note the colour")
    unknown.run("en-es")
    assert "La urna queda como estaba" in unknown.published("es").read(RENAMED, "amts/en-es/sampling")


def test_who_reserved_the_old_path_has_reserved_the_document(unknown: Small) -> None:
    unknown.book.days = 10
    rename(unknown, "urn, 10", "urn, 30")
    (unknown.path.parent / "reserved.yaml").write_text("urn/*.md: {who: Ada, until: 2099-01-01}\n", encoding="utf-8")
    unknown.run("en-es")
    assert f"{RENAMED}: reserved by Ada until 2099-01-01" in unknown.shown["publish"]
    assert "amts/en-es/sampling" not in unknown.branches("es")


def test_a_translation_in_a_folder_has_no_dates(unknown: Small) -> None:
    folder = unknown.folder / "es"
    for path in unknown.es.files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(unknown.es.read(path), encoding="utf-8")
    unknown.edit((
        "place: {kind: git, location: ../es.git}\n    follow: {kind: branch, name: main}",
        "place: {kind: folder, location: ../es}",
    ))
    unknown.book.commit({DRAWS: unknown.book.read(DRAWS).replace("urn, 10", "urn, 30")})
    unknown.run("en-es")
    assert inferred(unknown)[DRAWS]["revision"] == unknown.book.git("rev-parse", "v1")


def test_an_origin_file_that_is_missing_is_made_up_for_where_it_is_certain(small: Small) -> None:
    small.zh.commit({"urn/draws_origin.md": None, "urn/errors_origin.md": None})
    small.book.days = 10
    small.revise()
    results = small.run()
    assert results["plan"]["units"] == 1
    branch = "amts/en-zh/urn"
    assert "每次抽取都与之前的抽取无关" in small.repo.read(DRAWS, branch)
    assert small.repo.read("urn/draws_origin.md", branch) == small.book.read(DRAWS)
    assert "urn/errors_origin.md" not in small.repo.files(branch), "nothing of it changed"
