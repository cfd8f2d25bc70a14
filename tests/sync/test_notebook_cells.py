"""Notebooks merged: what a human wrote in a cell stays, and every cell that stays is the same bytes."""

from __future__ import annotations

import json
from typing import Any

import nbformat

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import BookPlan, Merged, Versioned, deliver, merge_document, plan_book
from amts_tasks.text import parse

ENGLISH, SPANISH = default_profile("en"), default_profile("es")
PATH = "chapter/doc.ipynb"


def cell(source: str, name: str = "", kind: str = "markdown") -> dict[str, Any]:
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, **({"id": name} if name else {}), "metadata": {}, **code, "source": source}


def notebook(*cells: dict[str, Any], minor: int = 5, indent: int = 1) -> str:
    made = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": minor}
    return json.dumps(made, indent=indent, ensure_ascii=False) + "\n"


def merge(base: str, source: str, target: str) -> tuple[BookPlan, Merged]:
    old, new, ours = (parse(text, PATH) for text in (base, source, target))
    book = Versioned({PATH: old}, {PATH: new}, {PATH: ours}, {PATH: align_blocks(old, ours, ENGLISH, SPANISH)})
    plan = plan_book("en-es", {}, book, SPANISH, source_profile=ENGLISH)
    delivered = deliver(plan, {one.id: f"MT {one.source}" for one in plan.wanted})
    merged = merge_document(plan.documents[0], delivered[PATH])
    assert (merged.damaged, merged.left) == (None, ())
    nbformat.validate(nbformat.reads(merged.text, as_version=4))
    return plan, merged


def sources(text: str) -> list[str]:
    return [one["source"] for one in json.loads(text)["cells"]]


def test_a_translator_s_own_placeholders_do_not_keep_a_changed_cell_behind() -> None:
    base = "Give it the prefix `time traveller `.\nThe network is not trained yet. So it says nonsense."
    new = base.replace("So it says", "So for now it says")
    theirs = "Dale el prefijo `viajero del tiempo`.\nLa red aún no está entrenada. Por eso dice tonterías."
    plan, merged = merge(notebook(cell(base, "a")), notebook(cell(new, "a")), notebook(cell(theirs, "a")))
    assert [one.source for one in plan.wanted] == ["So for now it says nonsense."]
    assert sources(merged.text) == [theirs.replace("Por eso dice tonterías.", "MT So for now it says nonsense.")]


def test_a_cell_that_stays_keeps_its_id_before_a_new_one() -> None:
    first, last = "Boil the water.", "Wait for four minutes."
    ours = [cell("Hierve el agua.", "a"), cell("Espera cuatro minutos.", "b")]
    new = notebook(cell(first, "a"), cell("Warm the pot meanwhile.", "b"), cell(last, "c"))
    target = notebook(*ours)
    _, merged = merge(notebook(cell(first, "a"), cell(last, "b")), new, target)
    made = json.loads(merged.text)["cells"]
    assert [made[0], made[2]] == ours
    assert made[1]["id"] not in {"a", "b"}


def test_two_cells_that_translate_one_keep_their_ids_before_a_new_one() -> None:
    first, last = "Boil the water and warm the pot. Wait for four minutes then.", "Drink it with a slice of lemon."
    ours = [cell("Hierve el agua y calienta la tetera.", "a"), cell("Espera entonces cuatro minutos.", "b")]
    end = cell("Bébelo con una rodaja de limón.", "c")
    new = notebook(cell(first, "a"), cell("Stir it once, without haste.", "b"), cell(last, "c"))
    _, merged = merge(notebook(cell(first, "a"), cell(last, "c")), new, notebook(*ours, end))
    made = json.loads(merged.text)["cells"]
    assert [one for one in made if one["id"] in {"a", "b", "c"}] == [*ours, end]
    assert len({one["id"] for one in made}) == len(made) == 4


def test_an_older_notebook_gets_no_ids_with_a_new_cell() -> None:
    first, last = "Boil the water.", "Wait for four minutes."
    new = notebook(cell(first, "a"), cell("Warm the pot meanwhile.", "x"), cell(last, "b"))
    target = notebook(cell("Hierve el agua."), cell("Espera cuatro minutos."), minor=4)
    _, merged = merge(notebook(cell(first, "a"), cell(last, "b")), new, target)
    made = json.loads(merged.text)
    assert (made["nbformat_minor"], ["id" in one for one in made["cells"]]) == (4, [False] * 3)
    assert [one["source"] for one in made["cells"]][1] == "MT Warm the pot meanwhile."


def test_a_translation_without_ids_that_should_have_them_stays_as_it_is() -> None:
    text = notebook(cell("Boil the water.", "a"), cell("x = 1", "b", kind="code"))
    target = notebook(cell("Hierve el agua."), cell("x = 1", kind="code"), indent=2)
    old, ours = parse(text, PATH), parse(target, PATH)
    beads = {PATH: align_blocks(old, ours, ENGLISH, SPANISH)}
    plan = plan_book("en-es", {}, Versioned({PATH: old}, {PATH: old}, {PATH: ours}, beads), SPANISH)
    assert (plan.wanted, merge_document(plan.documents[0], {}).text) == ((), target)


HEAD = "# Tea\n\nBoil three cups of water.\n\n* Use one spoon of leaves for each cup.\n* Wait for four minutes."
CABEZA = "# Té\n\nHierve tres tazas de agua.\n\n* Una cucharada de hojas por taza.\n* Espera cuatro minutos."


