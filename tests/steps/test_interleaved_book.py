"""A translation whose documents hold their source in comments, through all steps."""

from __future__ import annotations

import difflib
import io
from typing import Any

import pytest

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.steps.reviewed.desk import exported
from amts_tasks.steps.reviewed.review import imported
from amts_tasks.sync.manifest import State

Small = Any
BRANCH = "amts/en-es/urn"
FILE = "urn/draws_es.md"
OLD = "We draw balls from an urn, one after the other, and write down the colour of each ball."
NEW = "We draw balls from an urn, one after the other, and note the colour of each ball in a table."


def interleaved(source: str, target: str) -> str:
    """Every paragraph of the source in a comment before its translation; what is the same in both stands once."""
    parts = []
    for one, other in zip(source.strip().split("\n\n"), target.strip().split("\n\n"), strict=True):
        parts.append(other if one == other else f"<!--\n{one.partition(chr(10) + ':label')[0]}\n-->\n\n{other}")
    return "\n\n\n".join(parts) + "\n"


@pytest.fixture
def woven(small: Small) -> Small:
    small.edit(("    layout: revision\n    source_revision: v1\n", "    layout: interleaved\n    suffix: _es\n"))
    texts = {path: (small.book.read(path), small.es.read(path)) for path in small.book.files()}
    small.es.commit(dict.fromkeys(texts))
    small.es.commit({path.replace(".md", "_es.md"): interleaved(*both) for path, both in texts.items()})
    return small


def lines(old: str, new: str) -> list[str]:
    """What a diff of the two takes away and puts in."""
    return [line for line in difflib.ndiff(old.split("\n"), new.split("\n")) if line[0] in "+-"]


def test_nothing_changed_nothing_is_written(woven: Small) -> None:
    results = woven.run("en-es")
    assert results["plan"]["units"] == 0
    assert results["publish"]["branches"] == {}
    assert any("read 4 documents, 4 translated ones; 0 set aside" in line for line in woven.said)


def test_a_changed_sentence_changes_its_comment_and_its_translation_in_one_commit(woven: Small) -> None:
    before = woven.es.read(FILE)
    woven.revise()
    results = woven.run("en-es")
    assert results["plan"]["units"] == 1
    repo = woven.published("es")
    assert repo.changed("main", BRANCH) == [FILE]
    assert lines(before, repo.read(FILE, BRANCH)) == [
        f"- {OLD}",
        f"+ {NEW}",
        "- Extraemos bolas de una urna, una tras otra, y anotamos el color de cada bola.",
        f"+ {pseudo(NEW, 'es')}",
    ]
    assert woven.run("en-es") is None
    woven.es.git("fetch", "--quiet", str(repo.path), f"+refs/heads/{BRANCH}:refs/heads/{BRANCH}")
    woven.es.commit({FILE: woven.es.read(FILE, BRANCH)}, merge=BRANCH)
    assert woven.run("en-es")["plan"]["units"] == 0, "its comment says what it was made from"


def test_a_lost_manifest_is_made_again_by_the_paths_of_the_source(woven: Small) -> None:
    woven.revise()
    woven.run("en-es")
    repo = woven.published("es")
    woven.es.git("fetch", "--quiet", str(repo.path), f"+refs/heads/{BRANCH}:refs/heads/{BRANCH}")
    woven.es.commit({FILE: woven.es.read(FILE, BRANCH)}, merge=BRANCH)
    woven.run("en-es")
    known = {record.target: record.state for record in woven.manifest("en-es").documents["urn/draws.md"]}
    woven.s3.delete_object(Bucket=woven.name, Key=f"{woven.name}/en-es/manifest.json")
    woven.run("en-es", force=True)
    again = {record.target: record.state for record in woven.manifest("en-es").documents["urn/draws.md"]}
    assert set(known.values()) == {State.human, State.machine}
    assert again == known


def test_a_new_paragraph_gets_a_comment_and_one_that_goes_takes_its_along(woven: Small) -> None:
    text = woven.book.read("urn/draws.md")
    middle = text[text.index("The mean of") : text.index("```")]
    fresh = "Three draws are few.\n\n"
    woven.book.commit({"urn/draws.md": text.replace("We draw", f"{fresh}We draw").replace(middle, "")})
    before = woven.es.read(FILE)
    woven.run("en-es")
    after = woven.published("es").read(FILE, BRANCH)
    made = f"<!--\nThree draws are few.\n-->\n\n{pseudo('Three draws are few.', 'es')}\n\n<!--\nWe draw"
    assert made in after
    assert "The mean of" not in after
    assert "La media de" not in after
    gone = [line for line in lines(before, after) if line.startswith("-") and line != "- "]
    assert [line[:13] for line in gone] == ["- <!--", "- The mean of", "- -->", "- La media de"]


def test_a_new_item_joins_the_comment_of_its_list(woven: Small) -> None:
    woven.revise("urn/draws.md", "* The urn stays", "* Any ball may come.\n* The urn stays")
    before = woven.es.read(FILE)
    woven.run("en-es")
    after = woven.published("es").read(FILE, BRANCH)
    assert lines(before, after) == ["+ * Any ball may come.", f"+ * {pseudo('Any ball may come.', 'es')}"]


def test_a_new_document_is_written_with_its_comments(woven: Small) -> None:
    woven.book.commit({"urn/full.md": "# Full\n\nIt is full to its rim.\n\n```\nrim = 1  # --> here\n```\n"})
    woven.run("en-es")
    text = woven.published("es").read("urn/full_es.md", BRANCH)
    assert text == (
        f"<!--\n# Full\n-->\n\n# {pseudo('Full', 'es')}\n\n<!--\nIt is full to its rim.\n-->\n\n"
        f"{pseudo('It is full to its rim.', 'es')}\n\n```\nrim = 1  # --> here\n```\n"
    )


def test_a_reviewer_changes_the_translation_and_the_comments_stay(woven: Small) -> None:
    woven.revise()
    woven.run("en-es")
    before = woven.published("es").read(FILE, BRANCH)
    data, count = exported(woven.given("en-es"), "xliff")
    assert count == 1
    human = "Extraemos bolas y anotamos el color de cada una en una tabla."
    back = io.BytesIO(data.replace(pseudo(NEW, "es").encode(), human.encode()))
    outcome = imported(
        woven.given("en-es"), back, "a.xlf", "xliff", "Ana <ana@example.org>", approve=False, unfinished=True
    )
    assert len(outcome.human) == 1
    after = woven.published("es").read(FILE, BRANCH)
    assert lines(before, after) == [f"- {pseudo(NEW, 'es')}", f"+ {human}"]
    states = [record.state for record in woven.manifest("en-es").documents["urn/draws.md"]]
    assert states.count(State.human) >= 1


def test_a_comment_between_two_lines_is_told_and_the_document_left_alone(woven: Small) -> None:
    text = (
        woven.es
        .read(FILE)
        .replace("-->\n\nExtraemos", "-->\nExtraemos")
        .replace("\n\n\n<!--\nWe draw", "\nX\n<!--\nWe draw")
    )
    woven.es.commit({FILE: text})
    woven.revise()
    woven.run("en-es")
    assert any("3 translated ones; 1 set aside" in line for line in woven.said)
    assert any("between two lines of text" in line and f"{FILE}:" in line for line in woven.said)
    assert FILE not in (woven.published("es").changed("main", BRANCH) if BRANCH in woven.branches("es") else [])
