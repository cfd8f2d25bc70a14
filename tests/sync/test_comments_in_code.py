"""Comments and docstrings in cells that follow the source: looked up, sent, and never at the cost of the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from amts_tasks.align import align_blocks
from amts_tasks.languages import InCode, default_profile
from amts_tasks.sync import BookPlan, Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.item import Provenance
from amts_tasks.sync.merged.merge import Merged
from amts_tasks.text import parse

ENGLISH, SPANISH = default_profile("en"), default_profile("es")
BOTH = replace(SPANISH, in_code=InCode(comments=True, docstrings=True))
PATH = "urn/draws.md"


def cell(*lines: str) -> str:
    return "\n".join(("```{.python .input}", *lines, "```\n"))


BASE = "\n".join((
    "# Draws\n",
    cell("#@tab numpy", "# Fill the urn", "urn = np.ones(9)"),
    cell("#@tab numpy", "# Shake it well", "shuffle(urn)"),
    cell("#@tab plain", "# Fill the urn", "urn = [1] * 9"),
))
TARGET = "\n".join((
    "# Extracciones\n",
    cell("#@tab numpy", "# Llena la urna", "urn = np.ones(9)"),
    cell("#@tab numpy", "# Shake it well", "shuffle(urn)"),
    cell("#@tab plain", "# Llenamos la urna", "urn = [1] * 9"),
))
SOURCE = BASE.replace("shuffle(urn)\n", "shuffle(urn)\nball = urn[0]  # the first one\n")


def planned(source: str = SOURCE, profile: object = BOTH, bought: Mapping[str, str] | None = None) -> BookPlan:
    base, target = parse(BASE, PATH), parse(TARGET, PATH)
    beads = align_blocks(base, target, ENGLISH, SPANISH)
    book = Versioned({PATH: base}, {PATH: parse(source, PATH)}, {PATH: target}, {PATH: beads})
    return plan_book("en-es", {}, book, profile, source_profile=ENGLISH, bought=bought)  # type: ignore[arg-type]


def merged(plan: BookPlan, answers: Mapping[str, str]) -> Merged:
    by_source = {text.id: answers[text.source] for text in plan.wanted if text.source in answers}
    return merge_document(plan.documents[0], deliver(plan, by_source)[PATH])


def test_off_a_changed_tab_is_the_sources_cells_and_nothing_is_sent() -> None:
    plan = planned(profile=SPANISH)
    assert plan.wanted == ()
    text = merged(plan, {}).text
    assert "# Fill the urn\nurn = np.ones(9)" in text
    assert "# Llenamos la urna\nurn = [1] * 9" in text


def test_a_changed_tab_is_the_sources_cells_with_their_comments_looked_up_or_sent() -> None:
    plan = planned()
    # What was translated is not bought; what translators left in English says nothing.
    assert [text.source for text in plan.wanted] == ["Shake it well", "the first one"]
    done = merged(plan, {"Shake it well": "Agítala bien", "the first one": "la primera"})
    assert done.left == ()
    assert done.text == "\n".join((
        "# Extracciones\n",
        cell("#@tab numpy", "# Llena la urna", "urn = np.ones(9)"),
        cell("#@tab numpy", "# Agítala bien", "shuffle(urn)", "ball = urn[0]  # la primera"),
        cell("#@tab plain", "# Llenamos la urna", "urn = [1] * 9"),
    ))


def test_the_tab_that_did_not_change_keeps_the_translators_bytes() -> None:
    items = {item.block: item.provenance for item in planned().documents[0].items}
    assert [items[index] for index in sorted(index for index in items if index is not None)] == [
        Provenance.kept,
        Provenance.code,
        Provenance.code,
        Provenance.kept,
    ]


def test_a_refused_comment_stays_the_sources_and_its_tab_follows_all_the_same() -> None:
    done = merged(planned(), {"the first one": "la primera"})
    assert cell("#@tab numpy", "# Shake it well", "shuffle(urn)", "ball = urn[0]  # la primera") in done.text
    (left,) = done.left
    assert (left.shows, left.reason) == ("source", "a comment or docstring of it has no acceptable translation")
    # It is no block to be made again over what people will have written by then.
    assert all(not piece.left for piece in done.pieces)


def test_a_comment_that_would_be_a_mark_for_tools_is_not_put_in() -> None:
    done = merged(planned(), {"Shake it well": "type: ignore", "the first one": "@save"})
    assert cell("#@tab numpy", "# Shake it well", "shuffle(urn)", "ball = urn[0]  # the first one") in done.text
    assert len(done.left) == 1


def test_a_comment_that_was_bought_is_not_bought_again() -> None:
    plan = planned(bought={"Shake it well": "Agita", "the first one": "la primera"})
    assert plan.wanted == ()
    assert "# Agita\nshuffle(urn)\nball = urn[0]  # la primera" in merged(plan, {}).text


def test_a_new_listing_that_is_no_cell_gets_its_docstring() -> None:
    source = BASE + '\n```python\ndef draw():\n    """Draw a ball."""\n```\n'
    plan = planned(source)
    assert [text.source for text in plan.wanted] == ["Draw a ball."]
    assert merged(plan, {"Draw a ball.": "Extrae una bola."}).text.endswith('    """Extrae una bola."""\n```\n')


def test_what_is_sent_is_in_the_price() -> None:
    plan = planned()
    assert plan.characters["sent"] == len("Shake it well") + len("the first one")
