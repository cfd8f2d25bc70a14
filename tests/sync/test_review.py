"""Who vouches for what: a state rises by an explicit act alone, and only where it was said."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync.identity import content
from amts_tasks.sync.manifest import Manifest, Record, Standing, State, read, write
from amts_tasks.sync.review import MACHINE, edited, reviewables, stale_code, vouched
from amts_tasks.text import Kind, parse

PATH = "a.md"
BASE = parse("# Urns\n\nThe first text.\n\nThe second `x` text.\n\n| A | B |\n|---|---|\n| one | two |\n", PATH)
TARGET = parse("# Urnas\n\nEl texto uno.\n\nEl texto `x` dos.\n\n| A | B |\n|---|---|\n| uno | dos |\n", PATH)
BEADS = align_blocks(BASE, TARGET, default_profile("en"), default_profile("es"))
WITH_TEXT = [block.index for block in TARGET.blocks if block.texts]


def test_what_awaits_review_and_why() -> None:
    standings = Manifest("en-es").standings(PATH, TARGET, "machine")
    found = reviewables(PATH, BASE, TARGET, BEADS, standings)
    assert [(one.source, one.target) for one in found][:3] == [
        ("Urns", "Urnas"),
        ("The first text.", "El texto uno."),
        ("The second `x` text.", "El texto `x` dos."),
    ]
    assert {one.reason for one in found} == {MACHINE}
    assert len({one.id for one in found}) == len(found)
    assert (found[1].previous, found[1].following) == ("Urns", "The second `x` text.")
    human = reviewables(PATH, BASE, TARGET, BEADS, Manifest("en-es").standings(PATH, TARGET, "human"))
    assert not any(one.reason for one in human)
    assert [one.id for one in human] == [one.id for one in found], "an id tells the texts, not their states"


@given(
    st.dictionaries(st.sampled_from(WITH_TEXT), st.sampled_from((State.approved, State.human, State.machine))),
    st.sampled_from(("machine", "human")),
)
def test_only_what_was_vouched_for_rises(said: dict[int, State], origin: str) -> None:
    standings = Manifest("en-es").standings(PATH, TARGET, origin)
    texts = {(block, 0): "Un texto nuevo." for block, state in said.items() if state is State.human}
    made = edited(TARGET, texts)
    assert made.faults == {}
    new = parse(made.text, PATH)
    manifest = vouched(Manifest("en-es"), TARGET, standings, new, said, origin=origin, when="now", by="R <r@e.org>")
    after = read(write(manifest)).standings(PATH, new, origin)
    # One of several equal texts speaks for all of them: they are the same words.
    same = {new.blocks[block].text for block in said if said[block] is State.human}
    for index in content(new):
        first = State.machine if origin == "machine" else State.human
        wanted = max((first, said.get(index, first)), key=lambda state: state.rank)
        assert after[index].state is wanted or new.blocks[index].text in same
        assert not after[index].edited
    # The book as it was, before the branch is merged, is known too.
    before = manifest.standings(PATH, TARGET, origin)
    assert all(before[i].state is standings[i].state for i in content(TARGET) if said.get(i) is not State.approved)


def test_a_text_that_would_become_another_block_is_left_out() -> None:
    first, second = WITH_TEXT[1], WITH_TEXT[2]
    made = edited(TARGET, {(first, 0): "uno\n\ndos", (second, 0): "El texto `x` nuevo."})
    assert made.faults.keys() == {(first, 0)}
    assert "El texto `x` nuevo." in made.text
    assert "El texto uno." in made.text


def test_code_that_stays_beside_a_changed_tab_is_there_to_look_at() -> None:
    text = "Un texto.\n\n```python\nx = 1\n```\n\n```python\ny = 2\n```\n"
    document = parse(text, PATH)
    first, second = (block for block in document.blocks if block.kind is Kind.code)
    records = {
        first.index: Record("", State.human, "stale"),
        second.index: Record("", State.machine, "code"),
    }
    standings = [Standing(State.human, record=records.get(block.index)) for block in document.blocks]
    (found,) = stale_code(PATH, document, standings)
    assert (found.block, found.text) == (first.index, "```python\nx = 1\n```")
    assert found.reason == "stays, but what it belonged to changed"


def test_a_cell_of_a_notebook_is_known_again_by_what_it_says() -> None:
    """Its outputs, id and metadata may change: what was said of the cell still counts."""
    cell = {"cell_type": "markdown", "id": "a1", "metadata": {}, "source": ["El texto uno."]}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    document = parse(json.dumps(book, indent=1), "a.ipynb")
    (index,) = (block.index for block in document.blocks if block.texts)
    standings = Manifest("en-es").standings("a.ipynb", document, "machine")
    said = {index: State.approved}
    manifest = vouched(Manifest("en-es"), document, standings, document, said, origin="machine", when="now", by="R <r>")
    cell["metadata"] = {"tags": ["x"]}
    later = parse(json.dumps(book, indent=1), "a.ipynb")
    assert manifest.standings("a.ipynb", later, "machine")[index].state is State.approved
