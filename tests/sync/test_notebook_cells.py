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