def test_one_sentence_of_a_cell_changes_and_a_translator_s_note_in_it_stays() -> None:
    note = "Nota: en altura el agua hierve antes, y todo tarda un poco más de lo que aquí se dice."
    ours = CABEZA.replace("\n\n*", f"\n\n{note}\n\n*")
    new = HEAD.replace("for each cup", "for each of the cups")
    plan, merged = merge(notebook(cell(HEAD, "a")), notebook(cell(new, "a")), notebook(cell(ours, "a")))
    assert [one.source for one in plan.wanted] == ["Use one spoon of leaves for each of the cups."]
    replaced = "MT Use one spoon of leaves for each of the cups."
    assert sources(merged.text) == [ours.replace("Una cucharada de hojas por taza.", replaced)]


def test_a_merged_cell_keeps_its_frame_and_its_unchanged_lines() -> None:
    mine = cell(CABEZA, "b") | {"metadata": {"tags": ["es"]}, "source": CABEZA.splitlines(keepends=True)}
    target = notebook(mine, indent=4)
    new = HEAD.replace("Boil three cups", "Boil four cups")
    _, merged = merge(notebook(cell(HEAD, "a")), notebook(cell(new, "a")), target)
    assert merged.text == target.replace("Hierve tres tazas de agua.", "MT Boil four cups of water.")


def test_a_cell_of_which_the_translation_has_less_is_not_sent_whole() -> None:
    ours = CABEZA.replace("\n* Espera cuatro minutos.", "")
    new = HEAD.replace("Boil three cups", "Boil four cups")
    plan, merged = merge(notebook(cell(HEAD, "a")), notebook(cell(new, "a")), notebook(cell(ours, "a")))
    assert [one.source for one in plan.wanted] == ["Boil four cups of water."]
    assert sources(merged.text) == [ours.replace("Hierve tres tazas de agua.", "MT Boil four cups of water.")]


def test_a_paragraph_that_went_to_another_cell_takes_its_translation_along() -> None:
    tail, cola = "Pour it slowly over the leaves.\n\nDrink it hot.", "Viértela despacio.\n\nBébelo caliente."
    base = notebook(cell(HEAD, "a"), cell("x = 1", "b", "code"), cell(tail, "c"))
    target = notebook(cell(CABEZA, "a"), cell("x = 1", "b", "code"), cell(cola, "c"))
    moved = "\n\nBoil three cups of water."
    new = notebook(cell(HEAD.replace(moved, ""), "a"), cell("x = 1", "b", "code"), cell(tail + moved, "c"))
    plan, merged = merge(base, new, target)
    assert plan.wanted == ()
    hierve = "\n\nHierve tres tazas de agua."
    assert sources(merged.text) == [CABEZA.replace(hierve, ""), "x = 1", cola + hierve]


def test_a_cell_that_translators_cut_in_two_is_merged_as_one() -> None:
    first, second = CABEZA.split("\n\n*")
    ours = notebook(cell(first + "\n\nNota al pie.", "a"), cell("*" + second, "b"))
    plan, merged = merge(notebook(cell(HEAD, "a")), notebook(cell(HEAD.replace("# Tea", "## Tea"), "a")), ours)
    assert plan.wanted == ()
    assert sources(merged.text) == [f"#{first}\n\nNota al pie.\n\n*{second}"]


def test_a_paragraph_of_a_markdown_document_is_no_cell() -> None:
    text, texto = "Boil three cups of water.\n", "Hierve tres tazas de agua.\n"
    bases = {"a.md": parse(text, "a.md")}
    sources_ = bases | {"b.ipynb": parse(notebook(cell("# Tea", "a"), cell(text.strip(), "b")), "b.ipynb")}
    targets = {"a.md": parse(texto, "a.md")}
    beads = {"a.md": align_blocks(bases["a.md"], targets["a.md"], ENGLISH, SPANISH)}
    plan = plan_book("en-es", {}, Versioned(bases, sources_, targets, beads), SPANISH, source_profile=ENGLISH)
    delivered = deliver(plan, {one.id: one.source for one in plan.wanted})
    merged = [merge_document(one, delivered[one.path]) for one in plan.documents]
    assert [one.damaged for one in merged] == [None, None]
    assert sources(merged[1].text) == ["# Tea", texto.strip()]


def test_a_document_that_becomes_a_notebook_is_a_new_one() -> None:
    text, texto = "## Tea\n\nBoil three cups of water.\n", "## Té\n\nHierve tres tazas de agua.\n"
    cells, celdas = (notebook(*(cell(part) for part in side.strip().split("\n\n")), minor=4) for side in (text, texto))
    for base, source, target, old, new in (
        (text, cells, texto, "a.md", "a.ipynb"),
        (cells, text, celdas, "a.ipynb", "a.md"),
    ):
        bases, targets = {old: parse(base, old)}, {old: parse(target, old)}
        beads = {old: align_blocks(bases[old], targets[old], ENGLISH, SPANISH)}
        book = Versioned(bases, {new: parse(source, new)}, targets, beads)
        plan = plan_book("en-es", {}, book, SPANISH, source_profile=ENGLISH)
        assert [(one.document, one.reason) for one in plan.review] == [
            (old, "the source has no such document any more; delete it when you are sure")
        ]
        delivered = deliver(plan, {one.id: one.source for one in plan.wanted})
        made = merge_document(plan.documents[0], delivered[new])
        assert (made.damaged, made.left) == (None, ())
        assert [one.kind for one in parse(made.text, new).blocks] == [one.kind for one in parse(source, new).blocks]
        assert "Hierve tres tazas" in made.text
        assert (new == "a.ipynb") == ("cell_type" in made.text)
