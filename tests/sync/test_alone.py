"""What only the translation has, where the source changed beside it; documents renamed and reworded at once."""

from __future__ import annotations

import pytest

from amts_tasks.align import Bead
from amts_tasks.languages import default_profile
from amts_tasks.sync import BookPlan, Item, Provenance, Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.document.code import for_tabs
from amts_tasks.sync.publish import Tree, change_sets
from amts_tasks.text import ParsedDocument, parse

BEFORE = "Boil the water.\n\nServe the tea.\n"
AFTER = "Boil three cups of fresh water in a kettle.\n\nServe the tea.\n"
CELL = "```{{.python .input}}\n#@tab {}\n{}\n```\n"


def content(document: ParsedDocument) -> list[int]:
    return [block.index for block in document.blocks if block.kind != "blank"]


def plan(base: str, source: str, target: str, beads: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> BookPlan:
    """The plan of one document; beads by the places of blocks that are not blank."""
    b, s, t = parse(base, "a.md"), parse(source, "a.md"), parse(target, "a.md")
    olds, ours = content(b), content(t)
    aligned = [Bead(tuple(olds[i] for i in x), tuple(ours[i] for i in y), 0.0, "order") for x, y in beads]
    book = Versioned({"a.md": b}, {"a.md": s}, {"a.md": t}, {"a.md": aligned})
    return plan_book("en-es", {}, book, default_profile("es"))


def text(made: BookPlan) -> str:
    delivered = deliver(made, {one.id: f"MT {one.source}" for one in made.wanted})
    merged = merge_document(made.documents[0], delivered["a.md"])
    assert merged.damaged is None
    return merged.text


def alone(made: BookPlan) -> list[Item]:
    return [item for item in made.documents[0].items if item.block is None]


def test_a_list_beside_a_changed_paragraph_may_be_part_of_it() -> None:
    target = "Hierve:\n\n1. agua;\n1. más agua.\n\nSirve el té.\n"
    made = plan(BEFORE, AFTER, target, [((0,), (0,)), ((), (1,)), ((), (2,)), ((1,), (3,))])
    assert [item.provenance for item in alone(made)] == [Provenance.stale, Provenance.stale]
    assert [review.reason for review in made.review] == [
        "only the translation has it, but it may belong to a changed block beside it"
    ]


def test_a_list_beside_what_stays_is_the_translators_own() -> None:
    target = "Hierve.\n\n1. agua;\n\nSirve el té.\n"
    made = plan(BEFORE, BEFORE, target, [((0,), (0,)), ((), (1,)), ((1,), (2,))])
    assert [item.provenance for item in alone(made)] == [Provenance.target_only]


def test_an_own_cell_of_a_tab_that_follows_the_source_goes() -> None:
    base = CELL.format("pytorch", "x = 1")
    source = CELL.format("pytorch", "x = 2") + "\n" + CELL.format("tensorflow", "x = 3")
    own = CELL.format("tensorflow", "x = 'old'")
    made = plan(base, source, f"{base}\n{own}", [((0,), (0,)), ((), (1,))])
    assert text(made) == source
    assert "follows the source: taken out" in made.review[0].reason


def test_an_own_cell_stays_for_the_tabs_that_only_the_translation_has() -> None:
    base = CELL.format("pytorch", "x = 1")
    source = CELL.format("pytorch", "x = 2")
    own = CELL.format("pytorch,paddle", "y = 1")
    made = plan(base, source, f"{base}\n{own}", [((0,), (0,)), ((), (1,))])
    assert text(made) == f"{source}\n{CELL.format('paddle', 'y = 1')}"
    assert [item.provenance for item in alone(made)] == [Provenance.stale]


def test_an_own_cell_stays_where_its_tab_stays() -> None:
    base = CELL.format("pytorch", "x = 1") + "\n" + CELL.format("mxnet", "z = 1")
    source = CELL.format("pytorch", "x = 1") + "\n" + CELL.format("mxnet", "z = 2")
    own = CELL.format("pytorch", "y = 1")
    made = plan(base, source, f"{base}\n{own}", [((0,), (0,)), ((1,), (1,)), ((), (2,))])
    assert own in text(made)


def test_an_own_cell_of_a_book_without_tabs_stays() -> None:
    bare = "```{{.python .input}}\n{}\n```\n".format
    made = plan(bare("x = 1"), bare("x = 2"), bare("x = 1") + "\n" + bare("y = 1"), [((0,), (0,)), ((), (1,))])
    assert text(made) == bare("x = 2") + "\n" + bare("y = 1")


def test_only_the_mark_of_a_cell_changes() -> None:
    cell = "```{.python .input  n=2}\r\n%%tab mxnet, pytorch ,paddle\r\n#@tab mxnet\r\n```\n"
    assert for_tabs(cell, {"paddle", "mxnet"}) == cell.replace("mxnet, pytorch ,paddle\r", "mxnet, paddle")


def test_a_label_that_the_source_now_defines_elsewhere_goes() -> None:
    base = "# Tea\n\nBoil the water.\n"
    source = "# Tea and coffee, and all that is drunk hot\n:label:`sec_tea`\n\nBoil the water.\n"
    target = "# Té\n\nHierve el agua.\n\n:label:`sec_tea`\n"
    made = plan(base, source, target, [((0,), (0,)), ((1,), (1,)), ((), (2,))])
    assert text(made).count("sec_tea") == 1
    assert "taken out" in made.review[-1].reason


def test_a_label_of_the_translation_alone_stays() -> None:
    target = "Hierve el agua.\n\n:label:`sec_agua`\n\nSirve el té.\n"
    made = plan(BEFORE, BEFORE, target, [((0,), (0,)), ((), (1,)), ((1,), (2,))])
    assert text(made) == target


def test_a_document_renamed_and_reworded_in_every_block_is_the_same_one() -> None:
    sentences = [
        f"The {word} of the tea is what its drinkers like most about it." for word in ["colour", "taste", "smell"]
    ]
    old = parse("\n\n".join(sentences) + "\n", "tea-and-leaves.md")
    new = parse("\n\n".join(f"{one} Ask them!" for one in sentences) + "\n", "tea.md")
    other = parse("Coffee is another thing, with beans, and nothing of the other document is in here.\n", "coffee.md")
    target = parse("Uno.\n\nDos.\n\nTres.\n", "tea-and-leaves.md")
    beads = [Bead((index,), (index,), 0.0, "order") for index in content(old)]
    book = Versioned(
        {old.path: old}, {"tea.md": new, "coffee.md": other}, {old.path: target}, {"tea-and-leaves.md": beads}
    )
    made = plan_book("en-es", {}, book, default_profile("es"))
    assert {one.path: one.old_path for one in made.documents} == {"coffee.md": None, "tea.md": "tea-and-leaves.md"}


def test_a_document_of_white_space_keeps_its_bytes() -> None:
    assert text(plan(" \n\t\n", " \n\t\n", "\t\n\n", [])) == "\t\n\n"
    assert text(plan(BEFORE, " \n", "Hierve el agua.\n", [((0, 1), (0,))])) == " \n"


def test_the_message_names_a_reason_once_a_document() -> None:
    own = [CELL.format("paddle", f"y = {number}") for number in range(3)]
    base, source = CELL.format("pytorch", "x = 1"), CELL.format("pytorch", "x = 2")
    kept = "\nWords between the cells.\n\n"
    target = kept.join([base, *own])
    beads = [((0,), (0,)), ((), (1,)), ((), (2,)), ((), (3,)), ((), (4,)), ((), (5,)), ((), (6,))]
    made = plan(base, source, target, beads)
    merged = {"a.md": merge_document(made.documents[0], {})}
    (change,) = change_sets(made, merged, Tree({"a.md": parse(base, "a.md")}), service="local")
    assert change.message.count("its siblings changed") == 1
    assert "(and 2 more)" in change.message


@pytest.mark.parametrize(("quality", "expected"), [(0.5, "kept"), (0.99, "sent")])
def test_a_translation_that_may_be_of_an_unchanged_block_alone_is_not_given_up(quality: float, expected: str) -> None:
    """The translator left the second paragraph out, or said both in one: who cannot tell keeps what is there."""
    base = parse("Warm the pot first.\n\nPut in the leaves.\n\nWait.\n", "a.md")
    source = parse("Warm the pot first.\n\nPut in two spoons of leaves.\n\nWait.\n", "a.md")
    target = parse("Caliente la tetera.\n\nEspere.\n", "a.md")
    blocks = [block.index for block in base.blocks if block.texts]
    theirs = [block.index for block in target.blocks if block.texts]
    beads = (
        Bead(tuple(blocks[:2]), (theirs[0],), method="length", quality=quality),
        Bead((blocks[2],), (theirs[1],), method="length", quality=1.0),
    )
    book = Versioned({"a.md": base}, {"a.md": source}, {"a.md": target}, {"a.md": beads})
    english, spanish = default_profile("en"), default_profile("es")
    plan = plan_book("en-es", {}, book, spanish, source_profile=english)
    assert str(plan.documents[0].items[0].provenance) == expected
    if expected == "kept":
        assert text(plan) == "Caliente la tetera.\n\nMT Put in two spoons of leaves.\n\nEspere.\n"
        assert [one.text for one in plan.review] == ["Caliente la tetera.\n"]
    else:
        assert "Caliente" not in text(plan)
