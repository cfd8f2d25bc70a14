"""The plan of a book: renames, look-up, prices, what a human should see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from amts_tasks.align import Bead, align_blocks
from amts_tasks.errors import InputError
from amts_tasks.languages import default_profile
from amts_tasks.sync import BookPlan, Manifest, Provenance, State, Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.identity import billed
from amts_tasks.sync.manifest import rebuild
from amts_tasks.sync.told.report import as_json, as_table
from amts_tasks.text import parse

ENGLISH, SPANISH = default_profile("en"), default_profile("es")

TEA = "# Tea\n\nBoil three cups of water.\n\nPour it over the leaves.\n"
TE = "# Té\n\nHierve tres tazas de agua.\n\nViértela sobre las hojas.\n"


def book(
    sources: Mapping[str, str], bases: Mapping[str, str] | None = None, targets: Mapping[str, str] | None = None
) -> Versioned:
    base = {path: parse(text, path) for path, text in (bases if bases is not None else {"tea.md": TEA}).items()}
    source = {path: parse(text, path) for path, text in sources.items()}
    target = {path: parse(text, path) for path, text in (targets if targets is not None else {"tea.md": TE}).items()}
    beads = {
        path: align_blocks(base.get(path) or source[path], text, ENGLISH, SPANISH)
        for path, text in target.items()
        if path in base or path in source
    }
    return Versioned(base, source, target, beads)


def plan_of(versioned: Versioned, **more: object) -> BookPlan:
    return plan_book("en-es", {"source": "b" * 40}, versioned, SPANISH, **more)  # type: ignore[arg-type]


def texts(plan: BookPlan, answers: Mapping[str, str] | None = None) -> dict[str, str]:
    given = {text.id: f"MT {text.source}" for text in plan.wanted} if answers is None else answers
    delivered = deliver(plan, given)
    return {one.path: merge_document(one, delivered[one.path]).text for one in plan.documents}


def test_a_renamed_document_takes_its_translation_to_the_new_path() -> None:
    plan = plan_of(book({"drinks/tea.md": TEA + "\nWait four minutes.\n"}))
    (document,) = plan.documents
    assert (document.path, document.old_path, document.renamed) == ("drinks/tea.md", "tea.md", True)
    assert texts(plan) == {"drinks/tea.md": TE + "\nMT Wait four minutes.\n"}
    assert plan.review == ()


def test_a_copy_is_no_rename_but_its_blocks_are_known() -> None:
    plan = plan_of(book({"tea.md": TEA, "copy.md": TEA}))
    assert plan.wanted == ()
    assert texts(plan) == {"copy.md": TE, "tea.md": TE}
    assert [item.provenance for item in plan.documents[0].items] == [Provenance.moved] * 3
    assert plan.blocks == {"kept": 3, "moved": 3, "swapped": 0, "patched": 0, "sent": 0}


def test_a_document_the_globs_hide_is_not_taken_for_a_removed_one() -> None:
    versioned = replace(book({"drinks/tea.md": TEA}), gone={})
    (document,) = plan_of(versioned).documents
    assert not document.renamed


def test_a_translation_without_source_is_left_alone_and_listed() -> None:
    plan = plan_of(book({"other.md": "# Something else altogether\n"}))
    reason = "the source has no such document any more; delete it when you are sure"
    assert [(one.document, one.reason) for one in plan.review] == [("tea.md", reason)]
    own = plan_of(book({"other.md": "# Something else altogether\n"}, bases={}))
    assert [one.reason for one in own.review] == ["only the translation has this document: it stays"]
    assert [document.path for document in plan.documents] == ["other.md"]


def test_without_base_the_translation_stays_and_only_what_it_lacks_is_sent() -> None:
    longer = TEA + "\n## Serving\n\nAdd a slice of lemon to every cup, and serve it with honey and a biscuit.\n"
    plan = plan_of(book({"tea.md": longer}, bases={}))
    assert [text.source for text in plan.wanted] == [
        "Serving",
        "Add a slice of lemon to every cup, and serve it with honey and a biscuit.",
    ]
    assert texts(plan)["tea.md"].startswith(TE)
    assert "unknown" in plan.review[0].reason
    assert not plan.documents[0].based


def test_links_of_the_translations_own_are_no_change_and_stay() -> None:
    profile = replace(SPANISH, own_links=(r"discuss\.example\.org",))
    english = TEA + "\n[Discussions](https://discuss.example.org/t/1)\n"
    spanish = TE + "\n[Foro](https://discuss.example.org/t/77)\n"
    versioned = book({"tea.md": english.replace("/t/1", "/t/2")}, {"tea.md": english}, {"tea.md": spanish})
    assert texts(plan_book("en-es", {}, versioned, profile)) == {"tea.md": spanish}
    assert [text.source for text in plan_of(versioned).wanted] == ["[Discussions](https://discuss.example.org/t/2)"]


def test_a_thread_of_one_tab_is_not_taken_for_that_of_another() -> None:
    profile = replace(SPANISH, own_links=(r"discuss\.example\.org",))

    def tab(name: str, thread: int) -> str:
        return f":begin_tab:`{name}`\n[Discussions](https://discuss.example.org/t/{thread})\n:end_tab:\n"

    english, spanish = (f"# {title}\n\n{tab('numpy', thread)}" for title, thread in (("Tea", 1), ("Té", 71)))
    extra = "\n" + tab("paddle", 72)
    versioned = book({"tea.md": english + "\n" + tab("jax", 3)}, {"tea.md": english}, {"tea.md": spanish + extra})
    plan = plan_book("en-es", {}, versioned, profile)
    text = texts(plan)["tea.md"]
    assert [part in text for part in ("/t/71", "/t/72", "/t/3")] == [True] * 3
    assert text.count(":begin_tab:") == text.count(":end_tab:") == 3


def test_equal_texts_are_bought_once_and_texts_bought_before_not_again() -> None:
    new = "Wait four minutes.\n\n# Rest\n\nWait four minutes.\n"
    versioned = book({"a.md": new, "b.md": new}, bases={}, targets={})
    plan = plan_of(versioned)
    assert [text.id for text in plan.wanted] == ["a.md#0.0", "a.md#2.0"]
    assert texts(plan)["b.md"] == "MT Wait four minutes.\n\n# MT Rest\n\nMT Wait four minutes.\n"
    again = plan_of(versioned, bought={"Wait four minutes.": "Espera cuatro minutos."})
    assert [text.source for text in again.wanted] == ["Rest"]
    assert texts(again)["a.md"] == "Espera cuatro minutos.\n\n# MT Rest\n\nEspera cuatro minutos.\n"
    assert again.documents[0].items[0].provenance is Provenance.bought
    assert again.documents[0].items[0].state is State.machine


def test_price_counts_the_text_and_not_the_markup() -> None:
    assert billed("**Boil** $x$ [cups](https://example.org)") == len("Boil $x$ cups")
    plan = plan_of(book({"tea.md": TEA + "\n**Boil** it.\n"}), price_per_million=60.0, budget=0.01)
    assert plan.characters["sent"] == len("Boil it.")
    assert plan.price == pytest.approx(8 * 60 / 1e6)
    assert plan.budget_left == pytest.approx(0.01 - plan.price)


def test_json_has_the_fixed_shape() -> None:
    source = TEA.replace("the leaves", "dry leaves")
    plan = plan_of(book({"tea.md": source}), price_per_million=60.0)
    text = "Pour it over dry leaves."
    start = source.index(text)
    counts = {"swapped": 0, "patched": 0}
    assert as_json(plan) == {
        "pair": "en-es",
        "revisions": {"source": "b" * 40},
        "documents": 1,
        "blocks": {"kept": 2, "moved": 0, "sent": 1, **counts},
        "characters": {"kept": len("Tea" + "Boil three cups of water."), "moved": 0, "sent": len(text), **counts},
        "reused": {"memory": {"blocks": 0, "characters": 0}, "bought": {"blocks": 0, "characters": 0}},
        "waiting": [],
        "longer": [],
        "price": round(len(text) * 60 / 1e6, 6),
        "budget_left": -round(len(text) * 60 / 1e6, 6),
        "items": [
            {
                "document": "tea.md",
                "span": [start, start + len(text) + 1],
                "provenance": "sent",
                "text": text,
                "characters": len(text),
            }
        ],
    }
    assert as_table(plan).split("\n")[:5] == [
        "en-es: 1 document (source bbbbbbbbbbbb)",
        "            kept  moved  swapped  patched  sent",
        "blocks         2      0        0        0     1",
        "characters    28      0        0        0    24",
        "sent: 1 text, 24 characters",
    ]


def test_the_table_tells_sentences_from_texts_and_cuts_no_path() -> None:
    folder = "a-folder-whose-name-is-long/" * 4
    old = "Warm the pot first. Put in one spoon of leaves. Wait for four minutes.\n"
    ours = "Primero calienta la tetera. Pon una cucharada de hojas. Espera cuatro minutos.\n"
    new = old.replace("one spoon", "two big spoons") + "\nDrink it warm.\n"
    path = f"{folder}tea.md"
    table = as_table(plan_of(book({path: new}, {path: old}, {path: ours}), source_profile=ENGLISH))
    assert "\nsent: 2 texts, 46 characters, of them 1 sentence of patched blocks\n" in table
    assert f"\n{path}  " in table


def test_a_deleted_block_goes_but_a_humans_edit_since_stays_and_is_listed() -> None:
    shorter = "# Tea\n\nBoil three cups of water.\n"
    versioned = book({"tea.md": shorter})
    assert texts(plan_of(versioned)) == {"tea.md": "# Té\n\nHierve tres tazas de agua.\n"}
    manifest = rebuild("en-es", versioned.bases, versioned.targets, versioned.alignments, lambda _: "machine", str, "t")
    edited = TE.replace("Viértela", "Échala")
    plan = plan_of(book({"tea.md": shorter}, targets={"tea.md": edited}), manifest=manifest)
    assert texts(plan) == {"tea.md": edited}
    assert [(one.reason, one.text) for one in plan.review] == [
        ("its source was deleted, but a human changed it since", "Échala sobre las hojas.\n")
    ]


def test_a_humans_edit_under_a_changed_source_is_listed() -> None:
    versioned = book({"tea.md": TEA})
    manifest = rebuild("en-es", versioned.bases, versioned.targets, versioned.alignments, lambda _: "machine", str, "t")
    targets = {"tea.md": TE.replace("Viértela", "Échala")}
    plan = plan_of(book({"tea.md": TEA.replace("the leaves", "dry leaves")}, targets=targets), manifest=manifest)
    assert [one.text for one in plan.review] == ["Échala sobre las hojas.\n"]


def test_two_blocks_in_one_translation_fall_together() -> None:
    base = "# Tea\n\nBoil it.\n\nPour it.\n"
    target = "# Té\n\nHiérvela y viértela.\n"
    versioned = Versioned(
        {"tea.md": parse(base, "tea.md")},
        {"tea.md": parse(base.replace("Pour it.", "Pour it out."), "tea.md")},
        {"tea.md": parse(target, "tea.md")},
        {"tea.md": (Bead((0,), (0,)), Bead((2, 4), (2,), quality=1.0))},
    )
    plan = plan_of(versioned)
    assert [text.source for text in plan.wanted] == ["Boil it.", "Pour it out."]
    assert texts(plan)["tea.md"] == "# Té\n\nMT Boil it.\n\nMT Pour it out.\n"
    refused = merge_document(plan.documents[0], {(2, 0): "MT Boil it."})
    assert refused.text == target
    assert [left.shows for left in refused.left] == ["old", "old"]


def test_an_answer_that_would_change_the_structure_is_refused() -> None:
    plan = plan_of(book({"tea.md": TEA + "\nWait four minutes.\n"}))
    (text,) = plan.wanted
    merged = merge_document(plan.documents[0], {(text.block, text.text): "# Wait\n\n* four"})
    assert merged.text == TE + "\nWait four minutes.\n"
    assert [(left.shows, left.reason) for left in merged.left] == [
        ("source", "the translation changes the structure of the text")
    ]


def test_a_pipe_in_an_underlined_heading_is_refused() -> None:
    """Some readers take it for the head of a table."""
    plan = plan_of(book({"tea.md": TEA + "\nPour it\n-\n"}))
    (text,) = plan.wanted
    merged = merge_document(plan.documents[0], {(text.block, text.text): r"Sirve \| vierte"})
    assert merged.text == TE + "\nPour it\n-\n"
    assert [left.reason for left in merged.left] == ["the translation changes the structure of the text"]
    assert merge_document(plan.documents[0], {(text.block, text.text): "Sirve"}).text == TE + "\nSirve\n-\n"


def test_an_answer_nobody_asked_for_is_an_error() -> None:
    with pytest.raises(InputError, match=r"tea\.md: found a translation of block, text and part \(0, 0\)"):
        merge_document(plan_of(book({"tea.md": TEA})).documents[0], {(0, 0): "Té"})


def test_a_translation_that_was_not_aligned_is_an_error() -> None:
    with pytest.raises(InputError, match=r"tea\.md: found a translation that was not aligned"):
        plan_of(replace(book({"tea.md": TEA}), alignments={}))


def test_machine_text_stays_machine_when_it_moves() -> None:
    plan = plan_of(book({"tea.md": TEA, "copy.md": TEA}), origin_of=lambda path: "machine")
    assert {item.state for document in plan.documents for item in document.items} == {State.machine}
    assert plan_of(book({"tea.md": TEA}), manifest=Manifest("en-es")).documents[0].items[0].state is State.human


def test_an_empty_book_and_an_empty_document() -> None:
    assert texts(plan_of(book({}, {}, {}))) == {}
    assert texts(plan_of(book({"a.md": ""}, {}, {}))) == {"a.md": ""}
    assert texts(plan_of(book({"tea.md": ""}))) == {"tea.md": ""}
